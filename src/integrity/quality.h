// The quality of a like, 0 to 100, as a sum of parts that are shown with it. docs/integrity.md explains it to people.
//
//   watching   0..40  how much of the work was watched before it was liked
//   account    0..40  how long and how variedly the account has lived, whether it shares its device with many, and how
//                     many of its likes were rejected
//   after      0..20  what came of it: came back, followed, commented, shared; withdrawn
//
// A part of which nothing is known gets half of its points. A held like has at most 40, a rejected one at most 10.
//
// Threads: any; pure.
#pragma once

#include <algorithm>
#include <cstdint>

#include "integrity/features/portable_log.h"

namespace zan::integrity {

struct QualityFacts {
  bool watch_known = false;
  double watched = 0;             // share of the work, or of 30 s where its length is not known
  double account_likes = 0;       // before and since
  double account_days = 0;        // from the first to the last act
  double accounts_on_device = 0;  // zero: not known
  double rejected_share = 0;      // of the account's likes
  bool after_known = false;
  bool came_back = false, followed = false, commented = false, withdrawn = false;
  bool held = false, rejected = false;
};

struct Quality {
  std::uint8_t watching = 0, account = 0, after = 0;
  std::uint8_t score = 0;
};

inline Quality quality_of(const QualityFacts& facts) {
  Quality quality;
  quality.watching = facts.watch_known ? static_cast<std::uint8_t>(40 * std::clamp(facts.watched, 0.0, 1.0)) : 20;
  const double lived = std::min(1.0, portable_log(1 + std::max(0.0, facts.account_days)) / portable_log(31));
  const double varied = std::min(1.0, portable_log(1 + std::max(0.0, facts.account_likes)) / portable_log(21));
  const double alone = facts.accounts_on_device <= 5 ? 1 : 5 / facts.accounts_on_device;
  const double honest = 1 - std::clamp(facts.rejected_share, 0.0, 1.0);
  quality.account = static_cast<std::uint8_t>((10 + 15 * lived + 15 * varied) * alone * honest);
  double after = facts.after_known ? 6.0 * (facts.came_back + facts.followed + facts.commented) + 2 : 10;
  if (facts.withdrawn) after = 0;
  quality.after = static_cast<std::uint8_t>(std::min(20.0, after));
  const int sum = quality.watching + quality.account + quality.after;
  quality.score = static_cast<std::uint8_t>(std::min(sum, facts.rejected ? 10 : facts.held ? 40 : 100));
  return quality;
}

}  // namespace zan::integrity
