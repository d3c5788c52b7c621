// `zan account`, the people of a demo and its attacks.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "accounts/accounts.h"
#include "connectors/connectors.h"
#include "zan/command_fixture.h"
#include "zan/demo_people.h"
#include "zan/exit_code.h"
#include "zan/simulated_attack.h"

namespace zan::app {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// What is piped into the program.
class StandardInput {
 public:
  explicit StandardInput(const std::string& file) : before_(::dup(STDIN_FILENO)) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    ::dup2(fd, STDIN_FILENO);
    ::close(fd);
  }
  ~StandardInput() {
    ::dup2(before_, STDIN_FILENO);
    ::close(before_);
  }

 private:
  int before_;
};

class AccountCommandTest : public CommandFixture {
 protected:
  Said account(std::vector<std::string> arguments, const std::string& input = "correct horse\n") {
    arguments.insert(arguments.begin(), "account");
    arguments.insert(arguments.end(), {"--data", path("data")});
    const StandardInput standard_input(file("input", input));
    return zan(std::move(arguments));
  }
};

TEST_F(AccountCommandTest, WrongUsageIsTwoAndWhatCannotBeIsOne) {
  EXPECT_EQ(account({"add", "ann"}).code, exit_usage) << "as what?";
  EXPECT_EQ(account({"add", "ann", "--role", "king"}).code, exit_usage);
  EXPECT_EQ(account({"add", "ann", "--role", "operator", "--password", "secret"}).code, exit_usage) << "never an argument";
  EXPECT_THAT(account({"add", "ann", "--role", "operator"}, "").err, HasSubstr("no password was given"));
  EXPECT_THAT(account({"add", "ann", "--role", "operator"}, "short\n").err, HasSubstr("10 to 1000 bytes"));
  EXPECT_THAT(account({"add", "ann", "--role", "viewer"}).err, HasSubstr("names its user"));
  EXPECT_THAT(account({"add", "a b", "--role", "operator"}).err, HasSubstr("letters, digits"));
  EXPECT_EQ(account({"disable", "nobody"}).code, exit_failed);
}

TEST_F(AccountCommandTest, AddsListsDisablesAndGivesPasswords) {
  EXPECT_EQ(account({"add", "ann", "--role", "operator"}).code, exit_ok);
  EXPECT_EQ(account({"add", "ann", "--role", "operator"}).code, exit_failed);
  const Said made = account({"add", "bob", "--role", "viewer", "--user", "u 7", "--make-password"}, "");
  EXPECT_EQ(made.code, exit_ok);
  EXPECT_EQ(made.out.size(), 21U) << made.out;
  EXPECT_EQ(account({"list"}).out,
            "ann\toperator\ton\tuser=\tcreator=\tpassword only\nbob\tviewer\ton\tuser=u 7\tcreator=\tpassword only\n");
  EXPECT_THAT(account({"disable", "ann"}).err, HasSubstr("the last operator"));
  EXPECT_EQ(account({"disable", "bob"}).code, exit_ok);
  EXPECT_THAT(account({"list"}).out, HasSubstr("bob\tviewer\tdisabled"));
  EXPECT_EQ(account({"enable", "bob"}).code, exit_ok);
  EXPECT_EQ(account({"password", "ann"}, "another one\r\n").code, exit_ok);
  accounts::AccountsOptions options;
  options.data_folder = path("data");
  const auto accounts = accounts::Accounts::open(std::move(options));
  EXPECT_EQ((*accounts)->sign_in({"ann", "another one", {}, "a"})->outcome, accounts::SignInOutcome::done);
  EXPECT_EQ((*accounts)->sign_in({"bob", made.out.substr(0, 20), {}, "a"})->outcome, accounts::SignInOutcome::done);
}

TEST_F(AccountCommandTest, ADemoBeyondLoopbackIsRefused) {
  ASSERT_EQ(zan({"key", "add", "k", "--data", path("data")}).code, exit_ok);
  const Said said = zan({"serve", "--data", path("data"), "--demo", "synthetic", "--listen", "0.0.0.0:0"});
  EXPECT_EQ(said.code, exit_failed);
  EXPECT_THAT(said.err, HasSubstr("listen on loopback only, or say --accounts off"));
}

class DemoTest : public testing::Test {
 protected:
  DemoTest() {
    engine::EngineOptions options;
    options.data_folder = folder_.at("data");
    options.integrity.on = true;
    options.matching.on = false;
    engine_ = std::move(engine::Engine::open(std::move(options))).value();
  }
  void fill() {
    connectors::SyntheticOptions community;
    community.users = 300;
    community.subjects = 200;
    community.acts = 5'000;
    community.end = machine_clock().now();
    const auto source = connectors::make_synthetic(community);
    ASSERT_TRUE(source.ok());
    const auto sink = connectors::make_engine_sink(*engine_);
    ASSERT_TRUE(connectors::import_into(*sink, **source, {}).ok());
  }

  const ScratchFolder folder_;
  std::unique_ptr<engine::Engine> engine_;
};

TEST_F(DemoTest, AnEmptyCommunityHasStaffOnly) {
  std::string names;
  for (const auto& account : demo_people(*engine_, {})) names += account.name + " ";
  EXPECT_EQ(names, "demo-operator demo-brand demo-auditor ");
}

TEST_F(DemoTest, ChoosesACreatorAndAViewerOfTheCommunityTheSameEachTime) {
  fill();
  const auto people = demo_people(*engine_, {});
  ASSERT_EQ(people.size(), accounts::role_count);
  EXPECT_EQ(people, demo_people(*engine_, {}));
  const engagement::Reads& reads = engine_->reads();
  EXPECT_GT(reads.creator_counts(people[3].creator)->organic[0], 1U);
  EXPECT_GT(reads.user_counts(people[4].user)->organic[0], 1U);
  const auto top = reads.top(engagement::TopWindow::all, 100);
  std::size_t works = 0;
  for (const auto& item : *top) works += reads.made_by(item.subject, people[3].creator) ? 1U : 0U;
  EXPECT_GE(works, 2U);
}

TEST_F(DemoTest, AnAttackIsMadeUpEntirelyAndTakenOutOfTheCounts) {
  AttackOptions options;
  options.events_per_second = 0;
  fill();
  SimulatedAttack attack(*engine_, options);
  EXPECT_FALSE(attack.status().started);
  EXPECT_EQ(attack.start("siege").error().field, "/kind");
  EXPECT_EQ(attack.start("viral").error().field, "/kind") << "a decoy is no attack";
  const auto id = attack.start("burst");
  ASSERT_TRUE(id.ok());
  attack.wait();
  const api::AttackStatus status = attack.status();
  EXPECT_FALSE(status.running);
  EXPECT_EQ(status.trouble, "");
  EXPECT_GT(status.of, 0U);
  EXPECT_EQ(status.sent, status.of);
  EXPECT_EQ(status.accounts, 100U);
  ASSERT_GE(status.subjects.size(), 10U);
  for (const std::string& subject : status.subjects) EXPECT_THAT(subject, StartsWith("sim-" + *id + "-work-"));
  // Until the detectors have read so far.
  while (engine_->integrity()->status().position < engine_->status().position) std::this_thread::yield();
  std::uint64_t taken = 0;
  for (const std::string& subject : status.subjects) {
    const auto tally = engine_->reads().subject_counts(subject);
    taken += tally->held + tally->rejected;
  }
  EXPECT_GT(taken, 100U * 12 / 4) << "of 100 accounts at twelve works each";
}

TEST_F(DemoTest, OneAttackAtATimeAndItStops) {
  AttackOptions options;
  options.events_per_second = 10;  // for an hour
  SimulatedAttack attack(*engine_, options);
  ASSERT_TRUE(attack.start("farm").ok());
  EXPECT_TRUE(attack.status().running);
  EXPECT_EQ(attack.start("burst").error().kind, ErrorKind::conflict);
  attack.stop();
  EXPECT_FALSE(attack.status().running);
  EXPECT_EQ(attack.status().trouble, "the server is stopping");
}

}  // namespace
}  // namespace zan::app
