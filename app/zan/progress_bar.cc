#include "zan/progress_bar.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace zan::app {
namespace {

constexpr int bar_cells = 28;
constexpr std::int64_t redraw_us = 100 * us_per_ms;
constexpr std::int64_t plain_us = 5 * us_per_second;  // between lines of work whose end is unknown

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), 1, ',');
  return text;
}

std::string duration_text(std::int64_t us) {
  if (us < us_per_minute) return fmt::format("{:.1f} s", static_cast<double>(us) / us_per_second);
  return fmt::format("{} min {} s", us / us_per_minute, us % us_per_minute / us_per_second);
}

ProgressBar::ProgressBar(std::string label, const Clock& clock)
    : label_(std::move(label)), clock_(clock), started_us_(clock.monotonic_us()), tty_(isatty(STDERR_FILENO) == 1) {
  shown_us_ = started_us_;
}

ProgressBar::~ProgressBar() {
  if (drawn_) fmt::print(stderr, "\n");
}

void ProgressBar::update(std::uint64_t done, std::uint64_t total, const std::string& note) {
  const bool known = total > 0;
  const double share = known ? std::min(static_cast<double>(done) / static_cast<double>(total), 1.0) : 0;
  if (!tty_) return print_plain(share, known, note);
  const std::int64_t now = clock_.monotonic_us();
  if (drawn_ && now - shown_us_ < redraw_us) return;
  shown_us_ = now;
  drawn_ = true;
  draw(share, known, note);
}

void ProgressBar::draw(double share, bool known, const std::string& note) const {
  const int full = static_cast<int>(share * bar_cells);
  std::string line = fmt::format("\r\x1b[K{} [{:#<{}}{:.<{}}] ", label_, "", full, "", bar_cells - full);
  if (known) line += fmt::format("{:3.0f} %  ", share * 100);
  line += note;
  if (known && share > 0.02 && share < 1) {
    const double left = static_cast<double>(elapsed_us()) * (1 - share) / share;
    line += fmt::format("  {} left", duration_text(static_cast<std::int64_t>(left)));
  }
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
}

void ProgressBar::print_plain(double share, bool known, const std::string& note) {
  const int tenths = static_cast<int>(share * 10);
  const std::int64_t now = clock_.monotonic_us();
  if (known ? tenths <= shown_tenths_ : now - shown_us_ < plain_us) return;
  shown_tenths_ = tenths;
  shown_us_ = now;
  if (known) {
    fmt::print(stderr, "{}: {} %{}{}\n", label_, tenths * 10, note.empty() ? "" : ", ", note);
  } else {
    fmt::print(stderr, "{}: {}\n", label_, note);
  }
}

void ProgressBar::say(const std::string& text) {
  fmt::print(stderr, "{}{}\n", drawn_ ? "\r\x1b[K" : "", text);
}

void ProgressBar::finish(const std::string& note) {
  fmt::print(stderr, "{}{}: {}, {}\n", tty_ && drawn_ ? "\r\x1b[K" : "", label_, note, duration_text(elapsed_us()));
  drawn_ = false;
}

}  // namespace zan::app
