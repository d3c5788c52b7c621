#include "zan/judged_lines.h"

#include <algorithm>
#include <array>
#include <limits>

namespace zan::app {

using integrity::Standing;

std::uint32_t JudgedLines::key(std::uint32_t actor, std::uint32_t subject) {
  return static_cast<std::uint32_t>(mix64(std::uint64_t{actor} << 32 | subject) >> 32);
}

void JudgedLines::add(const integrity::ActView& act, const integrity::Lockstep::Outcome& outcome) {
  lines_.push_back({act.at_us, outcome.group, 0, key(act.actor, act.subject), outcome.standing});
}

void JudgedLines::change(const integrity::Change& change, std::int64_t now_us) {
  const std::uint32_t wanted = key(change.actor, change.subject);
  auto line = std::lower_bound(lines_.begin(), lines_.end(), change.at_us,
                               [](const Line& a, std::int64_t at_us) { return a.at_us < at_us; });
  for (; line != lines_.end() && line->at_us == change.at_us; ++line)
    if (line->key == wanted)
      settle(static_cast<std::size_t>(line - lines_.begin()), {change.group, change.standing}, now_us);
}

JudgedLines::Claim JudgedLines::strongest(std::size_t number, const Claim& claim) {
  const Line& line = lines_[number];
  const auto several = claims_.find(number);
  if (several == claims_.end() && (line.group == 0 || line.group == claim.group)) return claim;
  std::vector<Claim>& claims = several != claims_.end() ? several->second : claims_[number];
  if (claims.empty()) claims.push_back({line.group, line.standing});
  const auto own = std::find_if(claims.begin(), claims.end(), [&](const Claim& a) { return a.group == claim.group; });
  if (own == claims.end())
    claims.push_back(claim);
  else
    own->standing = claim.standing;
  constexpr std::array<int, 3> strength = {1, 2, 0};  // suspected, confirmed, cleared
  return *std::max_element(claims.begin(), claims.end(), [&](const Claim& a, const Claim& b) {
    return strength[static_cast<std::size_t>(a.standing)] < strength[static_cast<std::size_t>(b.standing)];
  });
}

void JudgedLines::settle(std::size_t number, const Claim& claim, std::int64_t now_us) {
  Line& line = lines_[number];
  const bool counted = line.standing == Standing::cleared;
  const Claim decisive = strongest(number, claim);
  line.group = decisive.group;
  line.standing = decisive.standing;
  if (counted == (line.standing == Standing::cleared)) return;
  const std::int64_t delay_ms = std::max<std::int64_t>(0, now_us - line.at_us) / 1000;
  line.delay_ms =
      static_cast<std::uint32_t>(std::min<std::int64_t>(delay_ms, std::numeric_limits<std::uint32_t>::max()));
}

std::int64_t JudgedLines::since_us(std::size_t line) const {
  return lines_[line].at_us + std::int64_t{lines_[line].delay_ms} * 1000;
}

}  // namespace zan::app
