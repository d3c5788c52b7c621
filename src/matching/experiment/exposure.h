// Exposure: how evenly impressions fall on works, or on creators, at any moment: the Gini coefficient and the share of
// the tenth that has most.
//
// Exact, and cheap to ask, as how many have each count is kept beside the counts: with T impressions there are at most
// sqrt(2 T) different counts, and both numbers are sums over those in order (a counting sort that is never undone).
//
// Owns:    4 bytes an item, and at most items_max items.
// Threads: one at a time.
// Cost:    add() some nanoseconds; summary() one step per different count.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

namespace zan::matching {

struct Evenness {
  std::uint64_t items = 0;        // with those that nobody was shown
  std::uint64_t shown_items = 0;  // of these, shown at all
  std::uint64_t impressions = 0;
  double gini = 0;       // 0: all have the same; towards 1: one has everything
  double top_share = 0;  // of the impressions, that the tenth (rounded up) with most has
};

class Exposure {
 public:
  explicit Exposure(std::size_t items_max) : items_max_(items_max) {}

  // `item` is a dense number (a WorkRow, a creator's number). False, and nothing is counted: beyond items_max.
  bool add(std::uint32_t item, std::uint32_t impressions = 1);
  [[nodiscard]] std::uint32_t count(std::uint32_t item) const { return item < counts_.size() ? counts_[item] : 0; }

  // `items`: how many there are to show; those never shown count with 0. Fewer than were shown: these.
  [[nodiscard]] Evenness summary(std::uint64_t items) const;

 private:
  std::size_t items_max_;
  std::vector<std::uint32_t> counts_;
  std::map<std::uint32_t, std::uint64_t> items_of_;  // of each count above 0
  std::uint64_t shown_items_ = 0, impressions_ = 0;
};

}  // namespace zan::matching
