// The properties of whole streams: that they repeat, that labels are consistent, and that each family is what its name says.
#include "simulation/stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/hash.h"
#include "simulation/rows.h"

namespace zan::simulation {
namespace {

Community small(std::uint64_t seed = 7) {
  Community community;
  community.seed = seed;
  community.likes = 20'000;
  return community;
}

Stream stream_of(const std::string& attack, Community community = small()) {
  Scenario scenario{"test", community, {}};
  if (!attack.empty()) scenario.attacks.push_back(parse_attack(attack).value());
  return generate(scenario).value();
}

std::vector<Event> acts_of(const Stream& stream, Role role, Type type = Type::like) {
  std::vector<Event> acts;
  for (const Event& event : stream.events)
    if (event.role == role && event.type == type) acts.push_back(event);
  return acts;
}

template <typename Key>
std::map<std::uint32_t, std::vector<Event>> by(const std::vector<Event>& events, Key key) {
  std::map<std::uint32_t, std::vector<Event>> groups;
  for (const Event& event : events) groups[key(event)].push_back(event);
  return groups;
}
std::uint32_t subject_of(const Event& event) {
  return event.subject;
}
std::uint32_t actor_of(const Event& event) {
  return event.actor;
}

std::int64_t length_us(const std::vector<Event>& events) {
  return events.back().at_us - events.front().at_us;
}

std::uint64_t digest(const Stream& stream) {
  std::string text;
  for (const Event& event : stream.events) {
    append_row(text, stream, event, Columns::all, Names::labelled);
    append_label(text, stream.label(event));
  }
  return checksum64(as_bytes(text));
}

TEST(Stream, IsTheSameForTheSameSeedAndAnotherForAnother) {
  for (const char* name : {"day", "random"}) {
    const auto run = [&](std::uint64_t seed) {
      return digest(generate(make_scenario(name, small(seed)).value()).value());
    };
    EXPECT_EQ(run(1), run(1)) << name;
    EXPECT_NE(run(1), run(2)) << name;
  }
}

// The digits are the promise: change them only when streams are meant to change.
TEST(Stream, IsTheSameOnEveryMachine) {
  EXPECT_EQ(digest(generate(make_scenario("hard_day", small(1)).value()).value()), 2'236'605'923'683'926'532U);
}

void expect_consistent(const Stream& stream, const std::string& name) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> likes;
  std::int64_t last_us = 0;
  for (const Event& event : stream.events) {
    ASSERT_GE(event.at_us, last_us) << name;
    last_us = event.at_us;
    ASSERT_LT(event.subject, stream.works.size());
    ASSERT_LT(event.actor, stream.account_regions.size());
    ASSERT_LT(event.device, stream.devices);
    ASSERT_LT(event.network, stream.networks);
    ASSERT_LT(event.instance, stream.instances.size());
    const Label label = stream.label(event);
    ASSERT_EQ(label.role == Role::organic, label.instance == 0) << name;
    ASSERT_EQ(label.role == Role::organic, label.family == Family::organic) << name;
    ASSERT_EQ(label.role == Role::decoy, is_decoy(label.family)) << name;
    const bool first = event.type != Type::like || likes.insert({event.actor, event.subject}).second;
    ASSERT_TRUE(first) << name;
  }
  ASSERT_LT(last_us, 60 * us_per_day);
}

TEST(Stream, OfAnyScenarioIsConsistentAndAboutAsLongAsAsked) {
  for (const char* name : {"day", "hard_day", "weeks", "decoys_only", "random"}) {
    for (const bool likes_only : {true, false}) {
      Community community = small();
      community.likes_only = likes_only;
      const Stream stream = generate(make_scenario(name, community).value()).value();
      expect_consistent(stream, name);
      const auto likes = std::count_if(stream.events.begin(), stream.events.end(),
                                       [](const Event& event) { return event.type == Type::like; });
      EXPECT_NEAR(static_cast<double>(likes), 20'000, 4'000) << name;  // heavy users run out of works
      EXPECT_EQ(likes_only, likes == static_cast<std::ptrdiff_t>(stream.events.size())) << name;
    }
  }
  for (std::uint64_t seed = 1; seed <= 30; ++seed)
    expect_consistent(generate(make_scenario("random", small(seed)).value()).value(), "random " + std::to_string(seed));
}

TEST(Stream, HasTheSameLikesWhetherOtherActsAreWantedOrNot) {
  Community community = small();
  const Stream likes = generate(make_scenario("hard_day", community).value()).value();
  community.likes_only = false;
  Stream all = generate(make_scenario("hard_day", community).value()).value();
  std::erase_if(all.events, [](const Event& event) { return event.type != Type::like; });
  EXPECT_TRUE(all.events == likes.events);
}

TEST(Stream, SharesOfFakes) {
  const auto share = [](const char* name) {
    Community community = small();
    community.likes = 100'000;
    const Stream stream = generate(make_scenario(name, community).value()).value();
    const auto fakes = std::count_if(stream.events.begin(), stream.events.end(),
                                     [](const Event& event) { return is_fake(event.role); });
    return static_cast<double>(fakes) / static_cast<double>(stream.events.size());
  };
  EXPECT_NEAR(share("day"), 0.033, 0.006);
  EXPECT_NEAR(share("hard_day"), 0.05, 0.012);
  EXPECT_EQ(share("decoys_only"), 0);
}

TEST(Stream, RefusesSizesBeyondItsBounds) {
  const auto field = [](Community community) {
    const auto made = generate({"test", community, {}});
    return made.ok() ? std::string("none") : made.error().field;
  };
  EXPECT_EQ(field({.likes = 0}), "likes");
  EXPECT_EQ(field({.likes = likes_max + 1}), "likes");
  EXPECT_EQ(field({.accounts = accounts_max + 1}), "accounts");
  EXPECT_EQ(field({.accounts = 10}), "accounts");
  EXPECT_EQ(field({.subjects = 3}), "subjects");
  EXPECT_EQ(field({.days = days_max + 1}), "days");
  EXPECT_EQ(field({.start = timestamp_max}), "start");
  Scenario many{"test", small(), {}};
  for (int i = 0; i < 7; ++i) many.attacks.push_back(parse_attack("burst:groups=10000,accounts=1,targets=1").value());
  EXPECT_EQ(generate(many).error().field, "groups");
  EXPECT_EQ(make_scenario("nice_day", small()).error().kind, ErrorKind::not_found);
}

TEST(Organic, ActivityIsHeavyTailedAndSomeDevicesAreShared) {
  Community community = small();
  community.likes = 100'000;
  const Stream stream = stream_of("", community);
  std::map<std::uint32_t, std::size_t> likes;
  std::map<std::uint32_t, std::set<std::uint32_t>> devices;
  for (const Event& event : stream.events) {
    ++likes[event.actor];
    devices[event.device].insert(event.actor);
  }
  std::vector<std::size_t> counts;
  for (const auto& [actor, count] : likes) counts.push_back(count);
  std::sort(counts.begin(), counts.end());
  EXPECT_LE(counts[counts.size() / 2], 3U);
  EXPECT_GE(counts.back(), 100U);
  std::size_t shared = 0;
  for (const auto& [device, people] : devices) {
    shared += people.size() > 1;
    EXPECT_LE(people.size(), 5U);
  }
  const double share = static_cast<double>(shared) / static_cast<double>(devices.size());
  EXPECT_GT(share, 0.03);
  EXPECT_LT(share, 0.06);
}

TEST(Family, BurstStaysWithinItsWindow) {
  const Stream stream = stream_of("burst:groups=3,accounts=50,targets=8,window_s=90");
  std::size_t targets = 0;
  const auto fakes = acts_of(stream, Role::fake);
  for (const auto& [instance, acts] : by(fakes, [](const Event& event) { return std::uint32_t{event.instance}; })) {
    for (const auto& [subject, hits] : by(acts, subject_of)) {
      ++targets;
      EXPECT_LE(length_us(hits), 90 * us_per_second);
      EXPECT_GT(hits.size(), 35U);
    }
  }
  EXPECT_EQ(targets, 24U);
  EXPECT_GT(length_us(fakes), 6 * us_per_hour);
}

TEST(Family, FarmSharesDevices) {
  const auto fakes = acts_of(stream_of("farm:accounts=60,per_device=12"), Role::fake);
  std::map<std::uint32_t, std::set<std::uint32_t>> accounts;
  std::set<std::uint32_t> networks;
  for (const Event& event : fakes) {
    accounts[event.device].insert(event.actor);
    networks.insert(event.network);
  }
  EXPECT_EQ(accounts.size(), 5U);
  for (const auto& [device, members] : accounts) EXPECT_EQ(members.size(), 12U);
  EXPECT_LE(networks.size(), 2U);
}

TEST(Family, SlowRingSpreadsOverTheDayAndHasItsOwnDevices) {
  const auto fakes = acts_of(stream_of("slow_ring:accounts=40,targets=30,participation=0.5"), Role::fake);
  EXPECT_NEAR(static_cast<double>(fakes.size()), 600, 80);
  for (const auto& [subject, hits] : by(fakes, subject_of)) EXPECT_GT(length_us(hits), 8 * us_per_hour);
  std::set<std::uint32_t> devices, actors;
  for (const Event& event : fakes) devices.insert(event.device), actors.insert(event.actor);
  EXPECT_EQ(devices.size(), 40U);
  EXPECT_EQ(actors.size(), 40U);
}

TEST(Family, CamouflageIsAsMuchAsAsked) {
  for (const char* text : {"burst:camouflage=0.5", "slow_ring:camouflage=2,copied=0.5", "farm:camouflage=1,churn=like",
                           "hijack:camouflage=1,copied=1,accounts=300"}) {
    const Stream stream = stream_of(text);
    const auto fakes = acts_of(stream, Role::fake).size() + acts_of(stream, Role::hijacked).size();
    const double ratio = static_cast<double>(acts_of(stream, Role::camouflage).size()) / static_cast<double>(fakes);
    EXPECT_NEAR(ratio / parse_attack(text)->camouflage, 1, 0.1) << text;
  }
}

TEST(Family, HijackedAccountsGoOnAsBefore) {
  const Stream stream = stream_of("hijack:accounts=200,hijacked=0.5");
  std::set<std::uint32_t> hijacked, fake, owners;
  for (const Event& event : acts_of(stream, Role::hijacked)) hijacked.insert(event.actor);
  for (const Event& event : acts_of(stream, Role::fake)) fake.insert(event.actor);
  for (const Event& event : acts_of(stream, Role::owner)) owners.insert(event.actor);
  EXPECT_NEAR(static_cast<double>(hijacked.size()), 100, 25);
  for (const std::uint32_t actor : hijacked) EXPECT_FALSE(fake.contains(actor));
  EXPECT_GT(owners.size(), hijacked.size() * 8 / 10);
  for (const std::uint32_t actor : owners) EXPECT_TRUE(hijacked.contains(actor));
  for (const Event& event : acts_of(stream, Role::organic)) EXPECT_FALSE(hijacked.contains(event.actor));
}

TEST(Family, ChurnHasANewDeviceForEachLike) {
  const auto fakes = acts_of(stream_of("churn:accounts=30"), Role::fake);
  std::set<std::uint32_t> devices;
  for (const Event& event : fakes) devices.insert(event.device);
  EXPECT_EQ(devices.size(), fakes.size());
}

TEST(Family, ChurnBySessionKeepsADeviceForASitting) {
  const auto fakes = acts_of(stream_of("slow_ring:accounts=30,targets=80,churn=session,duration_h=3"), Role::fake);
  std::set<std::uint32_t> devices;
  for (const Event& event : fakes) devices.insert(event.device);
  EXPECT_GT(devices.size(), 30U * 4);
  EXPECT_LT(devices.size(), 30U * 8);
}

TEST(Family, ResidentialComesFromGenuineHomes) {
  const Stream stream = stream_of("residential:accounts=50");
  std::set<std::uint32_t> networks;
  for (const Event& event : acts_of(stream, Role::organic)) networks.insert(event.network);
  std::size_t known = 0;
  const auto fakes = acts_of(stream, Role::fake);
  for (const Event& event : fakes) known += networks.contains(event.network);
  EXPECT_GT(known, fakes.size() * 8 / 10);
}

TEST(Family, WarmUpComesFirst) {
  Community community = small();
  community.days = 5;
  community.accounts = 3000;
  const Stream stream = stream_of("warm_up:warm_up_days=3", community);
  const auto before = acts_of(stream, Role::warm_up);
  const auto fakes = acts_of(stream, Role::fake);
  EXPECT_GT(before.size(), 150U);
  EXPECT_LT(before.back().at_us, fakes.front().at_us);
  EXPECT_GT(length_us(before), 2 * us_per_day);
}

TEST(Family, HumanRhythmFollowsAGenuineLike) {
  const Stream stream = stream_of("human_rhythm:accounts=50");
  std::size_t at_night = 0;
  const auto fakes = acts_of(stream, Role::fake);
  for (const Event& event : fakes) at_night += event.at_us % us_per_day < 6 * us_per_hour;
  EXPECT_LT(at_night, fakes.size() / 5);  // evenly spread it would be a quarter
}

TEST(Family, FollowersFollowAndCommentersComment) {
  Community community = small();
  community.likes_only = false;
  const Stream followers = stream_of("follow_then_like:accounts=20", community);
  EXPECT_EQ(acts_of(followers, Role::fake, Type::follow).size(), acts_of(followers, Role::fake).size());
  const Stream commenters = stream_of("comment_ring:accounts=20", community);
  EXPECT_EQ(acts_of(commenters, Role::fake, Type::comment).size(), acts_of(commenters, Role::fake).size());
}

TEST(Family, RivalsTargetsAreLikedByGenuinePeople) {
  const Stream stream = stream_of("rival");
  std::map<std::uint32_t, std::size_t> organic;
  for (const Event& event : acts_of(stream, Role::organic)) ++organic[event.subject];
  for (const auto& [subject, hits] : by(acts_of(stream, Role::fake), subject_of)) EXPECT_GT(organic[subject], 30U);
}

TEST(Family, ACrowdHasLivesOfItsOwn) {
  const Stream stream = stream_of("crowd:accounts=200,targets=40");
  const auto fakes = by(acts_of(stream, Role::fake), actor_of);
  const auto lives = by(acts_of(stream, Role::camouflage), actor_of);
  EXPECT_GT(fakes.size(), 180U);
  EXPECT_GT(lives.size(), 150U);
  for (const auto& [actor, hits] : fakes) EXPECT_LE(hits.size(), 28U);
}

TEST(Decoy, AreWhatTheirNamesSay) {
  const auto viral = acts_of(stream_of("viral:accounts=2000"), Role::decoy);
  EXPECT_GT(viral.size(), 1900U);
  EXPECT_EQ(by(viral, subject_of).size(), 1U);
  EXPECT_LE(length_us(viral), us_per_hour);

  const auto fans = acts_of(stream_of("fan_club:accounts=200,targets=10"), Role::decoy);
  EXPECT_EQ(by(fans, subject_of).size(), 10U);
  EXPECT_GT(fans.size(), 600U);

  const auto school = acts_of(stream_of("school_class"), Role::decoy);
  EXPECT_EQ(by(school, [](const Event& event) { return event.network; }).size(), 1U);

  const auto tablet = acts_of(stream_of("shared_device:groups=5"), Role::decoy);
  EXPECT_EQ(by(tablet, [](const Event& event) { return event.device; }).size(), 5U);

  const auto stars = by(acts_of(stream_of("celebrity:accounts=300"), Role::decoy), actor_of);
  for (const auto& [actor, likes] : stars) EXPECT_LE(likes.size(), 4U);
}

TEST(Decoy, APlaylistIsLikedInOneOrder) {
  const auto likes = by(acts_of(stream_of("playlist:accounts=300,participation=1"), Role::decoy), actor_of);
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> before;
  for (const auto& [actor, acts] : likes)
    for (std::size_t i = 1; i < acts.size(); ++i) ++before[{acts[i - 1].subject, acts[i].subject}];
  for (const auto& [pair, count] : before) EXPECT_FALSE(before.contains({pair.second, pair.first}));
}

TEST(Decoy, AStreamersEveningsShareViewers) {
  Community community = small();
  community.days = 3;
  const auto evenings = by(acts_of(stream_of("live_stream:accounts=400", community), Role::decoy), subject_of);
  ASSERT_EQ(evenings.size(), 3U);
  std::vector<std::set<std::uint32_t>> viewers;
  for (const auto& [subject, likes] : evenings) {
    EXPECT_LE(length_us(likes), 900 * us_per_second);
    for (auto& actors = viewers.emplace_back(); const Event& event : likes) actors.insert(event.actor);
  }
  std::size_t both = 0;
  for (const std::uint32_t actor : viewers[0]) both += viewers[1].contains(actor);
  EXPECT_GT(both, viewers[0].size() / 4);
  EXPECT_LT(both, viewers[0].size() * 3 / 4);
}

}  // namespace
}  // namespace zan::simulation
