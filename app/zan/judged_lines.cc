#include "zan/judged_lines.h"

#include <algorithm>
#include <limits>

namespace zan::app {

using integrity::Standing;

void JudgedLines::add(const integrity::ActView& act, const integrity::Lockstep::Outcome& outcome) {
  lines_.push_back({act.at_us, act.actor, act.subject, 0, outcome.group, outcome.standing});
}

void JudgedLines::change(const integrity::Change& change, std::int64_t now_us) {
  auto line = std::lower_bound(lines_.begin(), lines_.end(), change.at_us,
                               [](const Line& a, std::int64_t at_us) { return a.at_us < at_us; });
  for (; line != lines_.end() && line->at_us == change.at_us; ++line)
    if (line->actor == change.actor && line->subject == change.subject) settle(*line, change, now_us);
}

// The detector has weighed what several groups say of a like: its last word is the one that holds.
void JudgedLines::settle(Line& line, const integrity::Change& change, std::int64_t now_us) {
  const bool counted = line.standing == Standing::cleared;
  line.group = change.group;
  line.standing = change.standing;
  if (counted == (line.standing == Standing::cleared)) return;
  const std::int64_t delay_ms = std::max<std::int64_t>(0, now_us - line.at_us) / 1000;
  line.delay_ms =
      static_cast<std::uint32_t>(std::min<std::int64_t>(delay_ms, std::numeric_limits<std::uint32_t>::max()));
}

std::int64_t JudgedLines::since_us(std::size_t line) const {
  return lines_[line].at_us + std::int64_t{lines_[line].delay_ms} * 1000;
}

}  // namespace zan::app
