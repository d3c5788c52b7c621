// Made-up showings for tests: numbers in a few features, signals by a known rule, all in the order of time.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "base/random.h"
#include "matching/ranking/harvest.h"

namespace zan::matching {

inline FeatureRow empty_row() {
  FeatureRow row;
  row.fill(std::numeric_limits<float>::quiet_NaN());
  at(row, Feature::place) = 0;
  return row;
}

// What is true of a row: clicks rise with `taste` and fall with the place, likes are rare and rise with `similar`.
inline Rates sim_chances(float taste, float similar, float place) {
  const auto chance = [](float margin) { return 1 / (1 + std::exp(-margin)); };
  Rates rates{};
  at(rates, Signal::click) = chance(2 * taste - 0.25F * place);
  at(rates, Signal::long_view) = chance(2 * taste - 1 - 0.25F * place);
  at(rates, Signal::like) = chance(2 * similar - 4);
  return rates;
}

// `by_taste`: places go by taste, as a feed deals them; else by chance.
inline Showings sim_showings(std::size_t count, std::uint64_t seed, bool by_taste = false) {
  Rng rng(seed);
  Harvest harvest;
  for (std::size_t i = 0; i < count; ++i) {
    const auto taste = static_cast<float>(2 * rng.unit() - 1), similar = static_cast<float>(rng.unit());
    const double first = by_taste ? static_cast<double>(1 - taste) / 2 : rng.unit();
    const auto place = static_cast<float>(std::floor(first * 9.999));
    FeatureRow row = empty_row();
    at(row, Feature::taste) = taste;
    if (rng.chance(0.9)) at(row, Feature::similar) = similar;
    at(row, Feature::place) = place;
    const PersonId person{static_cast<std::uint32_t>(1 + rng.below(200))};
    const auto work = static_cast<WorkRow>(i);
    const Timestamp shown_at{static_cast<std::int64_t>(i) * us_per_second};
    harvest.shown(person, work, row, shown_at);
    const Rates chances = sim_chances(taste, similar, place);
    Signals came = 0;
    for (std::size_t k = 0; k < signal_count; ++k)
      came |= rng.chance(static_cast<double>(chances[k])) ? bit(static_cast<Signal>(k)) : Signals{0};
    harvest.came(person, work, came, shown_at);
  }
  return harvest.take();
}

}  // namespace zan::matching
