#include "accounts/accounts.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "accounts/sim_clock.h"
#include "accounts/totp.h"
#include "base/file.h"
#include "base/scratch_folder.h"

namespace zan::accounts {
namespace {

const std::string password = "correct horse";

class AccountsTest : public ::testing::Test {
 protected:
  AccountsTest() { reopen(); }
  void reopen() {
    AccountsOptions options;
    options.data_folder = folder_.path();
    options.cost = least_cost;
    options.clock = &clock_;
    options.entropy = &entropy_;
    options.of_address.free = 8;
    auto opened = Accounts::open(std::move(options));
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    accounts_ = std::move(opened).value();
  }
  void add(const std::string& name, Role role = Role::operator_) {
    const auto added = accounts_->add({name, role, "u1", "c1", password});
    ASSERT_TRUE(added.ok()) << added.error().message;
  }
  SignInAnswer try_in(const std::string& name, const std::string& given = password, const std::string& code = {},
                      const std::string& address = "192.0.2.1") {
    auto answer = accounts_->sign_in({name, given, code, address});
    EXPECT_TRUE(answer.ok());
    return answer.ok() ? *answer : SignInAnswer{};
  }
  SignedIn in(const std::string& name) {
    const SignInAnswer answer = try_in(name);
    EXPECT_EQ(answer.outcome, SignInOutcome::done);
    return answer.who;
  }
  std::string bytes() { return *read_whole(folder_.at(accounts_file_name), 1 << 20); }

  const ScratchFolder folder_;
  SimClock clock_;
  SeededEntropy entropy_{1};
  std::unique_ptr<Accounts> accounts_;
};

TEST_F(AccountsTest, NobodyDisabledAndAWrongPasswordAreAllTheSameAnswer) {
  add("ann");
  add("off");
  ASSERT_TRUE(accounts_->change("off", {.disabled = true}).ok());
  for (const auto& [name, given] : std::vector<std::pair<std::string, std::string>>{
           {"ann", "wrong"}, {"ann", ""}, {"nobody", password}, {"off", password}, {"", ""}, {"Ann", password},
           {std::string(1000, 'a'), password}}) {
    const SignInAnswer answer = try_in(name, given);
    EXPECT_EQ(answer.outcome, SignInOutcome::wrong) << name;
    EXPECT_EQ(answer.token, "");
  }
}

TEST_F(AccountsTest, SignsInAndOut) {
  add("ann", Role::creator);
  const SignInAnswer answer = try_in("ann");
  ASSERT_EQ(answer.outcome, SignInOutcome::done);
  const auto who = accounts_->find(answer.token);
  ASSERT_TRUE(who);
  EXPECT_EQ(who->name, "ann");
  EXPECT_EQ(who->role, Role::creator);
  EXPECT_EQ(who->creator, "c1");
  EXPECT_EQ(who->csrf, answer.who.csrf);
  EXPECT_EQ(who->expires.us, clock_.now().us + SessionLimits{}.idle_us);
  EXPECT_NE(who->csrf, in("ann").csrf) << "each session has its own";
  EXPECT_FALSE(accounts_->find(answer.token + "x"));
  accounts_->sign_out(*who, false);
  EXPECT_FALSE(accounts_->find(answer.token));
}

TEST_F(AccountsTest, SignsOutEverywhere) {
  add("ann");
  const SignInAnswer one = try_in("ann"), two = try_in("ann");
  accounts_->sign_out(one.who, true);
  EXPECT_FALSE(accounts_->find(one.token));
  EXPECT_FALSE(accounts_->find(two.token));
}

TEST_F(AccountsTest, ARestartSignsOutAndForgetsNoAccount) {
  add("ann");
  const SignInAnswer answer = try_in("ann");
  reopen();
  EXPECT_FALSE(accounts_->find(answer.token));
  EXPECT_EQ(try_in("ann").outcome, SignInOutcome::done);
}

TEST_F(AccountsTest, TheFileHoldsNoPasswordAndOnlyItsOwnerReadsIt) {
  add("ann");
  EXPECT_EQ(bytes().find(password), std::string::npos);
  struct stat file {};
  ASSERT_EQ(::stat(folder_.at(accounts_file_name).c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777U, 0600U);
}

TEST_F(AccountsTest, LocksAnAccountOutAndSoNobodyOfThatName) {
  add("ann");
  for (const std::string name : {"ann", "nobody"}) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(try_in(name, "wrong", {}, std::to_string(i)).outcome, SignInOutcome::wrong);
    const SignInAnswer locked = try_in(name, password, {}, "192.0.2.9");
    EXPECT_EQ(locked.outcome, SignInOutcome::locked_out) << name;
    EXPECT_EQ(locked.wait_us, us_per_second);
  }
  clock_.forward(us_per_second);
  EXPECT_EQ(try_in("ann").outcome, SignInOutcome::done);
  EXPECT_EQ(try_in("ann", "wrong").outcome, SignInOutcome::wrong) << "the slate is clean";
}

TEST_F(AccountsTest, LocksAnAddressOutWhateverNamesItTries) {
  add("ann");
  for (int i = 0; i < 8; ++i) try_in("name" + std::to_string(i), "wrong");
  EXPECT_EQ(try_in("ann").outcome, SignInOutcome::locked_out);
  EXPECT_EQ(try_in("ann", password, {}, "192.0.2.2").outcome, SignInOutcome::done);
}

TEST_F(AccountsTest, ASecondFactorCountsOnceItWasConfirmed) {
  add("ann");
  const SignedIn ann = in("ann");
  EXPECT_EQ(accounts_->confirm_totp(ann, "000000", "a").error().kind, ErrorKind::conflict);
  const std::string secret = *accounts_->begin_totp(ann);
  const auto code = [&] { return totp_code(secret, totp_step_at(clock_.now())); };
  EXPECT_EQ(accounts_->confirm_totp(ann, "12345", "a")->outcome, SignInOutcome::wrong);
  EXPECT_EQ(try_in("ann").outcome, SignInOutcome::done) << "not yet";
  EXPECT_EQ(accounts_->confirm_totp(ann, code(), "a")->outcome, SignInOutcome::done);
  EXPECT_EQ(accounts_->begin_totp(ann).error().kind, ErrorKind::conflict);

  EXPECT_EQ(try_in("ann").outcome, SignInOutcome::totp_needed);
  EXPECT_EQ(try_in("ann", "wrong").outcome, SignInOutcome::wrong) << "the password comes first";
  EXPECT_EQ(try_in("ann", password, code()).outcome, SignInOutcome::wrong) << "the code that confirmed is used up";
  clock_.forward(totp_step_us);
  EXPECT_EQ(try_in("ann", "wrong", code()).outcome, SignInOutcome::wrong);
  EXPECT_EQ(try_in("ann", password, code()).outcome, SignInOutcome::done);
  EXPECT_EQ(try_in("ann", password, code()).outcome, SignInOutcome::wrong) << "a code is taken once";
  reopen();
  EXPECT_EQ(try_in("ann", password, code()).outcome, SignInOutcome::wrong) << "by the next start as well";
  clock_.forward(totp_step_us);
  const SignInAnswer answer = try_in("ann", password, code());
  ASSERT_EQ(answer.outcome, SignInOutcome::done);
  EXPECT_EQ(accounts_->end_totp(answer.who, "wrong", "a")->outcome, SignInOutcome::wrong);
  EXPECT_EQ(accounts_->end_totp(answer.who, password, "a")->outcome, SignInOutcome::done);
  EXPECT_EQ(try_in("ann").outcome, SignInOutcome::done);
}

TEST_F(AccountsTest, AskingForTheCodeIsNoFailureAndAWrongCodeIsOne) {
  add("ann");
  const SignedIn ann = in("ann");
  const std::string secret = *accounts_->begin_totp(ann);
  ASSERT_EQ(accounts_->confirm_totp(ann, totp_code(secret, totp_step_at(clock_.now())), "a")->outcome,
            SignInOutcome::done);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(try_in("ann").outcome, SignInOutcome::totp_needed);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(try_in("ann", password, "000000").outcome, SignInOutcome::wrong);
  EXPECT_EQ(try_in("ann", password, "000000").outcome, SignInOutcome::locked_out);
}

TEST_F(AccountsTest, AChangeOfTheAccountEndsItsSessions) {
  add("ann");
  add("bob");
  const auto ended_by = [&](const AccountChange& change) {
    const SignInAnswer answer = try_in("bob");
    EXPECT_TRUE(accounts_->change("bob", change).ok());
    return !accounts_->find(answer.token);
  };
  EXPECT_TRUE(ended_by({.role = Role::brand}));
  EXPECT_TRUE(ended_by({.creator = "c2"}));
  const auto reset = accounts_->change("bob", {.reset_password = true});
  ASSERT_TRUE(reset.ok());
  EXPECT_EQ(try_in("bob").outcome, SignInOutcome::wrong);
  EXPECT_EQ(try_in("bob", reset->made_password).outcome, SignInOutcome::done);
}

TEST_F(AccountsTest, AnotherProcessChangesTheFileAndTheSessionIsGone) {
  add("ann");
  add("bob");
  const SignInAnswer answer = try_in("bob");
  AccountsOptions options;
  options.data_folder = folder_.path();
  options.cost = least_cost;
  auto other = Accounts::open(std::move(options));
  ASSERT_TRUE((*other)->change("bob", {.disabled = true}).ok());
  EXPECT_TRUE(accounts_->find(answer.token)) << "not read yet";
  ASSERT_TRUE(accounts_->refresh().ok());
  EXPECT_FALSE(accounts_->find(answer.token));
  add("cid");
  ASSERT_TRUE((*other)->refresh().ok());
  EXPECT_EQ((*other)->list().size(), 3U);
}

TEST_F(AccountsTest, ADamagedFileLeavesWhatWasKnown) {
  add("ann");
  ASSERT_TRUE(replace_file(folder_.at(accounts_file_name), bytes() + "nonsense\n").ok());
  EXPECT_EQ(accounts_->refresh().error().kind, ErrorKind::corrupt);
  EXPECT_EQ(try_in("ann").outcome, SignInOutcome::done);
  EXPECT_EQ(accounts_->add({"bob", Role::brand, {}, {}, password}).error().kind, ErrorKind::corrupt);
}

TEST_F(AccountsTest, TheLastOperatorStays) {
  add("ann");
  EXPECT_EQ(accounts_->change("ann", {.disabled = true}).error().kind, ErrorKind::conflict);
  EXPECT_EQ(accounts_->change("ann", {.role = Role::brand}).error().kind, ErrorKind::conflict);
  add("bob");
  EXPECT_TRUE(accounts_->change("ann", {.role = Role::brand}).ok());
  EXPECT_TRUE(accounts_->any());
}

TEST_F(AccountsTest, WhatCannotBeAddedIsSaid) {
  add("ann");
  const auto kind = [&](const NewAccount& account) { return accounts_->add(account).error().kind; };
  EXPECT_EQ(kind({"ann", Role::operator_, {}, {}, password}), ErrorKind::conflict);
  EXPECT_EQ(kind({"a b", Role::operator_, {}, {}, password}), ErrorKind::invalid);
  EXPECT_EQ(kind({"demo-x", Role::operator_, {}, {}, password}), ErrorKind::invalid);
  EXPECT_EQ(kind({"bob", Role::operator_, {}, {}, "short"}), ErrorKind::invalid);
  EXPECT_EQ(kind({"bob", Role::creator, "u1", {}, password}), ErrorKind::invalid);
  EXPECT_EQ(kind({"bob", Role::viewer, {}, "c1", password}), ErrorKind::invalid);
  EXPECT_EQ(kind({"bob", Role::viewer, "a\nb", {}, password}), ErrorKind::invalid);
  EXPECT_EQ(accounts_->change("nobody", {}).error().kind, ErrorKind::not_found);
  const auto made = accounts_->add({"bob", Role::brand, {}, {}, {}});
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(try_in("bob", made->made_password).outcome, SignInOutcome::done);
}

TEST_F(AccountsTest, APasswordIsChangedByWhoKnowsItAndOtherSessionsEnd) {
  add("ann");
  const SignInAnswer here = try_in("ann"), elsewhere = try_in("ann");
  EXPECT_EQ(accounts_->set_password(here.who, "wrong", "another one", "a")->outcome, SignInOutcome::wrong);
  EXPECT_EQ(accounts_->set_password(here.who, password, "short", "a").error().field, "/new");
  EXPECT_EQ(accounts_->set_password(here.who, password, "another one", "a")->outcome, SignInOutcome::done);
  EXPECT_TRUE(accounts_->find(here.token));
  EXPECT_FALSE(accounts_->find(elsewhere.token));
  EXPECT_EQ(try_in("ann").outcome, SignInOutcome::wrong);
  EXPECT_EQ(try_in("ann", "another one").outcome, SignInOutcome::done);
  for (int i = 0; i < 5; ++i) (void)accounts_->set_password(here.who, "wrong", "another one", "b");
  EXPECT_EQ(accounts_->set_password(here.who, "another one", "yet another", "b")->outcome, SignInOutcome::locked_out);
}

TEST_F(AccountsTest, DemoAccountsAreInNoFileAndHaveNoPassword) {
  EXPECT_EQ(accounts_->sign_in_demo(Role::viewer).error().kind, ErrorKind::not_found);
  accounts_->set_demo({{.name = "demo-viewer", .role = Role::viewer, .user = "u7"}});
  EXPECT_EQ(accounts_->demo_roles(), std::vector<Role>{Role::viewer});
  const auto answer = accounts_->sign_in_demo(Role::viewer);
  ASSERT_TRUE(answer.ok());
  const auto who = accounts_->find(answer->token);
  ASSERT_TRUE(who);
  EXPECT_TRUE(who->demo);
  EXPECT_EQ(who->user, "u7");
  EXPECT_EQ(bytes(), "");
  EXPECT_FALSE(accounts_->any());
  EXPECT_EQ(try_in("demo-viewer", "").outcome, SignInOutcome::wrong);
  EXPECT_EQ(accounts_->set_password(*who, "", "another one", "a").error().kind, ErrorKind::refused);
  EXPECT_EQ(accounts_->begin_totp(*who).error().kind, ErrorKind::refused);
  EXPECT_EQ(accounts_->confirm_totp(*who, "1", "a").error().kind, ErrorKind::refused);
  EXPECT_EQ(accounts_->change("demo-viewer", {}).error().kind, ErrorKind::refused);
}

}  // namespace
}  // namespace zan::accounts
