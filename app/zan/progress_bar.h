// ProgressBar: how far long work has come, on standard error. A bar that redraws itself where a person looks on, else a
// plain line every tenth of the way, or every few seconds where the end is not known.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"

namespace zan::app {

// 1234567 -> "1,234,567".
std::string grouped(std::uint64_t number);
// "1.5 s", "2 min 5 s".
std::string duration_text(std::int64_t us);

class ProgressBar {
 public:
  explicit ProgressBar(std::string label, const Clock& clock = machine_clock());
  ~ProgressBar();  // ends the line if finish() did not
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // `total` zero: unknown. `note` says what was done so far: "12,000 events".
  void update(std::uint64_t done, std::uint64_t total, const std::string& note);
  // A line of its own, above the bar.
  void say(const std::string& text);
  // The last line stays: "label: note, 3.1 s".
  void finish(const std::string& note);

  [[nodiscard]] std::int64_t elapsed_us() const { return clock_.monotonic_us() - started_us_; }

 private:
  void draw(double share, bool known, const std::string& note) const;
  void print_plain(double share, bool known, const std::string& note);

  std::string label_;
  const Clock& clock_;
  std::int64_t started_us_;
  std::int64_t shown_us_ = 0;
  int shown_tenths_ = 0;
  bool drawn_ = false;
  bool tty_;
};

}  // namespace zan::app
