#include "engagement/questions.h"

#include "engagement/names.h"
#include "engagement/seal.h"

namespace zan::engagement {
namespace {

using storage::NameKind;

ViewerState viewer_state(PairState state) {
  ViewerState viewer;
  viewer.liked = state.reaction() == Reaction::liked;
  viewer.disliked = state.reaction() == Reaction::disliked;
  viewer.viewed = (state.bits & PairState::viewed) != 0;
  viewer.completed = (state.bits & PairState::completed) != 0;
  viewer.commented = (state.bits & PairState::commented) != 0;
  viewer.shared = (state.bits & PairState::shared) != 0;
  return viewer;
}

void merge_found(PairState& into, const PairTable& table, std::uint32_t person, std::uint32_t subject) {
  if (const PairState* state = table.find(person, subject)) into.merge(*state);
}

// Buffers of one thread's hydrate calls.
struct HydrateScratch {
  std::vector<Hash128> hashes;
  std::vector<EntityId> ids;
  std::vector<PairState> pairs;
  std::vector<storage::Lookup> lookups;
};

}  // namespace

EntityId Questions::find(NameKind kind, std::string_view name) const {
  return store_.registry().find(storage::name_hash(secret_, kind, name));
}

Result<Tally> Questions::counts(NameKind kind, std::string_view name) const {
  const EntityId id = find(kind, name);
  if (!id) return Tally{};
  return store_.locked([&](const Totals& totals, const Memtable&) { return totals.get(id.value); });
}

Result<Tally> Questions::subject_counts(std::string_view subject) const {
  return counts(NameKind::subject, subject);
}
Result<Tally> Questions::user_counts(std::string_view user) const {
  return counts(NameKind::person, user);
}
Result<Tally> Questions::creator_counts(std::string_view creator) const {
  return counts(NameKind::creator, creator);
}

CreatorId Questions::creator_of(std::string_view subject) const {
  const EntityId id = find(NameKind::subject, subject);
  if (!id) return {};
  return store_.locked([&](const Totals& totals, const Memtable&) { return totals.creator_of(SubjectId{id.value}); });
}

bool Questions::made_by(std::string_view subject, std::string_view creator) const {
  const EntityId known = find(NameKind::creator, creator);
  return known && creator_of(subject).value == known.value;
}

Result<std::string> Questions::subject_creator(std::string_view subject) const {
  Names names(store_.registry());
  ZAN_ASSIGN(const std::string_view name, names.name(creator_of(subject).value));
  return std::string(name);
}

Result<void> Questions::hydrate(std::string_view viewer, const std::vector<std::string_view>& subjects,
                                std::vector<Hydrated>& out) const {
  if (subjects.size() > hydrate_subjects_max)
    return invalid("at most " + std::to_string(hydrate_subjects_max) + " subjects a call", "/subjects");
  thread_local HydrateScratch scratch;
  scratch.hashes.clear();
  for (const std::string_view subject : subjects)
    scratch.hashes.push_back(storage::name_hash(secret_, NameKind::subject, subject));
  scratch.ids.resize(subjects.size());
  store_.registry().find_many(scratch.hashes, scratch.ids);
  const std::uint32_t person = viewer.empty() ? 0 : find(NameKind::person, viewer).value;
  out.assign(subjects.size(), {});
  scratch.pairs.assign(subjects.size(), {});
  const Layers layers = store_.layers();
  store_.locked([&](const Totals& totals, const Memtable&) {
    for (const EntityId id : scratch.ids) totals.prefetch(id.value);
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      if (!scratch.ids[i]) continue;
      out[i].tally = totals.get(scratch.ids[i].value);
      if (person != 0) merge_found(scratch.pairs[i], layers.active->reactions, person, scratch.ids[i].value);
    }
  });
  if (person == 0) return {};
  scratch.lookups.clear();
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    scratch.lookups.push_back({person, scratch.ids[i].value, {}, false});
    if (layers.frozen != nullptr) merge_found(scratch.pairs[i], layers.frozen->reactions, person, scratch.ids[i].value);
  }
  ZAN_TRY(layers.runs[set_reactions]->find_many(scratch.lookups));
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    const storage::Lookup& lookup = scratch.lookups[i];
    if (lookup.found) scratch.pairs[i].merge(PairState::from_columns(lookup.row.column[2], lookup.row.column[3]));
    out[i].viewer = viewer_state(scratch.pairs[i]);
  }
  return {};
}

Result<std::string> Questions::subject_attributes(std::string_view subject) const {
  const EntityId id = find(NameKind::subject, subject);
  if (!id) return not_found("no attributes were put for this subject");
  ZAN_ASSIGN(auto stored, store_.kv().get(subjects_family, subject_key(SubjectId{id.value})));
  if (!stored) return not_found("no attributes were put for this subject");
  return *std::move(stored);
}

Result<std::string> Questions::user_attributes(std::string_view user) const {
  const EntityId id = find(NameKind::person, user);
  if (!id) return not_found("no attributes were put for this user");
  ZAN_ASSIGN(const auto sealed, store_.kv().get(users_family, person_key(PersonId{id.value})));
  if (!sealed) return not_found("no attributes were put for this user");
  ZAN_ASSIGN(const storage::PersonKey key, store_.registry().key(id));
  return unseal(key, SealPurpose::attributes, *sealed);
}

Result<std::vector<TopItem>> Questions::top(TopWindow window, std::size_t limit) const {
  if (limit == 0 || limit > top_items_max)
    return invalid("limit must lie in 1.." + std::to_string(top_items_max), "limit");
  ZAN_ASSIGN(const auto items, top_subjects(window));
  Names names(store_.registry());
  std::vector<TopItem> answer;
  for (const Trending::Item& item : items) {
    if (answer.size() == limit) break;
    ZAN_ASSIGN(const std::string_view name, names.name(item.subject.value));
    answer.push_back({std::string(name), item.likes});
  }
  return answer;
}

Result<std::vector<Trending::Item>> Questions::top_subjects(TopWindow window) const {
  const std::lock_guard lock(top_mutex_);
  CachedTop& cached = tops_[static_cast<std::size_t>(window)];
  const std::int64_t now_us = clock_.monotonic_us();
  if (now_us - cached.made_us >= top_fresh_us) {
    cached.items = window == TopWindow::all ? top_of_all() : trending_.top(window, clock_.now(), top_items_max);
    cached.made_us = now_us;
  }
  return cached.items;
}

std::vector<Trending::Item> Questions::top_of_all() const {
  constexpr std::size_t slice = 2048;
  std::vector<Trending::Item> best;
  for (std::size_t start = 0;;) {
    const bool more = store_.locked([&](const Totals& totals, const Memtable&) {
      const auto& subjects = totals.subjects();
      const std::size_t end = std::min(subjects.size(), start + slice);
      for (; start < end; ++start)
        if (const std::uint64_t likes = totals.likes(subjects[start]); likes > 0)
          best.push_back({SubjectId{subjects[start]}, likes});
      return end < subjects.size();
    });
    if (!more) break;
    if (best.size() > 8 * slice) best = largest(std::move(best), top_items_max);
  }
  return largest(std::move(best), top_items_max);
}

}  // namespace zan::engagement
