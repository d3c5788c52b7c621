#include "engagement/store.h"

#include <algorithm>

namespace zan::engagement {
namespace {

// Records applied under one hold of the mutex: about 20 µs, so that a reader never waits longer than that.
constexpr std::size_t apply_slice = 64;

Reaction reaction_of(ActType type) {
  switch (type) {
    case ActType::like:
    case ActType::follow:
      return Reaction::liked;
    case ActType::dislike:
      return Reaction::disliked;
    default:
      return Reaction::withdrawn;
  }
}

std::uint64_t deed_bit(ActType type) {
  switch (type) {
    case ActType::view:
      return PairState::viewed;
    case ActType::complete:
      return PairState::completed;
    case ActType::comment:
      return PairState::commented;
    case ActType::share:
      return PairState::shared;
    default:
      return 0;
  }
}

Tallied tallied_of(ActType type) {
  switch (type) {
    case ActType::view:
      return Tallied::views;
    case ActType::complete:
      return Tallied::completes;
    case ActType::comment:
      return Tallied::comments;
    case ActType::share:
      return Tallied::shares;
    case ActType::profile_visit:
      return Tallied::profile_visits;
    case ActType::follow:
    case ActType::unfollow:
      return Tallied::follows;
    case ActType::dislike:
      return Tallied::dislikes;
    case ActType::like:
    case ActType::unlike:
      return Tallied::likes;
  }
  return Tallied::likes;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(storage::Registry& registry, storage::Runs& runs, storage::Kv& kv) {
  std::unique_ptr<Store> store(new Store(registry, runs, kv));
  ZAN_TRY(store->load());
  return store;
}

Result<void> Store::load() {
  constexpr std::uint64_t all = ~std::uint64_t{0};
  const auto each = [&](Set set, auto&& body) -> Result<void> {
    const auto cursor = runs_.view(set)->scan({}, {{all, all, all, all}});
    for (;;) {
      ZAN_ASSIGN(const std::span<const storage::Row> rows, cursor->next_batch());
      if (rows.empty()) return {};
      for (const storage::Row& row : rows) ZAN_TRY(body(row));
    }
  };
  ZAN_TRY(each(set_tallies, [&](const storage::Row& row) -> Result<void> {
    const auto slot = static_cast<std::uint8_t>(row.column[1]);
    if (row.column[0] > ~std::uint32_t{0} || counter_of(slot) >= counter_count || unzigzag(row.column[2]) < 0)
      return corrupt("tallies: the row of entity " + std::to_string(row.column[0]) + " makes no sense");
    totals_.add(static_cast<std::uint32_t>(row.column[0]), slot, unzigzag(row.column[2]));
    return {};
  }));
  ZAN_TRY(each(set_creators, [&](const storage::Row& row) -> Result<void> {
    totals_.set_creator({static_cast<std::uint32_t>(row.column[0])}, {static_cast<std::uint32_t>(row.column[1])});
    return {};
  }));
  return {};
}

void Store::apply(std::span<const RecordedAct> acts, Position first, storage::WriteTxn& txn) {
  for (std::size_t start = 0; start < acts.size(); start += apply_slice) {
    const auto slice = acts.subspan(start, std::min(apply_slice, acts.size() - start));
    const std::lock_guard lock(mutex_);
    for (const RecordedAct& act : slice) prefetch(act);
    for (std::size_t i = 0; i < slice.size(); ++i) apply_act(slice[i], {first.value + start + i}, txn);
  }
}

void Store::apply(std::span<const VerdictRecord> verdicts) {
  for (std::size_t start = 0; start < verdicts.size(); start += apply_slice) {
    const auto slice = verdicts.subspan(start, std::min(apply_slice, verdicts.size() - start));
    const std::lock_guard lock(mutex_);
    for (const VerdictRecord& verdict : slice) {
      const std::uint32_t person = verdict.what.person.value;
      const bool follow = verdict.what.type == ActType::follow;
      totals_.prefetch(person);
      totals_.prefetch(verdict.what.target);
      (follow ? active_->follows : active_->reactions).prefetch(person, verdict.what.target);
      if (!follow) active_->likers.prefetch(verdict.what.target);
    }
    for (const VerdictRecord& verdict : slice) apply_verdict(verdict);
  }
}

// Where apply_act() will look, so that the cache misses of a slice overlap.
void Store::prefetch(const RecordedAct& act) const {
  totals_.prefetch(act.actor.value);
  totals_.prefetch(act.subject.value);
  active_->reactions.prefetch(act.actor.value, act.subject.value);
  active_->reactions.prefetch_head(act.actor.value);
  active_->likers.prefetch(act.subject.value);
  if (act.has_id) active_->ids.prefetch(act.id);
}

// Names are durable before what names them: one that is missing has been lost.
Result<void> Store::check_named(std::initializer_list<std::uint32_t> ids) const {
  const std::uint32_t last = std::max(ids);
  if (last <= registry_.count()) return {};
  return corrupt("registry.zr: has lost its end: the journal names id " + std::to_string(last) + " of " +
                 std::to_string(registry_.count()));
}

Result<void> Store::apply_record(ByteSpan record, Timestamp group_at, Position position, storage::WriteTxn& txn) {
  if (record.empty()) return corrupt("empty journal record");
  switch (static_cast<RecordTag>(record.front())) {
    case RecordTag::act: {
      ZAN_ASSIGN(const RecordedAct act, read_act(record, group_at));
      ZAN_TRY(
          check_named({act.actor.value, act.subject.value, act.creator.value, act.region.value, act.surface.value}));
      apply({&act, 1}, position, txn);
      return {};
    }
    case RecordTag::user: {
      ZAN_ASSIGN(const UserRecord user, read_user(record));
      ZAN_TRY(check_named({user.user.value}));
      txn.put(users_family, person_key(user.user), std::string(as_text(user.sealed)));
      return {};
    }
    case RecordTag::subject: {
      ZAN_ASSIGN(const SubjectRecord subject, read_subject(record));
      ZAN_TRY(check_named({subject.subject.value, subject.creator.value}));
      txn.put(subjects_family, subject_key(subject.subject), std::string(subject.json));
      const std::lock_guard lock(mutex_);
      if (subject.creator) assign_creator(subject.subject, subject.creator, position);
      return {};
    }
    case RecordTag::withdrawal: {
      ZAN_ASSIGN(const WithdrawalRecord withdrawal, read_withdrawal(record));
      const std::lock_guard lock(mutex_);
      apply_withdrawal(withdrawal);
      return {};
    }
    case RecordTag::erased: {
      ZAN_ASSIGN(const PersonId person, read_erased(record));
      const std::lock_guard lock(mutex_);
      apply_erased(person, txn);
      return {};
    }
    case RecordTag::verdict: {
      ZAN_ASSIGN(const VerdictRecord verdict, read_verdict(record, group_at));
      ZAN_TRY(check_named({verdict.what.person.value, verdict.what.target, verdict.creator.value}));
      apply({&verdict, 1});
      return {};
    }
  }
  return unsupported("journal record of unknown tag " + std::to_string(static_cast<unsigned>(record.front())));
}

Result<bool> Store::seen(const Hash128& act_id) const {
  const Layers now = layers();
  const bool in_memory = locked([&](const Totals&, const Memtable&) {
    return now.active->ids.find(act_id) != nullptr ||
           (now.frozen != nullptr && now.frozen->ids.find(act_id) != nullptr);
  });
  if (in_memory) return true;
  storage::Lookup lookup{act_id.high, act_id.low, {}, false};
  return now.runs[set_ids]->find(lookup);
}

void Store::apply_act(const RecordedAct& act, Position position, storage::WriteTxn& txn) {
  Memtable& table = *active_;
  ++table.acts;
  if (act.has_id) table.ids.add(act.id, act.digest);
  if (act.subject && act.creator && act.type != ActType::follow && act.type != ActType::unfollow &&
      act.type != ActType::profile_visit && totals_.creator_of(act.subject) != act.creator)
    assign_creator(act.subject, act.creator, position);
  switch (act.type) {
    case ActType::like:
    case ActType::unlike:
    case ActType::dislike:
      return apply_reaction(act);
    case ActType::follow:
    case ActType::unfollow:
      return apply_follow(act);
    case ActType::comment:
      txn.put(comments_family, comment_key(act.actor, position),
              comment_value(
                  {position, act.subject, act.incentivised, act.judgement.verdict, act.at, as_text(act.sealed_text)}));
      return apply_deed(act);
    default:
      return apply_deed(act);
  }
}

void Store::apply_reaction(const RecordedAct& act) {
  if (act.effect == Effect::none) return;
  Memtable& table = *active_;
  const Reaction after = reaction_of(act.type);
  const bool holds = after != Reaction::withdrawn;
  const Verdict verdict = holds ? act.judgement.verdict : Verdict::genuine;
  table.reactions.merge(act.actor.value, act.subject.value, PairState::of(after, act.incentivised, act.at, verdict));
  const auto change = [&](Reaction reaction, bool incentivised, Verdict held_to_be, std::int8_t amount) {
    const Tallied kind = reaction == Reaction::liked ? Tallied::likes : Tallied::dislikes;
    count_all(act.actor, act.subject, act.creator, counter_for(kind, incentivised, held_to_be), amount);
  };
  if (act.before == Reaction::liked) table.likers.add(act.subject.value, act.actor.value, act.before_at, liker_dead);
  if (act.before == Reaction::liked || act.before == Reaction::disliked)
    change(act.before, act.before_incentivised, act.before_verdict, -1);
  if (after == Reaction::liked)
    table.likers.add(act.subject.value, act.actor.value, act.at,
                     static_cast<std::uint32_t>(liker_flags(act.incentivised, verdict)));
  if (holds) change(after, act.incentivised, verdict, 1);
}

void Store::apply_follow(const RecordedAct& act) {
  if (act.effect == Effect::none) return;
  const Reaction after = reaction_of(act.type);
  const Verdict verdict = after == Reaction::liked ? act.judgement.verdict : Verdict::genuine;
  active_->follows.merge(act.actor.value, act.creator.value, PairState::of(after, act.incentivised, act.at, verdict));
  const auto change = [&](bool incentivised, Verdict held_to_be, std::int8_t amount) {
    count_all(act.actor, {}, act.creator, counter_for(Tallied::follows, incentivised, held_to_be), amount);
  };
  if (act.before == Reaction::liked) change(act.before_incentivised, act.before_verdict, -1);
  if (after == Reaction::liked) change(act.incentivised, verdict, 1);
}

void Store::apply_deed(const RecordedAct& act) {
  if (const std::uint64_t bit = deed_bit(act.type); bit != 0 && act.subject)
    active_->reactions.merge(act.actor.value, act.subject.value, PairState{bit});
  count_all(act.actor, act.subject, act.creator,
            counter_for(tallied_of(act.type), act.incentivised, act.judgement.verdict), 1);
}

void Store::apply_withdrawal(const WithdrawalRecord& record) {
  if (record.what == Withdrawn::comment)
    return count_all(record.person, {record.target}, record.creator,
                     counter_for(Tallied::comments, record.incentivised, record.verdict), -1);
  RecordedAct act;
  act.actor = record.person;
  act.creator = record.what == Withdrawn::follow ? CreatorId{record.target} : record.creator;
  act.at = record.before_at;
  act.before = record.before;
  act.before_incentivised = record.incentivised;
  act.before_verdict = record.verdict;
  act.before_at = record.before_at;
  if (record.what != Withdrawn::follow) act.subject = {record.target};
  act.type = record.what == Withdrawn::follow ? ActType::unfollow : ActType::unlike;
  return record.what == Withdrawn::follow ? apply_follow(act) : apply_reaction(act);
}

void Store::apply_verdict(const VerdictRecord& record) {
  const LateVerdict& what = record.what;
  Memtable& table = *active_;
  ++table.acts;
  const bool follow = what.type == ActType::follow;
  const PairState state =
      PairState::of(reaction_of(what.type), record.incentivised, what.at, what.verdict, record.revision);
  (follow ? table.follows : table.reactions).merge(what.person.value, what.target, state);
  if (what.type == ActType::like)
    table.likers.add(what.target, what.person.value, what.at,
                     static_cast<std::uint32_t>(liker_flags(record.incentivised, what.verdict, record.revision)));
  const Tallied kind = tallied_of(what.type);
  const SubjectId subject{follow ? 0 : what.target};
  const CreatorId creator = follow ? CreatorId{what.target} : record.creator;
  count_all(what.person, subject, creator, counter_for(kind, record.incentivised, record.before), -1);
  count_all(what.person, subject, creator, counter_for(kind, record.incentivised, what.verdict), 1);
}

void Store::apply_erased(PersonId person, storage::WriteTxn& txn) {
  const Tally tally = totals_.get(person.value);
  for (std::size_t i = 0; i < tallied_count; ++i) {
    const auto kind = static_cast<Tallied>(i);
    move(person.value, tally_slot(Role::person, kind, false), -static_cast<std::int64_t>(tally.organic[i]));
    move(person.value, tally_slot(Role::person, kind, true), -static_cast<std::int64_t>(tally.incentivised[i]));
  }
  move(person.value, tally_slot(Role::person, held_counter), -static_cast<std::int64_t>(tally.held));
  move(person.value, tally_slot(Role::person, rejected_counter), -static_cast<std::int64_t>(tally.rejected));
  txn.remove_prefix(comments_family, person_key(person));
  txn.remove(users_family, person_key(person));
}

void Store::assign_creator(SubjectId subject, CreatorId creator, Position position) {
  const CreatorId before = totals_.creator_of(subject);
  if (before == creator) return;
  const Tally tally = totals_.get(subject.value);
  const auto take_over = [&](unsigned counter, std::uint64_t amount) {
    const std::uint8_t slot = tally_slot(Role::creator, counter);
    if (before) move(before.value, slot, -static_cast<std::int64_t>(amount));
    move(creator.value, slot, static_cast<std::int64_t>(amount));
  };
  for (std::size_t i = 0; i < tallied_count; ++i) {
    const auto kind = static_cast<Tallied>(i);
    // Follows and visits name their creator themselves and were counted there.
    if (kind == Tallied::follows || kind == Tallied::profile_visits) continue;
    take_over(counter_for(kind, false, Verdict::genuine), tally.organic[i]);
    take_over(counter_for(kind, true, Verdict::genuine), tally.incentivised[i]);
  }
  take_over(held_counter, tally.held);
  take_over(rejected_counter, tally.rejected);
  totals_.set_creator(subject, creator);
  active_->creators.push_back({subject, creator, position});
}

void Store::move(std::uint32_t entity, std::uint8_t slot, std::int64_t amount) {
  if (amount == 0) return;
  totals_.add(entity, slot, amount);
  active_->tally_moves.push_back({{entity, slot, zigzag(amount), 0}});
}

void Store::count(std::uint32_t entity, Role role, unsigned counter, std::int8_t amount) {
  if (entity == 0) return;
  const std::uint8_t slot = tally_slot(role, counter);
  totals_.add(entity, slot, amount);
  active_->tally_changes.push_back({entity, slot, amount});
}

// Ids that are zero are left out.
void Store::count_all(PersonId person, SubjectId subject, CreatorId creator, unsigned counter, std::int8_t amount) {
  if (counter == counter_count) return;
  count(person.value, Role::person, counter, amount);
  count(subject.value, Role::subject, counter, amount);
  count(creator.value, Role::creator, counter, amount);
}

void Store::freeze(Position up_to) {
  const std::lock_guard lock(mutex_);
  require(frozen_ == nullptr, "freeze() while a frozen table waits");
  active_->up_to = up_to;
  frozen_ = std::exchange(active_, std::make_shared<Memtable>());
}

bool Store::has_frozen() const {
  const std::lock_guard lock(mutex_);
  return frozen_ != nullptr;
}

Result<void> Store::flush_frozen() {
  std::shared_ptr<const Memtable> table;
  {
    const std::lock_guard lock(mutex_);
    table = frozen_;
  }
  if (table == nullptr) return {};
  const auto rows = rows_of(*table);
  std::vector<storage::RunSetRows> sets;
  for (std::size_t set = 0; set < set_count; ++set)
    if (!rows[set].empty()) sets.push_back({set, rows[set]});
  ZAN_TRY(runs_.flush(table->up_to, sets));
  const std::lock_guard lock(mutex_);
  frozen_ = nullptr;
  return {};
}

Layers Store::layers() const {
  Layers layers;
  {
    const std::lock_guard lock(mutex_);
    layers.active = active_;
    layers.frozen = frozen_;
  }
  // After the tables: a table that is flushed in between is then found twice, never not at all.
  for (std::size_t set = 0; set < set_count; ++set) layers.runs[set] = runs_.view(set);
  return layers;
}

}  // namespace zan::engagement
