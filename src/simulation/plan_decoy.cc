#include <algorithm>

#include "simulation/planner.h"

namespace zan::simulation {
namespace {

constexpr double regulars_share = 0.6;  // of an evening's viewers

std::int64_t us_of_seconds(double seconds) {
  return static_cast<std::int64_t>(seconds * static_cast<double>(us_per_second));
}

}  // namespace

void Planner::plan_decoy() {
  switch (attack_.family) {
    case Family::viral:
      return plan_viral();
    case Family::celebrity:
      return plan_celebrity();
    case Family::fan_club:
      return plan_fan_club();
    case Family::live_stream:
      return plan_live_stream();
    case Family::school_class:
      return plan_school_class();
    case Family::shared_device:
      return plan_shared_device();
    case Family::office:
      return plan_office();
    case Family::challenge:
      return plan_challenge();
    default:
      return plan_playlist();
  }
}

void Planner::like(std::uint32_t account, std::uint32_t subject, std::int64_t at_us, const Presence* presence) {
  if (at_us < 0 || at_us >= world_.end_us()) return;
  const Presence own = world_.presence(world_.accounts()[account], at_us, rng_);
  Event event{.at_us = at_us, .actor = account, .subject = subject, .instance = instance_};
  event.device = presence ? presence->device : own.device;
  event.network = presence ? presence->network : own.network;
  event.role = Role::decoy;
  draft_.events.push_back(event);
}

// The most popular of some works that are there already, of an interest if one is named.
std::uint32_t Planner::draw_popular(std::uint32_t interest) {
  const auto& subjects = world_.subjects();
  std::uint32_t best = nobody;
  int tries = 10;
  for (int attempt = 0; attempt < 5000 && tries > 0; ++attempt) {
    const auto number = static_cast<std::uint32_t>(rng_.below(subjects.size()));
    if (subjects[number].birth_us > span_.from_us) continue;
    if (interest != nobody && subjects[number].interest != interest) continue;
    --tries;
    const auto attention = [&](std::uint32_t work) { return World::attention(subjects[work], span_.from_us); };
    if (best == nobody || attention(number) > attention(best)) best = number;
  }
  return best == nobody ? 0 : best;
}

// Different people; fewer than asked for where there are not so many.
std::vector<std::uint32_t> Planner::draw_people(std::uint32_t count, bool active) {
  std::vector<std::uint32_t> people;
  std::vector<bool> taken(world_.genuine());
  for (std::uint64_t attempt = 0; people.size() < count && attempt < 4ULL * count + 100; ++attempt) {
    const std::uint32_t account = active ? world_.pick_active(rng_) : world_.pick_genuine(rng_);
    if (taken[account]) continue;
    taken[account] = true;
    people.push_back(account);
  }
  members_.resize(members_.size() + people.size());
  return people;
}

// Grows fast, fades slowly.
void Planner::plan_viral() {
  const auto creator = static_cast<std::uint32_t>(rng_.below(world_.creators()));
  const std::int64_t first = std::min(within(span_), world_.end_us() - us_of_seconds(attack_.window_s));
  const std::uint32_t subject =
      world_.add_subject(rng_, creator, world_.pick_interest(rng_), std::max<std::int64_t>(first - us_per_hour, 0));
  for (const std::uint32_t account : draw_people(attack_.accounts, true)) {
    const double late = 0.4 * draw_small(rng_);
    const double u = rng_.unit() + late;
    like(account, subject, first + us_of_seconds(attack_.window_s * u / 1.4));
  }
}

void Planner::plan_celebrity() {
  const std::uint32_t seed_work = draw_popular(nobody);
  std::vector<std::uint32_t> works{seed_work};
  while (works.size() < attack_.targets) works.push_back(draw_popular(world_.subjects()[seed_work].interest));
  const std::int64_t first = within(span_);
  for (const std::uint32_t account : draw_people(attack_.accounts, true)) {
    std::int64_t at = first + us_of_seconds(draw_waiting(rng_, attack_.window_s / 3));
    const std::uint32_t count = draw_between(rng_, 1, std::min(4u, attack_.targets));
    const std::uint64_t at_work = rng_.below(works.size());
    for (std::uint32_t i = 0; i < count; ++i) {
      like(account, works[(at_work + i) % works.size()], at);
      at += us_of_seconds(draw_log_normal(rng_, 18, 0.7));
    }
  }
}

// New works by day; each fan comes to most of them when it happens to look.
void Planner::plan_fan_club() {
  const auto creator = static_cast<std::uint32_t>(rng_.below(world_.creators()));
  const std::uint32_t interest = world_.pick_interest(rng_);
  const auto fans = draw_people(attack_.accounts, true);
  std::vector<double> loyalty;
  for (std::size_t i = 0; i < fans.size(); ++i)
    loyalty.push_back(attack_.participation * draw_between_real(rng_, 0.6, 1.4));
  for (std::uint32_t work = 0; work < attack_.targets * world_.community().days; ++work) {
    const std::int64_t birth = work / attack_.targets * us_per_day + world_.time_of_day(rng_);
    const std::uint32_t subject = world_.add_subject(rng_, creator, interest, birth);
    for (std::size_t i = 0; i < fans.size(); ++i)
      if (rng_.chance(loyalty[i]))
        like(fans[i], subject, birth + us_of_seconds(draw_log_normal(rng_, attack_.window_s, 1.2)));
  }
}

void Planner::plan_live_stream() {
  const auto creator = static_cast<std::uint32_t>(rng_.below(world_.creators()));
  const std::uint32_t interest = world_.pick_interest(rng_);
  const auto regulars = draw_people(attack_.accounts, true);
  const std::int64_t hour = 18 + static_cast<std::int64_t>(rng_.below(4));
  for (std::uint32_t evening = 0; evening < world_.community().days; ++evening) {
    const std::int64_t first = evening * us_per_day + hour * us_per_hour + within({0, us_per_hour / 2});
    const std::uint32_t subject = world_.add_subject(rng_, creator, interest, first);
    for (const std::uint32_t regular : regulars) {
      const std::uint32_t account = rng_.chance(regulars_share) ? regular : world_.pick_active(rng_);
      like(account, subject, first + us_of_seconds(attack_.window_s * rng_.unit()));
    }
  }
}

// In the breaks of each day, behind the school's address.
void Planner::plan_school_class() {
  const auto pupils = draw_people(attack_.accounts, false);
  const std::uint32_t network = world_.add_network();
  const std::uint32_t interest = world_.pick_interest(rng_);
  for (std::uint32_t i = 0; i < attack_.targets; ++i) {
    const std::uint32_t subject = draw_popular(rng_.chance(0.7) ? interest : nobody);
    const std::int64_t day = static_cast<std::int64_t>(rng_.below(world_.community().days)) * us_per_day;
    const std::int64_t start = day + (rng_.chance(0.5) ? 10 * us_per_hour : 12 * us_per_hour + us_per_hour / 2);
    if (world_.subjects()[subject].birth_us > start) continue;
    for (const std::uint32_t pupil : pupils) {
      const Presence here{world_.accounts()[pupil].device, network};
      if (rng_.chance(attack_.participation))
        like(pupil, subject, start + us_of_seconds(attack_.window_s * rng_.unit()), &here);
    }
  }
}

// One after the other takes the tablet, and likes what the others liked.
void Planner::plan_shared_device() {
  const auto family = draw_people(std::min(attack_.accounts, 5u), false);
  if (family.empty()) return;
  const Presence tablet{world_.add_device(), world_.accounts()[family.front()].home};
  std::vector<std::uint32_t> works;
  const std::uint32_t interest = world_.pick_interest(rng_);
  for (std::uint32_t i = 0; i < attack_.targets; ++i) works.push_back(draw_popular(interest));
  for (const std::uint32_t account : family) {
    std::int64_t at = world_.session_start(world_.accounts()[account], span_.from_us, span_.to_us, rng_);
    for (const std::uint32_t work : works) {
      at += us_of_seconds(draw_log_normal(rng_, 60, 0.8));
      if (rng_.chance(attack_.participation)) like(account, work, at, &tablet);
    }
  }
}

// Everybody their own likes, and some that make the round.
void Planner::plan_office() {
  const auto colleagues = draw_people(attack_.accounts, false);
  const std::uint32_t network = world_.add_network();
  const std::int64_t day = static_cast<std::int64_t>(rng_.below(world_.community().days)) * us_per_day;
  std::vector<std::uint32_t> works;
  for (std::uint32_t i = 0; i < attack_.targets; ++i) works.push_back(draw_popular(nobody));
  for (const std::uint32_t colleague : colleagues) {
    const Presence here{world_.accounts()[colleague].device, network};
    const auto moment = [&] { return day + 9 * us_per_hour + us_of_seconds(attack_.window_s * rng_.unit()); };
    for (const std::uint32_t work : works) {
      const std::int64_t at = moment();
      if (world_.subjects()[work].birth_us < at && rng_.chance(attack_.participation)) like(colleague, work, at, &here);
    }
    for (std::uint32_t own = draw_poisson(rng_, 2); own > 0; --own) like(colleague, to_choose, moment(), &here);
  }
}

void Planner::plan_challenge() {
  const std::uint32_t interest = world_.pick_interest(rng_);
  std::vector<std::uint32_t> works;
  for (std::uint32_t i = 0; i < attack_.targets; ++i) works.push_back(draw_popular(interest));
  for (const std::uint32_t account : draw_people(attack_.accounts, true)) {
    std::int64_t at = world_.session_start(world_.accounts()[account], span_.from_us, span_.to_us, rng_);
    const double share = attack_.participation * draw_between_real(rng_, 0.4, 1.6);
    shuffle(rng_, works);
    for (const std::uint32_t work : works) {
      if (!rng_.chance(share)) continue;
      like(account, work, at);
      at += us_of_seconds(draw_log_normal(rng_, 40, 1));
    }
  }
}

void Planner::plan_playlist() {
  std::vector<std::uint32_t> works;
  const std::uint32_t interest = world_.pick_interest(rng_);
  for (std::uint32_t i = 0; i < attack_.targets; ++i) works.push_back(draw_popular(interest));
  for (const std::uint32_t account : draw_people(attack_.accounts, true)) {
    std::int64_t at = world_.session_start(world_.accounts()[account], span_.from_us, span_.to_us, rng_);
    for (const std::uint32_t work : works) {
      at += us_of_seconds(
          static_cast<double>(world_.subjects()[work].duration_ms) / 1000 * draw_between_real(rng_, 0.7, 1.1) + 2);
      if (rng_.chance(attack_.participation)) like(account, work, at);
    }
  }
}

}  // namespace zan::simulation
