// Erasure as records: every relation and comment of a person is withdrawn by a fact of its own, so that counters stay
// equal to relations by the same rules as everywhere, and a replay needs no look at the past.
#include <map>

#include "engagement/decide.h"

namespace zan::engagement {
namespace {

// All of one person's pairs, newest state each.
Result<std::map<std::uint32_t, PairState>> pairs_of(const Layers& layers, Set set, PairTable Memtable::*table,
                                                    std::uint32_t person) {
  std::map<std::uint32_t, PairState> pairs;
  const auto cursor = layers.runs[set]->scan({{person, 0, 0, 0}}, {{std::uint64_t{person} + 1, 0, 0, 0}});
  storage::Row row;
  for (;;) {
    ZAN_ASSIGN(const bool more, cursor->next(row));
    if (!more) break;
    pairs[static_cast<std::uint32_t>(row.column[1])].merge(PairState::from_columns(row.column[2], row.column[3]));
  }
  for (const Memtable* memory : {layers.frozen.get(), layers.active.get()}) {
    if (memory == nullptr) continue;
    const PairTable& entries = memory->*table;
    for (std::uint32_t at = entries.newest_of(person); at != no_entry; at = entries.entry(at).previous)
      pairs[entries.entry(at).second].merge(entries.entry(at).state);
  }
  return pairs;
}

}  // namespace

Result<PersonId> Decider::erase(std::string_view user) {
  const EntityId id = store_.registry().find(storage::name_hash(secret_, storage::NameKind::person, user));
  if (!id) return not_found("nobody of that name is known");
  const PersonId person{id.value};
  ZAN_TRY(erase(person));
  return person;
}

Result<void> Decider::erase(PersonId person) {
  ZAN_TRY(withdraw_relations(person, Withdrawn::reaction));
  ZAN_TRY(withdraw_relations(person, Withdrawn::follow));
  ZAN_TRY(withdraw_comments(person));
  scratch_.clear();
  put_erased(scratch_, person);
  group_.add(scratch_);
  if (judge_ != nullptr) judge_->erased(person);
  return {};
}

Result<void> Decider::withdraw_relations(PersonId person, Withdrawn what) {
  const bool follow = what == Withdrawn::follow;
  ZAN_ASSIGN(const auto pairs, pairs_of(store_.layers(), follow ? set_follows : set_reactions,
                                        follow ? &Memtable::follows : &Memtable::reactions, person.value));
  for (const auto& [target, state] : pairs) {
    if (state.reaction() != Reaction::liked && state.reaction() != Reaction::disliked) continue;
    WithdrawalRecord record{what,       person,         target, {}, state.reaction(), state.incentivised(),
                            state.at(), state.verdict()};
    if (!follow) record.creator = store_.totals_unlocked().creator_of(SubjectId{target});
    scratch_.clear();
    put_withdrawal(scratch_, record);
    group_.add(scratch_);
  }
  return {};
}

Result<void> Decider::withdraw_comments(PersonId person) {
  Result<void> outcome;
  const auto each = [&](std::string_view key, std::string_view value) {
    const Result<StoredComment> comment = read_comment(key, value);
    if (!comment.ok()) {
      outcome = comment.error();
      return false;
    }
    WithdrawalRecord record;
    record.what = Withdrawn::comment;
    record.person = person;
    record.target = comment->subject.value;
    record.creator = store_.totals_unlocked().creator_of(comment->subject);
    record.incentivised = comment->incentivised;
    record.before_at = comment->at;
    record.verdict = comment->verdict;
    scratch_.clear();
    put_withdrawal(scratch_, record);
    group_.add(scratch_);
    return true;
  };
  const std::string prefix = person_key(person);
  ZAN_TRY(store_.kv().scan(comments_family, prefix, prefix, each));
  return outcome;
}

}  // namespace zan::engagement
