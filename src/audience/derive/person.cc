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

CategoryScore& Scores::add(CategoryScore score) {
  if (size_ == capacity_) {
    capacity_ += step;
    auto more = std::make_unique<CategoryScore[]>(capacity_);
    std::copy(begin(), end(), more.get());
    scores_ = std::move(more);
  }
  return scores_[size_++] = score;
}

CategoryScore* Scores::find(std::uint32_t category) {
  const auto at = std::find_if(begin(), end(), [&](const CategoryScore& one) { return one.category == category; });
  return at == end() ? nullptr : at;
}

std::uint32_t seconds_of(std::int64_t us) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(us / us_per_second, 0, 0xffff'ffff));
}

namespace {

// Whether the relation that the act replaced counts for its person.
bool counted_before(const engagement::RecordedAct& act) {
  return act.before == engagement::Reaction::liked && !act.before_incentivised &&
         act.before_verdict == engagement::Verdict::genuine;
}

// An act that tells nothing may end a relation that counted all the same.
std::int8_t following_change(const engagement::RecordedAct& act) {
  const bool follow = act.type == ActType::follow;
  if (act.effect != engagement::Effect::changed || (!follow && act.type != ActType::unfollow)) return 0;
  return static_cast<std::int8_t>(static_cast<int>(follow && tells(act)) - static_cast<int>(counted_before(act)));
}

// Whoever withdraws a like that did not count takes nothing away.
float points_of(const engagement::RecordedAct& act) {
  const bool empty = act.type == ActType::unlike && act.before == engagement::Reaction::liked && !counted_before(act);
  return empty ? 0 : interest_points(act.type);
}

}  // namespace

PersonAct person_act(const engagement::RecordedAct& act) {
  return {act.type, following_change(act), points_of(act), act.at.us, act.watch_ms, act.duration_ms};
}

PersonAct person_act(const engagement::VerdictRecord& record) {
  const ActType type = record.what.type;
  const int change = turn_of(record) == Turn::put_in ? 1 : -1;
  const auto following = static_cast<std::int8_t>(type == ActType::follow ? change : 0);
  return {type, following, interest_points(type), record.what.at.us, 0, 0};
}

Turn turn_of(const engagement::VerdictRecord& record) {
  const bool was = record.before == engagement::Verdict::genuine;
  const bool is = record.what.verdict == engagement::Verdict::genuine;
  if (record.incentivised || was == is) return Turn::none;
  return is ? Turn::put_in : Turn::taken_back;
}

std::uint32_t PersonRules::day_of(std::int64_t us) const {
  return static_cast<std::uint32_t>(std::max<std::int64_t>(0, us + zone_us) / us_per_day);
}

double PersonRules::fade(std::int64_t from_us, std::int64_t to_us, double half_life_days) const {
  return std::exp2(-static_cast<double>(std::max<std::int64_t>(0, to_us - from_us)) /
                   (half_life_days * static_cast<double>(us_per_day)));
}

// As the day began, which an act of today is ahead of: what is said of somebody is the same all day but for what they do.
double PersonRules::faded(std::int64_t as_of_us, Timestamp now, double half_life_days) const {
  const std::int64_t today_us = day_of(std::max(as_of_us, now.us)) * us_per_day - zone_us;
  return std::exp2(static_cast<double>(as_of_us - today_us) / (half_life_days * static_cast<double>(us_per_day)));
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

void PersonRules::fade_to(Person& person, std::int64_t at_us) const {
  const auto fading = static_cast<float>(fade(person.last_us, at_us, half.habits_days));
  for (float& sum : person.acts) sum *= fading;
  for (float& sum : person.hours) sum *= fading;
  for (float* sum :
       {&person.weekend, &person.visits, &person.visit_seconds, &person.watched_seconds, &person.offered_seconds})
    *sum *= fading;
}

namespace {

// Acts, hours and weekend by so much; never below nothing.
void add_to_sums(Person& person, engagement::ActType type, std::int64_t local_us, float weight) {
  const auto add = [&](float& sum) { sum = std::max(0.0F, sum + weight); };
  add(person.acts[static_cast<std::size_t>(type)]);
  add(person.hours[static_cast<std::size_t>(local_us % us_per_day / us_per_hour)]);
  if ((local_us / us_per_day + 3) % 7 >= 5) add(person.weekend);  // 1970-01-01 was a Thursday
}

}  // namespace

void PersonRules::observe(Person& person, const PersonAct& act) const {
  if (person.seen() && act.at_us > person.last_us) fade_to(person, act.at_us);
  const auto weight = person.seen() ? static_cast<float>(fade(act.at_us, person.last_us, half.habits_days)) : 1;
  note_day(person, day_of(act.at_us));
  note_visit(person, act.at_us, weight);
  add_to_sums(person, act.type, std::max<std::int64_t>(0, act.at_us + zone_us), weight);
  if (act.duration_ms != 0) {
    person.offered_seconds += weight * static_cast<float>(act.duration_ms) / 1000;
    person.watched_seconds += weight * static_cast<float>(std::min(act.watch_ms, act.duration_ms)) / 1000;
  }
  person.following = std::max(0, person.following + act.following);
}

void PersonRules::take_back(Person& person, const PersonAct& act) const {
  const auto weight = static_cast<float>(fade(act.at_us, person.last_us, half.habits_days));
  add_to_sums(person, act.type, std::max<std::int64_t>(0, act.at_us + zone_us), -weight);
  person.following = std::max(0, person.following + act.following);
}

namespace {

void add_points(CategoryScore& score, float points) {
  if (points > 0) {
    score.interest += points;
    return;
  }
  const float rest = score.interest + points;
  score.interest = std::max(0.0F, rest);
  score.owed += std::max(0.0F, -rest);
}

}  // namespace

float PersonRules::weight_of(const CategoryScore& score, const PersonAct& act) const {
  return static_cast<float>(fade(seconds_of(act.at_us) * us_per_second, score.as_of_s * us_per_second,
                                 half.interests_days));
}

void PersonRules::observe_category(Person& person, std::uint32_t category, const PersonAct& act) const {
  if (act.points == 0) return;
  const std::uint32_t at_s = seconds_of(act.at_us);
  CategoryScore* score = person.categories.find(category);
  if (score == nullptr) {
    if (act.points < 0 && act.type != ActType::dislike) return;
    score = &person.categories.add({0, 0, 0, static_cast<std::uint16_t>(category), at_s, 0});
  }
  if (at_s > score->as_of_s) {
    const auto fading =
        static_cast<float>(fade(score->as_of_s * us_per_second, at_s * us_per_second, half.interests_days));
    for (float* sum : {&score->interest, &score->aversion, &score->owed}) *sum *= fading;
    score->as_of_s = at_s;
  }
  const float weight = weight_of(*score, act);
  add_points(*score, weight * act.points);
  if (act.type == ActType::dislike) score->aversion += weight;
}

void PersonRules::take_back_category(Person& person, std::uint32_t category, const PersonAct& act) const {
  CategoryScore* const score = person.categories.find(category);
  if (score == nullptr || act.points == 0) return;
  const float weight = weight_of(*score, act);
  float back = -weight * act.points;
  if (back > 0) {
    const float paid = std::min(back, score->owed);
    score->owed -= paid;
    back -= paid;
  }
  add_points(*score, back);
  if (act.type == ActType::dislike) score->aversion = std::max(0.0F, score->aversion - weight);
}

double PersonRules::of_category(const CategoryScore& score, const Condition& condition, Timestamp now) const {
  const float sum = condition.measure == Measure::interest ? score.interest : score.aversion;
  return sum == 0 ? 0 : sum * faded(score.as_of_s * us_per_second, now, half.interests_days);
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
  const double fading = faded(person.last_us, now, half.habits_days);
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

double PersonRules::measure(const Person& person, const Condition& condition, Timestamp now,
                            const CategoryScore* likely) const {
  switch (condition.measure) {
    case Measure::interest:
    case Measure::aversion:
      if (likely == nullptr || likely->category != condition.category) likely = person.categories.find(condition.category);
      return likely == nullptr ? 0 : of_category(*likely, condition, now);
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

bool PersonRules::holds(const Person& person, const Rule& rule, Timestamp now, const CategoryScore* likely) const {
  return std::all_of(rule.all.begin(), rule.all.end(), [&](const Condition& condition) {
    const double value = measure(person, condition, now, likely);
    return value >= condition.at_least && value <= condition.at_most;
  });
}

}  // namespace zan::audience
