#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace zan {
namespace {

Result<int> half(int value) {
  if (value % 2 != 0) return invalid("odd", "/value");
  return value / 2;
}

Result<int> quarter(int value) {
  ZAN_ASSIGN(const int once, half(value));
  ZAN_ASSIGN(const int twice, half(once));
  return twice;
}

Result<void> check(int value) {
  ZAN_TRY(half(value));
  return {};
}

TEST(Result, carries_a_value_or_an_error) {
  EXPECT_EQ(*half(4), 2);
  const auto odd = half(3);
  ASSERT_FALSE(odd.ok());
  EXPECT_EQ(odd.error().kind, ErrorKind::invalid);
  EXPECT_EQ(odd.error().message, "odd");
  EXPECT_EQ(odd.error().field, "/value");
}

TEST(Result, macros_leave_with_the_error) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_FALSE(quarter(6).ok());
  EXPECT_TRUE(check(2).ok());
  EXPECT_FALSE(check(1).ok());
}

TEST(Result, moves_what_cannot_be_copied) {
  Result<std::unique_ptr<int>> made = std::make_unique<int>(5);
  const std::unique_ptr<int> taken = std::move(made).value();
  EXPECT_EQ(*taken, 5);
}

TEST(Result, every_kind_has_a_name) {
  for (int kind = 0; kind <= static_cast<int>(ErrorKind::unsupported); ++kind)
    EXPECT_STRNE(to_string(static_cast<ErrorKind>(kind)), "unknown");
}

TEST(ResultDeath, a_wrong_question_ends_the_program) {
  const auto odd = half(3);
  const auto even = half(4);
  EXPECT_DEATH((void)odd.value(), "value\\(\\) of a failed Result");
  EXPECT_DEATH((void)even.error(), "error\\(\\) of a good Result");
  EXPECT_DEATH(require(false, "one is one"), "requirement broken: one is one");
}

}  // namespace
}  // namespace zan
