#include "engine/core.h"

namespace zan::engine {

using engagement::ActBatch;
using engagement::BatchVerdict;

Core::Core(storage::Disk& disk, const Clock& clock, Entropy& entropy, CoreOptions options)
    : disk_(disk), clock_(clock), entropy_(entropy), options_(std::move(options)) {}

Core::~Core() = default;

Result<std::unique_ptr<Core>> Core::open(storage::Disk& disk, const Clock& clock, Entropy& entropy,
                                         CoreOptions options) {
  std::unique_ptr<Core> core(new Core(disk, clock, entropy, std::move(options)));
  ZAN_TRY(core->recover());
  return core;
}

std::vector<Result<Answer>> Core::commit(std::span<const Command> commands) {
  if (broken()) return std::vector<Result<Answer>>(commands.size(), unavailable(broken_reason_));
  if (commands.size() == 1 && std::holds_alternative<EraseUser>(commands.front().body))
    return {commit_erasure(std::get<EraseUser>(commands.front().body))};
  if (commands.size() == 1 && std::holds_alternative<ChangeRules>(commands.front().body))
    return {commit_rules(std::get<ChangeRules>(commands.front().body))};

  decider_->begin(clock_.now(), stamp_);
  std::vector<Result<Answer>> answers;
  std::optional<Error> failure;
  for (const Command& command : commands) {
    answers.push_back(decide(command));
    // A refusal is that command's own affair; what storage says concerns the whole group.
    if (answers.back().ok() || answers.back().error().kind == ErrorKind::invalid) continue;
    failure = answers.back().error();
    break;
  }
  Position last = journal_->last();
  if (failure) {
    registry_->discard();
    if (options_.judge != nullptr) options_.judge->dropped();
  } else if (const Result<Position> written = write_or_drop(); written.ok()) {
    last = *written;
  } else {
    failure = written.error();
  }
  if (failure) return std::vector<Result<Answer>>(commands.size(), *failure);
  for (Result<Answer>& answer : answers)
    if (answer.ok()) answer->position = last;
  return answers;
}

Result<Answer> Core::decide(const Command& command) {
  if (const auto* batch = std::get_if<ActBatch>(&command.body)) {
    ZAN_ASSIGN(BatchVerdict verdict, decider_->add(*batch));
    Answer answer{verdict.accepted, verdict.duplicates, {}, {}};
    for (auto& rejection : verdict.rejected) answer.rejected.push_back({rejection.index, std::move(rejection.error)});
    return answer;
  }
  if (const auto* late = std::get_if<JudgeActs>(&command.body)) {
    ZAN_ASSIGN(const engagement::LateAnswer verdicts, decider_->add_verdicts(late->verdicts));
    Answer answer;
    answer.verdicts_applied = verdicts.applied;
    answer.verdicts_void = verdicts.voided;
    return answer;
  }
  if (const auto* note = std::get_if<NoteCase>(&command.body)) {
    ZAN_TRY(integrity::read_note(note->record));
    decider_->add_foreign(note->record);
    return Answer{1, 0, {}, {}};
  }
  if (const auto* change = std::get_if<ChangeAudience>(&command.body)) {
    if (const auto read = audience::read_audience_change(change->record); !read.ok())
      return invalid(read.error().message, read.error().field);
    decider_->add_foreign(change->record);
    return Answer{1, 0, {}, {}};
  }
  if (const auto* change = std::get_if<ChangeMatching>(&command.body)) {
    for (const Bytes& record : change->records) {
      if (const auto read = matching::read_matching_change(record); !read.ok())
        return invalid(read.error().message, read.error().field);
    }
    for (const Bytes& record : change->records) decider_->add_foreign(record);
    return Answer{static_cast<std::uint32_t>(change->records.size()), 0, {}, {}};
  }
  if (const auto* user = std::get_if<PutUser>(&command.body)) {
    ZAN_TRY(decider_->put_user(user->user, user->json));
  } else {
    const auto* subject = std::get_if<PutSubject>(&command.body);
    require(subject != nullptr, "neither an erasure nor a change of the rules shares a group");
    ZAN_TRY(decider_->put_subject(subject->subject, subject->attributes.creator, subject->attributes.json));
  }
  return Answer{1, 0, {}, {}};
}

Result<Answer> Core::commit_erasure(const EraseUser& command) {
  decider_->begin(clock_.now(), stamp_);
  const Result<PersonId> erased = decider_->erase(command.user);
  if (!erased.ok()) {
    if (options_.judge != nullptr) options_.judge->dropped();
    return erased.error();
  }
  ZAN_ASSIGN(const Position last, write_or_drop());
  ZAN_TRY(finish_erasure(*erased));
  return Answer{1, 0, {}, last};
}

Result<Answer> Core::commit_rules(const ChangeRules& command) {
  const auto change = integrity::read_rule_change(command.record);
  if (!change.ok()) return invalid(change.error().message);
  decider_->begin(clock_.now(), stamp_);
  ZAN_ASSIGN(BookPtr book, shelf_.with(*change, decider_->group_at()));
  decider_->add_foreign(command.record);
  ZAN_ASSIGN(const Position last, write_or_drop());
  shelf_.set(std::move(book));
  if (options_.rules_changed) options_.rules_changed(*shelf_.book());
  return Answer{1, 0, {}, last};
}

Result<Answer> Core::erase(PersonId person) {
  if (broken()) return unavailable(broken_reason_);
  if (registry_->kind(EntityId{person.value}) != storage::NameKind::person || registry_->erased(EntityId{person.value}))
    return not_found("no living person has the number " + std::to_string(person.value));
  decider_->begin(clock_.now(), stamp_);
  if (const Result<void> erased = decider_->erase(person); !erased.ok()) {
    if (options_.judge != nullptr) options_.judge->dropped();
    return erased.error();
  }
  ZAN_ASSIGN(const Position last, write_or_drop());
  ZAN_TRY(finish_erasure(person));
  return Answer{1, 0, {}, last};
}

// The judge hears what became of the group.
Result<Position> Core::write_or_drop() {
  const Result<Position> written = write_group();
  if (options_.judge != nullptr && written.ok()) options_.judge->committed(*written);
  if (options_.judge != nullptr && !written.ok()) options_.judge->dropped();
  return written;
}

// Names first, then the journal, then what everybody sees.
Result<Position> Core::write_group() {
  const storage::GroupBuilder& group = decider_->group();
  if (group.count() == 0) {
    registry_->discard();
    return journal_->last();
  }
  if (const Result<void> named = registry_->commit(); !named.ok()) {
    registry_->discard();
    return named.error();
  }
  registry_->publish();
  ZAN_ASSIGN(const Position last, journal_->append(group, decider_->group_at()));
  if (const Result<void> synced = journal_->sync(); !synced.ok()) return break_down(synced.error());
  stamp_ = decider_->last_stamp();
  if (const Result<void> applied = apply_group(last); !applied.ok()) return break_down(applied.error());
  return last;
}

Result<void> Core::apply_group(Position last) {
  const storage::GroupBuilder& group = decider_->group();
  const Position first{last.value - group.count() + 1};
  storage::WriteTxn txn{storage::WriteTxn::Passkey{}};
  if (decider_->acts().size() == group.count()) {
    store_->apply(decider_->acts(), first, txn);
  } else if (decider_->verdicts().size() == group.count()) {
    store_->apply(decider_->verdicts());
  } else {
    ByteSpan record;
    Position position = first;
    for (storage::RecordReader records(group.payload()); records.next(record); ++position.value) {
      if (changes_rules(record)) shelve(txn, record, decider_->group_at(), position);
      if (changes_engagement(record)) ZAN_TRY(store_->apply_record(record, decider_->group_at(), position, txn));
    }
  }
  return txn.empty() ? Result<void>() : kv_->write(txn, last);
}

Result<void> Core::finish_erasure(PersonId person) {
  // Listed first: a wipe that is cut short is then finished by the next start, however far the runs have got.
  if (const Result<void> listed = add_erasure(disk_, person); !listed.ok()) return break_down(listed.error());
  if (const Result<void> erased = registry_->erase(EntityId{person.value}); !erased.ok())
    return break_down(erased.error());
  return {};
}

// What was synced is not applied, or nobody knows whether it was synced: memory and disk may differ from here on.
Error Core::break_down(const Error& cause) {
  broken_reason_ = "read-only until restarted: " + cause.message;
  broken_.store(true, std::memory_order_relaxed);
  return unavailable(broken_reason_);
}

bool Core::full() const {
  return store_->active().acts >= options_.memtable_acts_max;
}

bool Core::freeze() {
  if (store_->has_frozen()) return false;
  store_->freeze(journal_->last());
  return true;
}

Result<void> Core::flush() {
  if (!store_->has_frozen()) return {};
  // kv first: the replay starts at the runs' position, so kv must never be behind it.
  const Watermarks marks{registry_->count(), kv_->position()};
  ZAN_TRY(kv_->flush());
  ZAN_TRY(write_watermarks(disk_, marks));
  return store_->flush_frozen();
}

Result<bool> Core::compact(std::stop_token stop) {
  return runs_->compact(stop);
}
Result<void> Core::compact_all(std::stop_token stop) {
  return runs_->compact_all(stop);
}

Result<void> Core::close() {
  if (broken()) return unavailable(broken_reason_);
  ZAN_TRY(flush());
  if (freeze()) ZAN_TRY(flush());
  ZAN_TRY(journal_->close());
  ZAN_TRY(registry_->close());
  broken_reason_ = "closed";
  broken_.store(true, std::memory_order_relaxed);
  return {};
}

}  // namespace zan::engine
