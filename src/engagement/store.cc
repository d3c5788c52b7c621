#include "engagement/store.h"

#include <algorithm>

namespace zan::engagement {
namespace {

// Records applied under one hold of the mutex: about 20 µs, so that a reader never waits longer than that.
constexpr std::size_t apply_slice = 64;

constexpr std::array<Role, 3> roles{Role::person, Role::subject, Role::creator};

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
              comment_value({position, act.subject, act.incentivised, act.at, as_text(act.sealed_text)}));
      return apply_deed(act);
    default:
      return apply_deed(act);
  }
}

void Store::apply_reaction(const RecordedAct& act) {
  if (act.effect == Effect::none) return;
  Memtable& table = *active_;
  const Reaction after = reaction_of(act.type);
  table.reactions.merge(act.actor.value, act.subject.value, PairState::of(after, act.incentivised, act.at));
  if (act.before == Reaction::liked) {
    table.likers.add(act.subject.value, act.actor.value, act.before_at, LikerTable::dead);
    count_all(act, Tallied::likes, act.before_incentivised, -1);
  } else if (act.before == Reaction::disliked) {
    count_all(act, Tallied::dislikes, act.before_incentivised, -1);
  }
  if (after == Reaction::liked) {
    table.likers.add(act.subject.value, act.actor.value, act.at, act.incentivised ? LikerTable::incentivised : 0);
    count_all(act, Tallied::likes, act.incentivised, 1);
  } else if (after == Reaction::disliked) {
    count_all(act, Tallied::dislikes, act.incentivised, 1);
  }
}

void Store::apply_follow(const RecordedAct& act) {
  if (act.effect == Effect::none) return;
  const Reaction after = reaction_of(act.type);
  active_->follows.merge(act.actor.value, act.creator.value, PairState::of(after, act.incentivised, act.at));
  const auto change = [&](bool incentivised, std::int8_t amount) {
    count(act.actor.value, Role::person, Tallied::follows, incentivised, amount);
    count(act.creator.value, Role::creator, Tallied::follows, incentivised, amount);
  };
  if (act.before == Reaction::liked) change(act.before_incentivised, -1);
  if (after == Reaction::liked) change(act.incentivised, 1);
}

void Store::apply_deed(const RecordedAct& act) {
  if (const std::uint64_t bit = deed_bit(act.type); bit != 0 && act.subject)
    active_->reactions.merge(act.actor.value, act.subject.value, PairState{bit});
  count_all(act, tallied_of(act.type), act.incentivised, 1);
}

void Store::apply_withdrawal(const WithdrawalRecord& record) {
  RecordedAct act;
  act.actor = record.person;
  act.creator = record.what == Withdrawn::follow ? CreatorId{record.target} : record.creator;
  act.at = record.before_at;
  act.before = record.before;
  act.before_incentivised = record.incentivised;
  act.before_at = record.before_at;
  if (record.what != Withdrawn::follow) act.subject = {record.target};
  if (record.what == Withdrawn::comment) return count_all(act, Tallied::comments, record.incentivised, -1);
  act.type = record.what == Withdrawn::follow ? ActType::unfollow : ActType::unlike;
  return record.what == Withdrawn::follow ? apply_follow(act) : apply_reaction(act);
}

void Store::apply_erased(PersonId person, storage::WriteTxn& txn) {
  const Tally tally = totals_.get(person.value);
  for (std::size_t i = 0; i < tallied_count; ++i) {
    const auto kind = static_cast<Tallied>(i);
    move(person.value, tally_slot(Role::person, kind, false), -static_cast<std::int64_t>(tally.organic[i]));
    move(person.value, tally_slot(Role::person, kind, true), -static_cast<std::int64_t>(tally.incentivised[i]));
  }
  txn.remove_prefix(comments_family, person_key(person));
  txn.remove(users_family, person_key(person));
}

void Store::assign_creator(SubjectId subject, CreatorId creator, Position position) {
  const CreatorId before = totals_.creator_of(subject);
  if (before == creator) return;
  const Tally tally = totals_.get(subject.value);
  for (std::size_t i = 0; i < tallied_count; ++i) {
    // Follows and visits name their creator themselves and were counted there.
    if (static_cast<Tallied>(i) == Tallied::follows || static_cast<Tallied>(i) == Tallied::profile_visits) continue;
    for (const bool incentivised : {false, true}) {
      const auto amount = static_cast<std::int64_t>(incentivised ? tally.incentivised[i] : tally.organic[i]);
      const std::uint8_t slot = tally_slot(Role::creator, static_cast<Tallied>(i), incentivised);
      if (before) move(before.value, slot, -amount);
      move(creator.value, slot, amount);
    }
  }
  totals_.set_creator(subject, creator);
  active_->creators.push_back({subject, creator, position});
}

void Store::move(std::uint32_t entity, std::uint8_t slot, std::int64_t amount) {
  if (amount == 0) return;
  totals_.add(entity, slot, amount);
  active_->tally_moves.push_back({{entity, slot, zigzag(amount), 0}});
}

void Store::count(std::uint32_t entity, Role role, Tallied kind, bool incentivised, std::int8_t amount) {
  const std::uint8_t slot = tally_slot(role, kind, incentivised);
  totals_.add(entity, slot, amount);
  active_->tally_changes.push_back({entity, slot, amount});
}

void Store::count_all(const RecordedAct& act, Tallied kind, bool incentivised, std::int8_t amount) {
  const std::array<std::uint32_t, 3> entities{act.actor.value, act.subject.value, act.creator.value};
  for (std::size_t i = 0; i < roles.size(); ++i)
    if (entities[i] != 0) count(entities[i], roles[i], kind, incentivised, amount);
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
