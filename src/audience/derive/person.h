// Person: what is remembered of somebody's acts for working out tags - sums that fade, no act itself.
//
// A sum halves with the half-life of habits; all sums of a person stand at one moment (the last act), so that fading is one
// multiplication. An act that comes late counts as much as it would have counted by now.
//
// Threads: plain values.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "audience/catalogue/rule.h"
#include "base/clock.h"

namespace zan::audience {

inline constexpr std::int64_t visit_pause_us = 30 * us_per_minute;  // a longer pause begins another visit
inline constexpr std::uint32_t days_remembered = 64;

struct CategoryScore {
  float interest = 0, aversion = 0;
  float owed = 0;  // what was to be taken from an interest that was at its end: the first to be given back by take_back()
  std::uint16_t category = 0;
  std::uint32_t as_of_s = 0;       // since 1970
  std::uint32_t worked_out_s = 0;  // the moment for which its tags were last worked out
};
static_assert(sizeof(CategoryScore) == 24);

// A person's scores, in the order in which they came. Half of a vector's bytes, as there is one of these a person.
class Scores {
 public:
  CategoryScore& add(CategoryScore score);
  [[nodiscard]] CategoryScore* find(std::uint32_t category);
  [[nodiscard]] const CategoryScore* find(std::uint32_t category) const {
    return const_cast<Scores*>(this)->find(category);
  }
  [[nodiscard]] CategoryScore* begin() { return scores_.get(); }
  [[nodiscard]] CategoryScore* end() { return scores_.get() + size_; }
  [[nodiscard]] const CategoryScore* begin() const { return scores_.get(); }
  [[nodiscard]] const CategoryScore* end() const { return scores_.get() + size_; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  static constexpr std::uint32_t step = 4;
  std::unique_ptr<CategoryScore[]> scores_;
  std::uint32_t size_ = 0, capacity_ = 0;
};

struct Person {
  std::int64_t last_us = 0;        // all sums stand at this moment
  std::int64_t worked_out_us = 0;  // of the tags without a category
  std::uint64_t active_days = 0;   // bit i: i days before last_day
  std::uint32_t first_day = 0, last_day = 0, gap_days = 0;
  std::uint32_t region = 0;      // a term; 0: never named
  std::array<float, 11> acts{};  // by ActType
  std::array<float, 24> hours{};
  float weekend = 0, visits = 0, visit_seconds = 0, watched_seconds = 0, offered_seconds = 0;
  std::int32_t following = 0;
  Scores categories;

  [[nodiscard]] bool seen() const { return last_us != 0; }
};

// What a late verdict makes of an act for whoever adds acts up.
enum class Turn : std::uint8_t { none, taken_back, put_in };
Turn turn_of(const engagement::VerdictRecord& record);

// What the rules look at in an act.
struct PersonAct {
  engagement::ActType type = engagement::ActType::view;
  std::int8_t following = 0;  // what it changes in the number of creators followed
  float points = 0;           // for the categories of its subject
  std::int64_t at_us = 0;
  std::uint32_t watch_ms = 0, duration_ms = 0;
};
PersonAct person_act(const engagement::RecordedAct& act);
// REQUIRES: turn_of() is not none.
PersonAct person_act(const engagement::VerdictRecord& record);
// Whether the act tells anything of its person.
inline bool tells(const engagement::RecordedAct& act) {
  return !act.incentivised && act.judgement.verdict == engagement::Verdict::genuine;
}

std::uint32_t seconds_of(std::int64_t us);

// What an act adds to the interest in the categories of its subject; negative: takes away.
float interest_points(engagement::ActType type);

struct PersonRules {
  HalfLives half;
  std::int64_t zone_us = 0;

  [[nodiscard]] std::uint32_t day_of(std::int64_t us) const;
  // REQUIRES: organic and genuine.
  void observe(Person& person, const PersonAct& act) const;
  void observe_category(Person& person, std::uint32_t category, const PersonAct& act) const;
  // As if the act had not been observed, as near as sums allow. Days, visits, and watched and offered seconds stay: nobody
  // knows what other acts have made of them. Points that were cut off at zero meanwhile are reckoned with, as far
  // as one sum of them all can say.
  void take_back(Person& person, const PersonAct& act) const;
  void take_back_category(Person& person, std::uint32_t category, const PersonAct& act) const;
  // The measure's value at a moment; NaN: there is not enough to say. `likely`: the score that is probably meant, which
  // spares a search; or null.
  [[nodiscard]] double measure(const Person& person, const Condition& condition, Timestamp now,
                               const CategoryScore* likely = nullptr) const;
  [[nodiscard]] bool holds(const Person& person, const Rule& rule, Timestamp now,
                           const CategoryScore* likely = nullptr) const;

 private:
  [[nodiscard]] double fade(std::int64_t from_us, std::int64_t to_us, double half_life_days) const;
  [[nodiscard]] double faded(std::int64_t as_of_us, Timestamp now, double half_life_days) const;
  [[nodiscard]] float weight_of(const CategoryScore& score, const PersonAct& act) const;
  [[nodiscard]] double of_days(const Person& person, const Condition& condition, Timestamp now) const;
  [[nodiscard]] double of_sums(const Person& person, const Condition& condition, Timestamp now) const;
  [[nodiscard]] double of_category(const CategoryScore& score, const Condition& condition, Timestamp now) const;
  void note_day(Person& person, std::uint32_t day) const;
  void note_visit(Person& person, std::int64_t at_us, float weight) const;
  void fade_to(Person& person, std::int64_t at_us) const;
};

}  // namespace zan::audience
