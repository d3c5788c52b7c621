#include "matching/experiment/exposure.h"

#include <algorithm>
#include <limits>

namespace zan::matching {

bool Exposure::add(std::uint32_t item, std::uint32_t impressions) {
  if (item >= items_max_) return false;
  if (item >= counts_.size()) counts_.resize(std::min<std::size_t>(items_max_, std::size_t{item} * 3 / 2 + 64));
  const std::uint32_t before = counts_[item];
  impressions = std::min(impressions, std::numeric_limits<std::uint32_t>::max() - before);
  if (impressions == 0) return true;
  if (before == 0) {
    ++shown_items_;
  } else if (const auto found = items_of_.find(before); --found->second == 0) {
    items_of_.erase(found);
  }
  ++items_of_[counts_[item] = before + impressions];
  impressions_ += impressions;
  return true;
}

Evenness Exposure::summary(std::uint64_t items) const {
  Evenness found{std::max(items, shown_items_), shown_items_, impressions_};
  if (impressions_ == 0) return found;
  const auto n = static_cast<double>(found.items), all = static_cast<double>(impressions_);
  // G = 2 sum(rank x) / (n sum x) - (n + 1) / n, with ranks from 1, least first; those with 0 add nothing.
  double ranked = 0, rank = n - static_cast<double>(shown_items_);
  for (const auto& [count, many] : items_of_) {
    const auto m = static_cast<double>(many);
    ranked += static_cast<double>(count) * (m * rank + m * (m + 1) / 2);
    rank += m;
  }
  found.gini = 2 * ranked / (n * all) - (n + 1) / n;
  std::uint64_t left = (found.items + 9) / 10, top = 0;
  for (auto at = items_of_.rbegin(); at != items_of_.rend() && left > 0; ++at) {
    const std::uint64_t taken = std::min(left, at->second);
    top += taken * at->first;
    left -= taken;
  }
  found.top_share = static_cast<double>(top) / all;
  return found;
}

}  // namespace zan::matching
