// How often something happened within the last minute, 5 minutes, hour, 6 hours, day, 7 days and 30 days.
//
// Two buckets a window (windows.h), brought up to date when touched, so the cost does not depend on a window's length.
// `now` is exact; of `before`, acts are taken to be spread evenly. With B acts in it and share s, the estimate is off
// by at most B * max(s, 1 - s), and by nothing at a bucket's start. Counters stop at 2^32 - 1.
// A late act counts into the bucket it falls in, or into the older of the two where it is older still. Asked about a
// moment before the last act, the answer is that of the last act.
#pragma once

#include <limits>

#include "integrity/features/windows.h"

namespace zan::integrity {

class WindowCounts {
 public:
  // `last`: the second of the latest act counted here, moved on.
  void add(std::uint32_t& last, const Moment& moment) {
    if (moment.second >= last) {
      move_on(last, moment);
      last = moment.second;
      for (auto& count : now_) count += count < limit;
      return;
    }
    for (std::size_t w = 0; w < window_count; ++w) {
      auto& count = moment.bucket[w] == last / window_seconds[w] ? now_[w] : before_[w];
      count += count < limit;
    }
  }

  [[nodiscard]] double read(std::uint32_t last, const Moment& moment, std::size_t window) const {
    if (moment.second < last) return now_[window] + before_[window] * share_of_before(last, window);
    const std::uint32_t start = moment.bucket[window] * window_seconds[window];
    const std::uint32_t buckets = last >= start ? 0 : start - last <= window_seconds[window] ? 1 : 2;
    if (buckets > 1) return 0;
    const double share = moment.share(window);
    return buckets == 1 ? now_[window] * share : now_[window] + before_[window] * share;
  }

  [[nodiscard]] bool valid(std::uint32_t) const { return true; }

 private:
  static constexpr std::uint32_t limit = std::numeric_limits<std::uint32_t>::max();

  void move_on(std::uint32_t last, const Moment& moment) {
    if (moment.second - last < window_seconds[0] && moment.bucket[0] == last / window_seconds[0]) return;
    for (std::size_t w = 0; w < window_count; ++w) {
      // Masks, not branches: which windows move on is anybody's guess.
      const std::uint32_t buckets = moment.bucket[w] - last / window_seconds[w];
      const std::uint32_t same = 0U - static_cast<std::uint32_t>(buckets == 0);
      const std::uint32_t next = 0U - static_cast<std::uint32_t>(buckets == 1);
      before_[w] = (before_[w] & same) | (now_[w] & next);
      now_[w] &= same;
    }
  }

  static constexpr std::size_t lanes = window_count + 1;  // the eighth is never read: it makes two whole vectors
  std::array<std::uint32_t, lanes> now_{};
  std::array<std::uint32_t, lanes> before_{};
};
static_assert(sizeof(WindowCounts) == 64);

}  // namespace zan::integrity
