#include "group_model/second_day.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "base/clock.h"
#include "base/hash.h"
#include "simulation/draw.h"

namespace zan::group_model {
namespace {

using simulation::draw_between;
using simulation::draw_between_real;
using simulation::draw_normal;
using simulation::draw_waiting;
using simulation::Weighted;

constexpr double day_s = 86'400;
constexpr std::uint32_t interests = 60, homes = 60'000, carriers = 200;
constexpr std::int64_t start_us = 1'700'000'000 * us_per_second;
using Users = std::vector<std::uint32_t>;

// Whose likes these are.
struct Behind {
  Truth truth = Truth::organic;
  bool fake = false;
  std::uint32_t instance = 0;
};

struct Members {
  Users users;
  std::vector<bool> hijacked;
  std::vector<std::uint64_t> devices, networks;
};

class Maker {
 public:
  explicit Maker(const SecondDay& plan) : plan_(plan), rng_(plan.seed * 7919 + 17) {}

  LabelledDay make() {
    populate();
    organic();
    decoys();
    attacks();
    finish();
    return std::move(day_);
  }

 private:
  void populate() {
    next_user_ = plan_.users;
    next_subject_ = plan_.subjects;
    activity_.reserve(plan_.users);
    for (std::uint32_t user = 0; user < plan_.users; ++user) {
      const bool power_law = plan_.spread >= 2.5;
      activity_.add(power_law ? std::pow(1 - rng_.unit(), -1 / 1.5) : std::exp(plan_.spread * draw_normal(rng_)));
      device_.push_back(1'000'000 + user);
      const bool mobile = rng_.chance(0.3);
      network_.push_back(mobile ? 1'000'000 + rng_.below(carriers) : rng_.below(homes));
      for (std::uint32_t i = 0; i < 3; ++i) taste_.push_back(static_cast<std::uint32_t>(rng_.below(interests)));
    }
    for (std::uint32_t family = 0; family < plan_.families; ++family)
      for (std::uint32_t left = draw_between(rng_, 2, 5); left > 0; --left) device_[any_user()] = 10'000'000 + family;
    for (std::uint32_t rank = 1; rank <= plan_.subjects; ++rank) popular_.add(std::pow(rank, -plan_.popularity));
    for (std::uint32_t subject = 0; subject < plan_.subjects; ++subject) shuffled_.push_back(subject);
    simulation::shuffle(rng_, shuffled_);
  }

  std::uint32_t any_user() { return static_cast<std::uint32_t>(rng_.below(plan_.users)); }
  std::uint32_t any_subject() { return static_cast<std::uint32_t>(rng_.below(plan_.subjects)); }
  std::uint32_t liked_by(std::uint32_t user) {
    const auto rank = static_cast<std::uint32_t>(popular_.pick(rng_));
    if (!plan_.tastes || rng_.chance(0.3)) return shuffled_[rank];
    const std::uint32_t interest = taste_[3 * user + rng_.below(3)];
    return shuffled_[std::min(rank / interests * interests + interest, plan_.subjects - 1)];
  }
  Users some_users(std::size_t count, bool active) {
    std::unordered_set<std::uint32_t> taken;
    Users users;
    while (users.size() < std::min<std::size_t>(count, plan_.users / 2)) {
      const std::uint32_t user = active ? static_cast<std::uint32_t>(activity_.pick(rng_)) : any_user();
      if (taken.insert(user).second) users.push_back(user);
    }
    return users;
  }
  std::uint32_t begin(const char* family) {
    day_.families.emplace_back(family);
    return static_cast<std::uint32_t>(day_.families.size() - 1);
  }
  void like(double at_s, std::uint32_t user, std::uint32_t subject, Behind behind) {
    like_from(at_s, user, subject, device_[user], network_[user], behind);
  }
  void like_from(double at_s, std::uint32_t user, std::uint32_t subject, std::uint64_t device, std::uint64_t network,
                 Behind behind) {
    LabelledLike like;
    like.act.actor = user + 1;
    like.act.subject = subject + 1;
    like.act.device = mix64(device + 1);
    like.act.network = mix64(~network);
    like.act.at_us = start_us + static_cast<std::int64_t>(at_s * 1000) * us_per_ms;
    like.truth = behind.truth;
    like.fake = behind.fake;
    like.instance = behind.instance;
    day_.likes.push_back(like);
  }

  void organic() {
    for (std::uint32_t i = 0; i < plan_.likes; ++i) {
      const auto user = static_cast<std::uint32_t>(activity_.pick(rng_));
      double hour = plan_.by_night ? 24 * rng_.unit() : std::fmod(20 + 5 * draw_normal(rng_), 24);
      if (hour < 0) hour += 24;
      like(std::fmod(hour * 3600, day_s), user, liked_by(user), {});
    }
  }

  // --- decoys ---
  void decoys() {
    for (std::uint32_t i = 0; i < plan_.virals; ++i) viral();
    for (std::uint32_t i = 0; i < plan_.celebrities; ++i) celebrity();
    for (std::uint32_t i = 0; i < plan_.fan_clubs; ++i) fan_club();
    for (std::uint32_t i = 0; i < plan_.classes; ++i) school_class();
    for (std::uint32_t i = 0; i < plan_.live_minutes; ++i) live_minute();
  }
  void viral() {
    const Behind behind{Truth::decoy, false, begin("viral")};
    const std::uint32_t subject = next_subject_++;
    for (const std::uint32_t user : some_users(draw_between(rng_, 3000, 15'000), false)) {
      const double from_s = rng_.unit() * day_s * 0.8;
      like(std::fmod(from_s + draw_waiting(rng_, 2400), day_s), user, subject, behind);
    }
  }
  void celebrity() {
    const Behind behind{Truth::decoy, false, begin("celebrity")};
    const Users crowd = some_users(4000, false);
    const double from_s = rng_.unit() * day_s * 0.8;
    for (int work = 0; work < 6; ++work) {
      const std::uint32_t subject = any_subject();
      for (const std::uint32_t user : crowd)
        if (rng_.chance(0.3)) like(from_s + draw_waiting(rng_, 400), user, subject, behind);
    }
  }
  void fan_club() {
    const Behind behind{Truth::decoy, false, begin("fan_club")};
    const Users fans = some_users(plan_.fans, !plan_.any_fans);
    std::vector<double> share;
    for (std::size_t i = 0; i < fans.size(); ++i)
      share.push_back(std::clamp(plan_.fan_share + 0.15 * draw_normal(rng_), 0.05, 0.98));
    for (std::uint32_t work = 0; work < plan_.fan_works; ++work) {
      const std::uint32_t subject = next_subject_++;
      const double from_s = rng_.unit() * day_s * 0.9;
      for (std::size_t i = 0; i < fans.size(); ++i)
        if (rng_.chance(share[i])) like(from_s + draw_waiting(rng_, plan_.fan_lag_s), fans[i], subject, behind);
      for (std::uint32_t left = draw_between(rng_, 10, 200); left > 0; --left) {
        const std::uint32_t user = any_user();
        like(from_s + draw_waiting(rng_, 7200), user, subject, {});
      }
    }
  }
  void school_class() {
    const Behind behind{Truth::decoy, false, begin("school_class")};
    const Users pupils = some_users(30, false);
    for (int break_time = 0; break_time < 4; ++break_time) {
      const double from_s = rng_.unit() * day_s * 0.9;
      for (int work = 0; work < 2; ++work) {
        const std::uint32_t subject = any_subject();
        for (const std::uint32_t user : pupils) {
          if (!rng_.chance(0.5)) continue;
          const double at_s = from_s + 900 * rng_.unit();
          like_from(at_s, user, subject, device_[user], 3'000'000 + behind.instance, behind);
        }
      }
    }
  }
  void live_minute() {
    const Behind behind{Truth::decoy, false, begin("live_stream")};
    const std::uint32_t subject = next_subject_++;
    const double from_s = rng_.unit() * day_s * 0.9;
    for (const std::uint32_t user : some_users(800, false)) like(from_s + 120 * rng_.unit(), user, subject, behind);
  }

  // --- attacks ---
  Members recruit(std::size_t count, double hijacked) {
    Members members;
    for (std::size_t i = 0; i < count; ++i) {
      const bool owned = rng_.chance(hijacked);
      members.hijacked.push_back(owned);
      members.users.push_back(owned ? any_user() : new_user());
      members.devices.push_back(owned ? device_[members.users.back()] : next_device_++);
      members.networks.push_back(plan_.own_host ? 4'000'000 + 10 * day_.families.size() + rng_.below(6)
                                                : rng_.below(homes));
    }
    return members;
  }
  std::uint32_t new_user() {
    device_.push_back(0);
    network_.push_back(0);
    for (int i = 0; i < 3; ++i) taste_.push_back(0);
    return next_user_++;
  }
  Users some_targets(double count) {
    Users targets;
    for (auto left = static_cast<std::uint32_t>(std::max(2.0, count)); left > 0; --left)
      targets.push_back(plan_.new_targets ? next_subject_++ : any_subject());
    return targets;
  }
  // Each target's fakes begin at a moment within `from_s` and take `span_s`.
  void strike(const Members& members, const Users& targets, const char* family, double from_s, double span_s,
              double participation) {
    const std::uint32_t instance = begin(family);
    std::vector<double> struck(members.users.size());
    for (const std::uint32_t target : targets) {
      const double begin_s = rng_.unit() * from_s;
      for (std::size_t i = 0; i < members.users.size(); ++i) {
        if (!rng_.chance(participation)) continue;
        ++struck[i];
        const double at_s = begin_s + rng_.unit() * span_s;
        const std::uint64_t device = plan_.churn ? 100'000'000 + rng_.below(100'000'000) : members.devices[i];
        like_from(at_s, members.users[i], target, device, members.networks[i], {Truth::attack, true, instance});
      }
    }
    for (std::size_t i = 0; i < members.users.size(); ++i) {
      if (members.hijacked[i]) continue;
      const double mean = struck[i] * plan_.camouflage * (plan_.uneven_camouflage ? 2 * rng_.unit() : 1);
      for (std::uint32_t left = simulation::draw_poisson(rng_, mean); left > 0; --left) {
        const double at_s = rng_.unit() * day_s;
        like_from(at_s, members.users[i], shuffled_[popular_.pick(rng_)], members.devices[i], members.networks[i],
                  {Truth::attack, false, instance});
      }
    }
  }
  void attacks() {
    for (std::uint32_t i = 0; i < plan_.bursts; ++i) {
      const double members = plan_.burst_members * draw_between_real(rng_, 0.4, 1.6);
      const double targets = plan_.burst_targets * draw_between_real(rng_, 0.5, 1.5);
      const double span_s = plan_.burst_s * draw_between_real(rng_, 0.1, 1);
      strike(recruit(static_cast<std::size_t>(members), plan_.hijacked), some_targets(targets), "burst", day_s - 400,
             span_s, plan_.participation);
    }
    for (std::uint32_t i = 0; i < plan_.farms; ++i) farm();
    for (std::uint32_t i = 0; i < plan_.rings; ++i) {
      const double members = plan_.ring_members * draw_between_real(rng_, 0.5, 1.5);
      const double targets = plan_.ring_targets * draw_between_real(rng_, 0.6, 1.4);
      strike(recruit(static_cast<std::size_t>(members), plan_.hijacked), some_targets(targets), "slow_ring", 0, day_s,
             0.9 * plan_.participation);
    }
  }
  void farm() {
    const std::uint32_t devices = draw_between(rng_, 4, 14), each = draw_between(rng_, 6, 24);
    Members members = recruit(std::size_t{devices} * each, 0);
    for (std::size_t i = 0; i < members.users.size(); ++i) {
      members.devices[i] = next_device_ + i / each;
      members.networks[i] = 2'000'000 + day_.families.size();
    }
    next_device_ += devices;
    strike(members, some_targets(draw_between(rng_, 6, 24)), "farm", day_s * 0.8, plan_.farm_s, plan_.participation);
  }

  // In order of time, each pair once, the first time.
  void finish() {
    auto& likes = day_.likes;
    std::stable_sort(likes.begin(), likes.end(),
                     [](const LabelledLike& a, const LabelledLike& b) { return a.act.at_us < b.act.at_us; });
    std::unordered_set<std::uint64_t> seen;
    std::erase_if(likes, [&](const LabelledLike& like) {
      return !seen.insert(std::uint64_t{like.act.actor} << 32 | like.act.subject).second;
    });
  }

  const SecondDay plan_;
  Rng rng_;
  LabelledDay day_{{}, {"organic"}};
  Weighted activity_, popular_;
  std::vector<std::uint64_t> device_, network_;
  Users taste_, shuffled_;
  std::uint32_t next_user_ = 0, next_subject_ = 0;
  std::uint64_t next_device_ = 20'000'000;
};

}  // namespace

SecondDay draw_second_day(std::uint64_t seed) {
  Rng rng(mix64(seed + 1));
  const auto one_of = [&rng](auto... values) {
    const std::array all{static_cast<double>(values)...};
    return all[rng.below(all.size())];
  };
  const auto whole = [&](auto... values) { return static_cast<std::uint32_t>(one_of(values...)); };
  SecondDay plan;
  plan.seed = seed;
  plan.likes = whole(300'000, 500'000);
  plan.users = whole(40'000, 100'000, 200'000);
  plan.subjects = whole(8000, 30'000, 100'000);
  plan.camouflage = one_of(0, .05, .05, .3, 1, 1);
  plan.tastes = rng.chance(0.5);
  plan.hijacked = one_of(0, 0, .1, .25);
  plan.fan_share = one_of(.3, .5, .7, .85);
  plan.fan_works = whole(4, 8, 12, 20);
  plan.fans = whole(100, 300, 800);
  plan.burst_members = one_of(40, 80, 200, 500);
  plan.burst_targets = one_of(6, 10, 20);
  plan.ring_members = one_of(20, 40, 60, 120);
  plan.ring_targets = one_of(12, 20, 30, 50);
  plan.participation = one_of(.6, .8, 1);
  plan.churn = rng.chance(1.0 / 3);
  plan.popularity = one_of(.8, 1.05, 1.2);
  plan.spread = one_of(0, .3, .6, 1, 1.5, 2.5);
  plan.fan_lag_s = one_of(300, 900, 1800, 5400);
  plan.any_fans = rng.chance(0.5);
  plan.burst_s = one_of(60, 300, 600);
  plan.farm_s = one_of(600, 3600, 14'400);
  plan.uneven_camouflage = rng.chance(0.5);
  plan.own_host = rng.chance(1.0 / 3);
  plan.new_targets = rng.chance(1.0 / 3);
  plan.by_night = rng.chance(0.5);
  plan.classes = whole(0, 5, 20);
  plan.celebrities = whole(0, 2, 5);
  plan.fan_clubs = whole(0, 3, 8);
  if (plan.burst_members > 200) plan.bursts = 3;
  return plan;
}

LabelledDay second_day(const SecondDay& plan) {
  return Maker(plan).make();
}

}  // namespace zan::group_model
