// SimStream: likes of a small world, honest and not, in the order of their times, for this room's tests.
#pragma once

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "base/random.h"
#include "integrity/act_view.h"

namespace zan::integrity {

class SimStream {
 public:
  explicit SimStream(std::uint64_t seed) : rng_(seed) {}

  static constexpr std::int64_t second_us = 1'000'000, hour_us = 3600 * second_us, day_us = 24 * hour_us;
  // Honest accounts have numbers below this, all others from here.
  static constexpr std::uint32_t strangers = 100'000;

  // False when that account liked that subject already.
  bool like(std::uint32_t actor, std::uint32_t subject, std::int64_t at_us, std::uint64_t device = 0) {
    if (!seen_.insert({actor, subject}).second) return false;
    ActView act;
    act.actor = actor;
    act.subject = subject;
    act.at_us = at_us;
    act.device = device != 0 ? device : 1'000'000 + actor;
    act.network = 2'000'000 + actor / 3;
    acts_.push_back(act);
    return true;
  }

  // Few accounts like much and most little; so it is with being liked.
  void organic(std::uint32_t accounts, std::uint32_t subjects, std::size_t likes, std::int64_t from_us,
               std::int64_t span_us) {
    while (likes > 0) {
      const auto actor = static_cast<std::uint32_t>(1 + accounts * std::pow(rng_.unit(), 1.5));
      if (like(actor, any_subject(subjects), from_us + within(span_us))) --likes;
    }
  }
  std::uint32_t any_subject(std::uint32_t subjects) {
    return static_cast<std::uint32_t>(1 + subjects * std::pow(rng_.unit(), 2.0));
  }

  // Each of `accounts` likes most of the targets at some time.
  struct Attack {
    std::uint32_t first_account = strangers, accounts = 40, first_target = strangers, targets = 10;
    double participation = 0.9;
    std::int64_t from_us = 0, span_us = hour_us;
    std::uint32_t devices = 0;  // zero: one each
  };
  void attack(const Attack& attack) {
    for (std::uint32_t i = 0; i < attack.accounts; ++i)
      for (std::uint32_t target = 0; target < attack.targets; ++target)
        if (rng_.chance(attack.participation))
          like(attack.first_account + i, attack.first_target + target, attack.from_us + within(attack.span_us),
               attack.devices == 0 ? 0 : 3'000'000 + i % attack.devices);
  }

  [[nodiscard]] const std::vector<ActView>& acts() {
    std::stable_sort(acts_.begin(), acts_.end(), [](const ActView& a, const ActView& b) { return a.at_us < b.at_us; });
    return acts_;
  }
  [[nodiscard]] std::int64_t within(std::int64_t span_us) {
    return static_cast<std::int64_t>(rng_.below(static_cast<std::uint64_t>(span_us)));
  }
  [[nodiscard]] Rng& rng() { return rng_; }

 private:
  Rng rng_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen_;
  std::vector<ActView> acts_;
};

}  // namespace zan::integrity
