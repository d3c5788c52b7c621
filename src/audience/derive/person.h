// Person: what is remembered of somebody's acts for working out tags - sums that fade, no act itself.
//
// A sum halves with the half-life of habits; all sums of a person stand at one moment (`as_of`), so that fading is one
// multiplication. An act that comes late counts as much as it would have counted by now.
//
// Threads: plain values.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "audience/catalogue/rule.h"
#include "base/clock.h"

namespace zan::audience {

inline constexpr std::int64_t visit_pause_us = 30 * us_per_minute;  // a longer pause begins another visit
inline constexpr std::uint32_t days_remembered = 64;

struct CategoryScore {
  std::uint32_t category = 0;
  float interest = 0, aversion = 0;
  std::int64_t as_of_us = 0;
  std::int64_t worked_out_us = 0;  // the moment for which its tags were last worked out
};

struct Person {
  std::int64_t as_of_us = 0, last_us = 0;
  std::int64_t worked_out_us = 0;  // of the tags without a category
  std::uint32_t first_day = 0, last_day = 0, gap_days = 0;
  std::uint64_t active_days = 0;  // bit i: i days before last_day
  std::array<float, 11> acts{};   // by ActType
  std::array<float, 24> hours{};
  float weekend = 0, visits = 0, visit_seconds = 0, watched_seconds = 0, offered_seconds = 0;
  std::int32_t following = 0;
  std::vector<CategoryScore> categories;

  [[nodiscard]] bool seen() const { return last_us != 0; }
};

// What an act adds to the interest in the categories of its subject; negative: takes away.
float interest_points(engagement::ActType type);

struct PersonRules {
  HalfLives half;
  std::int64_t zone_us = 0;

  [[nodiscard]] std::uint32_t day_of(std::int64_t us) const;
  // REQUIRES: organic and genuine.
  void observe(Person& person, const engagement::RecordedAct& act) const;
  void observe_category(Person& person, std::uint32_t category, const engagement::RecordedAct& act) const;
  // The measure's value at a moment; NaN: there is not enough to say.
  [[nodiscard]] double measure(const Person& person, const Condition& condition, Timestamp now) const;
  [[nodiscard]] bool holds(const Person& person, const Rule& rule, Timestamp now) const;

 private:
  [[nodiscard]] double fade(std::int64_t from_us, std::int64_t to_us, double half_life_days) const;
  [[nodiscard]] double faded(const Person& person, Timestamp now) const;
  [[nodiscard]] double of_days(const Person& person, const Condition& condition, Timestamp now) const;
  [[nodiscard]] double of_sums(const Person& person, const Condition& condition, Timestamp now) const;
  [[nodiscard]] double of_category(const Person& person, const Condition& condition, Timestamp now) const;
  void note_day(Person& person, std::uint32_t day) const;
  void note_visit(Person& person, std::int64_t at_us, float weight) const;
};

}  // namespace zan::audience
