#include "api/integrity_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace zan::api {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t day_2026_01_01 = 20'454;

Timestamp at_day(std::int64_t day) {
  return {day * us_per_day + 1};
}

TEST(IntegrityReport, DaysBecomeMonthsNewestFirst) {
  const auto months = months_of({{.day = day_2026_01_01 - 1, .found = 1, .appeals = 1},
                                 {.day = day_2026_01_01, .found = 2},
                                 {.day = day_2026_01_01 + 30, .found = 4},
                                 {.day = day_2026_01_01 + 31, .found = 8}});
  ASSERT_EQ(months.size(), 3U);
  EXPECT_TRUE(months[0].is(2026, 2) && months[1].is(2026, 1) && months[2].is(2025, 12));
  EXPECT_EQ(months[0].sum.found, 8U);
  EXPECT_EQ(months[1].sum.found, 6U);
  EXPECT_EQ(months[2].sum.appeals, 1U);
}

TEST(IntegrityReport, TheNewestMonthsOnly) {
  std::vector<engine::IntegrityDay> days;
  for (std::int64_t month = 0; month < 40; ++month) days.push_back({.day = 31 * month, .found = 1});
  const auto months = months_of(days);
  EXPECT_EQ(months.size(), report_months_max);
  EXPECT_TRUE(months_of({}).empty());
  EXPECT_TRUE(months_of({{.day = -1}}).front().is(1969, 12));
}

// A month that goes on would show each single case as it comes.
TEST(IntegrityReport, OnlyMonthsThatAreOverArePublic) {
  const auto months = months_of(
      {{.day = day_2026_01_01 - 1, .found = 7}, {.day = day_2026_01_01, .found = 9}, {.day = day_2026_01_01 + 400}});
  EXPECT_EQ(public_months(months, at_day(day_2026_01_01 - 1)).size(), 0U);
  EXPECT_EQ(public_months(months, at_day(day_2026_01_01)).size(), 1U);
  EXPECT_EQ(public_months(months, at_day(day_2026_01_01 + 31)).size(), 2U);
  EXPECT_EQ(*public_months(months, at_day(day_2026_01_01)).front().found, 7U);
}

TEST(IntegrityReport, SmallCountsAreNotTold) {
  for (std::uint64_t count = 1; count < public_count_min; ++count) EXPECT_EQ(public_count(count), std::nullopt);
  EXPECT_EQ(public_count(0), PublicCount(0));
  EXPECT_EQ(public_count(public_count_min), PublicCount(public_count_min));
}

RC_GTEST_PROP(IntegrityReportProperties, NoSmallCountIsInAnyPublicForm, ()) {
  const auto small = *rc::gen::inRange<std::uint64_t>(1, public_count_min);
  engine::IntegrityDay day{.day = day_2026_01_01};
  std::uint64_t* const counts[] = {
      &day.found,      &day.confirmed,          &day.cleared,    &day.appeals,       &day.decisions,
      &day.overturned, &day.overturned_in_part, &day.likes_held, &day.likes_removed, &day.likes_restored};
  for (std::uint64_t* count : counts) *count = *rc::gen::element<std::uint64_t>(0, small, 77);
  const auto months = public_months(months_of({day}), at_day(day_2026_01_01 + 40));
  const std::string json = render_public_report(months);
  RC_ASSERT(json.find(":" + std::to_string(small) + ",") == std::string::npos);
  RC_ASSERT(json.find(":" + std::to_string(small) + "}") == std::string::npos);
  RC_ASSERT(render_report_page(months, false).find("<td>" + std::to_string(small) + "</td>") == std::string::npos);
}

}  // namespace
}  // namespace zan::api
