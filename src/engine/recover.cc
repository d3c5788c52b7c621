// Start: open what is there, replay the journal from where the runs end, finish erasures that were cut short.
#include <algorithm>

#include "engine/core.h"

namespace zan::engine {
namespace {

// The time of the journal's last group, plus one microsecond for each act that may have been stamped in it.
Result<Timestamp> last_stamp_of(const storage::Journal& journal) {
  if (journal.last().value == 0) return Timestamp{};
  ZAN_ASSIGN(const auto reader, journal.read(Position{journal.last().value - 1}));
  storage::Group group;
  ZAN_ASSIGN(const bool found, reader->next(group));
  require(found, "the journal has lost its last group");
  return Timestamp{group.at.us + group.count};
}

std::vector<std::string> kv_families() {
  std::vector<std::string> families = engagement::kv_families();
  require(families.size() == rules_family, "the family of the rules stands behind those of engagement");
  families.push_back(rules_family_name);
  return families;
}

}  // namespace

Result<void> Core::recover() {
  ZAN_ASSIGN(lock_, disk_.lock(lock_path));
  ZAN_ASSIGN(secret_, open_folder(disk_, entropy_));
  ZAN_ASSIGN(registry_, storage::Registry::open(disk_, secret_, entropy_));
  const auto erased = [registry = registry_.get()](EntityId id) { return registry->erased(id); };
  ZAN_ASSIGN(runs_, storage::Runs::open(disk_, engagement::schemas(erased), {.fan_in = options_.fan_in}));
  ZAN_ASSIGN(kv_, storage::open_kv(disk_, kv_families()));
  ZAN_ASSIGN(store_, engagement::Store::open(*registry_, *runs_, *kv_));
  ZAN_ASSIGN(journal_, storage::Journal::open(disk_, options_.journal));
  ZAN_TRY(check_watermarks());
  ZAN_TRY(replay());
  ZAN_TRY(shelf_.load(*kv_));
  if (options_.rules_changed) options_.rules_changed(*shelf_.book());
  ZAN_ASSIGN(stamp_, last_stamp_of(*journal_));
  decider_ = std::make_unique<engagement::Decider>(*store_, secret_, entropy_, options_.judge);
  reads_ = std::make_unique<engagement::Questions>(*store_, *journal_, trending_, secret_, clock_);
  return {};
}

Result<void> Core::check_watermarks() {
  ZAN_ASSIGN(const Watermarks marks, read_watermarks(disk_));
  if (registry_->count() < marks.names)
    return corrupt("registry.zr: has lost its end: " + std::to_string(registry_->count()) + " names of " +
                   std::to_string(marks.names));
  if (kv_->position() < marks.kv)
    return corrupt("kv: has lost its end: it knows position " + std::to_string(kv_->position().value) +
                   ", and once knew " + std::to_string(marks.kv.value));
  return {};
}

Result<void> Core::replay() {
  const Position known = runs_->position();
  if (known > journal_->last() || kv_->position() > journal_->last())
    return corrupt("the journal ends at " + std::to_string(journal_->last().value) +
                   ", before what was made from it (" + std::to_string(std::max(known, kv_->position()).value) + ")");
  Position from = known;
  const bool shown = options_.judge != nullptr && !options_.judge->reads_by_itself();
  if (shown) {
    options_.judge->dropped();  // of a start that failed
    const Position judged = options_.judge->position();
    if (judged > journal_->last())
      return corrupt("the judge knows position " + std::to_string(judged.value) + ", and the journal ends at " +
                     std::to_string(journal_->last().value));
    from = std::min(known, judged);
  }
  ZAN_ASSIGN(const auto reader, journal_->read(from));
  storage::Group group;
  for (;;) {
    ZAN_ASSIGN(const bool more, reader->next(group));
    if (!more) break;
    ZAN_TRY(replay_group(group, known));
    if (shown) ZAN_TRY(show_judge(group));
    if (full()) {
      // Only what is replayed so far may go: freeze() would claim the whole journal.
      ZAN_TRY(kv_->flush());
      store_->freeze(Position{group.first.value + group.count - 1});
      ZAN_TRY(store_->flush_frozen());
    }
  }
  return finish_erasures();
}

// The names of everybody who was erased go once more, unless a clean stop says that they are gone for good.
Result<void> Core::finish_erasures() {
  ZAN_ASSIGN(const auto listed, read_erasures(disk_, erasures_path));
  const auto suspects = registry_->suspects();
  std::vector<EntityId> doubtful;
  for (const PersonId person : listed) {
    const EntityId id{person.value};
    const bool cut_short = std::find(suspects.begin(), suspects.end(), id) != suspects.end();
    if (cut_short || !registry_->was_closed()) doubtful.push_back(id);
  }
  ZAN_TRY(registry_->erase(doubtful));
  for (const EntityId suspect : registry_->suspects())
    if (!registry_->erased(suspect))
      return corrupt("registry.zr: the record of id " + std::to_string(suspect.value) + " is damaged");
  return {};
}

// What the judge has seen once and does not hold any more. Groups are whole in the journal, so they are whole for it.
Result<void> Core::show_judge(const storage::Group& group) {
  engagement::ActJudge& judge = *options_.judge;
  const Position last{group.first.value + group.count - 1};
  const Position seen = judge.position();
  if (last <= seen) return {};
  Position position = group.first;
  ByteSpan record;
  for (storage::RecordReader records(group.payload); records.next(record); ++position.value) {
    if (position <= seen) continue;
    switch (static_cast<engagement::RecordTag>(record.front())) {
      case engagement::RecordTag::act: {
        ZAN_ASSIGN(const engagement::RecordedAct act, engagement::read_act(record, group.at));
        if (act.effect == engagement::Effect::changed) judge.observe(act, position);
        break;
      }
      case engagement::RecordTag::verdict: {
        ZAN_ASSIGN(const engagement::VerdictRecord verdict, engagement::read_verdict(record, group.at));
        judge.corrected(verdict);
        break;
      }
      case engagement::RecordTag::erased: {
        ZAN_ASSIGN(const PersonId person, engagement::read_erased(record));
        judge.erased(person);
        break;
      }
      default:
        break;
    }
  }
  judge.committed(last);
  return {};
}

Result<void> Core::replay_group(const storage::Group& group, Position known) {
  storage::WriteTxn txn{storage::WriteTxn::Passkey{}};
  std::vector<PersonId> erased;
  Position position = group.first;
  ByteSpan record;
  storage::RecordReader records(group.payload);
  for (; records.next(record); ++position.value) {
    if (position <= known) continue;
    if (changes_rules(record)) shelve(txn, record, group.at, position);
    if (!changes_engagement(record)) continue;
    ZAN_TRY(store_->apply_record(record, group.at, position, txn));
    if (record.front() == static_cast<std::byte>(engagement::RecordTag::erased)) {
      ZAN_ASSIGN(const PersonId person, engagement::read_erased(record));
      erased.push_back(person);
    }
  }
  if (!records.ok()) return corrupt("journal group at position " + std::to_string(group.first.value) + " is malformed");
  const Position last{group.first.value + group.count - 1};
  if (!txn.empty()) ZAN_TRY(kv_->write(txn, last));
  for (const PersonId person : erased) ZAN_TRY(replay_erasure(person));
  return {};
}

Result<void> Core::replay_erasure(PersonId person) {
  const auto suspects = registry_->suspects();
  const EntityId id{person.value};
  const bool cut_short = std::find(suspects.begin(), suspects.end(), id) != suspects.end();
  if (!registry_->erased(id) || cut_short) ZAN_TRY(registry_->erase(id));
  return add_erasure(disk_, person);
}

}  // namespace zan::engine
