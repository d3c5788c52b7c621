#include "accounts/lockout.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace zan::accounts {
namespace {

constexpr std::int64_t second = us_per_second;

TEST(Lockout, TheFifthFailureWaitsAndEachLaterOneTwiceAsLong) {
  Lockout lockout({});
  std::int64_t now = 0;
  for (int i = 0; i < 4; ++i) lockout.begin("ann", now);
  EXPECT_EQ(lockout.wait_us("ann", now), 0);
  for (const std::int64_t seconds : {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900}) {
    lockout.begin("ann", now);
    EXPECT_EQ(lockout.wait_us("ann", now), seconds * second);
    now += seconds * second;
    EXPECT_EQ(lockout.wait_us("ann", now), 0);
  }
  EXPECT_EQ(lockout.wait_us("bob", now), 0);
}

TEST(Lockout, ASuccessWipesTheSlateAndATryThatWasNoneIsTakenBack) {
  Lockout lockout({});
  for (int i = 0; i < 5; ++i) lockout.begin("ann", 0);
  lockout.take_back("ann");
  EXPECT_EQ(lockout.wait_us("ann", 0), 0);
  lockout.begin("ann", 0);
  EXPECT_EQ(lockout.wait_us("ann", 0), second);
  lockout.clear("ann");
  EXPECT_EQ(lockout.size(), 0U);
  lockout.take_back("nobody");
  lockout.begin("bob", 0);
  lockout.take_back("bob");
  EXPECT_EQ(lockout.size(), 0U);
}

TEST(Lockout, ForgetsAfterADay) {
  Lockout lockout({});
  for (int i = 0; i < 5; ++i) lockout.begin("ann", 0);
  lockout.begin("ann", us_per_day + second);
  EXPECT_EQ(lockout.wait_us("ann", us_per_day + second), 0);
}

TEST(Lockout, IsBoundedAndDropsWhatWasTriedLongestAgo) {
  LockoutLimits limits;
  limits.entries_max = 3;
  limits.free = 1;
  Lockout lockout(limits);
  for (const char* key : {"a", "b", "c", "a", "d"}) lockout.begin(key, 0);
  EXPECT_EQ(lockout.size(), 3U);
  EXPECT_EQ(lockout.wait_us("b", 0), 0);
  EXPECT_GT(lockout.wait_us("a", 0), 0);
}

// Beside the plainest thing that does the same: all failures of each key, counted anew each time.
RC_GTEST_PROP(Lockout, DoesWhatItsTwinDoes, (const std::vector<std::pair<std::uint8_t, std::uint16_t>>& steps)) {
  LockoutLimits limits;
  limits.forget_us = 100 * second;
  limits.most_us = 60 * second;
  Lockout lockout(limits);
  struct Twin {
    std::uint32_t failures = 0;
    std::int64_t until = 0, last = 0;
  };
  std::map<std::string, Twin> twins;
  std::int64_t now = 0;
  for (const auto& [what, pause] : steps) {
    now += std::int64_t{pause} % 20 * second;
    const std::string key(1, static_cast<char>('a' + what % 3));
    Twin& twin = twins[key];
    RC_ASSERT(lockout.wait_us(key, now) == std::max<std::int64_t>(0, twin.until - now));
    if (what / 3 % 4 == 0) {
      lockout.clear(key);
      twin = {};
      continue;
    }
    lockout.begin(key, now);
    if (now - twin.last > limits.forget_us) twin.failures = 0;
    twin.last = now;
    if (++twin.failures >= 5) {
      std::int64_t wait = second;
      for (std::uint32_t i = 5; i < twin.failures && wait < limits.most_us; ++i) wait *= 2;
      twin.until = now + std::min(wait, limits.most_us);
    }
  }
}

}  // namespace
}  // namespace zan::accounts
