#include "engagement/memtable.h"

namespace zan::engagement {

const PairState* PairTable::find(std::uint32_t first, std::uint32_t second) const {
  const std::uint32_t found = index_.find(hash(first, second), [&](std::uint32_t number) {
    return entries_[number].first == first && entries_[number].second == second;
  });
  return found == no_entry ? nullptr : &entries_[found].state;
}

std::uint32_t PairTable::newest_of(std::uint32_t first) const {
  return heads_.find(mix64(first), [&](std::uint32_t number) { return entries_[number].first == first; });
}

void PairTable::merge(std::uint32_t first, std::uint32_t second, PairState state) {
  if (const PairState* known = find(first, second)) {
    const_cast<PairState*>(known)->merge(state);
    return;
  }
  const auto number = static_cast<std::uint32_t>(entries_.size());
  const std::uint32_t previous = newest_of(first);
  entries_.push_back({first, second, state, previous});
  index_.insert(hash(first, second), number,
                [&](std::uint32_t entry) { return hash(entries_[entry].first, entries_[entry].second); });
  if (previous == no_entry)
    heads_.insert(mix64(first), number, [&](std::uint32_t entry) { return mix64(entries_[entry].first); });
  else
    heads_.repoint(mix64(first), previous, number);
}

std::uint32_t LikerTable::newest_of(std::uint32_t subject) const {
  return heads_.find(mix64(subject), [&](std::uint32_t number) { return entries_[number].subject == subject; });
}

void LikerTable::add(std::uint32_t subject, std::uint32_t actor, Timestamp at, std::uint32_t flags) {
  const auto number = static_cast<std::uint32_t>(entries_.size());
  const std::uint32_t previous = newest_of(subject);
  entries_.push_back({subject, actor, at, flags, previous});
  if (previous == no_entry)
    heads_.insert(mix64(subject), number, [&](std::uint32_t entry) { return mix64(entries_[entry].subject); });
  else
    heads_.repoint(mix64(subject), previous, number);
}

const std::uint64_t* IdTable::find(const Hash128& id) const {
  const std::uint32_t found = index_.find(id.low, [&](std::uint32_t number) { return entries_[number].id == id; });
  return found == no_entry ? nullptr : &entries_[found].digest;
}

void IdTable::add(const Hash128& id, std::uint64_t digest) {
  const auto number = static_cast<std::uint32_t>(entries_.size());
  entries_.push_back({id, digest});
  index_.insert(id.low, number, [&](std::uint32_t entry) { return entries_[entry].id.low; });
}

}  // namespace zan::engagement
