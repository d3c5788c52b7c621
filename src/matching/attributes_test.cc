#include "matching/attributes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zan::matching {
namespace {

TEST(Attributes, OfAWorkAreWhatAFeedMayKnow) {
  TagNames tags;
  const auto work = read_work({5}, {6}, R"({"title":"x","tags":["a","b","a",7],"published_at":"2024-02-29T00:00:00Z",
      "duration_ms":12000,"custom":{"video_type":"NORMAL","adults_only":true}})", {}, tags);
  ASSERT_TRUE(work.ok());
  EXPECT_THAT(work->tags, testing::ElementsAre(tags.find("a"), tags.find("b")));
  EXPECT_EQ(work->duration_ms, 12'000U);
  EXPECT_EQ(tags.name(work->kind), "NORMAL");
  EXPECT_TRUE(work->adults_only);
  EXPECT_EQ(work->published_at.us, 1'709'164'800 * us_per_second);
}

TEST(Attributes, OfAPersonSayMinorAndConsent) {
  TagNames tags;
  const auto read = [&](std::string_view json) { return read_person({5}, json, {}, tags).value(); };
  EXPECT_TRUE(read(R"({"age_band":"14-17"})").facts.minor);
  EXPECT_TRUE(read(R"({"age_band":"under-14"})").facts.minor);
  EXPECT_FALSE(read(R"({"age_band":"18-24"})").facts.minor);
  EXPECT_TRUE(read("{}").facts.personalised);
  EXPECT_FALSE(read(R"({"custom":{"consent.personalisation":false}})").facts.personalised);
  EXPECT_TRUE(read(R"({"custom":{"consent.personalisation":true}})").facts.personalised);
  EXPECT_EQ(read(R"({"region":"cn-bj"})").region, "cn-bj");
}

TEST(Attributes, ThatAreNoObjectAreRefused) {
  TagNames tags;
  for (const char* json : {"", "[]", "{", "7"}) {
    EXPECT_EQ(read_work({5}, {}, json, {}, tags).error().kind, ErrorKind::invalid) << json;
    EXPECT_EQ(read_person({5}, json, {}, tags).error().kind, ErrorKind::invalid) << json;
  }
}

TEST(TagNames, AreNumbersInTheOrderOfComing) {
  TagNames tags;
  EXPECT_EQ(tags.number("a"), 1U);
  EXPECT_EQ(tags.number("b"), 2U);
  EXPECT_EQ(tags.number("a"), 1U);
  EXPECT_EQ(tags.name(2), "b");
  EXPECT_EQ(tags.find("c"), 0U);
  EXPECT_EQ(tags.number(""), 0U);
  EXPECT_EQ(tags.number(std::string(tag_name_bytes_max + 1, 'x')), 0U);
  EXPECT_EQ(tags.name(3), "");
}

}  // namespace
}  // namespace zan::matching
