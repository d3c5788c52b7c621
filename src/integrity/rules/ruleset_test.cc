// The language as its authors meet it: what is understood, what is refused and in which words, and what an act gets.
#include "integrity/rules/ruleset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integrity/rules/reason.h"
#include "integrity/rules/sim_catalogue.h"

namespace zan::integrity::rules {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string problems_of(std::string_view text, const Environment& environment = sim_environment()) {
  const Loaded loaded = load_ruleset(text, environment);
  std::string all;
  for (const Problem& problem : loaded.problems) all += to_text(problem) + "\n";
  return all;
}

std::shared_ptr<const Ruleset> good(std::string_view text, const Environment& environment = sim_environment()) {
  Loaded loaded = load_ruleset(text, environment);
  EXPECT_TRUE(loaded.ruleset) << problems_of(text, environment);
  return loaded.ruleset;
}

std::string rule_of(std::string_view when, std::string_view then = "hold") {
  return "rule r: when " + std::string(when) + " then " + std::string(then) + " because \"x\"\n";
}

// Judges with the features named as rules write them; the others are zero.
Verdict judge(const Ruleset& ruleset, const std::map<std::string, Value>& given) {
  std::vector<Value> values;
  for (const FeatureRef& ref : ruleset.program.features()) {
    const auto at = given.find(to_text(sim_catalogue(), ref));
    values.push_back(at == given.end() ? Value{} : at->second);
  }
  Evaluator evaluator(ruleset.program);
  return evaluator.judge(values);
}

bool matches(std::string_view when, const std::map<std::string, Value>& given = {}) {
  const auto ruleset = good(rule_of(when));
  return ruleset && judge(*ruleset, given).has(0);
}

TEST(RulesCatalogue, of_the_tests_is_good_and_bad_ones_are_refused) {
  EXPECT_TRUE(check_catalogue(sim_catalogue()).ok());
  EXPECT_FALSE(check_catalogue({{{"rule"}}, {}}).ok());
  EXPECT_FALSE(check_catalogue({{{"a b"}}, {}}).ok());
  EXPECT_FALSE(check_catalogue({{{"a"}, {"a"}}, {}}).ok());
  EXPECT_FALSE(check_catalogue({{{"a", Type::id_set}}, {}}).ok());
  EXPECT_FALSE(check_catalogue({{}, {{CounterForm::count, "like", 0}}}).ok());
  EXPECT_FALSE(check_catalogue({{}, {{CounterForm::count, "like", 7}}}).ok());
}

TEST(Ruleset, the_example_passes_its_tests_and_says_why) {
  const auto ruleset = good(sim_rules);
  ASSERT_TRUE(ruleset);
  EXPECT_THAT(run_tests(*ruleset), IsEmpty());
  EXPECT_EQ(problems_of(sim_rules), "");
  const Verdict verdict =
      judge(*ruleset, {{"count(like, device, 1m)", Value::of(31.0)}, {"account_age", Value::of(5'400'000.0)}});
  EXPECT_EQ(verdict.action, Action::hold);
  EXPECT_EQ(verdict.score, 20);
  ASSERT_EQ(verdict.reason_count, 1);
  const RuleInfo& rule = ruleset->program.rules()[verdict.reasons[0].rule];
  EXPECT_EQ(render_reason(rule, verdict.reasons[0], Language::english),
            "31 likes in a minute from one device, account 1h 30m old");
  EXPECT_EQ(render_reason(rule, verdict.reasons[0], Language::chinese),
            "一分钟内同一设备点赞31次，帐号年龄1小时30分钟");
  EXPECT_THAT(tags_of(ruleset->program, verdict), ElementsAre("burst"));
}

TEST(Ruleset, a_feature_is_read_once_for_all_rules_and_only_if_one_needs_it) {
  const auto ruleset = good(rule_of("count(like, device, 1m) > 3 and follows > 1") +
                            "rule s: when count(like, device, 1m) > 3 or (false and night_share > 1) then reject "
                            "because \"{follows}{count(like, device, 1m)}\"");
  ASSERT_TRUE(ruleset);
  EXPECT_EQ(ruleset->program.features().size(), 2U);
  EXPECT_EQ(ruleset->program.instruction_count(), 3U);
  EXPECT_EQ(ruleset->program.cost(), 4U + 2U + 3U + 2U);
}

TEST(Ruleset, allow_protects_and_reject_is_stronger_than_hold) {
  const auto ruleset = good(
      "rule a: when follows > 1 then hold because \"a\" rule b: when follows > 2 then reject because \"b\""
      "rule c: when follows > 3 then allow because \"c\" rule d: when follows > 0 then tag \"t\", score -1 because "
      "\"d\"");
  ASSERT_TRUE(ruleset);
  const auto with = [&](double follows) { return judge(*ruleset, {{"follows", Value::of(follows)}}); };
  EXPECT_EQ(with(0).action, Action::none);
  EXPECT_EQ(with(1).action, Action::none);
  EXPECT_EQ(with(1).score, -1);
  EXPECT_EQ(with(2).action, Action::hold);
  EXPECT_EQ(with(3).action, Action::reject);
  const Verdict all = with(4);
  EXPECT_EQ(all.action, Action::allow);
  EXPECT_EQ(all.matched_count, 4);
  EXPECT_EQ(all.reasons[0].rule, 2);  // the one that decided comes first
  EXPECT_EQ(all.reasons[1].rule, 0);
}

TEST(Ruleset, gives_five_reasons_at_most) {
  std::string text;
  for (char c = 'a'; c < 'a' + 7; ++c)
    text += std::string("rule ") + c + ": when follows >= 0 then hold because \"{follows}\"\n";
  const auto ruleset = good(text);
  ASSERT_TRUE(ruleset);
  const Verdict verdict = judge(*ruleset, {{"follows", Value::of(8.0)}});
  EXPECT_EQ(verdict.matched_count, 7);
  EXPECT_EQ(verdict.reason_count, reasons_max);
  EXPECT_EQ(verdict.reasons[4].values[0].number(), 8);
}

TEST(Ruleset, computes_as_it_says) {
  EXPECT_TRUE(matches("1 + 2 * 3 == 7 and (1 + 2) * 3 == 9 and 7 - 2 - 1 == 4 and 8 / 4 / 2 == 1 and -2 < - 1"));
  EXPECT_TRUE(matches("not false and not not true and (true or false and false)"));
  EXPECT_TRUE(matches("min(3, 1, 2) == 1 and max(3, 1.5) == 3 and abs(-2s) == 2s and abs(0 - 1) == 1"));
  EXPECT_TRUE(matches("1 / 0 == 0 and ratio(1, 0) == 0 and ratio(1, 0, 5) == 5 and ratio(1, 2, 5) == 0.5"));
  EXPECT_TRUE(
      matches("90s == 1m + 30s and 1d == 24h and 1h * 2 == 2h and 1h / 2 == 30m and 1h / 30m == 2 and 1s == 1000ms"));
  EXPECT_TRUE(matches(
      "\"a\" in {\"b\", \"a\"} and \"c\" not in {\"b\", \"a\"} and 3 in {1, 2, 3} and -1 in {-1} and 0 in {0}"));
  EXPECT_FALSE(matches("1 in {2} or 0 in {1}"));
  EXPECT_TRUE(matches("network == \"n\" and network != \"m\"", {{"network", Value::of_id(sim_id("n"))}}));
  EXPECT_TRUE(matches("has_avatar == true", {{"has_avatar", Value::of(7.0)}}));
}

TEST(Ruleset, results_are_finite_whatever_comes_in) {
  const double inf = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(matches("night_share == 0", {{"night_share", Value::of(nan)}}));
  EXPECT_TRUE(
      matches("night_share > 1 and night_share - night_share == 0 and night_share * night_share == night_share and "
              "night_share * night_share - night_share * 2 == 0",
              {{"night_share", Value::of(inf)}}));
}

TEST(Ruleset, says_where_and_what_and_what_was_meant) {
  EXPECT_EQ(
      problems_of("rule r: when folows > 3 then hold because \"x\""),
      "1:14: error: an unknown name; found \"folows\", expected a feature or a definition; did you mean follows?\n");
  EXPECT_EQ(problems_of("# 好\nrule 好: when true"),
            "2:6: error: a character that means nothing here; found \"好\"\n"
            "2:7: error: a name is missing; found \":\", expected the name of a rule\n");
  EXPECT_THAT(
      problems_of(rule_of("count(like, devise, 1m) > 1")),
      HasSubstr("1:26: error: no key of a counter; found \"devise\", expected actor, subject, creator, device or "
                "network; did you mean device?"));
  EXPECT_THAT(problems_of(rule_of("count(like, device, 2m) > 1")),
              HasSubstr("1:34: error: no window of a counter; found \"2m\", expected 1m, 5m, 1h, 6h, 1d, 7d or 30d"));
  EXPECT_THAT(problems_of(rule_of("count(lik, device, 1m) > 1")), HasSubstr("did you mean like?"));
  EXPECT_THAT(problems_of(rule_of("count(like, creator, actor, 1m) > 1")),
              HasSubstr("for this word: device over 1m 5m 1h 6h 1d 7d 30d; actor over 1m 5m 1h 6h 1d 7d 30d; actor, "
                        "creator over 1h 6h 1d 7d"));
  EXPECT_THAT(
      problems_of(rule_of("follows > 2d")),
      HasSubstr("types that do not go together; found a whole number and a duration, expected two numbers or two "
                "durations"));
  EXPECT_THAT(problems_of(rule_of("follows")), HasSubstr("found a whole number, expected a truth value"));
  EXPECT_THAT(problems_of(rule_of("follows = 2")),
              HasSubstr("a single = only names things; found \"=\"; did you mean ==?"));
  EXPECT_THAT(problems_of(rule_of("1 < follows < 3")), HasSubstr("comparisons do not chain"));
  EXPECT_THAT(problems_of(rule_of("true && false")), HasSubstr("did you mean and?"));
  EXPECT_THAT(problems_of(rule_of("true", "holt")),
              HasSubstr("no action; found \"holt\", expected allow, reject, hold, score, tag; did you mean hold?"));
  EXPECT_THAT(problems_of("rul r: when"), HasSubstr("expected let, set, rule or test; did you mean rule?"));
  EXPECT_THAT(problems_of(rule_of("account_age > 1.5d")), HasSubstr("a duration is a whole number of its unit"));
  EXPECT_THAT(problems_of(rule_of("account_age > 5w")), HasSubstr("expected one of the units ms, s, m, h, d"));
  EXPECT_THAT(problems_of(rule_of("mni(1, 2) > 1")), HasSubstr("did you mean min?"));
}

TEST(Ruleset, finds_several_mistakes_in_one_look) {
  const std::string all = problems_of(
      "let a = 1 +\n"
      "let b = a + bogus1\n"
      "rule r: when a > bogus2 then hold because \"{bogus3}\"\n"
      "rule s: when then hold because \"\"\n"
      "test r: given follows = true expect hold\n"
      "test s: expect hold\n");
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 6) << all;
  for (const char* place : {"2:1: ", "2:13: ", "3:18: ", "3:45: ", "4:14: ", "5:25: "})
    EXPECT_THAT(all, HasSubstr(place));
}

TEST(Ruleset, names_are_given_once_and_before_their_use) {
  EXPECT_THAT(problems_of("let a = 1 let a = 2 " + rule_of("a > 1")), HasSubstr("a name is given once"));
  EXPECT_THAT(problems_of("let follows = 1 " + rule_of("follows > 1")), HasSubstr("a feature has this name already"));
  EXPECT_THAT(problems_of("let min = 1 " + rule_of("min > 1")), HasSubstr("a function has this name already"));
  EXPECT_THAT(problems_of("let a = b let b = 1 " + rule_of("a > 1")), HasSubstr("used before its definition"));
  EXPECT_THAT(problems_of("let a = a " + rule_of("a > 1")), HasSubstr("used before its definition"));
  EXPECT_THAT(problems_of(rule_of("true") + rule_of("true")), HasSubstr("there is a rule of this name already"));
  EXPECT_THAT(problems_of("let when = 1"), HasSubstr("this word has a meaning"));
  EXPECT_EQ(problems_of("let a = follows " + rule_of("follows > 1")), "1:5: warning: \"a\" is defined and not used\n");
  EXPECT_THAT(problems_of(rule_of("1 > 2")), HasSubstr("warning: the rule \"r\" matches no act"));
}

TEST(Ruleset, sets_reasons_and_actions_have_their_rules) {
  EXPECT_THAT(problems_of("set s = load \"ofice_networks\" " + rule_of("network in s")),
              HasSubstr("did you mean office_networks?"));
  EXPECT_THAT(problems_of("set s = {1, \"a\"} " + rule_of("true")), HasSubstr("texts or whole numbers, not both"));
  EXPECT_THAT(problems_of("set s = {1} " + rule_of("network in s")), HasSubstr("types that do not go together"));
  EXPECT_THAT(problems_of("set s = {1} rule r: when true then hold because \"{s}\""),
              HasSubstr("a set cannot be shown"));
  EXPECT_THAT(problems_of("rule r: when true then hold because \"{follows\""), HasSubstr("the brace is not closed"));
  EXPECT_THAT(problems_of("rule r: when true then hold because \"a}\""), HasSubstr("closes nothing"));
  EXPECT_THAT(problems_of("rule r: when true then hold because \"{1 2}\""), HasSubstr("one value stands in braces"));
  EXPECT_THAT(problems_of(rule_of("true", "hold, reject")), HasSubstr("a rule has one of allow, reject and hold"));
  EXPECT_THAT(problems_of(rule_of("true", "score 1, score 2")), HasSubstr("a rule has one score"));
  EXPECT_THAT(problems_of(rule_of("true", "allow enforce after random(0s..1m)")),
              HasSubstr("only what holds or rejects"));
  EXPECT_THAT(problems_of(rule_of("true", "hold enforce after random(2s..1s)")), HasSubstr("ends before it begins"));
  EXPECT_THAT(problems_of("rule r: when true then hold"), HasSubstr("expected \"because\""));
  EXPECT_THAT(problems_of(""), HasSubstr("there is no rule"));
}

TEST(Ruleset, tests_that_fail_say_what_came_instead) {
  const auto ruleset = good(rule_of("follows > 3") + "test r: given follows = 3 expect hold, score 2");
  ASSERT_TRUE(ruleset);
  EXPECT_THAT(run_tests(*ruleset), ElementsAre("test r: expected hold, got none (matched: no rule)",
                                               "test r: expected score 2 and not 0, got none (matched: no rule)"));
  EXPECT_THAT(problems_of(rule_of("true") + "test s: expect hold"), HasSubstr("expected the name of a rule"));
  EXPECT_THAT(problems_of(rule_of("follows > 1") + "test r: given follows = 2d expect hold"),
              HasSubstr("found a duration, expected a whole number"));
}

TEST(Ruleset, comments_spacing_and_spelling_do_not_change_the_digest) {
  const auto a = good("rule r: when ((follows > 3)) and account_age<60s then hold because \"x\" # why");
  const auto b = good("rule r:\n when follows > 3 and (account_age < 1m)\n then hold\n because \"x\"");
  const auto c = good("rule r:\n when follows > 3 and (account_age < 2m)\n then hold\n because \"x\"");
  ASSERT_TRUE(a && b && c);
  EXPECT_EQ(a->id, b->id);
  EXPECT_NE(a->id, c->id);
  EXPECT_EQ(*parse_ruleset_id(to_text(a->id)), a->id);
  EXPECT_EQ(a->canonical, "rule r:\n  when follows > 3 and account_age < 1m\n  then hold\n  because \"x\"\n");
  EXPECT_EQ(good(good(sim_rules)->canonical)->id, good(sim_rules)->id);
}

TEST(Ruleset, the_delay_is_the_same_each_time_and_spread_over_the_parties) {
  const auto ruleset =
      good(rule_of("true", "hold enforce after random(1m..2m)") + "rule s: when follows > 3 then hold because \"\"");
  ASSERT_TRUE(ruleset);
  const Verdict late = judge(*ruleset, {});
  const Verdict now = judge(*ruleset, {{"follows", Value::of(4.0)}});
  std::int64_t least = 1 << 30;
  std::int64_t most = 0;
  for (std::uint64_t party = 0; party < 1000; ++party) {
    const std::int64_t delay = enforce_after_ms(ruleset->program, late, sim_id_key, party);
    EXPECT_EQ(delay, enforce_after_ms(ruleset->program, late, sim_id_key, party));
    EXPECT_EQ(enforce_after_ms(ruleset->program, now, sim_id_key, party), 0);
    least = std::min(least, delay);
    most = std::max(most, delay);
  }
  EXPECT_GE(least, 60'000);
  EXPECT_LT(least, 61'000);
  EXPECT_LE(most, 120'000);
  EXPECT_GT(most, 119'000);
}

TEST(RulesReason, values_are_written_in_one_way) {
  const auto number = [](double value) { return render_value(Value::of(value), Type::number, Language::english); };
  EXPECT_EQ(number(0.1), "0.1");
  EXPECT_EQ(number(2.0625 / 1000), "0.002");
  EXPECT_EQ(number(0.0625), "0.062");  // a tie goes to the even digit
  EXPECT_EQ(number(0.1875), "0.188");
  EXPECT_EQ(number(1234567.5), "1234567.5");
  EXPECT_EQ(number(-0.0001), "0");
  const auto duration = [](double ms) { return render_value(Value::of(ms), Type::duration, Language::english); };
  EXPECT_EQ(duration(0), "0s");
  EXPECT_EQ(duration(999), "0s");
  EXPECT_EQ(duration(-61'000), "-1m 1s");
  EXPECT_EQ(duration(86'400'000.0 * 3 + 60'000), "3d");
  EXPECT_EQ(render_value(Value::of_id(255), Type::id, Language::english), "00000000000000ff");
}

}  // namespace
}  // namespace zan::integrity::rules
