// A made-up community whose true interests are known: who would click, watch, like or leave what, as probabilities. So
// it can be said of a recommender not only what came of what it showed, but what would have come of the rest.
//
// People mix a few topics and have a liking for some styles; works have a topic or two, a style and a quality. A
// recommender gets to see none of that: only tags, which are noisy signs of topics (styles have none), durations,
// creators and what people did. Creators and works are there from the start or come day by day; some creators are
// newcomers, good or bad, without any past. What becomes of a showing is drawn from seed, person, work and how often
// they were shown it before, not from when or by whom: two recommenders that show the same get the same (common random
// numbers), so that they can be compared in small worlds.
//
// Owns: some 160 bytes a person and a work. Threads: any, after it is made. Units: microseconds since day 0 began.
// Cost: truth() some 100 ns. The same options, the same world on every machine.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"

namespace zan::simulation {

inline constexpr std::size_t topics = 24;
inline constexpr std::size_t styles = 8;
inline constexpr std::uint32_t tags_of_topic = 4;
inline constexpr std::size_t taste_tags_max = 5;  // of a work

struct TasteOptions {
  std::uint64_t seed = 1;
  std::uint32_t people = 2000;
  std::uint32_t creators = 150;  // from the start
  std::uint32_t works = 1500;    // by them, from the start
  std::uint32_t days = 12;
  std::uint32_t works_a_day = 30;     // new ones by creators who were there
  std::uint32_t newcomers_a_day = 6;  // creators, as many good as bad; each with newcomer_works on their first day
  std::uint32_t newcomer_works = 2;
  std::uint32_t newcomers_from_day = 3;
  double visits_a_day = 1.5;  // of the median person
};

// What may become of a showing, in the order of matching::Signal.
enum class Answer : std::uint8_t { click, long_view, like, follow, comment, dislike, leave };
inline constexpr std::size_t answers = 7;
using Truth = std::array<double, answers>;

struct TastePerson {
  std::array<float, topics> topic{};  // not negative, the greatest is 1
  std::array<float, styles> style{};  // of length 1
  float visits_a_day = 0;
};

enum class Newcomer : std::uint8_t { no, good, bad };

struct TasteCreator {
  std::array<std::uint8_t, 2> topic{};
  float quality = 0;
  Newcomer newcomer = Newcomer::no;
};

struct TasteWork {
  std::uint32_t creator = 0;
  std::int64_t born_us = 0;  // negative: before day 0
  std::array<std::uint8_t, 2> topic{};
  float second = 0;  // how much of it is the second topic
  std::array<float, styles> style{};
  float quality = 0;  // deviations; most lie between -2 and 2
  std::uint32_t duration_ms = 0;
  std::array<std::uint32_t, taste_tags_max> tags{};
  std::uint8_t tag_count = 0;
};

struct Visit {
  std::uint32_t person = 0;
  std::int64_t at_us = 0;
};

struct Reaction {
  std::uint8_t answers = 0;  // a bit each
  std::uint32_t watch_ms = 0;
  [[nodiscard]] bool has(Answer answer) const { return (answers >> static_cast<unsigned>(answer) & 1U) != 0; }
};

class Tastes {
 public:
  explicit Tastes(const TasteOptions& options);

  [[nodiscard]] const TasteOptions& options() const { return options_; }
  [[nodiscard]] const std::vector<TastePerson>& people() const { return people_; }
  [[nodiscard]] const std::vector<TasteCreator>& creators() const { return creators_; }
  [[nodiscard]] const std::vector<TasteWork>& works() const { return works_; }  // as they were born
  [[nodiscard]] Newcomer newcomer(std::uint32_t work) const { return creators_[works_[work].creator].newcomer; }

  // Of a work at the first place that the person was never shown before.
  [[nodiscard]] Truth truth(std::uint32_t person, std::uint32_t work) const;
  // How much less is clicked at a place than at place 0. What follows a click does not depend on the place.
  static double place_bias(std::size_t place);
  static constexpr double repeat_bias = 0.3;  // to be shown a work again: so much less is clicked, each time

  // What this person does with this work, shown for the (shown_before + 1)th time.
  [[nodiscard]] Reaction react(std::uint32_t person, std::uint32_t work, std::size_t place,
                               std::uint32_t shown_before) const;
  // Who comes when on a day, in order; more in the evening than at night.
  [[nodiscard]] std::vector<Visit> visits(std::uint32_t day) const;

 private:
  struct Chances;  // of each answer, given what it follows
  [[nodiscard]] Chances chances(std::uint32_t person, std::uint32_t work) const;
  void make_people();
  void make_creators();
  void make_works();
  TasteWork make_work(std::uint32_t creator, std::int64_t born_us, std::uint64_t number) const;

  TasteOptions options_;
  std::vector<TastePerson> people_;
  std::vector<TasteCreator> creators_;
  std::vector<TasteWork> works_;
};

std::string taste_person_name(std::uint32_t person);  // "sim-person-17"
std::string taste_work_name(std::uint32_t work);
std::string taste_creator_name(std::uint32_t creator);
std::string taste_tag_name(std::uint32_t tag);  // "sim-tag-5": a sign of topic 5 / tags_of_topic

}  // namespace zan::simulation
