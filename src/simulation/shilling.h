// Shilling: fake accounts that push a few works by liking them, and act like people otherwise, as published for
// recommenders (Lam and Riedl 2004; Mobasher, Burke, Bhaumik, Williams 2007). Told for likes instead of ratings: the
// highest rating is a long view and a like, the mean one a view that becomes long or a like as often as that work's do,
// the lowest a view that is left at once.
//
//   average     targets highest; fillers drawn from all works, each rated at its own mean
//   bandwagon   targets and the most popular works highest; fillers at their means
//   segment     targets and works of one topic highest, so that they look alike to whoever takes to it; fillers lowest
//
// Every act is known to be fake. Which of them a detector would have caught, and whom it would have caught wrongly, is
// drawn apart (Detector), so that the same attack can be measured with verdicts and without.
//
// Threads: plain functions. The same options and counts, the same acts on every machine.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "simulation/tastes.h"

namespace zan::simulation {

enum class ShillingKind : std::uint8_t { average, bandwagon, segment };
const char* to_string(ShillingKind kind);

struct ShillingOptions {
  ShillingKind kind = ShillingKind::average;
  std::uint64_t seed = 1;
  double share = 0.03;                 // fake accounts, of the genuine people
  std::vector<std::uint32_t> targets;  // works
  std::uint32_t selected = 10;         // popular works, or works of the segment, an account
  std::uint32_t fillers = 30;          // an account
  std::int64_t begin_us = 0, span_us = us_per_day;
};

// What anybody can see of a work.
struct PublicCounts {
  std::uint32_t shown = 0, views = 0, long_views = 0, likes = 0;
};

struct FakeAct {
  std::int64_t at_us = 0;
  std::uint32_t account = 0;  // from people().size() on
  std::uint32_t work = 0;
  std::uint32_t watch_ms = 0;
  bool like = false;
  bool target = false;
};

// In order of time. `counts` are by work, as they stand when the attack begins; works not born by then are left alone.
// Of segment: the segment is the topic that the first target is about. Empty without targets.
std::vector<FakeAct> shill(const Tastes& world, const ShillingOptions& options, std::span<const PublicCounts> counts);

// What becomes known to be fake: of the fake accounts so many are caught, with all they do; of what genuine people do
// so much is wrongly held. The accounts that get away are evenly spread, so that their share is the same in every run.
struct Detector {
  std::uint64_t seed = 1;
  double recall = 0.95, false_share = 0.01;
  [[nodiscard]] bool catches_account(std::uint32_t account) const;
  [[nodiscard]] bool holds_genuine(std::uint32_t person, std::uint32_t work) const;
};

}  // namespace zan::simulation
