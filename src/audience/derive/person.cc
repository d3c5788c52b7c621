#include "audience/derive/person.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

namespace zan::audience {
namespace {

using engagement::ActType;

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

float sum_of(const Person& person, const std::vector<ActType>& types) {
  float total = 0;
  for (const ActType type : types) total += person.acts[static_cast<std::size_t>(type)];
  return total;
}

}  // namespace

float interest_points(ActType type) {
  switch (type) {
    case ActType::like:
    case ActType::comment:
      return 3;
    case ActType::share:
      return 4;
    case ActType::complete:
      return 2;
    case ActType::view:
      return 0.5F;
    case ActType::unlike:
    case ActType::dislike:
      return -3;
    default:
      return 0;
  }
}

std::uint32_t PersonRules::day_of(std::int64_t us) const {
  return static_cast<std::uint32_t>(std::max<std::int64_t>(0, us + zone_us) / us_per_day);
}

double PersonRules::fade(std::int64_t from_us, std::int64_t to_us, double half_life_days) const {
  return std::exp2(-static_cast<double>(std::max<std::int64_t>(0, to_us - from_us)) /
                   (half_life_days * static_cast<double>(us_per_day)));
}

double PersonRules::faded(const Person& person, Timestamp now) const {
  return fade(person.as_of_us, now.us, half.habits_days);
}

void PersonRules::note_day(Person& person, std::uint32_t day) const {
  if (person.active_days == 0) {
    person.first_day = person.last_day = day;
    person.active_days = 1;
    return;
  }
  person.first_day = std::min(person.first_day, day);
  if (day > person.last_day) {
    const std::uint32_t gap = day - person.last_day;
    person.active_days = (gap < days_remembered ? person.active_days << gap : 0) | 1;
    if (gap > 1 || person.gap_days != 0) person.gap_days = gap > 1 ? gap - 1 : person.gap_days;
    person.last_day = day;
  } else if (person.last_day - day < days_remembered) {
    person.active_days |= std::uint64_t{1} << (person.last_day - day);
  }
}

void PersonRules::note_visit(Person& person, std::int64_t at_us, float weight) const {
  const std::int64_t pause = at_us - person.last_us;
  if (!person.seen() || pause > visit_pause_us) {
    person.visits += weight;
  } else if (pause > 0) {
    person.visit_seconds += weight * static_cast<float>(pause) / static_cast<float>(us_per_second);
  }
  person.last_us = std::max(person.last_us, at_us);
}

void PersonRules::observe(Person& person, const engagement::RecordedAct& act) const {
  const auto fading = static_cast<float>(fade(person.as_of_us, act.at.us, half.habits_days));
  if (act.at.us > person.as_of_us) {
    const auto scale = [&](auto& sums) {
      for (float& sum : sums) sum *= fading;
    };
    scale(person.acts);
    scale(person.hours);
    for (float* sum :
         {&person.weekend, &person.visits, &person.visit_seconds, &person.watched_seconds, &person.offered_seconds})
      *sum *= fading;
    person.as_of_us = act.at.us;
  }
  const auto weight = static_cast<float>(fade(act.at.us, person.as_of_us, half.habits_days));
  const std::uint32_t day = day_of(act.at.us);
  note_day(person, day);
  note_visit(person, act.at.us, weight);
  person.acts[static_cast<std::size_t>(act.type)] += weight;
  const std::int64_t local_us = std::max<std::int64_t>(0, act.at.us + zone_us);
  person.hours[static_cast<std::size_t>(local_us % us_per_day / us_per_hour)] += weight;
  if ((day + 3) % 7 >= 5) person.weekend += weight;  // 1970-01-01 was a Thursday
  if (act.duration_ms != 0) {
    person.offered_seconds += weight * static_cast<float>(act.duration_ms) / 1000;
    person.watched_seconds += weight * static_cast<float>(std::min(act.watch_ms, act.duration_ms)) / 1000;
  }
  if (act.effect != engagement::Effect::changed) return;
  if (act.type == ActType::follow && act.before != engagement::Reaction::liked) ++person.following;
  if (act.type == ActType::unfollow && act.before == engagement::Reaction::liked && person.following > 0)
    --person.following;
}

void PersonRules::observe_category(Person& person, std::uint32_t category, const engagement::RecordedAct& act) const {
  const float points = interest_points(act.type);
  if (points == 0) return;
  auto at = std::find_if(person.categories.begin(), person.categories.end(),
                         [&](const CategoryScore& score) { return score.category == category; });
  if (at == person.categories.end()) {
    if (points < 0 && act.type != ActType::dislike) return;
    at = person.categories.insert(at, {category, 0, 0, act.at.us});
  }
  const auto fading = static_cast<float>(fade(at->as_of_us, act.at.us, half.interests_days));
  at->interest *= fading;
  at->aversion *= fading;
  at->as_of_us = std::max(at->as_of_us, act.at.us);
  const auto weight = static_cast<float>(fade(act.at.us, at->as_of_us, half.interests_days));
  at->interest = std::max(0.0F, at->interest + weight * points);
  if (act.type == ActType::dislike) at->aversion += weight;
}

double PersonRules::of_category(const Person& person, const Condition& condition, Timestamp now) const {
  for (const CategoryScore& score : person.categories) {
    if (score.category != condition.category) continue;
    const double fading = fade(score.as_of_us, now.us, half.interests_days);
    return fading * (condition.measure == Measure::interest ? score.interest : score.aversion);
  }
  return 0;
}

double PersonRules::of_days(const Person& person, const Condition& condition, Timestamp now) const {
  const std::uint32_t today = std::max(day_of(now.us), person.last_day);
  const std::uint32_t idle = today - person.last_day;
  switch (condition.measure) {
    case Measure::active_days: {
      if (idle >= condition.days) return 0;
      const std::uint32_t window = condition.days - idle;
      const std::uint64_t mask = window >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << window) - 1;
      return std::popcount(person.active_days & mask);
    }
    case Measure::known_days:
      return today - person.first_day;
    case Measure::idle_days:
      return idle;
    case Measure::gap_days:
      return person.gap_days;
    case Measure::first_day:
      return person.first_day;
    default:
      return person.last_day;
  }
}

double PersonRules::of_sums(const Person& person, const Condition& condition, Timestamp now) const {
  const double fading = faded(person, now);
  const double all = std::accumulate(person.hours.begin(), person.hours.end(), 0.0);
  const auto share = [&](double part, double whole, double enough_of) {
    return enough_of * fading < condition.enough || whole <= 0 ? unknown : part / whole;
  };
  switch (condition.measure) {
    case Measure::acts:
      return fading * sum_of(person, condition.acts);
    case Measure::act_share: {
      const double among = sum_of(person, condition.among);
      return 100 * share(sum_of(person, condition.acts), among, among);
    }
    case Measure::hour_share:
      return 100 * share(std::accumulate(person.hours.begin() + condition.hour_from,
                                         person.hours.begin() + condition.hour_to, 0.0),
                         all, all);
    case Measure::weekend_share:
      return 100 * share(person.weekend, all, all);
    case Measure::watch_share:
      return 100 * share(person.watched_seconds, person.offered_seconds,
                         person.acts[static_cast<std::size_t>(ActType::view)]);
    case Measure::session_minutes:
      return share(person.visit_seconds / 60, person.visits, person.visits);
    case Measure::session_acts:
      return share(all, person.visits, person.visits);
    default:
      return fading * person.visits;
  }
}

double PersonRules::measure(const Person& person, const Condition& condition, Timestamp now) const {
  switch (condition.measure) {
    case Measure::interest:
    case Measure::aversion:
      return of_category(person, condition, now);
    case Measure::following:
      return person.following;
    case Measure::active_days:
    case Measure::known_days:
    case Measure::idle_days:
    case Measure::gap_days:
    case Measure::first_day:
    case Measure::last_day:
      return of_days(person, condition, now);
    case Measure::region:
    case Measure::attribute:
      return unknown;
    default:
      return of_sums(person, condition, now);
  }
}

bool PersonRules::holds(const Person& person, const Rule& rule, Timestamp now) const {
  return std::all_of(rule.all.begin(), rule.all.end(), [&](const Condition& condition) {
    const double value = measure(person, condition, now);
    return value >= condition.at_least && value <= condition.at_most;
  });
}

}  // namespace zan::audience
