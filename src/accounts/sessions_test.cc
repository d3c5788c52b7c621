#include "accounts/sessions.h"

#include <gtest/gtest.h>

namespace zan::accounts {
namespace {

class SessionsTest : public ::testing::Test {
 protected:
  std::string begin(const std::string& account = "ann") { return sessions_.begin(account, 1, now_, entropy_); }
  bool there(const std::string& token) { return sessions_.use(hash_token(token), now_) != nullptr; }

  SeededEntropy entropy_{1};
  std::int64_t now_ = 0;
  Sessions sessions_{SessionLimits{.idle_us = 100, .absolute_us = 250, .sessions_max = 4, .of_account_max = 2}};
};

TEST_F(SessionsTest, NobodyKnowsAnotherToken) {
  const std::string token = begin();
  EXPECT_EQ(token.size(), 43U);
  EXPECT_TRUE(there(token));
  EXPECT_FALSE(there(""));
  EXPECT_FALSE(there(token.substr(1)));
  EXPECT_FALSE(there(token + "x"));
}

TEST_F(SessionsTest, IdlesOutUnlessUsedAndEndsAtLastAnyway) {
  const std::string used = begin(), idle = begin();
  for (now_ = 0; now_ < 250; now_ += 50) EXPECT_TRUE(there(used)) << now_;
  EXPECT_FALSE(there(idle));
  EXPECT_FALSE(there(used)) << "at its absolute end, used or not";
  EXPECT_EQ(sessions_.size(), 0U);
}

TEST_F(SessionsTest, AnAccountHasSoManyAndAllHaveSoMany) {
  const std::string first = begin();
  now_ = 1;
  const std::string second = begin();
  now_ = 2;
  EXPECT_TRUE(there(first));
  const std::string third = begin();
  EXPECT_TRUE(there(first));
  EXPECT_FALSE(there(second)) << "it was used longest ago";
  for (const char* account : {"bob", "cid", "dan"}) {
    ++now_;
    begin(account);
  }
  EXPECT_EQ(sessions_.size(), 4U);
  EXPECT_EQ(sessions_.count("dan", now_), 1U);
}

TEST_F(SessionsTest, EndsOneOrAllButOne) {
  const std::string first = begin(), second = begin(), other = begin("bob");
  EXPECT_TRUE(sessions_.end(hash_token(first)));
  EXPECT_FALSE(sessions_.end(hash_token(first)));
  const std::string third = begin();
  const TokenHash kept = hash_token(third);
  sessions_.end_all("ann", &kept);
  EXPECT_FALSE(there(second));
  EXPECT_TRUE(there(third));
  EXPECT_TRUE(there(other));
}

}  // namespace
}  // namespace zan::accounts
