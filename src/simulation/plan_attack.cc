#include <algorithm>

#include "base/require.h"
#include "simulation/planner.h"

namespace zan::simulation {
namespace {

constexpr std::uint32_t accounts_a_pool_network = 25;
constexpr std::int64_t sitting_us = 30 * us_per_minute;

std::int64_t us_of_hours(double hours) {
  return static_cast<std::int64_t>(hours * static_cast<double>(us_per_hour));
}
std::int64_t us_of_seconds(double seconds) {
  return static_cast<std::int64_t>(seconds * static_cast<double>(us_per_second));
}

// The families that come to a target all at once.
bool strikes_together(Family family) {
  return family == Family::burst || family == Family::churn || family == Family::warm_up || family == Family::rival;
}

}  // namespace

Planner::Planner(World& world, Draft& draft) : world_(world), draft_(draft), rng_(0) {}

void Planner::plan(const Attack& attack) {
  members_.clear();
  targets_.clear();
  for (std::uint32_t group = 0; group < attack.groups; ++group) {
    begin_group(attack, group);
    if (is_decoy(attack.family)) {
      plan_decoy();
    } else {
      plan_attack();
    }
    draft_.instances[instance_].members = static_cast<std::uint32_t>(members_.size());
  }
  ++attacks_;
}

void Planner::begin_group(const Attack& attack, std::uint64_t number) {
  require(draft_.instances.size() < instances_max, "the number of groups was checked before");
  rng_ = rng_of(world_.community().seed, 100 + attacks_, number);
  attack_ = attack;
  instance_ = static_cast<std::uint16_t>(draft_.instances.size());
  draft_.instances.push_back({attack, 0});
  span_ = draw_span();
  members_before_.swap(members_);
  targets_before_.swap(targets_);
  members_.clear();
  targets_.clear();
  hits_.clear();
}

// A warm-up gets its days before the span, or half of the stream.
Span Planner::draw_span() const {
  Rng rng = rng_;
  const std::int64_t end = world_.end_us();
  const std::int64_t earliest = std::min(us_of_hours(24 * attack_.warm_up_days), end / 2);
  const std::int64_t length = std::clamp<std::int64_t>(us_of_hours(attack_.duration_h), us_per_second, end - earliest);
  std::int64_t from = us_of_hours(attack_.start_h);
  if (attack_.start_h < 0)
    from = earliest + static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(end - earliest - length + 1)));
  from = std::clamp(from, earliest, end - us_per_second);
  return {from, std::min(from + length, end)};
}

std::int64_t Planner::within(Span span) {
  return span.from_us +
         static_cast<std::int64_t>(rng_.below(static_cast<std::uint64_t>(std::max<std::int64_t>(span.length(), 1))));
}

void Planner::plan_attack() {
  recruit();
  choose_targets();
  if (strikes_together(attack_.family)) {
    strike_together();
  } else if (attack_.family == Family::farm) {
    strike_in_rows();
  } else {
    strike_apart();
  }
  follow_humans();
  place_hits();
  add_camouflage();
  add_warm_up();
}

void Planner::recruit() {
  pool_.clear();
  const std::uint32_t networks =
      attack_.networks == Networks::room ? 2 : attack_.accounts / accounts_a_pool_network + 1;
  for (std::uint32_t i = 0; i < networks; ++i) pool_.push_back(world_.add_network());
  for (std::uint32_t i = 0; i < attack_.accounts; ++i) {
    const bool known = i < members_before_.size() && rng_.chance(attack_.overlap);
    members_.push_back(known ? members_before_[i] : enlist(i));
  }
}

Planner::Member Planner::enlist(std::uint32_t index) {
  Member member;
  member.model = world_.pick_active(rng_);
  const bool crowd = attack_.family == Family::crowd;
  if (crowd || rng_.chance(attack_.hijacked)) {
    const std::uint32_t account = pick_living();
    if (claim(account, crowd ? Role::camouflage : Role::owner)) {
      member.account = account;
      member.hijacked = !crowd;
      member.presence = {world_.accounts()[account].device, world_.accounts()[account].home};
      if (member.hijacked && rng_.chance(0.5)) member.presence = {world_.add_device(), network_of(member, index)};
      return member;
    }
  }
  const bool same_device = index % attack_.per_device != 0 && !members_.empty();
  member.presence.device = same_device ? members_.back().presence.device : world_.add_device();
  member.presence.network = network_of(member, index);
  member.account = world_.add_account(rng_, member.presence);
  return member;
}

// Ordinary: a home of its own, or the road. Residential: the home of somebody who knows nothing of it.
std::uint32_t Planner::network_of(const Member& member, std::uint32_t index) {
  switch (attack_.networks) {
    case Networks::ordinary:
      return rng_.chance(0.5) ? world_.add_network() : world_.pick_carrier(rng_);
    case Networks::residential:
      return world_.accounts()[world_.pick_genuine(rng_)].home;
    case Networks::room:
      return pool_[index / attack_.per_device % pool_.size()];
    case Networks::pool:
      break;
  }
  return pool_[(member.model + index) % pool_.size()];
}

bool Planner::claim(std::uint32_t account, Role role) {
  if (draft_.claims[account] != 0) return false;
  draft_.claims[account] = instance_;
  draft_.claimed_roles[account] = role;
  return true;
}

// A genuine account that likes something in this stream.
std::uint32_t Planner::pick_living() {
  std::uint32_t account = world_.pick_genuine(rng_);
  for (int attempt = 0; attempt < 20 && draft_.first_of[account] == draft_.first_of[account + 1]; ++attempt)
    account = world_.pick_genuine(rng_);
  return account;
}

void Planner::settle_claims() {
  for (std::size_t account = 0; account < draft_.claims.size(); ++account) {
    if (draft_.claims[account] == 0) continue;
    for (std::size_t i = draft_.first_of[account]; i < draft_.first_of[account + 1]; ++i) {
      draft_.events[i].instance = draft_.claims[account];
      draft_.events[i].role = draft_.claimed_roles[account];
    }
  }
}

// A few customers, each with some of the works.
void Planner::choose_targets() {
  std::vector<std::uint32_t> creators;
  while (creators.size() * 6 < attack_.targets)
    creators.push_back(static_cast<std::uint32_t>(rng_.below(world_.creators())));
  for (std::uint32_t i = 0; i < attack_.targets; ++i) {
    const bool known = i < targets_before_.size() && rng_.chance(attack_.overlap) &&
                       world_.subjects()[targets_before_[i]].birth_us <= span_.from_us;
    std::uint32_t target = known ? targets_before_[i] : draw_target(creators);
    for (int attempt = 0; attempt < 20 && std::count(targets_.begin(), targets_.end(), target) > 0; ++attempt)
      target = draw_target(creators);
    if (std::count(targets_.begin(), targets_.end(), target) == 0) targets_.push_back(target);
  }
}

bool Planner::better_target(std::uint32_t work, std::uint32_t than, const std::vector<std::uint32_t>& creators) const {
  const Subject& subject = world_.subjects()[work];
  const Subject& other = world_.subjects()[than];
  if (attack_.family == Family::rival)
    return World::attention(subject, span_.from_us) > World::attention(other, span_.from_us);
  return std::count(creators.begin(), creators.end(), subject.creator) > 0 ||
         subject.birth_us > other.birth_us + 3 * us_per_day;
}

// Of works that are there when the attack begins, the best of some.
std::uint32_t Planner::draw_target(const std::vector<std::uint32_t>& creators) {
  const auto& subjects = world_.subjects();
  std::uint32_t best = nobody;
  int tries = attack_.family == Family::rival ? 40 : 12;
  for (int attempt = 0; attempt < 10'000 && tries > 0; ++attempt) {
    const auto number = static_cast<std::uint32_t>(rng_.below(subjects.size()));
    const Subject& subject = subjects[number];
    if (subject.birth_us > span_.from_us) continue;
    --tries;
    if (best == nobody || better_target(number, best, creators)) best = number;
  }
  return best == nobody ? 0 : best;
}

// Each target has its minutes, anywhere in the span.
void Planner::strike_together() {
  const std::int64_t window = std::min(us_of_seconds(attack_.window_s), span_.length());
  for (const std::uint32_t target : targets_) {
    const std::int64_t first = within({span_.from_us, span_.to_us - window + 1});
    for (std::uint32_t i = 0; i < members_.size(); ++i)
      if (rng_.chance(attack_.participation)) hits_.push_back({i, target, within({first, first + window})});
  }
}

// All devices at once, and on each one account after the other.
void Planner::strike_in_rows() {
  for (const std::uint32_t target : targets_) {
    const std::int64_t first = within(span_);
    std::int64_t at = first;
    for (std::uint32_t i = 0; i < members_.size(); ++i) {
      if (i % attack_.per_device == 0) at = first + us_of_seconds(20 * rng_.unit());
      at += us_of_seconds(draw_log_normal(rng_, 9, 0.5));
      if (rng_.chance(attack_.participation)) hits_.push_back({i, target, std::min(at, span_.to_us - 1)});
    }
  }
}

// Every member by itself. In a crowd each has its own eagerness.
void Planner::strike_apart() {
  const bool crowd = attack_.family == Family::crowd;
  for (std::uint32_t i = 0; i < members_.size(); ++i) {
    const double share = attack_.participation * (crowd ? draw_between_real(rng_, 0.4, 1.6) : 1);
    for (const std::uint32_t target : targets_) {
      if (!rng_.chance(share)) continue;
      const Account& account = world_.accounts()[members_[i].account];
      const std::int64_t at = crowd ? world_.session_start(account, span_.from_us, span_.to_us, rng_) : within(span_);
      hits_.push_back({i, target, at});
    }
  }
}

// Moves hits to just behind a like of the member's model; where the model has none in the span, to an hour people like at.
void Planner::follow_humans() {
  if (attack_.human_rhythm <= 0) return;
  for (Hit& hit : hits_) {
    if (!rng_.chance(attack_.human_rhythm)) continue;
    const std::uint32_t model = members_[hit.member].model;
    const std::size_t first = draft_.first_of[model];
    const std::size_t count = draft_.first_of[model + 1] - first;
    std::int64_t at = world_.session_start(world_.accounts()[model], span_.from_us, span_.to_us, rng_);
    if (count > 0) {
      const std::int64_t seen = draft_.events[first + rng_.below(count)].at_us;
      if (seen >= span_.from_us && seen < span_.to_us) at = seen;
    }
    hit.at_us = std::min(at + us_of_seconds(draw_log_normal(rng_, 20, 0.8)), span_.to_us - 1);
  }
}

void Planner::place_hits() {
  std::stable_sort(hits_.begin(), hits_.end(), [](const Hit& a, const Hit& b) { return a.at_us < b.at_us; });
  for (const Hit& hit : hits_) place_hit(hit);
}

Presence Planner::presence_at(Member& member, std::int64_t at_us) {
  if (attack_.family == Family::crowd) return world_.presence(world_.accounts()[member.account], at_us, rng_);
  const std::int64_t sitting = at_us / sitting_us;
  if (attack_.churn == Churn::none || (attack_.churn == Churn::session && sitting == member.sitting))
    return member.presence;
  member.sitting = sitting;
  member.presence = {world_.add_device(), pool_[rng_.below(pool_.size())]};
  if (attack_.networks == Networks::residential)
    member.presence.network = world_.accounts()[world_.pick_genuine(rng_)].home;
  if (attack_.networks == Networks::ordinary) member.presence.network = world_.pick_carrier(rng_);
  return member.presence;
}

void Planner::place_hit(const Hit& hit) {
  Member& member = members_[hit.member];
  Event event{.at_us = hit.at_us, .actor = member.account, .subject = hit.target, .instance = instance_};
  event.role = member.hijacked ? Role::hijacked : Role::fake;
  const Presence presence = presence_at(member, hit.at_us);
  event.device = presence.device;
  event.network = presence.network;
  draft_.events.push_back(event);
  if (world_.community().likes_only) return;
  Event other = event;
  if (attack_.family == Family::follow_then_like) {
    other.type = Type::follow;
    other.at_us = std::max<std::int64_t>(hit.at_us - us_per_minute, 0);
    draft_.events.push_back(other);
  } else if (attack_.family == Family::comment_ring) {
    other.type = Type::comment;
    other.at_us = std::min(hit.at_us + 20 * us_per_second, world_.end_us() - 1);
    draft_.events.push_back(other);
  }
}

// Shares what falls below one like of a member with the next.
void Planner::add_camouflage() {
  if (attack_.camouflage <= 0) return;
  double owed = 0;
  for (const Hit& hit : hits_) {
    const Member& member = members_[hit.member];
    owed += attack_.camouflage;
    for (; owed >= 1; owed -= 1) {
      if (rng_.chance(attack_.copied)) {
        add_copied(member);
      } else {
        add_innocent(member, hit.at_us);
      }
    }
  }
}

// Half of it around the fake likes, half at any hour people like at.
void Planner::add_innocent(const Member& member, std::int64_t near_us) {
  Event event{.at_us = near_us, .actor = member.account, .subject = to_choose, .instance = instance_};
  event.role = Role::camouflage;
  if (rng_.chance(0.5)) {
    const double sign = rng_.chance(0.5) ? 1 : -1;
    const double apart_s = sign * draw_log_normal(rng_, 60, 1.2);
    event.at_us += us_of_seconds(std::clamp(apart_s, -7200.0, 7200.0));
  } else {
    event.at_us = world_.session_start(world_.accounts()[member.account], 0, world_.end_us(), rng_);
  }
  event.at_us = std::clamp<std::int64_t>(event.at_us, 0, world_.end_us() - 1);
  event.device = member.presence.device;
  event.network = member.presence.network;
  if (attack_.churn == Churn::like) event.device = world_.add_device();
  draft_.events.push_back(event);
}

void Planner::add_copied(const Member& member) {
  const std::size_t first = draft_.first_of[member.model];
  const std::size_t count = draft_.first_of[member.model + 1] - first;
  if (count == 0) return add_innocent(member, within({0, world_.end_us()}));
  const std::size_t source = first + rng_.below(count);
  Event event{.actor = member.account, .subject = to_copy, .instance = instance_};
  event.at_us =
      std::min(draft_.events[source].at_us + us_of_seconds(draw_log_normal(rng_, 300, 1)), world_.end_us() - 1);
  event.role = Role::camouflage;
  event.watch_ms = static_cast<std::uint32_t>(source);
  event.device = member.presence.device;
  event.network = member.presence.network;
  if (attack_.churn == Churn::like) event.device = world_.add_device();
  draft_.events.push_back(event);
}

void Planner::add_warm_up() {
  const std::int64_t length = std::min(us_of_hours(24 * attack_.warm_up_days), span_.from_us);
  if (length < us_per_minute) return;
  const double days = static_cast<double>(length) / static_cast<double>(us_per_day);
  for (const Member& member : members_) {
    if (member.hijacked || attack_.family == Family::crowd) continue;
    const Account& account = world_.accounts()[member.account];
    std::uint32_t left = draw_poisson(rng_, days * 3 * std::min(account.activity, 5.0F) / 2);
    while (left > 0) {
      const std::uint32_t count = std::min(left, draw_between(rng_, 1, 6));
      left -= count;
      const std::int64_t at = world_.session_start(account, span_.from_us - length, span_.from_us, rng_);
      const std::size_t before = draft_.events.size();
      sit(world_, rng_, {member.account, count, at, Role::warm_up, instance_}, draft_.events);
      while (draft_.events.size() > before && draft_.events.back().at_us >= span_.from_us) draft_.events.pop_back();
    }
  }
}

}  // namespace zan::simulation
