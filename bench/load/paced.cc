#include "load/paced.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "measure/clock.h"
#include "measure/fail.h"

namespace zan::bench {

namespace {
constexpr useconds_t kTickUs = 5'000;
}

PacedStream::PacedStream(double per_second, std::size_t first, std::size_t last, Send send)
    : per_second_(per_second), first_(first), last_(last), send_(std::move(send)), next_(first) {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    try {
      run(stop);
    } catch (...) {
      failure_ = std::current_exception();
    }
  });
}

void PacedStream::run(const std::stop_token& stop) {
  const Stopwatch clock;
  while (!stop.stop_requested()) {
    const auto due_count = static_cast<std::size_t>(clock.seconds() * per_second_);
    const std::size_t due = std::min(first_ + due_count, last_);
    if (due > next_) {
      send_(next_, due);
      next_ = due;
      const double behind_s = clock.seconds() - static_cast<double>(due - first_) / per_second_;
      behind_ms_max_ = std::max(behind_ms_max_, behind_s * 1e3);
    }
    if (due == last_) fail("the paced stream ran out of likes");
    usleep(kTickUs);
  }
  achieved_per_s_ = static_cast<double>(next_ - first_) / clock.seconds();
}

void PacedStream::stop() {
  thread_.request_stop();
  thread_.join();
  if (failure_) std::rethrow_exception(failure_);
}

}  // namespace zan::bench
