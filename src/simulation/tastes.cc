#include "simulation/tastes.h"

#include <algorithm>

#include "base/hash.h"
#include "base/random.h"
#include "simulation/draw.h"

namespace zan::simulation {
namespace {

// Numbers of rng_of(), one a purpose.
enum Purpose : std::uint64_t { of_person = 61, of_creator, of_work, of_schedule, of_visits, of_reaction };

constexpr double good_quality = 2.0, bad_quality = -1.0;  // of newcomers
constexpr double other_topic = 0.15, second_topic_tag = 0.25;
// Visits begun in each hour of the day, in thousandths.
constexpr std::array<double, 24> rhythm = {22, 13, 8, 5, 4, 6, 12, 25, 37, 42, 44, 48,
                                           58, 55, 47, 44, 45, 50, 62, 76, 88, 88, 72, 49};

std::array<float, styles> draw_style(Rng& rng) {
  std::array<double, styles> drawn{};
  double squares = 0;
  for (double& part : drawn) {
    part = draw_normal(rng);
    squares += part * part;
  }
  const double length = power(std::max(squares, 1e-12), 0.5);
  std::array<float, styles> style{};
  for (std::size_t i = 0; i < styles; ++i) style[i] = static_cast<float>(drawn[i] / length);
  return style;
}

// Some topics are common, some rare.
std::uint8_t draw_topic(Rng& rng) {
  const double u = draw_small(rng);
  const double v = rng.unit();
  return static_cast<std::uint8_t>((v < 0.5 ? u : v) * topics);
}

double logistic(double x) { return 1 / (1 + exponential(-x)); }

std::uint64_t pair_of(std::uint32_t person, std::uint32_t work) { return std::uint64_t{person} << 32 | work; }

}  // namespace

Tastes::Tastes(const TasteOptions& options) : options_(options) {
  make_people();
  make_creators();
  make_works();
}

void Tastes::make_people() {
  for (std::uint32_t i = 0; i < options_.people; ++i) {
    Rng rng = rng_of(options_.seed, of_person, i);
    TastePerson person;
    const std::uint32_t favourites = draw_between(rng, 2, 4);
    double weight = 1;
    for (std::uint32_t k = 0; k < favourites; ++k) {
      float& topic = person.topic[draw_topic(rng)];
      topic = std::max(topic, static_cast<float>(weight));
      weight *= draw_between_real(rng, 0.6, 0.9);
    }
    // And a little of everything.
    for (float& topic : person.topic) topic = std::max(topic, static_cast<float>(0.25 * draw_small(rng)));
    person.style = draw_style(rng);
    person.visits_a_day = static_cast<float>(draw_log_normal(rng, options_.visits_a_day, 0.6));
    people_.push_back(person);
  }
}

void Tastes::make_creators() {
  const std::uint32_t days_with_newcomers = options_.days - std::min(options_.days, options_.newcomers_from_day);
  const std::uint32_t count = options_.creators + days_with_newcomers * options_.newcomers_a_day;
  for (std::uint32_t i = 0; i < count; ++i) {
    Rng rng = rng_of(options_.seed, of_creator, i);
    TasteCreator creator;
    creator.topic[0] = draw_topic(rng);
    creator.topic[1] = draw_topic(rng);
    creator.quality = static_cast<float>(0.6 * draw_normal(rng));
    if (i >= options_.creators) {
      creator.newcomer = (i - options_.creators) % 2 == 0 ? Newcomer::good : Newcomer::bad;
      creator.quality = static_cast<float>(creator.newcomer == Newcomer::good ? good_quality : bad_quality);
    }
    creators_.push_back(creator);
  }
}

TasteWork Tastes::make_work(std::uint32_t creator, std::int64_t born_us, std::uint64_t number) const {
  Rng rng = rng_of(options_.seed, of_work, number);
  const TasteCreator& by = creators_[creator];
  TasteWork work;
  work.creator = creator;
  work.born_us = born_us;
  work.topic[0] = rng.chance(0.7) ? by.topic[0] : by.topic[1];
  work.topic[1] = draw_topic(rng);
  work.second = rng.chance(0.5) ? static_cast<float>(draw_between_real(rng, 0.1, 0.4)) : 0.0F;
  work.style = draw_style(rng);
  // A newcomer's works are as good or bad as the label says; others' differ.
  const double spread = by.newcomer == Newcomer::no ? 0.7 : 0.2;
  work.quality = by.quality + static_cast<float>(spread * draw_normal(rng));
  work.duration_ms = static_cast<std::uint32_t>(std::clamp(draw_log_normal(rng, 30'000, 0.7), 4000.0, 600'000.0));
  const std::uint32_t wanted = draw_between(rng, 1, taste_tags_max);
  for (std::uint32_t i = 0; i < wanted; ++i) {
    const double u = rng.unit();
    std::uint32_t topic = work.topic[0];
    if (u < other_topic)
      topic = static_cast<std::uint32_t>(rng.below(topics));
    else if (u < other_topic + second_topic_tag && work.second > 0)
      topic = work.topic[1];
    const std::uint32_t tag = topic * tags_of_topic + static_cast<std::uint32_t>(rng.below(tags_of_topic));
    const auto end = work.tags.begin() + work.tag_count;
    if (std::find(work.tags.begin(), end, tag) == end) work.tags[work.tag_count++] = tag;
  }
  return work;
}

void Tastes::make_works() {
  struct Birth {
    std::int64_t at_us;
    std::uint32_t creator;
  };
  std::vector<Birth> births;
  Rng rng = rng_of(options_.seed, of_schedule);
  if (options_.creators > 0) {
    for (std::uint32_t i = 0; i < options_.works; ++i) {
      const auto age = static_cast<std::int64_t>(draw_between_real(rng, 0, 30 * static_cast<double>(us_per_day)));
      births.push_back({-1 - age, static_cast<std::uint32_t>(rng.below(options_.creators))});
    }
  }
  std::uint32_t newcomer = options_.creators;
  for (std::uint32_t day = 0; day < options_.days; ++day) {
    const auto time = [&rng, day] {
      const auto within = static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(us_per_day)));
      return static_cast<std::int64_t>(day) * us_per_day + within;
    };
    for (std::uint32_t i = 0; i < options_.works_a_day && options_.creators > 0; ++i) {
      const std::int64_t at = time();
      births.push_back({at, static_cast<std::uint32_t>(rng.below(options_.creators))});
    }
    if (day < options_.newcomers_from_day) continue;
    for (std::uint32_t i = 0; i < options_.newcomers_a_day; ++i, ++newcomer)
      for (std::uint32_t k = 0; k < options_.newcomer_works; ++k) births.push_back({time(), newcomer});
  }
  std::stable_sort(births.begin(), births.end(), [](const Birth& a, const Birth& b) { return a.at_us < b.at_us; });
  for (const Birth& birth : births) works_.push_back(make_work(birth.creator, birth.at_us, works_.size()));
}

struct Tastes::Chances {
  double click, long_view;                  // of a showing; of a click
  double like, like_else, follow, comment;  // of a long view; of another click; of a like; of a long view
  double dislike, leave;                    // of a click without a long view or a like; without a long view
};

Tastes::Chances Tastes::chances(std::uint32_t person, std::uint32_t work) const {
  const TastePerson& who = people_[person];
  const TasteWork& what = works_[work];
  const double topic = (1 - what.second) * who.topic[what.topic[0]] + what.second * who.topic[what.topic[1]];
  double style = 0;
  for (std::size_t i = 0; i < styles; ++i) style += static_cast<double>(who.style[i]) * what.style[i];
  const double quality = what.quality;
  Chances chances{};
  chances.click = logistic(-2.6 + 2.6 * topic + 0.9 * style + 0.6 * quality);
  chances.long_view = logistic(-1.4 + 2.0 * topic + 1.4 * style + 1.0 * quality);
  chances.like = logistic(-2.6 + 1.4 * topic + 1.0 * style + 0.7 * quality);
  chances.like_else = 0.05 * chances.like;
  chances.follow = 0.10 * chances.like;
  chances.comment = 0.15 * chances.like;
  chances.dislike = logistic(-3.2 - 1.5 * topic - 1.0 * style - 0.7 * quality);
  chances.leave = logistic(0.3 - 1.0 * topic - 0.7 * style - 0.5 * quality);
  return chances;
}

Truth Tastes::truth(std::uint32_t person, std::uint32_t work) const {
  const Chances chance = chances(person, work);
  const double of_long = chance.click * chance.long_view, of_short = chance.click * (1 - chance.long_view);
  Truth truth{};
  const auto set = [&](Answer answer, double value) { truth[static_cast<std::size_t>(answer)] = value; };
  const double like = of_long * chance.like + of_short * chance.like_else;
  set(Answer::click, chance.click);
  set(Answer::long_view, of_long);
  set(Answer::like, like);
  set(Answer::follow, like * chance.follow);
  set(Answer::comment, of_long * chance.comment);
  set(Answer::dislike, of_short * (1 - chance.like_else) * chance.dislike);
  set(Answer::leave, of_short * chance.leave);
  return truth;
}

double Tastes::place_bias(std::size_t place) { return power(1 + static_cast<double>(place), -0.35); }

Reaction Tastes::react(std::uint32_t person, std::uint32_t work, std::size_t place,
                       std::uint32_t shown_before) const {
  const Chances chance = chances(person, work);
  Rng rng = rng_of(options_.seed ^ mix64(pair_of(person, work)), of_reaction, shown_before);
  const double again = power(repeat_bias, shown_before);
  Reaction reaction;
  const auto add = [&](Answer answer) {
    reaction.answers = static_cast<std::uint8_t>(reaction.answers | 1U << static_cast<unsigned>(answer));
  };
  const double clicked = rng.unit(), long_viewed = rng.unit(), liked = rng.unit(), followed = rng.unit();
  const double commented = rng.unit(), disliked = rng.unit(), left = rng.unit(), watched = rng.unit();
  if (clicked >= chance.click * place_bias(place) * again) return reaction;
  add(Answer::click);
  const std::uint32_t duration = works_[work].duration_ms;
  const bool is_long = long_viewed < chance.long_view;
  const bool is_liked = liked < (is_long ? chance.like : chance.like_else);
  const std::uint32_t enough = std::min(duration, 18'000U);
  if (is_long) {
    add(Answer::long_view);
    if (commented < chance.comment) add(Answer::comment);
    reaction.watch_ms = enough + static_cast<std::uint32_t>(watched * (duration - enough));
  } else if (left < chance.leave) {
    add(Answer::leave);
    reaction.watch_ms = static_cast<std::uint32_t>(watched * std::min(3000U, duration / 3));
  } else {
    const std::uint32_t least = std::min(3000U, duration / 3 + 1);
    reaction.watch_ms = least + static_cast<std::uint32_t>(watched * (enough - least));
  }
  if (!is_long && !is_liked && disliked < chance.dislike) add(Answer::dislike);
  if (is_liked) add(Answer::like);
  if (is_liked && followed < chance.follow) add(Answer::follow);
  return reaction;
}

std::vector<Visit> Tastes::visits(std::uint32_t day) const {
  Weighted hours;
  for (const double weight : rhythm) hours.add(weight);
  std::vector<Visit> visits;
  for (std::uint32_t person = 0; person < people_.size(); ++person) {
    Rng rng = rng_of(options_.seed ^ mix64(day + 1), of_visits, person);
    const std::uint32_t count = draw_poisson(rng, people_[person].visits_a_day);
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto hour = static_cast<std::int64_t>(hours.pick(rng));
      const auto within = static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(us_per_hour)));
      visits.push_back({person, static_cast<std::int64_t>(day) * us_per_day + hour * us_per_hour + within});
    }
  }
  std::stable_sort(visits.begin(), visits.end(), [](const Visit& a, const Visit& b) { return a.at_us < b.at_us; });
  return visits;
}

std::string taste_person_name(std::uint32_t person) { return "sim-person-" + std::to_string(person); }
std::string taste_work_name(std::uint32_t work) { return "sim-work-" + std::to_string(work); }
std::string taste_creator_name(std::uint32_t creator) { return "sim-creator-" + std::to_string(creator); }
std::string taste_tag_name(std::uint32_t tag) { return "sim-tag-" + std::to_string(tag); }

}  // namespace zan::simulation
