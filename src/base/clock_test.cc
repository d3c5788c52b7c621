#include "base/clock.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace zan {
namespace {

TEST(Clock, reads_rfc3339) {
  struct Case {
    const char* text;
    std::int64_t us;
  };
  for (const auto& [text, us] : {
           Case{"1970-01-01T00:00:00Z", 0},
           Case{"2022-04-25T15:05:41.436Z", 1'650'899'141'436'000},
           Case{"2022-04-25 15:05:41.436z", 1'650'899'141'436'000},
           Case{"2022-04-25t23:05:41.436+08:00", 1'650'899'141'436'000},
           Case{"2022-04-25T10:35:41.436-04:30", 1'650'899'141'436'000},
           Case{"2022-04-25T15:05:41.4361239Z", 1'650'899'141'436'123},  // digits past microseconds are cut
           Case{"2000-02-29T12:00:00Z", 951'825'600'000'000},
           Case{"2016-12-31T23:59:60Z", 1'483'228'800'000'000},  // a leap second is the next one's start
           Case{"1970-01-01T01:00:00+01:00", 0},
       }) {
    const auto parsed = parse_rfc3339(text);
    ASSERT_TRUE(parsed.ok()) << text;
    EXPECT_EQ(parsed->us, us) << text;
  }
}

TEST(Clock, refuses_everything_else) {
  for (const char* text : {"",
                           "2022",
                           "2022-04-25",
                           "2022-04-25T15:05Z",
                           "2022-04-25T15:05:41",
                           "2022-04-25T15:05:41.Z",
                           "2022-04-25T15:05:41,5Z",
                           "2022-13-25T15:05:41Z",
                           "2022-00-25T15:05:41Z",
                           "2022-04-31T15:05:41Z",
                           "2022-04-00T15:05:41Z",
                           "2021-02-29T15:05:41Z",
                           "1900-02-29T15:05:41Z",
                           "2022-04-25T24:05:41Z",
                           "2022-04-25T15:60:41Z",
                           "2022-04-25T15:05:61Z",
                           "2022-04-25T15:05:41Z ",
                           " 2022-04-25T15:05:41Z",
                           "2022-04-25T15:05:41+0800",
                           "2022-04-25T15:05:41+24:00",
                           "2022-04-25T15:05:41+08:60",
                           "2022-04-25X15:05:41Z",
                           "+022-04-25T15:05:41Z",
                           "1969-12-31T23:59:59Z",
                           "1970-01-01T00:00:00+00:01",
                           "2112-08-08T00:00:00Z",
                           "9999-12-31T23:59:59Z"}) {
    const auto parsed = parse_rfc3339(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().kind, ErrorKind::invalid) << text;
  }
}

TEST(Clock, writes_milliseconds_and_more_only_when_there_is_more) {
  EXPECT_EQ(to_rfc3339({0}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339({1}), "1970-01-01T00:00:00.000001Z");
  EXPECT_EQ(to_rfc3339({1'650'899'141'436'000}), "2022-04-25T15:05:41.436Z");
  EXPECT_EQ(parse_rfc3339(to_rfc3339(timestamp_max)).value(), timestamp_max);
}

RC_GTEST_PROP(Clock, a_written_time_reads_back, (std::uint64_t any)) {
  const Timestamp at{static_cast<std::int64_t>(any % static_cast<std::uint64_t>(timestamp_max.us + 1))};
  const auto parsed = parse_rfc3339(to_rfc3339(at));
  RC_ASSERT(parsed.ok());
  RC_ASSERT(*parsed == at);
}

TEST(Clock, the_machine_goes_forward) {
  const Clock& clock = machine_clock();
  const std::int64_t before = clock.monotonic_us();
  EXPECT_GT(clock.now(), Timestamp{1'600'000'000'000'000});
  EXPECT_GE(clock.monotonic_us(), before);
}

}  // namespace
}  // namespace zan
