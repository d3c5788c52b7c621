// How much of a journal is learned from, and how much of it there was. labels.h says what is a label.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace zan::engine {

inline constexpr std::size_t training_cases_min = 10, training_fakes_min = 100;  // of fewer nothing is learned

struct LabelOptions {
  std::optional<Timestamp> until;           // what was recorded later is not read
  std::int64_t ripe_us = 24 * us_per_hour;  // a like must have lain so long before the last one
  std::size_t genuine_rows_max = 300'000;   // a sample of about so many, each with the weight of those it stands for
  std::size_t fake_rows_max = 200'000;
};

struct LabelCounts {
  std::uint64_t records = 0, likes = 0;  // organic likes that changed something
  std::uint64_t cases = 0, overturned_cases = 0;
  std::uint64_t fakes = 0, overturned = 0, suspected = 0, cleared = 0;  // likes, by what stands
  std::uint64_t unripe = 0, held_at_intake = 0, of_suspects = 0, of_erased = 0,
                straddling = 0;  // likes that are no rows
  std::uint64_t fake_rows = 0, genuine_rows = 0;
};

}  // namespace zan::engine
