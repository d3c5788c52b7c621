#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "simulation/stream.h"

namespace zan::simulation {
namespace {

constexpr double day_fakes = 0.033;
constexpr double hard_day_fakes = 0.05;
constexpr double weeks_fakes = 0.03;
constexpr std::uint32_t weeks_days = 14;

std::uint32_t whole(double value) {
  return static_cast<std::uint32_t>(std::max(value + 0.5, 1.0));
}

// Collects attacks until they make up the share of the likes that each is given.
class Mixer {
 public:
  Mixer(Scenario& scenario) : scenario_(scenario) {}

  // Enough groups for so many fake (or decoy) likes; a group that would be larger than all of it shrinks.
  void add(Attack attack, double likes) {
    const double camouflage = std::exchange(attack.camouflage, 0);
    const double warm_up = std::exchange(attack.warm_up_days, 0);
    attack.groups = 1;
    const double a_group = expected_likes(attack, scenario_.community.days);
    attack.groups = whole(std::floor(likes / a_group + 0.3));
    if (likes < a_group)
      attack.accounts = std::max(whole(attack.accounts * likes / a_group), std::min(attack.accounts, 8u));
    attack.camouflage = camouflage;
    attack.warm_up_days = warm_up;
    scenario_.attacks.push_back(attack);
  }
  void add(Family family, double likes) { add(usual(family), likes); }

 private:
  Scenario& scenario_;
};

// About 14 % of the likes.
void add_decoys(Mixer& mixer, double likes) {
  Attack viral = usual(Family::viral);
  viral.accounts = whole(std::min(likes * 0.02, 40'000.0));
  mixer.add(viral, likes * 0.04);
  mixer.add(Family::celebrity, likes * 0.015);
  mixer.add(Family::fan_club, likes * 0.015);
  mixer.add(Family::live_stream, likes * 0.01);
  mixer.add(Family::school_class, likes * 0.005);
  mixer.add(Family::shared_device, likes * 0.008);
  mixer.add(Family::office, likes * 0.005);
  mixer.add(Family::challenge, likes * 0.02);
  mixer.add(Family::playlist, likes * 0.02);
}

void mix_day(Scenario& scenario) {
  Mixer mixer(scenario);
  const double fakes = static_cast<double>(scenario.community.likes) * day_fakes;
  Attack burst = usual(Family::burst);
  burst.accounts = 150;
  burst.camouflage = 0.05;
  mixer.add(burst, fakes * 0.25);
  burst.accounts = 60;
  burst.window_s = 20;
  mixer.add(burst, fakes * 0.15);
  mixer.add(Family::farm, fakes * 0.25);
  Attack ring = usual(Family::slow_ring);
  ring.camouflage = 0.2;
  mixer.add(ring, fakes * 0.35);
  add_decoys(mixer, static_cast<double>(scenario.community.likes));
}

void mix_hard_day(Scenario& scenario) {
  Mixer mixer(scenario);
  const double fakes = static_cast<double>(scenario.community.likes) * hard_day_fakes;
  for (auto number = static_cast<std::uint8_t>(Family::burst); number <= static_cast<std::uint8_t>(Family::crowd);
       ++number) {
    Attack attack = usual(static_cast<Family>(number));
    attack.camouflage = attack.family == Family::crowd ? 0 : 1;  // a crowd's lives are camouflage enough
    attack.copied = 0.3;
    attack.human_rhythm = std::max(attack.human_rhythm, attack.family == Family::slow_ring ? 0.5 : 0);
    mixer.add(attack, fakes / 12);
  }
  add_decoys(mixer, static_cast<double>(scenario.community.likes));
}

void mix_weeks(Scenario& scenario) {
  Mixer mixer(scenario);
  const double fakes = static_cast<double>(scenario.community.likes) * weeks_fakes;
  constexpr std::array families{Family::slow_ring, Family::hijack, Family::human_rhythm,    Family::residential,
                                Family::warm_up,   Family::crowd,  Family::follow_then_like};
  for (const Family family : families) {
    Attack attack = usual(family);
    attack.duration_h = 24.0 * scenario.community.days;
    if (family == Family::warm_up) attack.duration_h /= 2;
    attack.camouflage = family == Family::crowd ? 0 : 0.5;
    mixer.add(attack, fakes / families.size());
  }
  add_decoys(mixer, static_cast<double>(scenario.community.likes));
}

// Any family with any parameters: sizes and tempos by orders of magnitude.
Attack draw_attack(Rng& rng, std::uint32_t days) {
  const auto first = static_cast<std::uint32_t>(Family::burst);
  Attack attack = usual(static_cast<Family>(draw_between(rng, first, static_cast<std::uint32_t>(Family::crowd))));
  attack.accounts = whole(draw_scale(rng, 15, 600));
  attack.targets = whole(draw_scale(rng, 2, 80));
  attack.participation =
      attack.family == Family::crowd ? draw_between_real(rng, 0.1, 0.4) : draw_between_real(rng, 0.3, 1);
  attack.window_s = draw_scale(rng, 10, 3600);
  attack.duration_h = draw_scale(rng, 0.5, 24.0 * days);
  attack.per_device = attack.family == Family::farm ? whole(draw_scale(rng, 4, 50)) : rng.chance(0.15) ? 3 : 1;
  if (rng.chance(0.7) && attack.family != Family::crowd) attack.camouflage = 2 * draw_small(rng);
  if (rng.chance(0.4)) attack.copied = rng.unit();
  if (rng.chance(0.2)) attack.hijacked = 0.8 * rng.unit();
  if (rng.chance(0.25)) attack.human_rhythm = rng.unit();
  if (rng.chance(0.3)) attack.overlap = 0.6 * rng.unit();
  if (rng.chance(0.2)) attack.warm_up_days = draw_between_real(rng, 0.2, 5);
  if (rng.chance(0.2)) attack.churn = rng.chance(0.5) ? Churn::session : Churn::like;
  if (rng.chance(0.5)) attack.networks = static_cast<Networks>(rng.below(4));
  attack.views = rng.unit();
  return attack;
}

void mix_random(Scenario& scenario) {
  Mixer mixer(scenario);
  const auto likes = static_cast<double>(scenario.community.likes);
  Rng rng = rng_of(scenario.community.seed, 50);
  const double fakes = likes * draw_scale(rng, 0.005, 0.08);
  const std::uint32_t attacks = draw_between(rng, 6, 20);
  std::vector<double> shares;
  double total = 0;
  for (std::uint32_t i = 0; i < attacks; ++i) total += shares.emplace_back(draw_waiting(rng, 1) + 0.1);
  for (const double share : shares) mixer.add(draw_attack(rng, scenario.community.days), fakes * share / total);
  for (auto number = static_cast<std::uint8_t>(Family::viral); number < family_count; ++number) {
    if (rng.chance(0.15)) continue;
    Attack decoy = usual(static_cast<Family>(number));
    decoy.accounts = whole(std::max(decoy.accounts * draw_scale(rng, 0.4, 2.5), 2.0));
    if (decoy.family == Family::viral) decoy.accounts = whole(std::min<double>(decoy.accounts, likes * 0.03));
    decoy.targets = decoy.family == Family::viral ? 1 : whole(std::max(decoy.targets * draw_scale(rng, 0.6, 1.8), 1.0));
    decoy.participation = std::min(decoy.participation * draw_between_real(rng, 0.7, 1.3), 1.0);
    decoy.window_s *= draw_scale(rng, 0.4, 2.5);
    mixer.add(decoy, likes * draw_scale(rng, 0.003, 0.03));
  }
}

void mix_decoys_only(Scenario& scenario) {
  Mixer mixer(scenario);
  add_decoys(mixer, static_cast<double>(scenario.community.likes));
}

struct Named {
  std::string_view name;
  void (*mix)(Scenario&);
};
constexpr std::array<Named, 5> scenarios{{{"day", mix_day},
                                          {"hard_day", mix_hard_day},
                                          {"weeks", mix_weeks},
                                          {"decoys_only", mix_decoys_only},
                                          {"random", mix_random}}};

}  // namespace

Result<Scenario> make_scenario(std::string_view name, Community community) {
  std::string names;
  for (const Named& known : scenarios) {
    names.append(names.empty() ? "" : ", ").append(known.name);
    if (known.name != name) continue;
    if (name == "weeks") community.days = std::max(community.days, weeks_days);
    Scenario scenario{std::string(name), {}, {}};
    ZAN_ASSIGN(scenario.community, complete(community));
    known.mix(scenario);
    return scenario;
  }
  return not_found("no scenario \"" + std::string(name) + "\"; there are " + names, "scenario");
}

}  // namespace zan::simulation
