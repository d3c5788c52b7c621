// Within its memory Lockstep goes on finding what comes; what it forgets is what was idle.
#include <gtest/gtest.h>

#include "integrity/lockstep.h"
#include "integrity/sim_stream.h"

namespace zan::integrity {
namespace {

constexpr std::int64_t day_us = SimStream::day_us;

LockstepOptions small() {
  LockstepOptions options;
  options.log_pair_slots = 18;
  options.log_token_slots = 12;
  return options;
}

bool target(std::uint32_t subject) {
  return subject >= SimStream::strangers;
}

// Ten days of other people each, and an attack on the last.
std::vector<ActView> ten_days() {
  SimStream stream(31);
  for (std::uint32_t day = 0; day < 10; ++day) stream.organic(3000, 4000, 20'000, day * day_us, day_us);
  stream.attack({.from_us = 9 * day_us});
  std::vector<ActView> acts = stream.acts();
  for (ActView& act : acts) {
    if (target(act.subject)) continue;
    const auto day = static_cast<std::uint32_t>(act.at_us / day_us);
    act.actor += day * 3500;
    act.subject += day * 4500;
  }
  return acts;
}

std::size_t held(Lockstep& lockstep, const std::vector<ActView>& acts) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> held;
  for (const ActView& act : acts) {
    if (lockstep.observe(act).group != 0) held.emplace(act.actor, act.subject);
    for (const Change& change : lockstep.changes()) held.emplace(change.actor, change.subject);
    lockstep.clear_changes();
  }
  return held.size();
}

TEST(LockstepForget, ListsStayWithinTheirMemoryAndAttacksAreFound) {
  const std::vector<ActView> acts = ten_days();
  const auto fakes = static_cast<std::size_t>(
      std::count_if(acts.begin(), acts.end(), [](const ActView& act) { return target(act.subject); }));
  Lockstep unbounded(small());
  EXPECT_GT(held(unbounded, acts), fakes * 9 / 10);

  LockstepOptions options = small();
  options.list_bytes_max = 1 << 20;  // a tenth would not do
  Lockstep bounded(options);
  EXPECT_GT(held(bounded, acts), fakes * 9 / 10);
  EXPECT_LT(bounded.list_bytes(), options.list_bytes_max + 10'000);
  EXPECT_GT(unbounded.list_bytes(), 2 * options.list_bytes_max);
  // The first day's people are gone, the last day's are known, and so are the attackers.
  EXPECT_EQ(bounded.account_facts(5).account_likes, 0);
  EXPECT_GT(unbounded.account_facts(5).account_likes, 0);
  EXPECT_GT(bounded.account_facts(9 * 3500 + 5).account_likes, 0);
  EXPECT_GT(bounded.account_facts(SimStream::strangers).account_likes, 0);
}

TEST(LockstepForget, WhatIsForgottenFollowsFromTheActs) {
  const std::vector<ActView> acts = ten_days();
  LockstepOptions options = small();
  options.list_bytes_max = 1 << 20;
  Lockstep first(options), second(options);
  for (const ActView& act : acts) {
    const Lockstep::Outcome one = first.observe(act), other = second.observe(act);
    ASSERT_EQ(one.group, other.group);
    ASSERT_EQ(first.list_bytes(), second.list_bytes());
  }
}

// More rings than there is room for: each is found, the newest are followed, of the oldest only what was said remains.
TEST(LockstepForget, OldGroupsMakeRoomForNewOnes) {
  LockstepOptions options = small();
  options.groups_max = 4;
  SimStream stream(32);
  constexpr std::uint32_t rings = 12;
  stream.organic(6000, 4000, 60'000, 0, 2 * (rings + 5) * day_us);
  for (std::uint32_t ring = 0; ring < rings; ++ring)
    stream.attack({.first_account = SimStream::strangers + ring * 100,
                   .first_target = SimStream::strangers + ring * 100,
                   .from_us = 2 * (ring + 5) * day_us});
  Lockstep lockstep(options);
  std::set<std::uint32_t> found;  // rings
  for (const ActView& act : stream.acts()) {
    if (lockstep.observe(act).group != 0 && target(act.subject))
      found.insert((act.subject - SimStream::strangers) / 100);
    lockstep.expire(act.at_us);
    std::uint32_t alive = 0;
    for (std::uint32_t id = 1; id <= lockstep.group_count(); ++id) alive += lockstep.group(id).members.empty() ? 0 : 1;
    ASSERT_LE(alive, options.groups_max);
  }
  EXPECT_EQ(found.size(), rings);
  EXPECT_TRUE(lockstep.group(1).members.empty());
  EXPECT_EQ(lockstep.group(1).standing, Standing::confirmed);
  EXPECT_EQ(lockstep.group_of(SimStream::strangers, SimStream::strangers), 0u);
  lockstep.clear_changes();
  lockstep.rule(1, Standing::cleared, {}, {});
  EXPECT_TRUE(lockstep.changes().empty());
  EXPECT_EQ(lockstep.group(1).standing, Standing::confirmed);
}

}  // namespace
}  // namespace zan::integrity
