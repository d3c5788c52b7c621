#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>

#include "zan/command_fixture.h"
#include "zan/exit_code.h"

namespace zan::app {
namespace {

using testing::HasSubstr;

class EvaluateTest : public CommandFixture {
 protected:
  // Two circles of forty, each of which takes up ten items of its own; of everybody's seven, two are to be foreseen.
  void SetUp() override {
    std::string train, test;
    for (int user = 0; user < 80; ++user) {
      const int first = user < 40 ? 0 : 10;
      train += std::to_string(user);
      for (int i = 0; i < 5; ++i) train += fmt::format(" {}", first + (user * 3 + i) % 10);
      test += fmt::format("{} {} {}\n", user, first + (user * 3 + 5) % 10, first + (user * 3 + 6) % 10);
      train += '\n';
    }
    train_ = file("train", train);
    test_ = file("test", test);
  }
  Said evaluate(std::vector<std::string> more) const {
    std::vector<std::string> all{"evaluate", "--train", train_, "--test", test_, "--k", "5", "--seconds", "30"};
    all.insert(all.end(), more.begin(), more.end());
    return zan(all);
  }

  // Less than nothing: it is not there.
  static double figure(const std::string& json, const std::string& key) {
    const std::size_t at = json.find('"' + key + "\":");
    return at == std::string::npos ? -1 : std::strtod(json.c_str() + at + key.size() + 3, nullptr);
  }

  std::string train_, test_;
};

TEST_F(EvaluateTest, ItsLastLineIsTheFiguresAsJson) {
  const Said said = evaluate({"--json"});
  ASSERT_EQ(said.code, exit_ok) << said.err;
  EXPECT_EQ(std::count(said.out.begin(), said.out.end(), '\n'), 1) << said.out;
  // Within the circle there are five items that somebody does not have: any model that sees the circles has them all.
  EXPECT_TRUE(said.out.starts_with(R"({"recall":1.000000,"ndcg":)")) << said.out;
  EXPECT_GT(figure(said.out, "ndcg"), 0.5);
  EXPECT_LE(figure(said.out, "ndcg"), 1);
  for (const char* key : {"train_s", "choose_s"}) EXPECT_GE(figure(said.out, key), 0) << key;
  EXPECT_GT(figure(said.out, "peak_mb"), 0);
  EXPECT_TRUE(said.out.ends_with("}\n"));

  const Said table = evaluate({"--threads", "1"});
  ASSERT_EQ(table.code, exit_ok) << table.err;
  EXPECT_THAT(table.out, HasSubstr("80 users, 20 items, 400 pairs to learn from, 160 to foresee"));
  EXPECT_THAT(table.out, HasSubstr("\npopularity "));
  const std::string last = table.out.substr(table.out.rfind('\n', table.out.size() - 2) + 1);
  EXPECT_EQ(last.substr(0, last.find("\"train_s\"")), said.out.substr(0, said.out.find("\"train_s\"")))
      << "whatever the threads";
}

TEST_F(EvaluateTest, AFoldersPastIsForetoldByTimeIfThereAreShowings) {
  const std::string data = path("data");
  ASSERT_EQ(zan({"evaluate", "--data", data}).code, exit_usage) << "there is none";
  const std::string events = file("e", "{\"type\":\"like\",\"actor\":\"u1\",\"subject\":\"v1\"}\n");
  ASSERT_EQ(zan({"import", "ndjson", events, "--data", data}).code, exit_ok);
  const Said said = zan({"evaluate", "--data", data});
  EXPECT_EQ(said.code, exit_failed);
  EXPECT_THAT(said.err, HasSubstr("0 showings are on record"));
  EXPECT_EQ(zan({"evaluate", "--data", data, "--train", train_}).code, exit_usage);
  EXPECT_EQ(zan({"evaluate", "--train", train_}).code, exit_usage);
  EXPECT_EQ(zan({"evaluate"}).code, exit_usage);
}

TEST_F(EvaluateTest, AFileThatCannotBeReadIsNamedWithThePlace) {
  train_ = file("odd", "1 2 3\n2 x\n");
  EXPECT_THAT(evaluate({}).err, HasSubstr("odd:2: expected the number of an item, not \"x\""));
  train_ = path("none");
  EXPECT_EQ(evaluate({}).code, exit_failed);
  train_ = file("empty", "");
  EXPECT_THAT(evaluate({"--json"}).out, HasSubstr(R"("model":"popularity")")) << "nothing to learn from is no failure";
  EXPECT_EQ(evaluate({"--k", "0"}).code, exit_usage);
}

}  // namespace
}  // namespace zan::app
