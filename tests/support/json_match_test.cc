#include "support/json_match.h"

#include <gtest/gtest.h>

namespace zan::testing_support {
namespace {

bool matches(std::string_view expected, std::string_view actual, bool exact = false) {
  Captures captures;
  return !json_mismatch(expected, actual, exact, captures).has_value();
}

TEST(JsonMatch, is_a_subset_unless_exact) {
  EXPECT_TRUE(matches(R"({"a":1})", R"({"b":2,"a":1})"));
  EXPECT_FALSE(matches(R"({"a":1})", R"({"b":2,"a":1})", true));
  EXPECT_FALSE(matches(R"({"a":1,"c":null})", R"({"a":1})"));
  EXPECT_FALSE(matches(R"({"x":{"a":1}})", R"({"x":{"a":1,"b":2}})", true));
}

TEST(JsonMatch, tells_kinds_apart) {
  EXPECT_FALSE(matches(R"({"a":1})", R"({"a":"1"})"));
  EXPECT_FALSE(matches(R"({"a":"1"})", R"({"a":1})"));
  EXPECT_FALSE(matches(R"({"a":null})", R"({"a":false})"));
  EXPECT_FALSE(matches("{}", "[]"));
  EXPECT_FALSE(matches("[]", "{}"));
  EXPECT_FALSE(matches(R"({"a":null})", R"({"a":"null"})"));
}

TEST(JsonMatch, compares_arrays_in_order_and_length) {
  EXPECT_TRUE(matches("[1,2]", "[1,2]"));
  EXPECT_FALSE(matches("[1,2]", "[2,1]"));
  EXPECT_FALSE(matches("[1]", "[1,2]"));
}

TEST(JsonMatch, takes_stars_for_any_text_and_alone_for_any_value) {
  EXPECT_TRUE(matches(R"({"a":"*"})", R"({"a":[1]})"));
  EXPECT_TRUE(matches(R"({"a":"x*z"})", R"({"a":"xyz"})"));
  EXPECT_FALSE(matches(R"({"a":"x*z"})", R"({"a":"xyq"})"));
  EXPECT_FALSE(matches(R"({"a":"*1"})", R"({"a":11})"));
}

TEST(JsonMatch, captures_and_says_where_it_differs) {
  Captures captures;
  EXPECT_FALSE(json_mismatch(R"({"n":"{{=next}}"})", R"({"n":"abc"})", false, captures));
  EXPECT_EQ(captures["next"], "abc");
  EXPECT_EQ(json_mismatch(R"({"a":[{"b":1}]})", R"({"a":[{"b":2}]})", false, captures), "/a/0/b: expected 1, is 2");
  EXPECT_TRUE(json_mismatch("{}", "{", false, captures));
}

TEST(Glob, matches) {
  EXPECT_TRUE(glob_matches("a*b*c", "a--b--bc"));
  EXPECT_TRUE(glob_matches("", ""));
  EXPECT_FALSE(glob_matches("", "x"));
  EXPECT_FALSE(glob_matches("a*b", "a"));
}

}  // namespace
}  // namespace zan::testing_support
