// The calls about saved segments, lists and imports, over a book in memory.
#include "api/server_fixture.h"

namespace zan::api {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string send(std::string_view method, std::string_view target, std::string_view body) {
  return with_body(method, target, json_type, body);
}

class SegmentsTest : public ServerTest {
 protected:
  static constexpr const char* first = "/v1/segments/0000000000000001";

  Reply save(const std::string& name, const std::string& expression, const std::string& more = {}) {
    return ask(send("POST", "/v1/segments",
                    R"({"name":")" + name + R"(","expression":")" + expression + R"(","why":"because")" + more + "}"));
  }
  void expect_problem(const Reply& reply, int status, const std::string& says) {
    EXPECT_EQ(reply.status, status) << reply.body;
    EXPECT_THAT(reply.body, HasSubstr(says));
    EXPECT_EQ(reply.fields.at("content-type"), "application/problem+json");
  }
};

TEST_F(SegmentsTest, BodiesThatAreNotTheCalls) {
  for (const char* body : {"{}", "[]", R"({"name":"a","why":"w"})", R"({"expression":"creator","why":"w"})",
                           R"({"name":"a","expression":"creator"})", R"({"name":"","expression":"creator","why":"w"})",
                           R"({"name":"a","expression":"creator","why":"w","refresh":"weekly"})",
                           R"({"name":"a","expression":"creator","why":"w","watched":"yes"})",
                           R"({"name":"a","expression":"creator","why":"w","version":1})",
                           R"({"name":"a","expression":"creator","why":"w","purpose":"fun"})",
                           R"({"name":"a","expression":"creator","segment":{"everybody":true},"why":"w"})"})
    EXPECT_THAT(ask(send("POST", "/v1/segments", body)).status, AnyOf(400, 422)) << body;
  for (const char* body : {"{}", R"({"state":"frozen","why":"w"})", R"({"state":"living","list":"x","why":"w"})",
                           R"({"state":"gone","why":"w"})", R"({"state":"retired"})"})
    EXPECT_THAT(ask(send("POST", std::string(first) + "/state", body)).status, AnyOf(400, 422)) << body;
  for (const char* body : {R"({"name":"l","source":"s","users":[]})", R"({"name":"l","source":"s","users":["u1"],"parts":2})",
                           R"({"name":"l","users":["u1"]})", R"({"source":"s","users":["u1"]})",
                           R"({"name":"l","source":"s","users":["u1"],"part":1})"})
    EXPECT_THAT(ask(send("POST", "/v1/lists", body)).status, AnyOf(400, 422)) << body;
  for (const char* body : {R"({"tag":"panel","source":"s"})", R"({"tag":"panel","users":["u1"]})",
                           R"({"tag":"nothing","source":"s","users":["u1"]})",
                           R"({"tag":"panel","source":"s","users":["u1"],"day":"today"})"})
    EXPECT_THAT(ask(send("POST", "/v1/tags/imports", body)).status, AnyOf(404, 422)) << body;
  expect_problem(ask(get("/v1/segments/7")), 400, "16 hex digits");
  expect_problem(ask(get(first)), 404, "no such segment");
  expect_problem(ask(get(std::string(first) + "/members?cursor=99999999999")), 400, "not a cursor");
  expect_problem(ask("DELETE /v1/lists/beta HTTP/1.1\r\nHost: x\r\n\r\n"), 400, "why is required");
}

TEST_F(SegmentsTest, ASegmentIsSavedChangedAskedAboutAndRetired) {
  const Reply saved = save("makers", "creator", R"(,"purpose":"targeting")");
  EXPECT_EQ(saved.status, 200) << saved.body;
  EXPECT_THAT(saved.body, HasSubstr(R"({"id":"0000000000000001","state":"living","version":1,"name":"makers")"));
  EXPECT_THAT(saved.body, HasSubstr(R"("by":"anyone","why":"because")"));
  expect_problem(save("makers", "not creator"), 409, "another segment has this name");
  const std::string change = R"({"name":"makers","expression":"not creator","why":"w","version":)";
  const Reply second = ask(send("PUT", first, change + "1}"));
  EXPECT_EQ(second.status, 200) << second.body;
  EXPECT_THAT(second.body, HasSubstr(R"("version":2,"name":"makers","expression":"not creator")"));
  expect_problem(ask(send("PUT", first, change + "1}")), 409, "version");
  expect_problem(ask(send("PUT", first, change + "0}")), 422, "/version");

  // By its name it is a term like any other; for counts as for the rest.
  const Reply count = ask(send("POST", "/v1/segments/count", R"j({"expression":"segment(\"makers\")"})j"));
  EXPECT_THAT(count.body, HasSubstr("\"count\":" + std::to_string(SimAudience::people * 4 / 5) + ","));
  const Reply members = ask(get(std::string(first) + "/members?limit=2"));
  EXPECT_EQ(members.body, "{\"users\":[\"u1\",\"u2\"],\"next\":\"3\"}\n");
  EXPECT_THAT(ask(get(std::string(first) + "/members?limit=1&cursor=3")).body, HasSubstr(R"(["u3"])"));
  EXPECT_EQ(ask(get(std::string(first) + "/composition")).status, 200);
  EXPECT_THAT(ask(get("/v1/segments")).body, HasSubstr(R"("name":"makers")"));

  const Reply retired = ask(send("POST", std::string(first) + "/state", R"({"state":"retired","why":"over"})"));
  EXPECT_EQ(retired.status, 200) << retired.body;
  EXPECT_THAT(retired.body, HasSubstr(R"("states":[{"change":"retire","by":"anyone","why":"over")"));
  expect_problem(ask(get(std::string(first) + "/members")), 404, "retired");
  EXPECT_THAT(ask(get("/v1/segments")).body, Not(HasSubstr("makers")));
}

TEST_F(SegmentsTest, CirclesAreRefused) {
  EXPECT_EQ(save("a", "creator").status, 200);
  EXPECT_EQ(save("b", R"(segment(\"a\") and daily)").status, 200);
  const Reply circle =
      ask(send("PUT", first, R"j({"name":"a","expression":"segment(\"b\")","why":"w","version":1})j"));
  expect_problem(circle, 409, "refers to itself");
}

TEST_F(SegmentsTest, AFrozenSegmentMeansAList) {
  ASSERT_EQ(save("makers", "creator").status, 200);
  const Reply frozen = ask(send("POST", std::string(first) + "/state",
                                R"({"state":"frozen","list":"makers of may","why":"a mailing"})"));
  EXPECT_EQ(frozen.status, 200) << frozen.body;
  EXPECT_THAT(frozen.body, HasSubstr(R"("state":"frozen","list":"makers of may")"));
  EXPECT_THAT(ask(get("/v1/lists")).body, HasSubstr(R"({"name":"makers of may","users":3,"by":"anyone")"));
  const Reply thawed = ask(send("POST", std::string(first) + "/state", R"({"state":"living","why":"on we go"})"));
  EXPECT_EQ(thawed.status, 200) << thawed.body;
  EXPECT_THAT(thawed.body, HasSubstr(R"("state":"living")"));
}

TEST_F(SegmentsTest, ListsAndImportedTagsAreTakenByName) {
  const Reply list = ask(send("POST", "/v1/lists", R"({"name":"beta","source":"a form","users":["u1","u1","x","u2"]})"));
  EXPECT_EQ(list.status, 200) << list.body;
  EXPECT_THAT(list.body, HasSubstr(R"({"users":2,"unknown":1,"upload":")"));
  std::string many;
  for (int i = 0; i < 60; ++i) many += (i == 0 ? "\"u" : ",\"u") + std::to_string(i) + "\"";
  const Reply tags = ask(send("POST", "/v1/tags/imports", R"({"tag":"panel","source":"poll.csv","users":[)" + many + "]}"));
  EXPECT_EQ(tags.status, 200) << tags.body;
  const Reply count = ask(send("POST", "/v1/segments/count", R"({"expression":"panel"})"));
  EXPECT_THAT(count.body, HasSubstr("\"count\":60,"));
  EXPECT_THAT(ask(get("/v1/tags/imports")).body, HasSubstr(R"("tag":"panel","number":0,"on":true,"users":60)"));
  expect_problem(ask(send("POST", "/v1/tags/imports", R"({"tag":"creator","source":"s","users":["u1"]})")), 403, "creator");
}

TEST_F(SegmentsTest, ALargeListIsTakenAndAHugeOneIsNot) {
  std::string users = "\"u1\"";
  for (int i = 0; i < 90'000; ++i) users += ",\"nobody" + std::to_string(i) + "\"";
  const Reply large = ask(send("POST", "/v1/lists", R"({"name":"l","source":"s","users":[)" + users + "]}"));
  EXPECT_EQ(large.status, 200) << large.body;
  EXPECT_THAT(large.body, HasSubstr(R"({"users":1,"unknown":90000,)"));
  expect_problem(ask(send("POST", "/v1/lists", std::string((8 << 20) + 1, ' '))), 413, "8388608");
  expect_problem(ask(send("POST", "/v1/segments", std::string((64 << 10) + 1, ' '))), 413, "65536");
}

TEST_F(SegmentsTest, PortraitsSuggestionsAndMoves) {
  const Reply portrait = ask(get("/v1/subjects/video-1/audience?limit=3"));
  EXPECT_EQ(portrait.status, 200) << portrait.body;
  EXPECT_THAT(portrait.body, HasSubstr(R"("purpose":"reports")"));
  expect_problem(ask(get("/v1/subjects/none/audience")), 404, "no such subject");
  expect_problem(ask(get("/v1/subjects/video-1/audience?of=friend")), 400, "liker, watcher");
  const Reply suggestion = ask(send("POST", "/v1/segments/suggest", R"({"title":"我家的猫","tags":["pets"]})"));
  EXPECT_EQ(suggestion.status, 200) << suggestion.body;
  EXPECT_THAT(suggestion.body, HasSubstr("interest.pets"));
  expect_problem(ask(send("POST", "/v1/segments/suggest", R"({"title":"qqq"})")), 404, "");
  ASSERT_EQ(save("makers", "creator", R"(,"watched":true)").status, 200);
  EXPECT_THAT(ask(get(std::string(first) + "/moves?from=5")).body,
              HasSubstr(R"({"number":"5","user":"u0","move":"enter",)"));
  expect_problem(ask(get(std::string(first) + "/moves?from=1")), 410, "not kept");
}

TEST_F(SegmentsTest, MovesAreStreamed) {
  const std::string target = std::string(first) + "/stream";
  expect_problem(ask(get(target)), 404, "watched");
  ASSERT_EQ(save("makers", "creator", R"(,"watched":true)").status, 200);
  expect_problem(ask(get(target + "?from=1")), 410, "not kept");
  expect_problem(ask(get(target + "?from=x")), 400, "a move's number");
  expect_problem(ask(get(target, "Last-Event-ID: 0\r\n")), 410, "not kept");
  TestClient stream = connect();
  stream.send(get(target + "?from=5"));
  const auto moves = stream.until("id: 6\n");
  ASSERT_TRUE(moves.has_value());
  EXPECT_THAT(*moves, HasSubstr("Content-Type: text/event-stream"));
  EXPECT_THAT(*moves,
              HasSubstr("id: 5\nevent: move\ndata: {\"number\":\"5\",\"user\":\"u0\",\"move\":\"enter\",\"at\":"));
  EXPECT_TRUE(stream.until("id: 8\n").has_value()) << "without news of the journal";
}

TEST_F(SegmentsTest, WhatAnswersDoNotKnowYetIsSaid) {
  engine_.sim_audience().stay_behind();
  expect_problem(save("makers", "creator"), 503, "durable");
}

}  // namespace
}  // namespace zan::api
