// Interactions: who took up what, as one sparse matrix of users by items with nothing in it but ones.
//
// Every model of this room learns from it and from nothing else. Rows are compressed (CSR): the items of user u stand
// ascending and without repetition at items[offsets[u] .. offsets[u + 1]).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace zan::matching {

// Owns: the matrix. Threads: plain value type. Cost: 4 bytes a pair, 8 a user.
struct Interactions {
  std::uint32_t item_count = 0;
  std::vector<std::uint64_t> offsets{0};  // one more than there are users
  std::vector<std::uint32_t> items;

  [[nodiscard]] std::uint32_t user_count() const { return static_cast<std::uint32_t>(offsets.size() - 1); }
  [[nodiscard]] std::size_t pair_count() const { return items.size(); }
  // Valid while the matrix lives unchanged. REQUIRES: user < user_count().
  [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t user) const {
    return {items.data() + offsets[user], items.data() + offsets[user + 1]};
  }
};

using Pair = std::pair<std::uint32_t, std::uint32_t>;  // user, item

// Any order, repetitions count once. REQUIRES: every user < user_count and every item < item_count.
Interactions interactions_of(std::vector<Pair> pairs, std::uint32_t user_count, std::uint32_t item_count);

// Items by users: of(item) are the users who took it up, ascending.
Interactions transposed(const Interactions& matrix);

// How many users each item has.
std::vector<std::uint32_t> item_degrees(const Interactions& matrix);

struct Split {
  Interactions fit;
  Interactions held_out;
};

// Holds out `share` of each user's items, rounded to the nearest; a user keeps at least one. Which ones follows from
// the seed and the user's number alone. REQUIRES: 0 < share < 1.
Split hold_out(const Interactions& matrix, double share, std::uint64_t seed);

}  // namespace zan::matching
