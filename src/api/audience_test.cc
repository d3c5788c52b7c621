// The calls about the audience, over some thousand made-up people.
#include "api/server_fixture.h"

namespace zan::api {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string post_json(std::string_view target, std::string_view body) {
  return with_body("POST", target, json_type, body);
}

class AudienceTest : public ServerTest {
 protected:
  static constexpr std::uint32_t people = SimAudience::people;

  Reply count(const std::string& expression) {
    return ask(post_json("/v1/segments/count", R"({"expression":")" + expression + "\"}"));
  }
  void expect_problem(const Reply& reply, int status, const std::string& says) {
    EXPECT_EQ(reply.status, status) << reply.body;
    EXPECT_THAT(reply.body, HasSubstr(says));
    EXPECT_EQ(reply.fields.at("content-type"), "application/problem+json");
  }
};

TEST_F(AudienceTest, WhatIsWrongWithAnExpressionIsSaidWithItsPlace) {
  const Reply reply = count("everybody and regin = 3");
  expect_problem(reply, 422, "1:15: there is no such tag; found \\\"regin\\\"");
  EXPECT_THAT(reply.body, HasSubstr("did you mean region?"));
  EXPECT_THAT(reply.body, HasSubstr(R"("field":"/expression")"));
  const Reply tree = ask(post_json("/v1/segments/count", R"({"segment":{"and":[{"tag":"creator"},{"tag":"creater"}]}})"));
  expect_problem(tree, 422, R"("field":"/segment/and/1)");
  expect_problem(count(std::string(17 << 10, ' ')), 422, "16384");
}

TEST_F(AudienceTest, BodiesThatAreNotTheCalls) {
  for (const char* body : {"{}", "[]", "{", R"({"expression":1})", R"({"expression":"everybody","x":1})",
                           R"({"expression":"everybody","segment":{"everybody":true}})",
                           R"({"expression":"everybody","expression":"everybody"})",
                           R"({"expression":"everybody","user":"u1"})",
                           R"({"expression":"everybody","purpose":"fun"})",
                           R"({"expression":"everybody","as_of":"yesterday"})"})
    EXPECT_THAT(ask(post_json("/v1/segments/count", body)).status, AnyOf(400, 422)) << body;
  for (const char* body : {"{}", R"({"segments":[]})", R"({"segments":["everybody"]})", R"({"segments":"everybody"})",
                           R"({"segments":["everybody",7]})"})
    EXPECT_THAT(ask(post_json("/v1/segments/overlap", body)).status, AnyOf(400, 422)) << body;
  expect_problem(ask(post_json("/v1/segments/why", R"({"expression":"everybody"})")), 422, "user is required");
  expect_problem(ask(post_json("/v1/segments/why", R"({"expression":"everybody","user":"nobody"})")), 404, "no such user");
  expect_problem(ask(get("/v1/users/nobody/tags")), 404, "no such user");
  expect_problem(ask(get("/v1/tags?x=1")), 400, "");
  expect_problem(ask(post_json("/v1/segments/composition?limit=0", R"({"expression":"everybody"})")), 400, "limit");
}

TEST_F(AudienceTest, CountsAreExactForThoseWithTheRight) {
  const Reply all = count("everybody");
  EXPECT_EQ(all.status, 200);
  EXPECT_THAT(all.body, HasSubstr("{\"count\":" + std::to_string(people) + ",\"exact\":true,\"within\":0,"));
  EXPECT_THAT(count("creator").body, HasSubstr("\"count\":" + std::to_string(people / 5) + ","));
  EXPECT_THAT(count("not not creator and creator").body, HasSubstr(R"("expression":"creator")"));
  const Reply tree = ask(post_json("/v1/segments/count", R"({"segment":{"not":{"tag":"creator"}},"purpose":"targeting"})"));
  EXPECT_THAT(tree.body, HasSubstr("\"count\":" + std::to_string(people - people / 5) + ","));
  EXPECT_THAT(tree.body, HasSubstr(R"("purpose":"targeting")"));
}

TEST_F(AudienceTest, TooFewPeopleAreNotTold) {
  expect_problem(count("creator and not creator"), 403, "fewer than 50 people");
  const Reply costly = count("count(like, last 90d) >= 1" + [] {
    std::string more;
    for (int i = 0; i < 30; ++i) more += " or count(like or share, last 90d) >= " + std::to_string(2 + i);
    return more;
  }());
  expect_problem(costly, 422, "2000");
}

TEST_F(AudienceTest, ACompositionHasSharesBesideEverybodys) {
  const Reply reply = ask(post_json("/v1/segments/composition?limit=3", R"({"expression":"creator"})"));
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_THAT(reply.body, HasSubstr(R"("rows":[{"tag":"region","value":)"));
  EXPECT_THAT(reply.body, HasSubstr(R"("base_share":0.2)"));
  EXPECT_THAT(reply.body, Not(HasSubstr(R"({"tag":"creator",)"))) << "too few are none";
}

TEST_F(AudienceTest, OverlapsWhyAndTags) {
  const Reply overlap = ask(post_json("/v1/segments/overlap",
                                      R"({"segments":["creator",{"not":{"tag":"creator"}},"everybody"]})"));
  EXPECT_EQ(overlap.status, 200) << overlap.body;
  EXPECT_THAT(overlap.body, HasSubstr(R"("segments":["creator","not creator","everybody"])"));
  EXPECT_THAT(overlap.body, HasSubstr(R"("shared":[[null,null,{"count":1200)"));
  const Reply why = ask(post_json("/v1/segments/why", R"({"expression":"creator and daily","user":"u0"})"));
  EXPECT_THAT(why.body, HasSubstr(R"({"user":"u0","in":false,)"));
  EXPECT_THAT(why.body, HasSubstr(R"({"term":"creator","holds":true},{"term":"daily","holds":false})"));
  const Reply tags = ask(get("/v1/tags"));
  EXPECT_THAT(tags.body, HasSubstr(R"({"tag":"interest.beauty","type":"one_of")"));
  const Reply person = ask(get("/v1/users/u0/tags"));
  EXPECT_THAT(person.body, HasSubstr(R"({"tag":"first_active",)"));
  EXPECT_THAT(person.body, HasSubstr(R"("day":"2022-04-25")"));
  EXPECT_THAT(person.body, Not(HasSubstr(R"("tag":"daily")")));
}

TEST_F(AudienceTest, WithoutAnAudienceNothingIsAnswered) {
  engine_.switch_audience_off();
  expect_problem(count("everybody"), 503, "knows no audience");
  expect_problem(ask(get("/v1/tags")), 503, "knows no audience");
}

}  // namespace
}  // namespace zan::api
