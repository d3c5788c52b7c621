#include "matching/live/board.h"

#include <algorithm>
#include <cmath>

namespace zan::matching {
namespace {

constexpr double half_lives_max = 200;  // between the landmark and now, before sums are written anew

bool better(const Standing& a, const Standing& b) { return a.score != b.score ? a.score > b.score : a.work < b.work; }

}  // namespace

double Board::worth(std::uint32_t at_s) const {
  return std::exp2((static_cast<double>(at_s) - landmark_s_) / half_life_s_);
}

void Board::add(WorkRow work, float weight, std::uint32_t at_s) {
  if (sums_.empty()) landmark_s_ = at_s;
  if (at_s > landmark_s_ && (at_s - landmark_s_) / half_life_s_ > half_lives_max) {
    const double by = 1 / worth(at_s);
    for (auto& [row, sum] : sums_) sum *= by;
    landmark_s_ = at_s;
  }
  const auto sum = sums_.try_emplace(work, 0).first;
  sum->second += weight * worth(at_s);
  if (sum->second <= 0) sums_.erase(sum);
  if (sums_.size() >= 2 * size_) cut();
}

void Board::cut() {
  std::vector<std::pair<double, WorkRow>> all;
  all.reserve(sums_.size());
  for (const auto& [row, sum] : sums_) all.emplace_back(-sum, row);
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(size_);
  std::nth_element(all.begin(), end, all.end());
  for (auto one = end; one != all.end(); ++one) sums_.erase(one->second);
}

std::vector<Standing> Board::top(std::size_t count, std::uint32_t now_s) const {
  std::vector<Standing> all;
  all.reserve(sums_.size());
  const double by = 1 / worth(std::max(now_s, landmark_s_));
  for (const auto& [row, sum] : sums_) all.push_back({row, static_cast<float>(sum * by)});
  const std::size_t kept = std::min(count, all.size());
  std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kept), all.end(), better);
  all.resize(kept);
  return all;
}

}  // namespace zan::matching
