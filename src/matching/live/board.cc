#include "matching/live/board.h"

#include <algorithm>
#include <cmath>

namespace zan::matching {
namespace {

constexpr double half_lives_max = 200;  // between the landmark and now, before sums are written anew

}  // namespace

double Board::worth(std::uint32_t at_s) const {
  return std::exp2((static_cast<double>(at_s) - landmark_s_) / half_life_s_);
}

void Board::add(WorkRow work, float weight, std::uint32_t at_s) {
  if (sums_.empty()) landmark_s_ = at_s;
  if (at_s > landmark_s_ && (at_s - landmark_s_) / half_life_s_ > half_lives_max) begin_anew(at_s);
  const auto [found, is_new] = sums_.try_emplace(work, 0);
  const Sum before{found->second, work}, after{before.sum + weight * worth(at_s), work};
  if (after.sum <= 0) {
    if (is_new) {
      sums_.erase(found);
    } else {
      remove(work);
    }
    return;
  }
  found->second = after.sum;
  if (is_new) {
    sorted_.insert(std::lower_bound(sorted_.begin(), sorted_.end(), after, better), after);
  } else {
    move(before, after);
  }
  if (sums_.size() >= 2 * size_) cut();
}

void Board::remove(WorkRow work) {
  const auto found = sums_.find(work);
  if (found == sums_.end()) return;
  sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), Sum{found->second, work}, better));
  sums_.erase(found);
}

void Board::move(const Sum& from, const Sum& to) {
  const auto old_place = std::lower_bound(sorted_.begin(), sorted_.end(), from, better);
  const auto new_place = std::lower_bound(sorted_.begin(), sorted_.end(), to, better);
  if (new_place <= old_place) {
    std::move_backward(new_place, old_place, old_place + 1);
    *new_place = to;
  } else {
    std::move(old_place + 1, new_place, old_place);
    *(new_place - 1) = to;
  }
}

// What has become too small to be told apart stands in the order of rows.
void Board::begin_anew(std::uint32_t at_s) {
  const double by = 1 / worth(at_s);
  for (auto& [row, sum] : sums_) sum *= by;
  for (Sum& one : sorted_) one.sum *= by;
  std::sort(sorted_.begin(), sorted_.end(), better);
  landmark_s_ = at_s;
}

void Board::cut() {
  for (std::size_t i = size_; i < sorted_.size(); ++i) sums_.erase(sorted_[i].work);
  sorted_.resize(size_);
}

std::vector<Standing> Board::top(std::size_t count, std::uint32_t now_s) const {
  std::vector<Standing> best;
  const std::size_t kept = std::min(count, sorted_.size());
  best.reserve(kept);
  const double by = 1 / worth(std::max(now_s, landmark_s_));
  for (std::size_t i = 0; i < kept; ++i) best.push_back({sorted_[i].work, static_cast<float>(sorted_[i].sum * by)});
  return best;
}

}  // namespace zan::matching
