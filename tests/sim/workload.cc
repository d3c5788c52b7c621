#include "sim/workload.h"

#include <numeric>
#include <set>

namespace zan::sim {
namespace {

using engagement::ActType;

constexpr std::size_t kept_for_resending = 500;

}  // namespace

const std::vector<Mix>& mixes() {
  //                                      like unlike dislike view complete comment follow unfollow share visit
  static const std::vector<Mix> all = {
      {.name = "likes", .weights = {0, 60, 25, 15}},
      {.name = "deeds", .weights = {0, 5, 0, 0, 40, 20, 20, 0, 0, 10, 5}, .put = 0.1},
      {.name = "follows", .weights = {0, 5, 5, 0, 0, 0, 0, 50, 30, 0, 10}},
      {.name = "everything", .weights = {0, 30, 10, 5, 20, 10, 5, 8, 4, 4, 4}, .put = 0.1, .erase = 0.01},
      {.name = "viral", .weights = {0, 70, 25, 5}, .users = 400, .subjects = 2},
      {.name = "erasures", .weights = {0, 30, 5, 5, 10, 5, 20, 10, 5, 5, 5}, .users = 8, .put = 0.2, .erase = 0.15},
      {.name = "judged",
       .weights = {0, 40, 10, 10, 10, 5, 10, 15, 5, 5, 5},
       .put = 0.1,
       .erase = 0.01,
       .judged = true,
       .late = 0.4},
  };
  return all;
}

ActType Workload::pick_type() {
  std::uint64_t at = rng_.below(std::accumulate(mix_.weights.begin(), mix_.weights.end(), 0u));
  for (std::size_t type = 0;; ++type) {
    if (at < mix_.weights[type]) return static_cast<ActType>(type);
    at -= mix_.weights[type];
  }
}

Said Workload::fresh_act() {
  Said said;
  said.type = pick_type();
  const std::uint64_t user = rng_.below(mix_.users);
  const std::uint64_t subject = rng_.below(mix_.subjects);
  said.actor = "u" + std::to_string(user);
  const bool on_creator =
      said.type == ActType::follow || said.type == ActType::unfollow || said.type == ActType::profile_visit;
  if (!on_creator || rng_.chance(0.5)) said.subject = "v" + std::to_string(subject);
  said.creator = "c" + std::to_string(subject % 3);
  said.id = "act " + std::to_string(++acts_);
  // A relation is one or the other for good, so that two acts of the same moment cannot differ in it alone.
  said.incentivised = (user * 31 + subject) % 10 == 0;
  if (!server_time_) said.at_us = base_us - 2 * us_per_day - static_cast<std::int64_t>(rng_.below(2000)) * 977'000;
  if (said.type == ActType::comment && rng_.chance(0.9)) said.text = "words of " + said.actor;
  return said;
}

Said Workload::act() {
  if (!sent_.empty() && rng_.chance(mix_.resend)) return sent_[rng_.below(sent_.size())];
  Said said = fresh_act();
  if (sent_.size() < kept_for_resending) {
    sent_.push_back(said);
  } else {
    sent_[rng_.below(sent_.size())] = said;
  }
  return said;
}

std::vector<Said> Workload::batch() {
  std::vector<Said> acts(1 + rng_.below(rng_.chance(0.1) ? 300 : 12));
  for (Said& said : acts) said = act();
  return acts;
}

Verdicts Workload::verdicts() {
  Verdicts late;
  std::set<std::pair<std::string, std::string>> pairs;
  const std::uint64_t count = 1 + rng_.below(rng_.chance(0.2) ? 300 : 10);
  for (std::uint64_t i = 0; i < count && !sent_.empty(); ++i) {
    const Said& said = sent_[rng_.below(sent_.size())];
    if (!engagement::may_be_judged_late(said.type)) continue;
    const bool follow = said.type == ActType::follow;
    if (!pairs.emplace(said.actor, (follow ? "c " : "v ") + (follow ? said.creator : said.subject)).second) continue;
    late.verdicts.push_back({said, static_cast<engagement::Verdict>(rng_.below(engagement::verdict_count))});
  }
  return late;
}

std::vector<Spoken> Workload::next() {
  if (rng_.chance(mix_.erase)) return {Erase{"u" + std::to_string(rng_.below(mix_.users))}};
  std::vector<Spoken> together(1 + rng_.below(4));
  // First of its group: the numbers of its names are asked for before that is decided.
  const bool late = rng_.chance(mix_.late);
  if (late) together.front() = verdicts();
  for (Spoken& spoken : together) {
    if (late && &spoken == together.data()) continue;
    const std::string number = std::to_string(++puts_);
    if (!rng_.chance(mix_.put)) {
      spoken = batch();
    } else if (rng_.chance(0.5)) {
      spoken = UserPut{"u" + std::to_string(rng_.below(mix_.users)), "{\"custom\":{\"n\":" + number + "}}"};
    } else {
      spoken = SubjectPut{"v" + std::to_string(rng_.below(mix_.subjects)), "{\"title\":\"" + number + "\"}"};
    }
  }
  return together;
}

}  // namespace zan::sim
