#include "audience/bitmap/tag_store.h"

#include <algorithm>

#include "base/require.h"

namespace zan::audience {
namespace {

constexpr std::uint16_t within(std::uint32_t user) {
  return static_cast<std::uint16_t>(user % block_users);
}

}  // namespace

TagStore::~TagStore() {
  for (std::uint32_t i = 0; i < blocks_max; ++i) delete blocks_[i].load(std::memory_order_relaxed);
}

BlockSet& TagStore::Block::set(ValueId value) {
  require(value.number < values_max, "a value's number is below values_max");
  if (value.number >= sets_.size()) sets_.resize(value.number + 1);
  return sets_[value.number];
}

TagStore::Block& TagStore::block(std::uint32_t number) {
  if (Block* const there = blocks_[number].load(std::memory_order_relaxed)) return *there;
  auto* const fresh = new Block;
  blocks_[number].store(fresh, std::memory_order_release);
  if (number >= block_count_.load(std::memory_order_relaxed)) block_count_.store(number + 1, std::memory_order_release);
  return *fresh;
}

std::size_t TagStore::apply(std::span<const Change> changes) {
  std::size_t changed = 0;
  for (std::size_t i = 0; i < changes.size();) {
    const std::uint32_t number = changes[i].user / block_users;
    const std::uint32_t first = changes[i].user;
    Block& here = block(number);
    const std::unique_lock lock(here.mutex_);
    for (; i < changes.size() && changes[i].user == first; ++i) {
      BlockSet& set = here.set(changes[i].value);
      const std::uint16_t user = within(changes[i].user);
      changed += (changes[i].on ? set.insert(user) : set.erase(user)) ? 1 : 0;
    }
  }
  if (changed != 0) version_.fetch_add(changed, std::memory_order_release);
  return changed;
}

void TagStore::erase(std::uint32_t user) {
  Block* const here = blocks_[user / block_users].load(std::memory_order_relaxed);
  if (here == nullptr) return;
  const std::unique_lock lock(here->mutex_);
  for (BlockSet& set : here->sets_) set.erase(within(user));
  version_.fetch_add(1, std::memory_order_release);
}

void TagStore::assign(ValueId value, std::span<const std::uint32_t> users) {
  std::vector<std::uint16_t> part;
  const std::uint32_t last = users.empty() ? 0 : users.back() / block_users;
  for (std::uint32_t number = 0; number < std::max(block_count(), last + 1); ++number) {
    part.clear();
    while (!users.empty() && users.front() / block_users == number) {
      part.push_back(within(users.front()));
      users = users.subspan(1);
    }
    if (part.empty() && blocks_[number].load(std::memory_order_relaxed) == nullptr) continue;
    Block& here = block(number);
    const std::unique_lock lock(here.mutex_);
    here.set(value).assign(part);
  }
  version_.fetch_add(1, std::memory_order_release);
}

void TagStore::make_blocks(std::uint32_t count) {
  for (std::uint32_t number = 0; number < count; ++number) block(number);
}

void TagStore::assign_block(std::uint32_t number, std::span<const ValueId> values,
                            std::span<const std::vector<std::uint16_t>> users) {
  Block* const here = blocks_[number].load(std::memory_order_relaxed);
  require(here != nullptr, "a block that was made");
  const std::unique_lock lock(here->mutex_);
  for (const ValueId value : values) {
    const std::vector<std::uint16_t>& of = users[value.number];
    if (!of.empty() || value.number < here->sets_.size()) here->set(value).assign(of);
  }
  version_.fetch_add(1, std::memory_order_release);
}

bool TagStore::contains(std::uint32_t user, ValueId value) const {
  bool found = false;
  with_block(user / block_users, [&](const Block& block) { found = block.contains(within(user), value); });
  return found;
}

std::uint64_t TagStore::size(ValueId value) const {
  std::uint64_t total = 0;
  for (std::uint32_t number = 0; number < block_count(); ++number)
    with_block(number, [&](const Block& block) { total += block.size(value); });
  return total;
}

std::size_t TagStore::bytes() const {
  std::size_t total = 0;
  for (std::uint32_t number = 0; number < block_count(); ++number) {
    with_block(number, [&](const Block& block) {
      total += sizeof block + block.sets_.capacity() * sizeof(BlockSet);
      for (const BlockSet& set : block.sets_) total += set.bytes();
    });
  }
  return total;
}

}  // namespace zan::audience
