// Windows: whose first so many seconds in an experiment are still going on, in the order they came. As all windows are
// alike, the first that began is the first that ends.
//
// Owns: 16 bytes an open window. Threads: one at a time. It never asks for the time.
#pragma once

#include <cstdint>
#include <deque>

namespace zan::matching {

class Windows {
 public:
  explicit Windows(std::uint32_t window_s) : window_s_(window_s) {}

  // Who began before those that came earlier ends with them.
  void open(std::uint64_t unit, std::uint32_t first_s) { open_.push_back({unit, first_s}); }
  // Calls end(unit) for each that is over; answers whether one was. Times that go back do nothing.
  template <typename End>
  bool close(std::uint32_t now_s, const End& end) {
    if (now_s > now_s_) now_s_ = now_s;
    bool some = false;
    for (; !open_.empty() && std::uint64_t{open_.front().first_s} + window_s_ < now_s_; open_.pop_front()) {
      end(open_.front().unit);
      some = true;
    }
    return some;
  }
  [[nodiscard]] std::uint32_t now_s() const { return now_s_; }

 private:
  struct Open {
    std::uint64_t unit;
    std::uint32_t first_s;
  };
  std::uint32_t window_s_, now_s_ = 0;
  std::deque<Open> open_;
};

}  // namespace zan::matching
