#include "simulation/stream.h"

#include <algorithm>
#include <tuple>

#include "simulation/attention.h"
#include "simulation/planner.h"

namespace zan::simulation {
namespace {

constexpr double organic_share_min = 0.1;

std::vector<std::uint32_t> shuffled(std::uint64_t seed, std::uint64_t purpose, std::size_t count) {
  std::vector<std::uint32_t> numbers(count);
  for (std::size_t i = 0; i < count; ++i) numbers[i] = static_cast<std::uint32_t>(i);
  Rng rng = rng_of(seed, purpose);
  shuffle(rng, numbers);
  return numbers;
}

Result<void> check(const std::vector<Attack>& attacks) {
  std::uint64_t groups = 1;
  for (const Attack& attack : attacks) groups += attack.groups;
  if (groups > instances_max)
    return invalid("more than " + std::to_string(instances_max) + " groups of attacks and decoys", "groups");
  double likes = 0;
  for (const Attack& attack : attacks) likes += expected_likes(attack, days_max);
  if (likes > 20.0 * likes_max) return invalid("the attacks have too many likes", "attacks");
  return {};
}

void name_anew(const World& world, Stream& stream) {
  const std::uint64_t seed = world.community().seed;
  const auto accounts = shuffled(seed, 10, world.accounts().size());
  const auto subjects = shuffled(seed, 11, world.subjects().size());
  const auto devices = shuffled(seed, 12, world.devices());
  const auto networks = shuffled(seed, 13, world.networks());
  const auto creators = shuffled(seed, 14, world.creators());
  for (Event& event : stream.events) {
    event.actor = accounts[event.actor];
    event.subject = subjects[event.subject];
    event.device = devices[event.device];
    event.network = networks[event.network];
  }
  stream.works.resize(subjects.size());
  for (std::size_t i = 0; i < subjects.size(); ++i)
    stream.works[subjects[i]] = {creators[world.subjects()[i].creator], world.subjects()[i].duration_ms};
  stream.account_regions.resize(accounts.size());
  for (std::size_t i = 0; i < accounts.size(); ++i) stream.account_regions[accounts[i]] = world.accounts()[i].region;
}

bool earlier(const Event& a, const Event& b) {
  if (a.at_us != b.at_us) return a.at_us < b.at_us;
  return std::tie(a.actor, a.type, a.subject, a.device, a.network, a.watch_ms, a.role, a.instance) <
         std::tie(b.actor, b.type, b.subject, b.device, b.network, b.watch_ms, b.role, b.instance);
}

}  // namespace

Result<Stream> generate(const Scenario& scenario) {
  ZAN_ASSIGN(const Community community, complete(scenario.community));
  ZAN_TRY(check(scenario.attacks));
  World world(community);
  Draft draft;
  double organic = static_cast<double>(community.likes);
  for (const Attack& attack : scenario.attacks) organic -= expected_likes(attack, community.days);
  add_organic(world, std::max(organic, organic_share_min * static_cast<double>(community.likes)), draft);
  Planner planner(world, draft);
  for (const Attack& attack : scenario.attacks) planner.plan(attack);
  planner.settle_claims();
  choose_subjects(world, draft);
  Stream stream;
  stream.start = community.start;
  stream.events = std::move(draft.events);
  stream.instances = std::move(draft.instances);
  stream.instances[0].attack.family = Family::organic;
  stream.devices = world.devices();
  stream.networks = world.networks();
  name_anew(world, stream);
  std::sort(stream.events.begin(), stream.events.end(), earlier);
  return stream;
}

}  // namespace zan::simulation
