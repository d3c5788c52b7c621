#include "integrity/token_table.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>

namespace zan::integrity {
namespace {

TEST(TokenTable, NoTokenHasNoNumber) {
  TokenTable table(4);
  const TokenTable::Found found = table.find(0, 1);
  EXPECT_EQ(found.number, 0u);
  EXPECT_FALSE(found.fresh);
}

// One set: the twin is a list of eight by idleness.
RC_GTEST_PROP(TokenTable, TheIdlestOfASetGivesWay, ()) {
  TokenTable table(3);
  std::vector<std::uint64_t> by_idleness;  // the idlest first
  std::map<std::uint64_t, std::uint32_t> number_of;
  std::uint32_t now = 0;
  for (const std::uint64_t token :
       *rc::gen::container<std::vector<std::uint64_t>>(rc::gen::inRange<std::uint64_t>(1, 14))) {
    const TokenTable::Found found = table.find(token, ++now);
    RC_ASSERT(found.number >= 1 && found.number <= table.slots());
    const auto known = std::find(by_idleness.begin(), by_idleness.end(), token);
    RC_ASSERT(found.fresh == (known == by_idleness.end()));
    if (known != by_idleness.end()) {
      RC_ASSERT(number_of[token] == found.number);
      by_idleness.erase(known);
    } else if (by_idleness.size() == 8) {
      RC_ASSERT(number_of[by_idleness.front()] == found.number);
      by_idleness.erase(by_idleness.begin());
    }
    by_idleness.push_back(token);
    number_of[token] = found.number;
  }
}

RC_GTEST_PROP(TokenTable, TwoTokensNeverHaveOneNumberAtATime, ()) {
  TokenTable table(5);
  std::map<std::uint32_t, std::uint64_t> token_of;
  std::uint32_t now = 0;
  for (const std::uint64_t token :
       *rc::gen::container<std::vector<std::uint64_t>>(rc::gen::inRange<std::uint64_t>(1, 60))) {
    const TokenTable::Found found = table.find(token, ++now);
    if (!found.fresh) RC_ASSERT(token_of[found.number] == token);
    token_of[found.number] = token;
  }
}

TEST(TokenTable, WhoComesAgainStaysThroughAFlood) {
  TokenTable table(10);
  std::uint32_t now = 0;
  const std::uint32_t number = table.find(42, now).number;
  for (std::uint64_t token = 1000; token < 200'000; ++token) {
    table.find(token, ++now);
    if (token % 64 != 0) continue;
    const TokenTable::Found found = table.find(42, ++now);
    ASSERT_FALSE(found.fresh);
    ASSERT_EQ(found.number, number);
  }
}

}  // namespace
}  // namespace zan::integrity
