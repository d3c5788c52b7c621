// Rule: how a derived tag follows from what somebody did, as data, and the sentence in which that person can read it.
//
// A rule is a list of conditions, each "this measure lies between these bounds"; a banded tag has one measure and takes the band
// that the measure falls into. Measures look back with a half-life, or over whole days; what exactly stands beside each.
//
// Threads: plain values.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engagement/events.h"

namespace zan::audience {

// The order is stored nowhere. "Recently": with the half-life of habits.
enum class Measure : std::uint8_t {
  interest,         // points for acts on subjects of a category, with the half-life of interests
  aversion,         // dislikes of subjects of a category, the same way
  acts,             // how many of `acts`, recently
  act_share,        // percent of `acts` among `among`, recently
  active_days,      // days with an act among the last `days`, at most 64
  known_days,       // days since the first act
  idle_days,        // days since the last act
  gap_days,         // days without an act before the last visit
  hour_share,       // percent of acts in [hour_from, hour_to) of the operator's time zone, recently
  weekend_share,    // percent of acts on Saturday and Sunday, recently
  watch_share,      // percent of offered time that was watched, recently
  session_minutes,  // mean length of a session, recently; a session ends after half an hour without an act
  session_acts,     // mean number of acts of a session, recently
  sessions,         // how many sessions, recently
  following,        // creators followed now
  first_day,        // the day of the first act, since 1970
  last_day,         // the day of the last one
  region,           // of the last act that named one: a value by name
  attribute,        // what the person, or the operator for them, put: a value by name, or true
};

struct Condition {
  Measure measure = Measure::acts;
  std::vector<engagement::ActType> acts, among;
  std::uint32_t days = 0;
  std::uint32_t hour_from = 0, hour_to = 0;
  std::uint32_t category = 0;  // index; of interest and aversion
  std::string attribute;       // JSON pointer into the user's attributes
  double at_least = -std::numeric_limits<double>::infinity();
  double at_most = std::numeric_limits<double>::infinity();
  double enough = 0;  // of a share or mean: so many acts, below which the condition does not hold
};

struct Rule {
  std::vector<Condition> all;  // empty: nothing derives this tag
};

const char* to_string(Measure measure);
std::optional<Measure> measure_of(std::string_view name);
// All names, for "did you mean".
std::vector<std::string_view> measure_names();
std::optional<engagement::ActType> act_type_of(std::string_view name);

// Whether it is of people themselves, said and not worked out.
constexpr bool is_said(Measure measure) {
  return measure == Measure::region || measure == Measure::attribute;
}

enum class Tongue : std::uint8_t { en, zh };
struct HalfLives {
  double habits_days = 14;
  double interests_days = 30;
};
// "Likes in the last weeks (an act of 14 days ago counts half): at least 3." `category` is its name in that tongue.
std::string explain(const Condition& condition, std::string_view category, const HalfLives& half, Tongue tongue);

}  // namespace zan::audience
