// PacedSource: another source, given out no faster than so many events a second.
#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "connectors/connectors.h"

namespace zan::app {

class PacedSource final : public connectors::Source {
 public:
  // `events_per_second` zero: as fast as it goes.
  PacedSource(std::unique_ptr<connectors::Source> source, std::uint64_t events_per_second, std::stop_token stop)
      : source_(std::move(source)), rate_(events_per_second), stop_(std::move(stop)) {}

  std::string identity() const override { return source_->identity(); }
  Result<void> resume(std::string_view cursor) override { return source_->resume(cursor); }
  connectors::Progress progress() const override { return source_->progress(); }
  std::vector<connectors::ReadTotal> totals() const override { return source_->totals(); }

  Result<bool> next(connectors::Batch& batch) override {
    ZAN_ASSIGN(const bool more, source_->next(batch));
    if (more && rate_ > 0 && !batch.events.empty()) wait_for_turn(batch.events.size());
    return more;
  }

 private:
  // Each batch has its moment; one that is late does not make the later ones hurry after the delay.
  void wait_for_turn(std::size_t events) {
    const Clock& clock = machine_clock();
    due_us_ = std::max(due_us_, clock.monotonic_us());
    while (!stop_.stop_requested() && clock.monotonic_us() < due_us_)
      std::this_thread::sleep_for(
          std::chrono::microseconds(std::min<std::int64_t>(due_us_ - clock.monotonic_us(), 100'000)));
    due_us_ += static_cast<std::int64_t>(events) * us_per_second / static_cast<std::int64_t>(rate_);
  }

  std::unique_ptr<connectors::Source> source_;
  std::uint64_t rate_;
  std::stop_token stop_;
  std::int64_t due_us_ = 0;
};

}  // namespace zan::app
