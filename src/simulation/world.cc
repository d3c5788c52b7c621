#include "simulation/world.h"

#include <algorithm>
#include <cmath>

namespace zan::simulation {
namespace {

constexpr double activity_sigma = 1.3;
constexpr double activity_max = 250;
constexpr double shared_tablet_chance = 0.4;  // of a home of two or more: 3 to 6 per cent of all devices are shared
constexpr double second_device_chance = 0.12;
constexpr double student_share = 0.04;
constexpr double office_share = 0.18;
constexpr double arrivals_a_day = 0.03;
constexpr double mean_age_days = 5;
constexpr double evergreen = 0.04;  // attention that never fades

// Share of a day's sessions that begin in each hour, local time: quiet nights, a noon peak, a high evening.
constexpr std::array<double, 24> hour_weights{2.2, 1.4, 0.9, 0.7, 0.6, 0.8, 1.6, 2.8, 3.8, 4.2, 4.4, 5.0,
                                              6.0, 5.2, 4.4, 4.4, 4.8, 5.4, 6.4, 7.6, 8.4, 8.2, 6.4, 4.4};

std::uint32_t home_size(Rng& rng) {
  const double u = rng.unit();
  return u < 0.35 ? 1 : u < 0.63 ? 2 : u < 0.80 ? 3 : u < 0.93 ? 4 : 5;
}

Result<void> check_size(std::uint64_t size, std::uint64_t max, const char* field) {
  if (size == 0 || size > max) return invalid(std::string(field) + " must be 1 to " + std::to_string(max), field);
  return {};
}

}  // namespace

Result<Community> complete(Community community) {
  ZAN_TRY(check_size(community.likes, likes_max, "likes"));
  ZAN_TRY(check_size(community.days, days_max, "days"));
  if (community.accounts == 0) {
    const double accounts = static_cast<double>(community.likes) / (4 * std::sqrt(community.days));
    community.accounts = static_cast<std::uint32_t>(std::clamp<double>(accounts, 200, accounts_max));
  }
  if (community.subjects == 0)
    community.subjects = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(community.likes / 30, 200, subjects_max));
  if (community.creators == 0) community.creators = std::max(community.subjects / 12, 1u);
  ZAN_TRY(check_size(community.accounts, accounts_max, "accounts"));
  ZAN_TRY(check_size(community.subjects, subjects_max, "subjects"));
  ZAN_TRY(check_size(community.creators, subjects_max, "creators"));
  if (community.accounts < 200) return invalid("accounts must be at least 200", "accounts");
  if (community.subjects < 200) return invalid("subjects must be at least 200", "subjects");
  if (community.start.us < 0 || community.start.us > timestamp_max.us - (days_max + 1) * us_per_day)
    return invalid("start must leave room for the days", "start");
  if (!(community.views_per_like >= 0 && community.views_per_like <= 50))
    return invalid("views_per_like must be 0 to 50", "views_per_like");
  return community;
}

World::World(const Community& community) : community_(community) {
  Rng rng = rng_of(community.seed, 1);
  carriers_ = std::max(community.accounts / 4000, 3u);
  networks_ = carriers_;
  accounts_.resize(community.accounts);
  make_homes(rng);
  make_workplaces(rng);
  active_.reserve(accounts_.size());
  for (const Account& account : accounts_) active_.add(account.activity);
  make_subjects(rng);
}

void World::draw_person(Rng& rng, Account& account) const {
  account.activity = static_cast<float>(std::min(draw_log_normal(rng, 1, activity_sigma), activity_max));
  account.carrier = pick_carrier(rng);
  account.shift_min = static_cast<std::int16_t>(std::clamp(draw_normal(rng) * 90, -600.0, 600.0));
  account.tastes = static_cast<std::uint8_t>(draw_between(rng, 2, 4));
  for (std::uint8_t i = 0; i < account.tastes; ++i) account.taste[i] = static_cast<std::uint8_t>(pick_interest(rng));
}

void World::make_homes(Rng& rng) {
  for (std::uint32_t first = 0; first < community_.accounts;) {
    const std::uint32_t size = std::min(home_size(rng), community_.accounts - first);
    make_home(rng, first, size);
    first += size;
  }
}

void World::make_home(Rng& rng, std::uint32_t first, std::uint32_t size) {
  const std::uint32_t home = add_network();
  const auto region = static_cast<std::uint8_t>(regions * draw_small(rng));
  const std::uint32_t tablet = size > 1 && rng.chance(shared_tablet_chance) ? add_device() : nobody;
  const double newcomers = std::min(arrivals_a_day * community_.days, 0.4);
  for (std::uint32_t i = first; i < first + size; ++i) {
    Account& account = accounts_[i];
    draw_person(rng, account);
    account.home = home;
    account.region = region;
    const bool tablet_only = tablet != nobody && rng.chance(0.3);
    account.device = tablet_only ? tablet : add_device();
    if (tablet != nobody && !tablet_only && rng.chance(0.8)) {
      account.tablet = tablet;
    } else if (rng.chance(second_device_chance)) {
      account.tablet = add_device();
    }
    if (rng.chance(newcomers))
      account.arrival_s = static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(end_us() / us_per_second)));
  }
}

void World::make_workplaces(Rng& rng) {
  std::vector<std::uint32_t> campuses;
  for (std::uint32_t i = 0; i <= static_cast<std::uint32_t>(community_.accounts * student_share / 300); ++i)
    campuses.push_back(add_network());
  std::uint32_t office = 0;
  std::uint32_t desks = 0;
  for (Account& account : accounts_) {
    const double u = rng.unit();
    if (u < student_share) {
      account.work = campuses[rng.below(campuses.size())];
    } else if (u < student_share + office_share) {
      if (desks == 0) {
        office = add_network();
        desks = static_cast<std::uint32_t>(draw_scale(rng, 2, 90));
      }
      account.work = office;
      --desks;
    }
  }
}

void World::make_subjects(Rng& rng) {
  creators_ = community_.creators;
  subjects_.reserve(community_.subjects + community_.subjects / 8);
  const double days = community_.days;
  const double new_share = days / (days + 1.2);
  for (std::uint32_t i = 0; i < community_.subjects; ++i) {
    const auto creator = static_cast<std::uint32_t>(power(creators_, rng.unit())) - 1;  // few make much
    const double birth_days = rng.chance(new_share) ? days * rng.unit() : -draw_waiting(rng, mean_age_days);
    add_subject(rng, creator, pick_interest(rng), static_cast<std::int64_t>(birth_days * us_per_day));
  }
}

std::uint32_t World::add_account(Rng& rng, Presence presence) {
  Account account;
  draw_person(rng, account);
  account.home = presence.network;
  account.device = presence.device;
  account.region = static_cast<std::uint8_t>(regions * draw_small(rng));
  accounts_.push_back(account);
  return static_cast<std::uint32_t>(accounts_.size() - 1);
}

std::uint32_t World::add_subject(Rng& rng, std::uint32_t creator, std::uint32_t interest, std::int64_t birth_us) {
  Subject subject;
  subject.creator = creator;
  subject.interest = static_cast<std::uint8_t>(interest);
  subject.birth_us = birth_us;
  subject.duration_ms = static_cast<std::uint32_t>(draw_scale(rng, 5'000, 150'000));
  subject.half_life_h = static_cast<float>(draw_log_normal(rng, 14, 0.7));
  subject.weight = static_cast<float>(power(ranks_[interest]++ + 2.7, -0.85) * draw_log_normal(rng, 1, 0.5));
  subjects_.push_back(subject);
  return static_cast<std::uint32_t>(subjects_.size() - 1);
}

std::uint32_t World::pick_active(Rng& rng) const {
  return static_cast<std::uint32_t>(active_.pick(rng));
}

std::uint32_t World::pick_interest(Rng& rng) const {
  const double leaning = 0.4 + 0.6 * rng.unit();
  return static_cast<std::uint32_t>(interests * leaning * rng.unit());
}

Presence World::presence(const Account& account, std::int64_t at_us, Rng& rng) const {
  const std::int64_t hour = at_us % us_per_day / us_per_hour;
  Presence presence{account.device, account.home};
  const double u = rng.unit();
  if (account.tablet != nobody && rng.chance(0.3)) presence.device = account.tablet;
  if (account.work != nobody && hour >= 8 && hour < 18 && u < 0.65) {
    presence.network = account.work;
  } else if (u > (hour >= 8 && hour < 19 ? 0.5 : 0.8)) {
    presence.network = rng.chance(0.9) ? account.carrier : pick_carrier(rng);
    presence.device = account.device;
  }
  return presence;
}

double World::attention(const Subject& subject, std::int64_t at_us) {
  const double age_h = static_cast<double>(at_us - subject.birth_us) / static_cast<double>(us_per_hour);
  if (age_h < 0) return 0;
  return subject.weight * (evergreen + exponential(-0.693147 * std::min(age_h / subject.half_life_h, 60.0)));
}

bool World::to_taste(const Account& account, const Subject& subject) const {
  const auto* end = account.taste.begin() + account.tastes;
  return std::find(account.taste.begin(), end, subject.interest) != end;
}

std::int64_t World::time_of_day(Rng& rng) const {
  double sum = 0;
  for (const double weight : hour_weights) sum += weight;
  double left = sum * rng.unit();
  std::size_t hour = 0;
  while (hour < 23 && left >= hour_weights[hour]) left -= hour_weights[hour++];
  return static_cast<std::int64_t>((static_cast<double>(hour) + std::min(left / hour_weights[hour], 0.999999)) *
                                   static_cast<double>(us_per_hour));
}

// By rejection: a day and an hour are drawn until they fall into the span; a span too short for that gets any moment of it.
std::int64_t World::session_start(const Account& account, std::int64_t from_us, std::int64_t to_us, Rng& rng) const {
  const std::int64_t first_day = from_us / us_per_day;
  const auto days = static_cast<std::uint64_t>((to_us - 1) / us_per_day - first_day + 1);
  for (int attempt = 0; attempt < 8; ++attempt) {
    const std::int64_t day = first_day + static_cast<std::int64_t>(rng.below(days));
    const std::int64_t local = time_of_day(rng) + account.shift_min * us_per_minute;
    const std::int64_t at = day * us_per_day + (local + us_per_day) % us_per_day;
    if (at >= from_us && at < to_us) return at;
  }
  return from_us + static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(to_us - from_us)));
}

}  // namespace zan::simulation
