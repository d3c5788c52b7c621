#include <algorithm>

#include "simulation/draft.h"

namespace zan::simulation {
namespace {

constexpr double pause_median_s = 32;
constexpr double pause_sigma = 1.2;
constexpr double pause_max_s = 1800;
constexpr double sitting_ends_chance = 0.3;
constexpr double moves_chance = 0.03;  // from home to the road between two likes

// How much of the stream the account is there for.
double presence_share(const World& world, const Account& account) {
  const double days = world.community().days;
  return 1 - std::max(0, account.arrival_s) / (days * 86'400);
}

}  // namespace

void sit(const World& world, Rng& rng, const Sitting& sitting, std::vector<Event>& events) {
  const Account& account = world.accounts()[sitting.account];
  Event event{.at_us = sitting.at_us, .actor = sitting.account, .subject = to_choose, .instance = sitting.instance};
  event.role = sitting.role;
  Presence presence = world.presence(account, event.at_us, rng);
  for (std::uint32_t i = 0; i < sitting.likes; ++i) {
    if (i > 0) {
      const double pause_s = std::min(draw_log_normal(rng, pause_median_s, pause_sigma), pause_max_s);
      event.at_us += static_cast<std::int64_t>((pause_s + 1.5) * static_cast<double>(us_per_second));
      if (rng.chance(moves_chance)) presence = world.presence(account, event.at_us, rng);
    }
    if (event.at_us >= world.end_us()) return;
    event.device = presence.device;
    event.network = presence.network;
    events.push_back(event);
  }
}

void add_organic(const World& world, double likes, Draft& draft) {
  const Community& community = world.community();
  double total = 0;
  for (std::uint32_t i = 0; i < community.accounts; ++i)
    total += world.accounts()[i].activity * presence_share(world, world.accounts()[i]);
  draft.events.reserve(static_cast<std::size_t>(static_cast<double>(community.likes) * 1.06) + 1000);
  for (std::uint32_t i = 0; i < community.accounts; ++i) {
    draft.first_of.push_back(draft.events.size());
    const Account& account = world.accounts()[i];
    Rng rng = rng_of(community.seed, 2, i);
    std::uint32_t left = draw_poisson(rng, account.activity * presence_share(world, account) * likes / total);
    const std::int64_t from = std::max(account.arrival_s, 0) * us_per_second;
    while (left > 0) {
      std::uint32_t count = 1;
      while (count < left && !rng.chance(sitting_ends_chance)) ++count;
      left -= count;
      sit(world, rng, {i, count, world.session_start(account, from, world.end_us(), rng)}, draft.events);
    }
  }
  draft.first_of.push_back(draft.events.size());
  draft.claims.assign(community.accounts, 0);
  draft.claimed_roles.assign(community.accounts, Role::organic);
}

}  // namespace zan::simulation
