// PeopleSet: a set of users of its own, outside the TagStore, block by block.
//
// Threads: none of its own. Cost: two bytes a member at most, and 16 bytes a block up to the last one.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "audience/bitmap/plan.h"

namespace zan::audience {

class PeopleSet {
 public:
  // Whether it changed anything.
  bool insert(std::uint32_t user) {
    const std::uint32_t number = user / block_users;
    if (number >= blocks_.size()) blocks_.resize(number + 1);
    if (!blocks_[number].insert(static_cast<std::uint16_t>(user % block_users))) return false;
    ++size_;
    return true;
  }
  bool erase(std::uint32_t user) {
    const std::uint32_t number = user / block_users;
    if (number >= blocks_.size()) return false;
    if (!blocks_[number].erase(static_cast<std::uint16_t>(user % block_users))) return false;
    --size_;
    return true;
  }
  // Replaces those of one block; ascending, without repeats.
  void assign(std::uint32_t number, std::span<const std::uint16_t> users) {
    if (number >= blocks_.size()) blocks_.resize(number + 1);
    size_ = size_ - blocks_[number].size() + users.size();
    blocks_[number].assign(users);
  }

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] std::uint32_t block_count() const { return static_cast<std::uint32_t>(blocks_.size()); }
  [[nodiscard]] SetView view(std::uint32_t number) const {
    return number < blocks_.size() ? blocks_[number].view() : SetView{};
  }
  [[nodiscard]] UserList list() const {
    UserList out;
    out.reserve(size_);
    for (std::uint32_t number = 0; number < block_count(); ++number)
      for_each_user(view(number), number, [&](std::uint32_t user) { out.push_back(user); });
    return out;
  }

 private:
  std::vector<BlockSet> blocks_;
  std::uint64_t size_ = 0;
};

}  // namespace zan::audience
