#include "accounts/account.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "accounts/password.h"

namespace zan::accounts {
namespace {

Account some(const std::string& name) {
  Account account{.name = name, .role = Role::creator, .user = "u 1", .creator = "猫%\\"};
  account.disabled = true;
  account.version = 7;
  account.created = {1'650'899'141'436'000};
  account.totp_secret = std::string("\0\xff\t\n", 4);
  account.totp_step = 55;
  account.password_hash = "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA";
  return account;
}

TEST(AccountsFile, SaysWhatIsWrongAndWhere) {
  const std::string head = "zhenzan accounts 1\n";
  const std::string good = "ann\toperator\ton\t\t\t1\t2026-01-01T00:00:00Z\t\t0\t\n";
  ASSERT_TRUE(parse_accounts(head + good).ok());
  EXPECT_EQ(parse_accounts("zhenzan accounts 2\n" + good).error().kind, ErrorKind::unsupported);
  EXPECT_EQ(parse_accounts(good).error().kind, ErrorKind::unsupported);
  for (const std::string& bad :
       {std::string("ann"), std::string("\n"), std::string("ann\toperator\ton\n"), good + good, "zoe" + good.substr(3) + good,
        "a b" + good.substr(3), "ann\tking" + good.substr(12), "ann\toperator\toff " + good.substr(15),
        "ann\toperator\ton\ta\x01" + good.substr(15), good.substr(0, good.size() - 3) + "x\t\n",
        good.substr(0, good.size() - 1) + "\t\n", good.substr(0, good.size() - 1)}) {
    const auto parsed = parse_accounts(head + bad);
    ASSERT_FALSE(parsed.ok()) << bad;
    EXPECT_EQ(parsed.error().kind, ErrorKind::corrupt) << bad;
  }
}

TEST(AccountsFile, ComesBack) {
  const std::vector<Account> accounts = {some("ann"), some("bob"), Account{.name = "c"}};
  const auto parsed = parse_accounts(format_accounts(accounts));
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  EXPECT_EQ(*parsed, accounts);
  EXPECT_TRUE(parse_accounts("")->empty());
}

TEST(AccountsFile, HoldsSoMany) {
  std::vector<Account> accounts;
  for (std::size_t i = 0; i < accounts_max + 1; ++i) accounts.push_back({.name = "a" + std::to_string(10'000 + i)});
  EXPECT_EQ(parse_accounts(format_accounts(accounts)).error().kind, ErrorKind::corrupt);
  accounts.pop_back();
  EXPECT_EQ(parse_accounts(format_accounts(accounts))->size(), accounts_max);
}

RC_GTEST_PROP(AccountsFile, TakesAnyBytes, (const std::string& bytes)) {
  const auto parsed = parse_accounts("zhenzan accounts 1\n" + bytes);
  if (parsed.ok()) RC_ASSERT(*parse_accounts(format_accounts(*parsed)) == *parsed);
}

TEST(Roles, HaveNames) {
  for (const Role role : all_roles) EXPECT_EQ(find_role(to_string(role)), role);
  EXPECT_FALSE(find_role("owner"));
}

TEST(Password, FitsItselfAndNothingElse) {
  SeededEntropy entropy(1);
  const std::string hash = *hash_password("correct horse", least_cost, entropy);
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << hash;
  EXPECT_TRUE(fits_password(hash, "correct horse"));
  EXPECT_FALSE(fits_password(hash, "correct horsf"));
  EXPECT_FALSE(fits_password(hash, ""));
  EXPECT_NE(*hash_password("correct horse", least_cost, entropy), hash) << "the salt differs";
  for (const std::string& no_hash : {std::string(), std::string("x"), std::string(500, 'x'), hash.substr(1)})
    EXPECT_FALSE(fits_password(no_hash, "correct horse"));
}

TEST(Password, HasALength) {
  EXPECT_FALSE(check_password("123456789", "/new").ok());
  EXPECT_TRUE(check_password("1234567890", "/new").ok());
  EXPECT_TRUE(check_password(std::string(1000, 'x'), "/new").ok());
  EXPECT_EQ(check_password(std::string(1001, 'x'), "/new").error().field, "/new");
  SeededEntropy entropy(1);
  EXPECT_TRUE(check_password(make_password(entropy), "").ok());
}

}  // namespace
}  // namespace zan::accounts
