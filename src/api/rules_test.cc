// The calls about rules, over a book in memory.
#include "api/server_fixture.h"

namespace zan::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* good =
    R"({"text":"rule fast: when is_like and count(like, actor, 1m) >= 5 then hold because \"x\"","why":"bots"})";

std::string post_json(std::string_view target, std::string_view body) {
  return with_body("POST", target, json_type, body);
}

class RulesTest : public ServerTest {
 protected:
  std::string add() {
    const Reply reply = ask(post_json("/v1/integrity/rules", good));
    EXPECT_EQ(reply.status, 200) << reply.body;
    return reply.body.substr(7, 32);
  }
  Reply decide(const std::string& id, const std::string& body) {
    return ask(post_json("/v1/integrity/rules/" + id + "/decision", body));
  }
  void expect_problem(const Reply& reply, int status, const std::string& says) {
    EXPECT_EQ(reply.status, status) << reply.body;
    EXPECT_THAT(reply.body, HasSubstr(says));
    EXPECT_EQ(reply.fields.at("content-type"), "application/problem+json");
  }
};

TEST_F(RulesTest, WhatIsWrongWithATextIsSaidWithItsPlace) {
  const Reply reply = ask(post_json(
      "/v1/integrity/rules", R"({"text":"rule a: when account_agee > 1d then hold because \"x\"","why":"bots"})"));
  expect_problem(reply, 422, R"(1:14: error: an unknown name; found \"account_agee\")");
  EXPECT_THAT(reply.body, HasSubstr("did you mean account_age?"));
  EXPECT_THAT(reply.body, HasSubstr(R"("field":"/text")"));
  expect_problem(
      ask(post_json(
          "/v1/integrity/rules",
          R"({"text":"rule a: when is_like then hold because \"x\" test a: given is_like = true expect none","why":"w"})")),
      422, "test a: expected none, got hold");
  EXPECT_TRUE(engine_.sim_rules().book().history().empty());
}

TEST_F(RulesTest, BodiesThatAreNotTheCalls) {
  for (const char* body : {"{}", "[]", R"({"text":"x"})", R"({"text":"","why":""})", R"({"text":1,"why":"w"})",
                           R"({"text":"","why":"w","who":"me"})", R"({"text":"","text":"","why":"w"})"})
    EXPECT_THAT(ask(post_json("/v1/integrity/rules", body)).status, ::testing::AnyOf(400, 422)) << body;
  const std::string id = add();
  for (const char* body : {"{}", R"({"decision":"add","why":"w"})", R"({"decision":"activate"})",
                           R"({"decision":"activate","why":""})", R"({"decision":"activate","why":"w","x":1})"})
    EXPECT_THAT(decide(id, body).status, ::testing::AnyOf(400, 422)) << body;
  expect_problem(ask(get("/v1/integrity/rules/7")), 400, "32 hex digits");
  expect_problem(ask(get("/v1/integrity/rules/" + std::string(32, '0'))), 404, "no such version");
  expect_problem(decide(std::string(32, '0'), R"({"decision":"activate","why":"w"})"), 404, "no such version");
  expect_problem(ask(get("/v1/integrity/rules/" + id + "/shadow")), 404, "does not run in the shadow");
  expect_problem(ask(get("/v1/integrity/rules?x=1")), 400, "");
  EXPECT_EQ(ask(post_json("/v1/integrity/rules", std::string(70'000, ' '))).status, 413);
  EXPECT_EQ(engine_.sim_rules().book().history().size(), 1u);
}

TEST_F(RulesTest, AVersionIsAddedPutIntoServiceAndIntoTheShadow) {
  const std::string id = add();
  const Reply again = ask(post_json("/v1/integrity/rules", good));
  EXPECT_EQ(again.status, 200);
  EXPECT_THAT(again.body, Not(HasSubstr("position")));
  const Reply active = decide(id, R"({"decision":"activate","why":"go"})");
  EXPECT_EQ(active.status, 200) << active.body;
  EXPECT_THAT(active.body, HasSubstr(R"({"decision":"activate","id":")" + id + R"(","position":")"));
  EXPECT_THAT(decide(id, R"({"decision":"activate","why":"go"})").body, Not(HasSubstr("position")));
  EXPECT_EQ(decide(id, R"({"decision":"shadow","why":"look"})").status, 200);
  EXPECT_EQ(decide(id, R"({"decision":"shadow","why":"look"})").status, 409);
  const Reply all = ask(get("/v1/integrity/rules"));
  EXPECT_THAT(all.body,
              HasSubstr(R"({"in_service":")" + id + R"(","shadow":[")" + id + R"("],"versions":[{"id":")" + id));
  EXPECT_THAT(all.body,
              HasSubstr(R"("history":[{"change":"shadow","id":")" + id + R"(","by":"anyone","why":"look")"));
  EXPECT_THAT(ask(get("/v1/integrity/rules/" + id)).body, HasSubstr(R"("text":"rule fast: when is_like)"));
  const Reply shadow = ask(get("/v1/integrity/rules/" + id + "/shadow"));
  EXPECT_THAT(shadow.body,
              HasSubstr(R"("precision":0.75,"recall":1,"overlap":0.5,"rules":[{"rule":"fast","matched":4)"));
  EXPECT_EQ(decide(id, R"({"decision":"deactivate","why":"stop"})").status, 200);
  EXPECT_FALSE(engine_.sim_rules().book().active().has_value());
  EXPECT_EQ(engine_.sim_rules().book().history().front().change.who, "anyone");
}

TEST_F(RulesTest, WhatIsInServiceAndNotUsedIsSaid) {
  engine_.sim_rules().set_trouble(true);
  EXPECT_THAT(ask(get("/v1/integrity/rules")).body, HasSubstr(R"("trouble":"1:2: error: \"gone\"")"));
}

}  // namespace
}  // namespace zan::api
