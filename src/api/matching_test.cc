// The calls about feeds, over a community in memory.
#include "api/feed_json.h"
#include "api/routes.h"
#include "api/server_fixture.h"

namespace zan::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string send(std::string_view method, std::string_view target, std::string_view body) {
  return with_body(method, target, json_type, body);
}

class MatchingTest : public ServerTest {
 protected:
  void expect_problem(const Reply& reply, int status, const std::string& says) {
    EXPECT_EQ(reply.status, status) << reply.body;
    EXPECT_THAT(reply.body, HasSubstr(says));
    EXPECT_EQ(reply.fields.at("content-type"), "application/problem+json");
  }
};

TEST_F(MatchingTest, AFeedHasReasonsAndALabel) {
  const Reply feed = ask(get("/v1/feed?viewer=u1&limit=5"));
  EXPECT_EQ(feed.status, 200) << feed.body;
  EXPECT_THAT(feed.body, HasSubstr(R"("viewer":"u1","known":true,"personalised":true)"));
  EXPECT_THAT(feed.body, HasSubstr(R"("label":"organic")"));
  EXPECT_THAT(feed.body, HasSubstr(R"("reasons":[{"kind":")"));
  EXPECT_THAT(feed.body, HasSubstr(R"("chances":{"click":)"));
}

TEST_F(MatchingTest, PersonalisedOffHoldsAtOnce) {
  const Reply off = ask(get("/v1/feed?viewer=u1&personalised=off"));
  EXPECT_THAT(off.body, HasSubstr(R"("personalised":false)"));
  EXPECT_THAT(off.body, Not(HasSubstr(R"("kind":"content")")));
}

TEST_F(MatchingTest, ASessionSaysWhatItWatched) {
  const Reply feed = ask(get("/v1/feed?watched=v2,v4&limit=40&not=v6"));
  EXPECT_EQ(feed.status, 200) << feed.body;
  EXPECT_THAT(feed.body, HasSubstr(R"("viewer":null,"known":false)"));
  EXPECT_THAT(feed.body, HasSubstr(R"({"kind":"content","tag":"travel"})"));
  EXPECT_THAT(feed.body, Not(HasSubstr(R"("subject":"v6")")));
}

TEST_F(MatchingTest, QuestionsThatAreNone) {
  expect_problem(ask(get("/v1/feed?limit=0")), 400, "limit");
  expect_problem(ask(get("/v1/feed?limit=101")), 400, "limit");
  expect_problem(ask(get("/v1/feed?personalised=maybe")), 400, "on or off");
  expect_problem(ask(get("/v1/feed?watched=v1,,v2")), 400, "names with commas");
  expect_problem(ask(get("/v1/feed?viewer=u1&watched=v1")), 400, "watched");
  expect_problem(ask(get("/v1/feed?colour=red")), 400, "colour");
  expect_problem(ask(get("/v1/similar/nothing")), 404, "subject");
  expect_problem(ask(get("/v1/users/nobody/interests")), 404, "user");
  for (const char* body : {"{}", R"({"viewer":"u1"})", R"({"subjects":["v1"]})", R"({"viewer":"u1","subjects":[]})",
                           R"({"viewer":"u1","subjects":["v1"],"mood":"good"})"})
    EXPECT_EQ(ask(send("POST", "/v1/predict", body)).status, 422) << body;
  for (const char* body : {"{}", R"({"wish":"more"})", R"({"tag":"travel","creator":"c1","wish":"more"})",
                           R"({"tag":"travel","wish":"much"})", R"({"tag":"travel"})"})
    EXPECT_EQ(ask(send("PUT", "/v1/users/u1/interests", body)).status, 422) << body;
  for (const char* body : {"{}", R"({"kind":"pin","subject":"v1","place":1})", R"({"kind":"pin","subject":"v1","why":"w"})",
                           R"({"kind":"boost","subject":"v1","factor":9,"why":"w"})", R"({"kind":"block","why":"w"})",
                           R"({"kind":"hide","subject":"v1","why":"w"})",
                           R"({"kind":"block","subject":"v1","until":"soon","why":"w"})"})
    EXPECT_EQ(ask(send("POST", "/v1/feed/rules", body)).status, 422) << body;
  for (const char* body : {"{}", R"({"explore_share":0.9,"why":"w"})", R"({"worth":{"joy":1},"why":"w"})",
                           R"({"worth":{"like":5000},"why":"w"})", R"({"explore_share":0.1})", R"({"worth":3,"why":"w"})"})
    EXPECT_EQ(ask(send("PUT", "/v1/feed/policy", body)).status, 422) << body;
  for (const char* body : {"{}", R"({"shown":[]})", R"({"shown":[{"viewer":"u1"}]})", R"({"shown":[7]})",
                           R"({"shown":[{"viewer":"u1","subjects":["v1"],"at":"noon"}]})"})
    EXPECT_EQ(ask(send("POST", "/v1/impressions", body)).status, 422) << body;
  expect_problem(ask(send("POST", "/v1/feed/rules/7/end", R"({"why":"w"})")), 400, "16 hex digits");
  expect_problem(ask(send("POST", "/v1/subjects/v1/match", R"({"limit":10001})")), 422, "limit");
}

TEST_F(MatchingTest, ChancesAreSaidOfWhatIsKnown) {
  const Reply reply = ask(send("POST", "/v1/predict", R"({"viewer":"u1","subjects":["v5","v999"]})"));
  EXPECT_THAT(reply.body, HasSubstr(R"({"subject":"v5","known":true,"chances":{"click":)"));
  EXPECT_THAT(reply.body, HasSubstr(R"({"subject":"v999","known":false)"));
}

TEST_F(MatchingTest, AWishIsSeenAmongWhatIsAssumed) {
  EXPECT_THAT(ask(get("/v1/users/u1/interests")).body, HasSubstr(R"("wish":"none")"));
  const Reply wished = ask(send("PUT", "/v1/users/u1/interests", R"({"tag":"cooking","wish":"never"})"));
  EXPECT_EQ(wished.status, 200) << wished.body;
  EXPECT_THAT(ask(get("/v1/feed?viewer=u1&limit=60")).body, Not(HasSubstr(R"("subject":"v1",)")));
}

TEST(FeedJson, WhatIsPaidForSaysWhoPaid) {
  engine::NamedItem paid;
  paid.subject = "v1";
  paid.item.source = matching::SourceKind::campaign;
  paid.item.campaign = 0x2a;
  engine::NamedFeed feed;
  feed.items = {paid};
  const std::string said = render_feed(feed, "u1");
  EXPECT_THAT(said, HasSubstr(R"("label":"campaign","campaign":"000000000000002a","source":"campaign")"));
  feed.items[0].item = {};
  EXPECT_THAT(render_feed(feed, "u1"), HasSubstr(R"("label":"organic","campaign":null,"source":"unknown")"));
}

TEST_F(MatchingTest, RulesAreMadeSeenAndEnded) {
  const Reply made = ask(send("POST", "/v1/feed/rules", R"({"kind":"pin","subject":"v33","place":1,"why":"a festival"})"));
  EXPECT_EQ(made.body, R"({"id":"0000000000000001"})");
  const Reply feed = ask(get("/v1/feed?viewer=u1&limit=3"));
  EXPECT_THAT(feed.body, HasSubstr(R"("items":[{"subject":"v33")"));
  EXPECT_THAT(feed.body, HasSubstr(R"("label":"operator")"));
  EXPECT_THAT(feed.body, HasSubstr(R"({"kind":"rule","rule":"0000000000000001"})"));
  EXPECT_THAT(ask(get("/v1/feed/rules")).body, HasSubstr(R"("who":"anyone","why":"a festival")"));
  const Reply ended = ask(send("POST", "/v1/feed/rules/0000000000000001/end", R"({"why":"over"})"));
  EXPECT_THAT(ended.body, HasSubstr(R"("ended_by":"anyone","ended_why":"over")"));
  expect_problem(ask(send("POST", "/v1/feed/rules/0000000000000001/end", R"({"why":"over"})")), 404, "rule");
}

TEST_F(MatchingTest, APolicyChangesInPart) {
  const Reply set = ask(send("PUT", "/v1/feed/policy", R"({"worth":{"like":3},"explore_share":0.2,"why":"a trial"})"));
  EXPECT_EQ(set.status, 200) << set.body;
  EXPECT_THAT(set.body, HasSubstr(R"("like":3,)"));
  EXPECT_THAT(set.body, HasSubstr(R"("explore_share":0.2)"));
  EXPECT_EQ(ask(get("/v1/feed/policy")).body, set.body);
}

TEST_F(MatchingTest, ShowingsOfOthersAreTaken) {
  const Reply told = ask(send("POST", "/v1/impressions",
                              R"({"shown":[{"viewer":"u1","subjects":["v9","v10"]},{"viewer":"nobody","subjects":["v9"]}]})"));
  EXPECT_EQ(told.body, R"({"taken":1,"unknown":1})");
  EXPECT_THAT(ask(get("/v1/feed?viewer=u1&limit=60")).body, Not(HasSubstr(R"("subject":"v9",)")));
}

TEST_F(MatchingTest, WhoIsForAWorkIsForThoseWhoMayKnowMembers) {
  const Reply match = ask(send("POST", "/v1/subjects/v50/match", R"({"limit":3})"));
  EXPECT_EQ(match.status, 200) << match.body;
  EXPECT_THAT(match.body, HasSubstr(R"("users":[{"user":"u)"));
  EXPECT_EQ(route_of(Call::match_subject).scope, Scope::members);
}

TEST_F(MatchingTest, ModelsAreListedAndServedAgain) {
  EXPECT_THAT(ask(get("/v1/feed/models")).body, HasSubstr(R"({"serving":0,"trouble":null,"models":[{"version":1,"state":"kept")"));
  EXPECT_THAT(ask(send("POST", "/v1/feed/models/1/serve", "")).body, HasSubstr(R"("version":1,"state":"serving")"));
  EXPECT_THAT(ask(send("POST", "/v1/feed/models", "")).body, HasSubstr(R"("state":"refused")"));
  expect_problem(ask(send("POST", "/v1/feed/models/2/serve", "")), 404, "no such model");
  expect_problem(ask(send("POST", "/v1/feed/models/last/serve", "")), 400, "number");
}

TEST_F(MatchingTest, AnExperimentRunsIsReportedAndEnds) {
  const char* body = R"({"name":"more of the new","control_share":0.4,"holdout_share":0.1,"why":"to see",)"
                     R"("arms":[{"name":"a fifth","share":0.6,"policy":{"explore_share":0.2,"worth":{"like":3}}}]})";
  EXPECT_EQ(ask(send("POST", "/v1/feed/experiments", body)).body, R"({"id":"0000000000000001"})");
  expect_problem(ask(send("POST", "/v1/feed/experiments", body)), 409, "running");
  const Reply list = ask(get("/v1/feed/experiments"));
  EXPECT_THAT(list.body, HasSubstr(R"("name":"more of the new","who":"anyone","why":"to see")"));
  EXPECT_THAT(list.body, HasSubstr(R"("holdout_share":0.1,"control_share":0.4,"arms":[{"name":"a fifth","share":0.6)"));
  EXPECT_THAT(list.body, HasSubstr(R"("like":3,)"));
  EXPECT_THAT(list.body, HasSubstr(R"("report":{"proportions_broken":false,"showings_turned_away":0,"arms":[{"name":"control")"));
  int assigned = 0;
  for (int user = 1; user < 10; ++user)
    assigned += ask(get("/v1/feed?viewer=u" + std::to_string(user))).body.find(R"("experiment":"0000000000000001")") !=
                std::string::npos;
  EXPECT_EQ(assigned, 9) << "shares add up to all";
  EXPECT_THAT(ask(get("/v1/feed")).body, HasSubstr(R"("experiment":null,"arm":null)"));
  const Reply over = ask(send("POST", "/v1/feed/experiments/0000000000000001/end", R"({"why":"seen"})"));
  EXPECT_THAT(over.body, HasSubstr(R"("ended_by":"anyone","ended_why":"seen")"));
  EXPECT_THAT(ask(get("/v1/feed?viewer=u1")).body, HasSubstr(R"("experiment":null)"));
  expect_problem(ask(send("POST", "/v1/feed/experiments/0000000000000001/end", R"({"why":"again"})")), 409, "ended");
  expect_problem(ask(send("POST", "/v1/feed/experiments/last/end", R"({"why":"again"})")), 400, "16 hex digits");
}

TEST_F(MatchingTest, AnInterleavedExperimentTellsWhatIsPreferred) {
  const char* body = R"({"name":"more likes","interleaved":true,"why":"to see",)"
                     R"("arms":[{"name":"likes","share":1,"policy":{"worth":{"like":30}}}]})";
  EXPECT_EQ(ask(send("POST", "/v1/feed/experiments", body)).body, R"({"id":"0000000000000001"})");
  EXPECT_THAT(ask(get("/v1/feed?viewer=u1")).body, HasSubstr(R"("experiment":"0000000000000001","arm":"likes")"));
  const Reply list = ask(get("/v1/feed/experiments"));
  EXPECT_THAT(list.body, HasSubstr(R"("interleaved":true,"holdout_share":0,"control_share":0,)"));
  EXPECT_THAT(list.body, HasSubstr(R"("report":null,"preferences":{"people":0,"people_settled":0,"requests":0,)"));
  EXPECT_THAT(list.body, HasSubstr(R"("like":{"in_service":0,"tried":0,"preference":0,"interval":{"low":-1,"high":1},"decided_at":null})"));
}

TEST_F(MatchingTest, WhatIsWrongWithAnExperimentIsSaid) {
  for (const char* bad : {"{}", R"({"name":"x","why":"w"})", R"({"name":"x","why":"w","interleaved":1})",
                          R"({"name":"x","why":"w","arms":[{"name":"a","share":0.5}]})",
                          R"({"name":"x","why":"w","interleaved":true,"control_share":0.5,"arms":[{"name":"a","share":0.5}]})",
                          R"({"name":"x","why":"w","interleaved":true,"arms":[{"name":"a","share":0.5},{"name":"b","share":0.5}]})", R"({"name":"x","why":"w","control_share":2})",
                          R"({"name":"x","why":"w","control_share":0.5,"arms":[]})",
                          R"({"name":"x","why":"w","control_share":0.5,"arms":[{"name":"a","share":0.6}]})",
                          R"({"name":"x","why":"w","control_share":0.5,"arms":[{"name":"a","share":0.5,"policy":{"why":"w"}}]})",
                          R"({"name":"x","why":"w","control_share":0.5,"arms":[{"name":"a","share":0.5,"policy":{"seen_days":999}}]})"})
    EXPECT_EQ(ask(send("POST", "/v1/feed/experiments", bad)).status, 422) << bad;
  EXPECT_EQ(ask(get("/v1/feed/experiments")).body, R"({"experiments":[]})");
}

TEST_F(MatchingTest, WithoutMatchingThereIsNone) {
  engine_.switch_matching_off();
  expect_problem(ask(get("/v1/feed")), 503, "makes no feeds");
}

}  // namespace
}  // namespace zan::api
