// `zan rules` and `zan replay` as an operator meets them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "engine/engine.h"
#include "zan/command_fixture.h"
#include "zan/exit_code.h"
#include "zan/replay_text.h"

namespace zan::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* fast =
    "rule fast: when is_like and count(like, actor, 1m) >= 3 then hold because \"{count(like, actor, 1m)} likes\"\n"
    "test fast: given is_like = true, count(like, actor, 1m) = 3 expect hold\n";

class RulesTest : public CommandFixture {
 protected:
  // Two users like five works each within a second.
  std::unique_ptr<engine::Engine> served() const {
    engine::EngineOptions options;
    options.data_folder = path("data");
    auto engine = engine::Engine::open(std::move(options)).value();
    engagement::Parser parser(engine->secret());
    engagement::ActBatch batch;
    for (std::uint32_t i = 0; i < 10; ++i) {
      const std::string json = R"({"type":"like","actor":"u)" + std::to_string(i / 5) + R"(","subject":"v)" +
                               std::to_string(i % 5) + R"(","at":"2024-03-01T12:00:00Z"})";
      const std::string padded = json + std::string(engagement::Parser::padding_bytes, ' ');
      EXPECT_TRUE(parser.parse_event({padded.data(), json.size()}, i, batch).ok());
    }
    EXPECT_TRUE(engine->submit_and_wait(engine::Command{std::move(batch)}).ok());
    return engine;
  }
};

TEST_F(RulesTest, MistakesHaveTheirPlaceAndExitCode) {
  const std::string wrong = file("wrong", "rule a:\n  when account_agee > 1d then hold because \"x\"\n");
  const Said checked = zan({"rules", "check", wrong});
  EXPECT_EQ(checked.code, exit_findings);
  EXPECT_THAT(checked.out, StartsWith(wrong + ":2:8: error: an unknown name; found \"account_agee\""));
  EXPECT_THAT(checked.out, HasSubstr("did you mean account_age?"));
  EXPECT_EQ(zan({"rules", "test", wrong}).code, exit_findings);
  EXPECT_EQ(zan({"rules", "check", path("none")}).code, exit_failed);
  EXPECT_EQ(zan({"rules", "check"}).code, exit_usage);
  EXPECT_EQ(zan({"rules"}).code, exit_usage);
  const std::string good = file("good", fast);
  EXPECT_THAT(zan({"rules", "check", good}).out, HasSubstr("1 rules, 1 tests, cost"));
  // The worst of several is the answer.
  EXPECT_EQ(zan({"rules", "check", wrong, good}).code, exit_findings);
  const std::string huge = file("huge", std::string(integrity::rules::Limits{}.text_bytes + 10, '#'));
  EXPECT_EQ(zan({"rules", "check", huge}).code, exit_findings);
}

TEST_F(RulesTest, TheTestsBesideTheRulesAreRun) {
  const Said passed = zan({"rules", "test", file("good", fast)});
  EXPECT_EQ(passed.code, exit_ok);
  EXPECT_THAT(passed.out, HasSubstr("1 tests of 1 of 1 rules, 0 expectations failed"));
  const Said failed =
      zan({"rules", "test", file("bad", std::string(fast) + "test fast: given is_like = true expect hold")});
  EXPECT_EQ(failed.code, exit_findings);
  EXPECT_THAT(failed.out, HasSubstr("test fast: expected hold, got none"));
}

TEST_F(RulesTest, WhatIsShownCanBeWritten) {
  const Said shown = zan({"rules", "show"});
  EXPECT_EQ(shown.code, exit_ok);
  for (const char* name :
       {"account_age", "count(like, device, ...)", "distinct(actor, network, ...)", "1m 5m 1h 6h 1d 7d 30d"})
    EXPECT_THAT(shown.out, HasSubstr(name));
  const std::string shipped = file("shipped", zan({"rules", "show", "--shipped"}).out);
  EXPECT_EQ(zan({"rules", "check", shipped}).code, exit_ok);
  EXPECT_EQ(zan({"rules", "test", shipped}).code, exit_ok);
}

TEST_F(RulesTest, WrongReplaysAreRefusedAndLeaveNoFile) {
  fs::create_directory(path("empty"));
  EXPECT_EQ(zan({"replay", "--data", path("none")}).code, exit_usage);
  EXPECT_EQ(zan({"replay", "--data", path("empty")}).code, exit_failed);
  EXPECT_TRUE(fs::is_empty(path("empty")));
  const auto engine = served();
  const auto replay = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"replay", "--data", path("data"), "--judged-accounts",
                                       "2000",   "--out",  path("out")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return zan(arguments).code;
  };
  EXPECT_EQ(replay({"--from", "yesterday"}), exit_usage);
  EXPECT_EQ(replay({"--rules", path("none")}), exit_failed);
  EXPECT_EQ(replay({"--rules", file("wrong", "rule")}), exit_usage);
  EXPECT_EQ(replay({"--model", file("model", "no model")}), exit_findings);
  EXPECT_FALSE(fs::exists(path("out")));
}

TEST_F(RulesTest, AReplayBesideTheServerSaysWhatWouldChangeTwiceTheSame) {
  auto engine = served();
  const std::string rules = file("rules", fast);
  const auto replay = [&](const std::string& out) {
    return zan({"replay", "--data", path("data"), "--judged-accounts", "2000", "--rules", rules, "--out", path(out)});
  };
  const Said first = replay("first"), second = replay("second");
  EXPECT_EQ(first.code, exit_ok);
  EXPECT_THAT(first.out, HasSubstr("changed     4: 4 newly held, 0 newly rejected, 0 released"));
  EXPECT_EQ(first.out, second.out);
  EXPECT_EQ(content(path("first")), content(path("second")));
  EXPECT_THAT(content(path("first")), StartsWith(std::string(replay_header) + "4,2024-03-01T12:00:00"));
  EXPECT_THAT(content(path("first")), HasSubstr(",like,u0,v3,genuine,held,genuine,"));
  EXPECT_THAT(content(path("first")), HasSubstr("fast: 3 likes\n"));
  // The server goes on as if nothing had been.
  EXPECT_EQ(engine->status().health, engine::Health::ready);
  engine.reset();
  EXPECT_EQ(replay("third").out, first.out);
  EXPECT_EQ(content(path("third")), content(path("first")));
  EXPECT_EQ(zan({"check", "--data", path("data")}).code, exit_ok);
}

TEST(ReplayText, BoundsAreAPositionOrATime) {
  EXPECT_EQ(parse_bound("", "--from")->index(), 0u);
  EXPECT_EQ(std::get<Position>(*parse_bound("17", "--from")).value, 17u);
  EXPECT_EQ(std::get<Timestamp>(*parse_bound("1970-01-01T00:00:01Z", "--from")).us, 1'000'000);
  for (const char* bad : {"-1", "17x", "now", "99999999999999999999999"})
    EXPECT_EQ(parse_bound(bad, "--from").error().field, "--from") << bad;
}

TEST(ReplayText, NamesOfStrangersStayInTheirField) {
  engine::ReplayLine line;
  line.position = {3};
  line.actor = "a,\"b\"\nc";
  line.subject = "v";
  line.now = engagement::Verdict::rejected;
  line.reason = "r: 1, 2";
  EXPECT_EQ(to_csv(line),
            "3,1970-01-01T00:00:00.000Z,like,\"a,\"\"b\"\"\nc\",v,genuine,rejected,genuine,0,0,\"r: 1, 2\"\n");
}

}  // namespace
}  // namespace zan::app
