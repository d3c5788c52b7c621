// The subcommands as an operator meets them: exit codes, what goes to standard output, and what the folder holds then.
#include "zan/command_line.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "connectors/connectors.h"
#include "zan/command_fixture.h"
#include "zan/exit_code.h"
#include "zan/serve_file.h"

namespace zan::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

using CommandLineTest = CommandFixture;

TEST_F(CommandLineTest, EverySubcommandExplainsItself) {
  for (const char* command :
       {"serve", "import", "export", "check", "backup", "restore", "simulate", "score", "bench", "judge", "train",
        "model", "rules", "replay", "account", "key", "verify", "audit", "witness", "log"}) {
    const Said said = zan({command, "--help"});
    EXPECT_EQ(said.code, exit_ok) << command;
    EXPECT_THAT(said.out, HasSubstr("Usage:")) << command;
  }
  EXPECT_THAT(zan({"version"}).out, HasSubstr("zan "));
}

TEST_F(CommandLineTest, WrongUsageIsTwo) {
  EXPECT_EQ(zan({}).code, exit_usage);
  EXPECT_EQ(zan({"dance"}).code, exit_usage);
  EXPECT_EQ(zan({"serve"}).code, exit_usage);
  EXPECT_EQ(zan({"serve", "--data", path("d"), "--listen", "nowhere"}).code, exit_usage);
  EXPECT_EQ(zan({"serve", "--data", path("d"), "--demo", "kuairand"}).code, exit_usage);
  EXPECT_EQ(zan({"import", "ndjson", "-", "--data", path("d"), "--server", "http://127.0.0.1:1"}).code, exit_usage);
  EXPECT_EQ(zan({"import", "csv", "x.csv", "--map", "actor=a", "--data", path("d")}).code, exit_usage);
  EXPECT_EQ(zan({"simulate"}).code, exit_usage);
  EXPECT_FALSE(fs::exists(path("d")));
}

TEST_F(CommandLineTest, ALabelledStreamIsWrittenAndScored) {
  const auto simulate = [&](const std::string& name, const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"simulate", "--out", path(name + ".csv"), "--labels", path(name + ".labels"),
                                       "--likes",  "2000"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return zan(arguments).code;
  };
  ASSERT_EQ(simulate("a", {"--attack", "burst:accounts=20,targets=5", "--attack", "viral:accounts=100"}), exit_ok);
  EXPECT_EQ(simulate("a", {"--scenario", "day"}), exit_failed);  // is there already
  EXPECT_EQ(simulate("b", {"--scenario", "nice_day"}), exit_failed);
  EXPECT_EQ(simulate("b", {"--attack", "burst:accounts=many"}), exit_usage);
  EXPECT_EQ(simulate("b", {"--scenario", "day", "--columns", "six"}), exit_usage);
  EXPECT_EQ(zan({"simulate", "--scenario", "day", "--out", path("c.csv")}).code, exit_usage);
  EXPECT_FALSE(fs::exists(path("b.csv")));

  std::ifstream events(path("a.csv")), labels(path("a.labels"));
  std::string event, label, verdicts;
  ASSERT_TRUE(std::getline(events, event) && std::getline(labels, label));
  EXPECT_EQ(event, "at,actor,subject,device,network");
  EXPECT_EQ(label, "role,family,instance");
  verdicts = "verdict," + event + "\n";
  while (std::getline(events, event) && std::getline(labels, label)) {
    EXPECT_THAT(event, HasSubstr(",sim-user-"));
    verdicts += (label.starts_with("fake") ? "rejected," : "genuine,") + event + "\n";
  }
  const Said said = zan({"score", "--labels", path("a.labels"), "--verdicts", file("v.csv", verdicts)});
  EXPECT_EQ(said.code, exit_ok);
  EXPECT_THAT(said.out, HasSubstr("events         1.0000     1.0000     1.0000"));
  EXPECT_THAT(said.out, HasSubstr("burst"));
  const std::string cut = file("w.csv", verdicts.substr(0, verdicts.find('\n', verdicts.size() / 2) + 1));
  EXPECT_EQ(zan({"score", "--labels", path("a.labels"), "--verdicts", cut}).code, exit_usage);
  EXPECT_EQ(zan({"score", "--labels", path("none"), "--verdicts", cut}).code, exit_failed);
}

// A few thousand likes of honest people, twenty accounts that like the same eight works, and lines that are none.
TEST_F(CommandLineTest, AFileIsJudgedLineByLine) {
  std::string likes = "at,actor,subject,device,network\n";
  std::vector<std::string> subjects;
  std::uint32_t draw = 7;
  const auto random = [&draw](std::uint32_t below) {
    draw = draw * 1664525 + 1013904223;
    return (draw >> 8) % below;
  };
  for (std::uint32_t i = 0; i < 6000; ++i) {
    const bool ring = i >= 3000 && i % 10 == 0 && i < 4600;
    const std::uint32_t turn = (i - 3000) / 10;
    const std::string actor = ring ? fmt::format("ring{}", turn / 8) : fmt::format("u{}", random(1500));
    subjects.push_back(ring ? fmt::format("\"target,{}\"", turn % 8) : fmt::format("v{}", random(2000)));
    likes += fmt::format("{},{},{},{},{}\n", 1'700'000'000 + i, actor, subjects.back(), ring ? "farm" : actor, "");
    if (i % 1000 != 0) continue;
    likes += "whenever,u1,v1,,\n";
    subjects.emplace_back();
  }
  const Said said = zan({"judge", "--csv", file("likes.csv", likes), "--columns", "at,actor,subject,device,network",
                         "--out", path("verdicts.csv"), "--pairs", "16"});
  EXPECT_EQ(said.code, exit_ok);
  EXPECT_THAT(said.out, HasSubstr("events      6,000 by"));
  EXPECT_THAT(said.out, HasSubstr("unusable    6 lines, the first: line 3: \"whenever\" is no time"));

  std::ifstream verdicts(path("verdicts.csv"));
  std::string line;
  ASSERT_TRUE(std::getline(verdicts, line));
  EXPECT_EQ(line, "at,actor,subject,verdict,score,group,reason,judged_at");
  std::size_t ring = 0, others = 0;
  for (const std::string& subject : subjects) {
    ASSERT_TRUE(std::getline(verdicts, line));
    if (subject.empty()) {
      EXPECT_EQ(line, ",,,unusable,,,,");
      continue;
    }
    EXPECT_THAT(line, HasSubstr("," + subject + ","));
    (line.find(",ring") != std::string::npos ? ring : others) += line.find(",genuine,") == std::string::npos ? 1 : 0;
  }
  EXPECT_FALSE(std::getline(verdicts, line));
  EXPECT_GE(ring, 150u);
  EXPECT_EQ(others, 0u);

  EXPECT_EQ(zan({"judge", "--csv", path("likes.csv"), "--out", path("verdicts.csv")}).code, exit_failed);  // is there
  EXPECT_EQ(zan({"judge", "--csv", path("none.csv"), "--out", path("v2.csv")}).code, exit_failed);
  EXPECT_NE(zan({"judge", "--csv", path("likes.csv"), "--columns", "when", "--out", path("v2.csv")}).code, exit_ok);
  EXPECT_EQ(zan({"judge", "--csv", path("likes.csv")}).code, exit_usage);
  EXPECT_FALSE(fs::exists(path("v2.csv")));
}

TEST_F(CommandLineTest, AnImportIsCheckedExportedBackedUpAndRestored) {
  const std::string events = file("events.ndjson",
                                  "{\"type\":\"like\",\"actor\":\"u1\",\"subject\":\"v1\"}\n"
                                  "{\"type\":\"like\",\"actor\":\"u2\",\"subject\":\"v1\"}\n"
                                  "{\"type\":\"lick\",\"actor\":\"u3\",\"subject\":\"v1\"}\n");
  const Said first = zan({"import", "ndjson", events, "--data", path("d")});
  EXPECT_EQ(first.code, exit_findings);
  EXPECT_THAT(first.out, HasSubstr("accepted 2 events, 0 duplicates, 1 rows refused"));
  EXPECT_THAT(zan({"import", "ndjson", events, "--data", path("d"), "--restart"}).out,
              HasSubstr("accepted 0 events, 2 duplicates"));
  EXPECT_EQ(zan({"import", "csv", file("x.csv", "who,what\nu4,v1\n"), "--map", "type=const:like,actor=who,subject=what",
                 "--data", path("d")})
                .code,
            exit_ok);
  EXPECT_EQ(zan({"check", "--data", path("d")}).code, exit_ok);

  EXPECT_EQ(zan({"backup", "--data", path("d"), "--to", path("b")}).code, exit_ok);
  EXPECT_EQ(zan({"backup", "--data", path("d"), "--to", path("b")}).code, exit_failed);
  EXPECT_EQ(zan({"restore", "--from", path("b"), "--data", path("r"), "--erasures", path("d/erasures")}).code, exit_ok);
  const Said lived = zan({"export", "--data", path("d")});
  EXPECT_EQ(std::count(lived.out.begin(), lived.out.end(), '\n'), 3);
  EXPECT_EQ(zan({"export", "--data", path("r")}).out, lived.out);
  EXPECT_THAT(zan({"export", "--data", path("r"), "--user", "u4"}).out, HasSubstr("\"u4\""));

  EXPECT_EQ(zan({"export", "--data", path("r"), "--events", "--out", path("again.ndjson")}).code, exit_ok);
  EXPECT_THAT(zan({"import", "ndjson", path("again.ndjson"), "--data", path("other")}).out,
              HasSubstr("accepted 3 events"));
}

TEST_F(CommandLineTest, CheckNamesDamage) {
  ASSERT_EQ(zan({"import", "ndjson", file("e", "{\"type\":\"like\",\"actor\":\"u1\",\"subject\":\"v1\"}\n"), "--data",
                 path("d")})
                .code,
            exit_ok);
  for (const auto& entry : fs::directory_iterator(path("d/runs"))) {
    if (entry.path().filename() == "MANIFEST") continue;
    std::fstream damaged(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    damaged.seekp(static_cast<std::streamoff>(fs::file_size(entry.path()) / 2));
    damaged.put('\x55');
    damaged.put('\xaa');
  }
  EXPECT_EQ(zan({"check", "--data", path("d")}).code, exit_findings);
}

TEST_F(CommandLineTest, AModelIsNotTrainedFromNothing) {
  EXPECT_EQ(zan({"train", "--data", path("nowhere")}).code, exit_usage);
  EXPECT_EQ(zan({"model", "--data", path("d")}).code, exit_usage);
  fs::create_directory(path("empty"));
  EXPECT_EQ(zan({"train", "--data", path("empty")}).code, exit_failed) << "no data folder";
  EXPECT_FALSE(fs::exists(path("empty/integrity")));
  ASSERT_EQ(zan({"import", "ndjson", file("e", "{\"type\":\"like\",\"actor\":\"u1\",\"subject\":\"v1\"}\n"), "--data",
                 path("d")})
                .code,
            exit_ok);
  const Said trained = zan({"train", "--data", path("d"), "--out", path("m")});
  EXPECT_EQ(trained.code, exit_failed);
  EXPECT_THAT(trained.err, HasSubstr("0 confirmed cases with 0 likes; 10 cases with 100"));
  EXPECT_FALSE(fs::exists(path("m")));
  EXPECT_EQ(zan({"train", "--data", path("d"), "--until", "yesterday"}).code, exit_usage);
  EXPECT_EQ(zan({"train", "--data", path("d"), "--into", path("empty")}).code, exit_failed);
  EXPECT_THAT(zan({"model", "list", "--data", path("d")}).out, HasSubstr("there is no model yet"));
  EXPECT_EQ(zan({"model", "rollback", "--data", path("d")}).code, exit_failed);
  EXPECT_EQ(zan({"model", "activate", "--data", path("d"), "--version", "1"}).code, exit_failed);
  EXPECT_EQ(zan({"check", "--data", path("d")}).code, exit_ok);
}

TEST_F(CommandLineTest, TheAudienceIsMadeAnewAndFilesOfTagsAreChecked) {
  EXPECT_EQ(zan({"audience", "rebuild", "--data", path("none")}).code, exit_usage);
  ASSERT_EQ(zan({"import", "ndjson", file("e", "{\"type\":\"like\",\"actor\":\"u1\",\"subject\":\"v1\"}\n"), "--data",
                 path("d")})
                .code,
            exit_ok);
  EXPECT_FALSE(fs::exists(path("d/audience/state"))) << "an import leaves it to the server";
  EXPECT_EQ(zan({"audience", "rebuild", "--data", path("d")}).code, exit_ok);
  EXPECT_TRUE(fs::exists(path("d/audience/state")));
  EXPECT_EQ(zan({"audience", "rebuild", "--data", path("d"), "--resume"}).code, exit_ok);
  const std::string wrong = file("wrong.json", R"({"extends":"standard","tags":[{"name":"vip"}]})");
  EXPECT_THAT(zan({"audience", "check", wrong}).err, HasSubstr("/tags/0"));
  EXPECT_EQ(zan({"audience", "rebuild", "--data", path("d"), "--tags", wrong}).code, exit_usage);
  EXPECT_EQ(zan({"serve", "--data", path("d"), "--listen", "127.0.0.1:0", "--tags", wrong}).code, exit_usage);
  EXPECT_EQ(zan({"audience", "check", path("none.json")}).code, exit_failed);
  EXPECT_THAT(zan({"audience", "check", ZAN_SOURCE_DIR "/app/kuairand_tags.json"}).out, HasSubstr("2 purposes"));
  EXPECT_EQ(zan({"check", "--data", path("d")}).code, exit_ok);
}

TEST_F(CommandLineTest, PeopleWithTagsAreRowsOfAFileBesideTheTags) {
  const std::string rows = path("rows.csv"), tags = path("tags.json");
  const Said made = zan({"simulate", "--scenario", "audience", "--people", "2000", "--tags", "20", "--out", rows,
                         "--catalogue-out", tags});
  ASSERT_EQ(made.code, exit_ok) << made.err;
  EXPECT_THAT(zan({"audience", "check", tags}).out, HasSubstr("20 tags"));
  EXPECT_GT(fs::file_size(rows), 2000u);
  EXPECT_EQ(zan({"import", "tags", rows, "--source", "made up"}).code, exit_usage) << "wants a server";
  EXPECT_EQ(zan({"import", "tags", tags, "--source", "made up", "--server", "http://127.0.0.1:1"}).code, exit_failed)
      << "no rows of users and tags";
  EXPECT_EQ(zan({"import", "tags", rows, "--source", "made up", "--server", "http://127.0.0.1:1"}).code, exit_failed);
}

TEST_F(CommandLineTest, KeysAreMadeListedAndRevoked) {
  const Said made = zan({"key", "add", "ops", "--data", path("d"), "--scopes", "admin", "--rate", "5"});
  EXPECT_EQ(made.code, exit_ok);
  EXPECT_TRUE(made.out.starts_with("zan_"));
  EXPECT_EQ(zan({"key", "list", "--data", path("d")}).out, "ops\tadmin\t5 a second\n");
  EXPECT_EQ(zan({"key", "revoke", "nobody", "--data", path("d")}).code, exit_failed);
  EXPECT_EQ(zan({"key", "revoke", "ops", "--data", path("d")}).code, exit_ok);
  EXPECT_EQ(zan({"key", "list", "--data", path("d")}).out, "");
}

TEST_F(CommandLineTest, SimulatedEngagementStaysOnThisMachineAndDependsOnTheSeedAlone) {
  EXPECT_EQ(zan({"simulate", "--server", "http://192.0.2.1:80"}).code, exit_failed);
  const auto simulate = [&](const std::string& seed) {
    return zan({"simulate", "--out", "-", "--acts", "500", "--users", "20", "--subjects", "10", "--seed", seed}).out;
  };
  const std::string acts = simulate("5");
  EXPECT_EQ(std::count(acts.begin(), acts.end(), '\n'), 500);
  EXPECT_EQ(acts, simulate("5"));
  EXPECT_NE(acts, simulate("6"));
}

// The living server: found through its folder by the other commands, stopped by a signal, and whole afterwards.
TEST_F(CommandLineTest, AServerIsFilledBackedUpAndStopped) {
  auto serving = std::async(std::launch::async, [&] {
    return run_command_line({"serve", "--data", path("d"), "--listen", "127.0.0.1:0", "--log-level", "warn"});
  });
  std::optional<ServeFile> server;
  while (!(server = find_server(path("d"))) &&
         serving.wait_for(std::chrono::milliseconds(5)) != std::future_status::ready) {
  }
  ASSERT_TRUE(server);
  EXPECT_EQ(zan({"export", "--data", path("d")}).code, exit_failed);
  const Said trained = zan({"train", "--data", path("d")});
  EXPECT_EQ(trained.code, exit_failed);
  EXPECT_THAT(trained.err, HasSubstr("train from a backup of it"));
  const Said simulated =
      zan({"simulate", "--server", server->url, "--acts", "2000", "--users", "50", "--subjects", "20"});
  EXPECT_EQ(simulated.code, exit_ok);
  EXPECT_THAT(simulated.out, HasSubstr("accepted 2,000 events, 0 duplicates, 0 rows refused, 70 attributes"));
  const std::string events = file("e", "{\"type\":\"like\",\"actor\":\"u1\",\"subject\":\"v1\"}\nnonsense\n");
  const Said imported = zan({"import", "ndjson", events, "--server", server->url});
  EXPECT_EQ(imported.code, exit_findings);
  EXPECT_THAT(imported.out, HasSubstr("accepted 1 events, 0 duplicates, 1 rows refused"));
  EXPECT_THAT(zan({"import", "ndjson", events, "--server", server->url}).out,
              HasSubstr("accepted 0 events, 1 duplicates"));
  EXPECT_EQ(zan({"backup", "--data", path("d"), "--to", path("b")}).code, exit_ok);

  ::kill(::getpid(), SIGTERM);
  EXPECT_EQ(serving.get(), exit_ok);
  EXPECT_FALSE(fs::exists(path("d/serve.json")));
  EXPECT_EQ(zan({"check", "--data", path("d")}).code, exit_ok);
  EXPECT_EQ(zan({"restore", "--from", path("b"), "--data", path("r"), "--erasures", "none"}).code, exit_ok);
  const std::string lived = zan({"export", "--data", path("d")}).out;
  EXPECT_EQ(std::count(lived.begin(), lived.end(), '\n'), 2001);
  EXPECT_EQ(zan({"export", "--data", path("r")}).out, lived);
}

}  // namespace
}  // namespace zan::app
