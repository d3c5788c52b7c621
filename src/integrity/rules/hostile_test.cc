// Texts that nobody means well with, and every limit of limits.h.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integrity/rules/sim_catalogue.h"

namespace zan::integrity::rules {
namespace {

using testing::HasSubstr;

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string first_problem(std::string_view text, const Environment& environment = sim_environment()) {
  const Loaded loaded = load_ruleset(text, environment);
  return loaded.problems.empty() ? "" : to_text(loaded.problems.front());
}

std::string rule_of(std::string_view when) {
  return "rule r: when " + std::string(when) + " then hold because \"x\"\n";
}

TEST(RulesHostile, deep_nesting_ends_in_an_error) {
  for (const char* open : {"(", "not ", "-", "min(1, ", "not (", "- ("}) {
    EXPECT_THAT(first_problem(rule_of(repeated(open, 20'000))), HasSubstr("nested deeper than 100")) << open;
  }
  EXPECT_THAT(first_problem(rule_of("1" + repeated(" + 1", 20'000) + " > 1")), HasSubstr("nested deeper than 100"));
  EXPECT_THAT(first_problem(rule_of("true" + repeated(" or true", 20'000))), HasSubstr("nested deeper than 100"));
}

TEST(RulesHostile, a_definition_that_doubles_costs_one_value_each) {
  std::string text = "let a0 = follows\n";
  for (int i = 1; i <= 200; ++i) {
    const std::string before = "a" + std::to_string(i - 1);
    text += "let a" + std::to_string(i) + " = " + before + " + " + before + "\n";
  }
  const Loaded loaded = load_ruleset(text + rule_of("a200 > 1"), sim_environment());
  ASSERT_TRUE(loaded.ruleset);
  EXPECT_EQ(loaded.ruleset->program.instruction_count(), 201U);
}

TEST(RulesHostile, numbers_have_an_end) {
  EXPECT_THAT(first_problem(rule_of(repeated("9", 100'000) + " > 1")), HasSubstr("the number is too large"));
  EXPECT_THAT(first_problem(rule_of("9007199254740993 > 1")), testing::Not(HasSubstr("error")));  // reads as 2^53
  EXPECT_THAT(first_problem(rule_of("9007199254740994 > 1")), HasSubstr("the number is too large"));
  EXPECT_THAT(first_problem(rule_of("account_age < 3651d")), HasSubstr("the duration is too long"));
  EXPECT_THAT(first_problem(rule_of("account_age < 99999999999999999999999d")), HasSubstr("too large"));
}

TEST(RulesHostile, long_and_broken_texts_are_refused_at_once) {
  EXPECT_EQ(first_problem(std::string(1 << 20, 'a')),
            "1:1: error: the text has 1048576 bytes; at most 262144 are allowed");
  EXPECT_THAT(first_problem("rule r: when true then hold because \"" + std::string(200'000, 'x') + "\""),
              HasSubstr("a text of 200000 bytes; at most 1024 are allowed"));
  EXPECT_THAT(first_problem("let " + std::string(200'000, 'x') + " = 1"), HasSubstr("a name of 200000 letters"));
  for (const char* bytes :
       {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe4\xbd", "\x80", "\xf0\x80\x80\x80"})
    EXPECT_EQ(first_problem("# \n  " + std::string(bytes)), "2:3: error: the text is not UTF-8 from here on");
  EXPECT_THAT(first_problem(std::string("let a\0b = 1", 11)), HasSubstr("a character that means nothing here"));
  EXPECT_THAT(first_problem("rule r: when true then hold because \"a\x01\""), HasSubstr("a control character"));
  EXPECT_THAT(first_problem("rule r: when true then hold because \"a\\b\""), HasSubstr("an unknown escape"));
  EXPECT_THAT(first_problem("rule r: when true then hold because \"\\\""), HasSubstr("does not end on its line"));
}

TEST(RulesHostile, many_mistakes_are_cut_at_fifty) {
  EXPECT_EQ(load_ruleset(repeated("rule\n", 50'000), sim_environment()).problems.size(), problems_max);
  EXPECT_EQ(load_ruleset(repeated("$", 200'000), sim_environment()).problems.size(), problems_max);
  std::string unknown;
  for (int i = 0; i < 1000; ++i) unknown += "let a" + std::to_string(i) + " = bogus" + std::to_string(i) + "\n";
  EXPECT_EQ(load_ruleset(unknown, sim_environment()).problems.size(), problems_max);
}

TEST(RulesHostile, every_count_has_its_limit) {
  std::string rules;
  for (int i = 0; i <= 512; ++i) rules += "rule r" + std::to_string(i) + ": when true then tag \"t\" because \"\"\n";
  EXPECT_THAT(first_problem(rules), HasSubstr("there are more than 512 rules"));
  std::string lets;
  for (int i = 0; i <= 1024; ++i) lets += "let a" + std::to_string(i) + " = 1\n";
  EXPECT_THAT(first_problem(lets), HasSubstr("there are more than 1024 definitions"));
  EXPECT_THAT(first_problem(rule_of("true") + repeated("test r: expect hold\n", 1025)),
              HasSubstr("more than 1024 tests"));
  EXPECT_THAT(first_problem("rule r: when true then hold" + repeated(", tag \"a\"", 8) + " because \"\""),
              HasSubstr("more than 8 actions"));
  EXPECT_THAT(first_problem(rule_of("true") + "test r: expect hold" + repeated(", hold", 8)),
              HasSubstr("more than 8 expectations"));
  EXPECT_THAT(
      first_problem(rule_of("true") + "test r: given follows = 1" + repeated(", follows = 1", 64) + " expect hold"),
      HasSubstr("a test with more than 64 values"));
  EXPECT_THAT(first_problem("set s = {1" + repeated(", 1", 1000) + "}"), HasSubstr("a set of more than 1000 members"));
  EXPECT_THAT(first_problem(rule_of("min(1" + repeated(", 1", 16) + ") > 1")), HasSubstr("more than 16 arguments"));
  EXPECT_THAT(first_problem("rule r: when true then hold because \"" + repeated("{1}", 7) + "\""),
              HasSubstr("a reason has at most 6 values"));
  EXPECT_THAT(first_problem("rule r: when true then hold because \"{1}{2}{3}{4}\" zh \"{5}{6}{7}\""),
              HasSubstr("the reasons of a rule have at most 6 values"));
}

TEST(RulesHostile, loaded_sets_features_and_registers_have_their_limits) {
  Environment small = sim_environment();
  small.limits.loaded_set = 1;
  EXPECT_THAT(first_problem("set s = load \"office_networks\" " + rule_of("network in s"), small),
              HasSubstr("the loaded set has 2 members; at most 1 are allowed"));
  small.limits.features = 1;
  EXPECT_THAT(first_problem(rule_of("follows > 1 and has_avatar"), small),
              HasSubstr("the rules read 2 features; at most 1 are allowed"));
  Environment dear = sim_environment();
  dear.limits.cost = ~std::uint64_t{0};
  std::string text;
  for (int r = 0; r < 140; ++r) {
    std::string sum = "follows";
    for (int i = 0; i < 60; ++i) sum += " + " + std::to_string(r * 100 + i);
    text += "rule r" + std::to_string(r) + ": when " + sum + " > 0 then hold because \"\"\n";
  }
  EXPECT_THAT(first_problem(text, dear), HasSubstr("different values; at most 8192 are allowed"));
}

TEST(RulesHostile, what_costs_too_much_is_refused_with_the_numbers) {
  Environment cheap = sim_environment();
  cheap.limits.cost = 26;
  const std::string text = rule_of("distinct(actor, device, 1h) > count(like, device, 1h) + 2");
  EXPECT_EQ(
      first_problem(text, cheap),
      "1:1: error: an act costs 27 at worst, and at most 26 is allowed: 2 features 24, 2 instructions 2, 1 rules 1; "
      "the dearest features: distinct(actor, device, 1h) 20, count(like, device, 1h) 4");
  cheap.limits.cost = 27;
  EXPECT_EQ(first_problem(text, cheap), "");
}

}  // namespace
}  // namespace zan::integrity::rules
