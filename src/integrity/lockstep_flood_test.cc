// What strangers can make of it: memory and work stay within what was chosen.
#include <gtest/gtest.h>

#include "integrity/lockstep.h"
#include "integrity/sim_stream.h"

namespace zan::integrity {
namespace {

constexpr std::uint32_t million = 1'000'000;

LockstepOptions small() {
  LockstepOptions options;
  options.log_pair_slots = 14;
  options.log_token_slots = 12;
  return options;
}

// Bytes that a flood of so many likes took beyond an empty table's.
std::size_t bytes_of_flood(std::uint32_t likes, void (*flood)(std::uint32_t number, ActView& act)) {
  Lockstep lockstep(small());
  const std::size_t empty = lockstep.bytes();
  ActView act;
  for (std::uint32_t number = 0; number < likes; ++number) {
    act.actor = act.subject = 1;
    act.device = act.network = 1;
    act.at_us = std::int64_t{number} * 1000;
    flood(number, act);
    EXPECT_EQ(lockstep.observe(act).group, 0u);
  }
  EXPECT_TRUE(lockstep.changes().empty());
  EXPECT_EQ(lockstep.group_count(), 0u);
  return lockstep.bytes() - empty;
}

TEST(LockstepFlood, AMillionAccountsOfOneLike) {
  const std::size_t bytes = bytes_of_flood(million, [](std::uint32_t number, ActView& act) {
    act.actor = 1 + number;
    act.subject = 1 + number % 1000;
    act.device = 1 + number;
    act.network = 1 + number;
  });
  EXPECT_LT(bytes, std::size_t{million} * 80);
}

TEST(LockstepFlood, OneAccountOnAMillionSubjects) {
  const std::size_t bytes =
      bytes_of_flood(million, [](std::uint32_t number, ActView& act) { act.subject = 1 + number; });
  EXPECT_LT(bytes, std::size_t{million} * 40);
}

TEST(LockstepFlood, AMillionOnOneSubject) {
  const std::size_t bytes = bytes_of_flood(million, [](std::uint32_t number, ActView& act) { act.actor = 1 + number; });
  EXPECT_LT(bytes, std::size_t{million} * 80);
}

TEST(LockstepFlood, AMillionDevicesOfOneAccount) {
  const std::size_t bytes = bytes_of_flood(million, [](std::uint32_t number, ActView& act) {
    act.device = act.network = 1 + number;
    act.subject = 1 + number % 50;
  });
  EXPECT_LT(bytes, std::size_t{8} << 20);  // most of it the first chunk of each size of list
}

TEST(LockstepFlood, AMillionAccountsOnOneDevice) {
  const std::size_t bytes = bytes_of_flood(million / 4, [](std::uint32_t number, ActView& act) {
    act.actor = 1 + number;
    act.subject = 1 + number;
  });
  EXPECT_LT(bytes, std::size_t{million} / 4 * 120);
}

TEST(LockstepFlood, NumbersThatAreNotDenseAreRefused) {
  Lockstep lockstep(small());
  ActView act;
  act.actor = 4'000'000'000;
  act.subject = 1;
  EXPECT_DEATH(lockstep.observe(act), "dense");
  std::swap(act.actor, act.subject);
  EXPECT_DEATH(lockstep.observe(act), "dense");
  act.subject = 0;
  EXPECT_DEATH(lockstep.observe(act), "dense");
}

// A member of a group that likes a hundred thousand other things leaves no trace of each in the group.
TEST(LockstepFlood, AGroupRemembersSoManyCandidates) {
  SimStream stream(1);
  stream.organic(8000, 12'000, 50'000, 0, SimStream::day_us);
  stream.attack({.from_us = SimStream::day_us});
  LockstepOptions options = small();
  options.log_pair_slots = 18;
  Lockstep lockstep(options);
  for (const ActView& act : stream.acts()) lockstep.observe(act);
  ASSERT_GT(lockstep.group_count(), 0u);
  ActView act;
  act.actor = SimStream::strangers;
  for (std::uint32_t number = 0; number < 100'000; ++number) {
    act.subject = 200'000 + number;
    act.at_us = 2 * SimStream::day_us + number;
    lockstep.observe(act);
  }
  EXPECT_LE(lockstep.group(1).candidates.entries().size(), 20'000u);
}

// Rings without end, each new: the searching stays within its budget, and one search more.
TEST(LockstepFlood, SearchesStayWithinTheirBudget) {
  LockstepOptions options = small();
  options.log_pair_slots = 18;
  options.search_steps_per_like = 20;
  Lockstep lockstep(options);
  SimStream stream(2);
  stream.organic(3000, 3000, 5000, 0, SimStream::hour_us);
  for (std::uint32_t ring = 0; ring < 120; ++ring)
    stream.attack({.first_account = SimStream::strangers + ring * 3,  // most are in several rings
                   .accounts = 12,
                   .first_target = SimStream::strangers + ring * 5,
                   .targets = 10,
                   .from_us = SimStream::hour_us + ring * 60 * SimStream::second_us,
                   .span_us = 60 * SimStream::second_us});
  std::uint64_t likes = 0, largest = 0, before = 0;
  for (const ActView& act : stream.acts()) {
    lockstep.observe(act);
    largest = std::max(largest, lockstep.search_steps() - before);
    before = lockstep.search_steps();
    EXPECT_LE(lockstep.search_steps(), ++likes * options.search_steps_per_like + largest);
  }
  EXPECT_GT(lockstep.searches(), 50u);
  // Of one search: 96 accounts of 128 subjects in each of three rounds, and the likers of what they share.
  EXPECT_LT(largest, 1'000'000u);
}

}  // namespace
}  // namespace zan::integrity
