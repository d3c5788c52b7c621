#include "api/server_fixture.h"

namespace zan::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class CallsTest : public ServerTest {
 protected:
  void SetUp() override {
    start();
    post(lines_type, R"({"type":"like","actor":"u1","subject":"v1","creator":"c1"})"
                     "\n" +
                         like("u2") + "\n" + like("u1", "v2") + "\n" +
                         R"({"type":"like","actor":"u3","subject":"v1","incentivised":true})"
                         "\n");
  }
};

constexpr const char* counts_tail =
    R"("dislikes":0,"views":0,"completes":0,"comments":0,"shares":0,"held":0,"rejected":0,"incentivised":{)";

TEST_F(CallsTest, Counts) {
  EXPECT_EQ(ask(get("/v1/subjects/v1/counts")).body,
            std::string(R"({"subject":"v1","likes":2,)") + counts_tail +
                R"("likes":1,"dislikes":0,"views":0,"completes":0,"comments":0,"shares":0}})"
                "\n");
  EXPECT_THAT(ask(get("/v1/users/u1/counts")).body, StartsWith(R"({"user":"u1","likes":2,"dislikes":0,)"));
  EXPECT_THAT(ask(get("/v1/users/u1/counts")).body, HasSubstr(R"("follows":0,"profile_visits":0,"held":0)"));
  EXPECT_THAT(ask(get("/v1/creators/c1/counts")).body, StartsWith(R"({"creator":"c1","likes":1,)"));
  EXPECT_THAT(ask(get("/v1/subjects/never%20seen/counts")).body, StartsWith(R"({"subject":"never seen","likes":0,)"));
  EXPECT_EQ(ask(get("/v1/subjects/v1/counts")).fields.at("cache-control"), "no-store");
  EXPECT_EQ(ask(get("/v1/subjects/v1/counts?x=1")).status, 400);
}

TEST_F(CallsTest, Ids) {
  EXPECT_THAT(ask(get("/v1/subjects/a%20b%2Fc%3Fd%22/counts")).body, StartsWith(R"({"subject":"a b/c?d\"",)"));
  EXPECT_THAT(ask(get("/v1/subjects/%E8%B5%9E/counts")).body, StartsWith(R"({"subject":"赞",)"));
  for (const char* id : {"%zz", "%4", "%", "", "%00", "%ff", "a%0ab", "%C2%80"}) {
    const Reply reply = ask(get("/v1/subjects/" + std::string(id) + "/counts"));
    EXPECT_EQ(reply.status, 400) << id;
    EXPECT_THAT(reply.body, HasSubstr(R"("field":"id")")) << id;
  }
  EXPECT_EQ(ask(get("/v1/subjects/" + std::string(256, 'x') + "/counts")).status, 200);
  EXPECT_EQ(ask(get("/v1/subjects/" + std::string(257, 'x') + "/counts")).status, 400);
  EXPECT_EQ(ask(get("/v1/subjects/a/b/counts")).status, 404);
}

TEST_F(CallsTest, Hydrate) {
  const auto hydrate = [&](std::string_view body) { return ask(with_body("POST", "/v1/hydrate", json_type, body)); };
  EXPECT_EQ(
      hydrate(R"({"viewer":"u1","subjects":["v2",7]})").body,
      std::string(R"({"subjects":[{"subject":"v2","counts":{"likes":1,)") + counts_tail +
          R"("likes":0,"dislikes":0,"views":0,"completes":0,"comments":0,"shares":0}},"viewer":{"liked":true,)"
          R"("disliked":false,"viewed":false,"commented":false,"shared":false}},{"subject":"7","counts":{"likes":0,)" +
          counts_tail +
          R"("likes":0,"dislikes":0,"views":0,"completes":0,"comments":0,"shares":0}},"viewer":{"liked":false,)"
          R"("disliked":false,"viewed":false,"commented":false,"shared":false}}]})"
          "\n");
  EXPECT_THAT(hydrate(R"({"subjects":["v2"]})").body, Not(HasSubstr("viewer")));
  EXPECT_EQ(hydrate(R"({"viewer":null,"subjects":[]})").body, "{\"subjects\":[]}\n");
  const std::pair<const char*, const char*> bad[] = {
      {R"({"viewer":"u1"})", "/subjects"},
      {R"({"subjects":"v1"})", "/subjects"},
      {R"({"subjects":["v1",{}]})", "/subjects/1"},
      {R"({"subjects":["v1",""]})", "/subjects/1"},
      {R"({"subjects":[-1]})", "/subjects/0"},
      {R"({"viewer":["u1"],"subjects":[]})", "/viewer"},
      {R"({"viewer":"","subjects":[]})", "/viewer"},
      {R"({"subjects":[],"subjects":[]})", "/subjects"},
      {R"({"subject":[]})", "/subject"},
  };
  for (const auto& [body, field] : bad) {
    const Reply reply = hydrate(body);
    EXPECT_EQ(reply.status, 422) << body;
    EXPECT_THAT(reply.body, HasSubstr("\"field\":\"" + std::string(field) + "\"")) << body;
  }
  for (const char* body : {"", "[]", "{", "{}x", "[[[[[[[[[[[[]]]]]]]]]]]]"})
    EXPECT_EQ(hydrate(body).status, 400) << body;
  const auto many = [](int count) {
    std::string body = R"({"subjects":[)";
    for (int i = 0; i < count; ++i) body += (i > 0 ? "," : "") + std::to_string(i);
    return body + "]}";
  };
  EXPECT_EQ(hydrate(many(200)).status, 200);
  EXPECT_EQ(hydrate(many(201)).status, 422);
  EXPECT_EQ(hydrate(std::string(70'000, ' ')).status, 413);
}

TEST_F(CallsTest, Lists) {
  EXPECT_EQ(ask(get("/v1/users/u1/likes?limit=1")).body,
            R"({"items":[{"subject":"v1","at":"2022-04-25T15:05:41.436Z"}],"next":"next"})"
            "\n");
  EXPECT_THAT(ask(get("/v1/users/u1/likes?limit=1&cursor=next")).body, HasSubstr("\"next\":null"));
  EXPECT_THAT(ask(get("/v1/subjects/v1/likers")).body, StartsWith(R"({"items":[{"actor":"u1","at":)"));
  EXPECT_EQ(ask(get("/v1/subjects/none/likers")).body, "{\"items\":[],\"next\":null}\n");
  const std::pair<const char*, const char*> bad[] = {
      {"limit=0", "limit"},  {"limit=201", "limit"},       {"limit=", "limit"},          {"limit=-1", "limit"},
      {"limit=1x", "limit"}, {"limit=1&limit=2", "limit"}, {"cursor=garbage", "cursor"}, {"cursor=", "cursor"},
      {"page=2", "page"},    {"limit=%zz", "query"},
  };
  for (const auto& [query, field] : bad) {
    const Reply reply = ask(get("/v1/users/u1/likes?" + std::string(query)));
    EXPECT_EQ(reply.status, 400) << query;
    EXPECT_THAT(reply.body, HasSubstr("\"field\":\"" + std::string(field) + "\"")) << query;
  }
  EXPECT_EQ(ask(get("/v1/users/u1/likes?limit=200&")).status, 200);
}

TEST_F(CallsTest, Top) {
  EXPECT_EQ(ask(get("/v1/top?window=1h&limit=1")).body, R"({"window":"1h","items":[{"subject":"v1","likes":2}]})"
                                                        "\n");
  EXPECT_THAT(ask(get("/v1/top")).body, StartsWith(R"({"window":"all","items":[{)"));
  EXPECT_EQ(ask(get("/v1/top?window=1d")).status, 200);
  EXPECT_THAT(ask(get("/v1/top?window=1w")).body, HasSubstr("\"field\":\"window\""));
  EXPECT_THAT(ask(get("/v1/top?limit=101")).body, HasSubstr("\"field\":\"limit\""));
}

TEST_F(CallsTest, Attributes) {
  EXPECT_EQ(ask(get("/v1/subjects/v1")).status, 404);
  EXPECT_EQ(ask(with_body("PUT", "/v1/subjects/v1", json_type, R"({"tags":["x"],"creator":7})")).status, 204);
  EXPECT_EQ(ask(get("/v1/subjects/v1")).body, R"({"creator":"7","tags":["x"]})"
                                              "\n");
  EXPECT_EQ(ask(with_body("PUT", "/v1/users/u1", json_type, R"({"region":"CN"})")).status, 204);
  EXPECT_EQ(ask(get("/v1/users/u1")).body, R"({"region":"CN"})"
                                           "\n");
  const Reply reply = ask(with_body("PUT", "/v1/users/u1", json_type, R"({"colour":"blue"})"));
  EXPECT_EQ(reply.status, 422);
  EXPECT_THAT(reply.body, HasSubstr(R"(urn:zhenzan:problem:invalid-body)"));
  EXPECT_THAT(reply.body, HasSubstr(R"("field":"/colour")"));
  EXPECT_EQ(ask(with_body("PUT", "/v1/users/u1", json_type, "[]")).status, 400);
  EXPECT_EQ(ask(with_body("PUT", "/v1/users/u1", json_type, "")).status, 400);
}

TEST_F(CallsTest, EraseAndExport) {
  EXPECT_EQ(ask(get("/v1/users/nobody/export")).status, 404);
  const Reply exported = ask(get("/v1/users/u1/export"));
  EXPECT_EQ(exported.status, 200);
  EXPECT_EQ(exported.fields.at("content-type"), json_type);
  EXPECT_THAT(exported.body, StartsWith(R"({"user":"u1","acts":[)"));
  EXPECT_THAT(exported.body, ::testing::EndsWith("]}"));
  EXPECT_EQ(ask("DELETE /v1/users/u1 HTTP/1.1\r\nHost: x\r\n\r\n").status, 204);
  EXPECT_EQ(ask("DELETE /v1/users/u1 HTTP/1.1\r\nHost: x\r\n\r\n").status, 404);
}

TEST_F(CallsTest, ALargeExportTakesBoundedMemory) {
  EXPECT_EQ(ask(get("/v1/users/huge/export")).body.size(), 23u + 20'000u * 1003u - 1 + 2);
}

TEST_F(CallsTest, ABrokenExportIsSeenToBeBroken) {
  TestClient client = connect();
  client.send(get("/v1/users/broken/export"));
  EXPECT_FALSE(client.receive().has_value());
}

TEST_F(CallsTest, ExportsAtATimeAreLimited) {
  TestClient slow = connect();
  slow.send(get("/v1/users/huge/export"));
  ASSERT_TRUE(slow.until("acts").has_value());  // and reads no further
  EXPECT_EQ(ask(get("/v1/users/u1/export")).status, 503);
  EXPECT_EQ(ask(get("/v1/users/u1/likes")).status, 200) << "others of the pool go on";
  slow.close();
  while (ask(get("/v1/users/u1/export")).status != 200) {
  }
}

TEST_F(CallsTest, Admin) {
  EXPECT_EQ(ask(with_body("POST", "/v1/admin/backup", json_type, R"({"to":"/somewhere"})")).body,
            "{\"to\":\"/somewhere\"}\n");
  EXPECT_EQ(ask(with_body("POST", "/v1/admin/backup", json_type, R"({"to":"/taken"})")).status, 409);
  for (const char* body : {R"({"to":"relative"})", R"({"to":7})", "{}", R"({"to":"/a","to":"/b"})", R"({"from":"/a"})"})
    EXPECT_EQ(ask(with_body("POST", "/v1/admin/backup", json_type, body)).status, 422) << body;
  EXPECT_EQ(ask(with_body("POST", "/v1/admin/compact", "", "")).body, "{}\n");
  EXPECT_THAT(ask(get("/v1/status")).body, StartsWith(R"({"status":"ready","position":"4",)"));
}

TEST_F(CallsTest, Health) {
  EXPECT_EQ(ask(get("/health/live")).body, "{\"status\":\"live\"}\n");
  EXPECT_EQ(ask(get("/health/ready")).body, "{\"status\":\"ready\"}\n");
  engine_.set_health(engine::Health::read_only, "the disk is full");
  const Reply read_only = ask(get("/health/ready"));
  EXPECT_EQ(read_only.status, 200);
  EXPECT_EQ(read_only.body, R"({"status":"read_only","reason":"the disk is full"})"
                            "\n");
  engine_.set_health(engine::Health::starting);
  EXPECT_EQ(ask(get("/health/ready")).status, 503);
  EXPECT_EQ(ask(get("/health/live")).status, 200);
}

TEST_F(CallsTest, Metrics) {
  ask(get("/v1/nothing"));
  const Reply reply = ask(get("/metrics"));
  EXPECT_THAT(reply.fields.at("content-type"), StartsWith("text/plain; version=0.0.4"));
  for (const char* line :
       {"# TYPE zan_events_accepted_total counter\nzan_events_accepted_total 4\n", "zan_journal_syncs_total 0\n",
        "zan_connections ", "zan_http_requests_total{call=\"POST /v1/events\",class=\"2xx\"} 1\n",
        "zan_http_requests_total{call=\"other\",class=\"4xx\"} 1\n",
        "zan_http_request_seconds_bucket{call=\"POST /v1/events\",le=\"+Inf\"} 1\n",
        "zan_http_request_seconds_count{call=\"POST /v1/events\"} 1\n"})
    EXPECT_THAT(reply.body, HasSubstr(line));
}

TEST_F(CallsTest, MethodsAndPaths) {
  const Reply missing = ask(get("/v1/nothing"));
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.fields.at("content-type"), "application/problem+json");
  EXPECT_EQ(ask(get("/none")).status, 404);
  const Reply wrong = ask("DELETE /v1/events HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.fields.at("allow"), "POST, OPTIONS");
  EXPECT_EQ(ask("TRACE /v1/top HTTP/1.1\r\nHost: x\r\n\r\n").fields.at("allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(ask("HEAD /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n", true).status, 405);
  const Reply options = ask("OPTIONS /v1/users/u1 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.fields.at("allow"), "PUT, GET, HEAD, DELETE, OPTIONS");
  EXPECT_EQ(ask("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n").status, 204);
  EXPECT_EQ(ask("OPTIONS /none HTTP/1.1\r\nHost: x\r\n\r\n").status, 404);
  EXPECT_EQ(ask(get("http://example.org/v1/top")).status, 200);
  EXPECT_EQ(ask(get("*")).status, 400);
  EXPECT_EQ(ask(get("/v1/top#x")).status, 400);
}

TEST_F(CallsTest, HeadIsGetWithoutTheBody) {
  TestClient client = connect();
  client.send("HEAD /v1/subjects/v1/counts HTTP/1.1\r\nHost: x\r\n\r\n" + get("/health/live"));
  const Reply head = client.receive(true).value_or(Reply{});
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.fields.at("content-length"), std::to_string(ask(get("/v1/subjects/v1/counts")).body.size()));
  EXPECT_EQ(client.receive()->body, "{\"status\":\"live\"}\n");
}

TEST_F(CallsTest, RequestIds) {
  EXPECT_EQ(ask(get("/health/live", "X-Request-Id: mine-1.2_3\r\n")).fields.at("x-request-id"), "mine-1.2_3");
  for (const std::string& id : {std::string("bad id"), std::string(65, 'x'), std::string("a\"b")})
    EXPECT_EQ(ask(get("/health/live", "X-Request-Id: " + id + "\r\n")).fields.at("x-request-id").size(), 16u) << id;
  EXPECT_NE(ask(get("/health/live")).fields.at("x-request-id"), ask(get("/health/live")).fields.at("x-request-id"));
}

TEST_F(CallsTest, OtherPagesMayReadOnlyWhenAllowed) {
  const char* origin = "Origin: https://page.example\r\n";
  EXPECT_FALSE(ask(get("/v1/top", origin)).fields.contains("access-control-allow-origin"));
  ServerOptions options;
  options.cors_origin = "https://page.example";
  start(options);
  EXPECT_EQ(ask(get("/v1/top", origin)).fields.at("access-control-allow-origin"), "https://page.example");
  EXPECT_FALSE(ask(get("/v1/top", "Origin: https://other.example\r\n")).fields.contains("access-control-allow-origin"));
  const Reply preflight = ask("OPTIONS /v1/events HTTP/1.1\r\nHost: x\r\n" + std::string(origin) +
                              "Access-Control-Request-Method: POST\r\n\r\n");
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.fields.at("access-control-allow-methods"), "POST, OPTIONS");
  EXPECT_THAT(preflight.fields.at("access-control-allow-headers"), HasSubstr("Authorization"));
}

}  // namespace
}  // namespace zan::api
