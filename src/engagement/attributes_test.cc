#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "engagement/limits.h"
#include "engagement/parser.h"

namespace zan::engagement {
namespace {

using ::testing::HasSubstr;

class AttributesTest : public ::testing::Test {
 protected:
  std::string subject(const std::string& json) {
    const auto result = parser_.parse_subject(json);
    return result.ok() ? result->json : result.error().field + "!" + result.error().message;
  }
  std::string user(const std::string& json) {
    const auto result = parser_.parse_user(json);
    return result.ok() ? *result : result.error().field + "!" + result.error().message;
  }

  Parser parser_{HashKey{}};
};

TEST_F(AttributesTest, SubjectBecomesCanonical) {
  EXPECT_EQ(subject(R"( { "title":"\u771f赞", "tags" : ["b","a"], "creator":42, "duration_ms": 10,
                          "published_at": 1650899141436, "custom": {"z":1.50, "a":"x\n", "m":true, "n":-3, "o":null} } )"),
            R"({"creator":"42","custom":{"a":"x\n","m":true,"n":-3,"z":1.5},"duration_ms":10,)"
            R"("published_at":"2022-04-25T15:05:41.436Z","tags":["b","a"],"title":"真赞"})");
  EXPECT_EQ(parser_.parse_subject(R"({"creator":42})")->creator, "42");
  EXPECT_EQ(parser_.parse_subject(R"({"creator":"c\"1"})")->creator, "c\"1");
  EXPECT_EQ(parser_.parse_subject("{}")->creator, "");
  EXPECT_EQ(parser_.parse_subject(R"({"creator":null})")->json, "{}");
}

TEST_F(AttributesTest, UserBecomesCanonical) {
  EXPECT_EQ(user(R"({"register_day":"2020-02-29","region":"CN","age_band":"18-23","custom":{}})"),
            R"({"age_band":"18-23","custom":{},"region":"CN","register_day":"2020-02-29"})");
}

TEST_F(AttributesTest, MembersAreChecked) {
  EXPECT_THAT(subject(R"({"age_band":"x"})"), HasSubstr("/age_band!age_band is not an attribute"));
  EXPECT_THAT(user(R"({"creator":"x"})"), HasSubstr("/creator!"));
  EXPECT_THAT(user(R"({"region":"a","region":"b"})"), HasSubstr("/region!region is given twice"));
  EXPECT_THAT(user(R"({"region":null,"region":"b"})"), HasSubstr("/region!region is given twice"));
  EXPECT_THAT(user(R"({"region":""})"), HasSubstr("/region!"));
  EXPECT_THAT(user(R"({"region":7})"), HasSubstr("/region!"));
  EXPECT_THAT(user(R"({"register_day":"2021-02-29"})"), HasSubstr("/register_day!"));
  EXPECT_THAT(user(R"({"register_day":"2021-02-01T"})"), HasSubstr("/register_day!"));
  EXPECT_THAT(subject(R"({"tags":["ok",7]})"), HasSubstr("/tags/1!"));
  EXPECT_THAT(subject(R"({"tags":"ok"})"), HasSubstr("/tags!"));
  EXPECT_THAT(subject(R"({"duration_ms":-1})"), HasSubstr("/duration_ms!"));
  EXPECT_THAT(subject(R"({"published_at":"yesterday"})"), HasSubstr("/published_at!"));
  EXPECT_THAT(subject(R"({"creator":-1})"), HasSubstr("/creator!"));
  EXPECT_THAT(subject(R"({"creator":""})"), HasSubstr("/creator!"));
  EXPECT_THAT(subject(R"({"title":"a\u0001"})"), HasSubstr("/title!"));
  EXPECT_THAT(subject(R"({"custom":{"a":{}}})"), HasSubstr("/custom/a!"));
  EXPECT_THAT(subject(R"({"custom":{"a":1,"a":1}})"), HasSubstr("/custom/a!"));
  EXPECT_THAT(subject(R"({"custom":[]})"), HasSubstr("/custom!"));
}

TEST_F(AttributesTest, Malformed) {
  for (const char* json : {"", "[]", "{", "7", "{}{}", "{\"region\":\"\xff\"}", "{\"custom\":{\"a\":1e999}}"})
    EXPECT_THAT(user(json), ::testing::StartsWith("!")) << json;
}

TEST_F(AttributesTest, Limits) {
  const auto tags = [](std::size_t count) {
    std::string json = R"({"tags":[)";
    for (std::size_t i = 0; i < count; ++i) json += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\"";
    return json + "]}";
  };
  EXPECT_THAT(subject(tags(attribute_tags_max)), ::testing::StartsWith("{"));
  EXPECT_THAT(subject(tags(attribute_tags_max + 1)), HasSubstr("/tags!"));
  const auto custom = [](std::size_t count, std::size_t length) {
    std::string json = R"({"custom":{)";
    for (std::size_t i = 0; i < count; ++i)
      json += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":\"" + std::string(length, 'x') + "\"";
    return json + "}}";
  };
  EXPECT_THAT(user(custom(attribute_custom_max, 1)), ::testing::StartsWith("{"));
  EXPECT_THAT(user(custom(attribute_custom_max + 1, 1)), HasSubstr("/custom!"));
  EXPECT_THAT(user(custom(1, attributes_bytes_max)), HasSubstr("/custom!"));
  const auto title = [](std::size_t length) { return R"({"title":")" + std::string(length, 'x') + "\"}"; };
  EXPECT_THAT(subject(title(title_bytes_max)), ::testing::StartsWith("{"));
  EXPECT_THAT(subject(title(title_bytes_max + 1)), HasSubstr("/title!"));
}

}  // namespace
}  // namespace zan::engagement
