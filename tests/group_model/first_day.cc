#include "base/hash.h"
#include "group_model/labelled_day.h"
#include "simulation/simulation.h"

namespace zan::group_model {

using simulation::Role;

Result<LabelledDay> first_day(const std::string& scenario, std::uint64_t seed, std::uint64_t likes) {
  simulation::Community community;
  community.seed = seed;
  community.likes = likes;
  ZAN_ASSIGN(const auto made, simulation::make_scenario(scenario, community));
  ZAN_ASSIGN(const auto stream, simulation::generate(made));
  LabelledDay day;
  for (const auto& instance : stream.instances) day.families.emplace_back(to_string(instance.attack.family));
  for (const simulation::Event& event : stream.events) {
    if (event.type != simulation::Type::like) continue;
    LabelledLike like;
    like.act.actor = event.actor + 1;
    like.act.subject = event.subject + 1;
    like.act.device = mix64(event.device + 1);
    like.act.network = mix64(~std::uint64_t{event.network});
    like.act.at_us = stream.at(event).us;
    like.fake = simulation::is_fake(event.role);
    const bool attackers = like.fake || event.role == Role::camouflage || event.role == Role::warm_up;
    like.truth = attackers ? Truth::attack : event.role == Role::decoy ? Truth::decoy : Truth::organic;
    like.instance = event.instance;
    day.likes.push_back(like);
  }
  return day;
}

}  // namespace zan::group_model
