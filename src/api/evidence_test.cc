// The calls about what can be proven, over a log of a few entries.
#include "evidence/evidence.h"
#include "api/server_fixture.h"
#include "api/verify_page.h"

namespace zan::api {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* hong = "%E5%B0%8F%E7%BA%A2";  // LoggedEvents::user
constexpr const char* as_text_file = "Accept: text/plain\r\n";

class EvidenceTest : public ServerTest {
 protected:
  void expect_problem(const std::string& target, int status, const std::string& slug, const std::string& field = {}) {
    const Reply reply = ask(get(target));
    EXPECT_EQ(reply.status, status) << target << ": " << reply.body;
    EXPECT_EQ(reply.fields.at("content-type"), "application/problem+json") << target;
    EXPECT_EQ(reply.fields.at("cache-control"), "no-store") << target;
    EXPECT_THAT(reply.body, HasSubstr("urn:zhenzan:problem:" + slug + "\"")) << target;
    if (field.empty()) {
      EXPECT_THAT(reply.body, Not(HasSubstr("\"field\""))) << target;
    } else {
      EXPECT_THAT(reply.body, HasSubstr("\"field\":\"" + field + "\"")) << target;
    }
  }
};

TEST_F(EvidenceTest, AReceiptIsTheOneOfTheLog) {
  const Reply reply = ask(get("/v1/receipts/e7"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.fields.at("content-type"), json_type);
  EXPECT_EQ(reply.fields.at("cache-control"), "no-store");
  const auto receipt = evidence::parse_receipt(reply.body);
  ASSERT_TRUE(receipt.ok()) << receipt.error().message;
  EXPECT_EQ(*receipt, SimEvidence::logged().without_identity(7));
  EXPECT_TRUE(evidence::verify_receipt(*receipt, SimEvidence::logged().policy()).ok());
}

TEST_F(EvidenceTest, ItsPersonGetsTheProofThatItIsTheirs) {
  const Reply reply = ask(get(std::string("/v1/receipts/e7?user=") + hong));
  EXPECT_EQ(evidence::parse_receipt(reply.body).value(), SimEvidence::logged().receipt(7));
  expect_problem("/v1/receipts/e7?user=somebody", 403, "refused");
  EXPECT_EQ(evidence::parse_receipt(ask(get("/v1/receipts/e7?user=")).body).value().identity, std::nullopt);
}

TEST_F(EvidenceTest, TheClientChoosesTheForm) {
  const char* files[] = {"Accept: text/plain\r\n", "Accept: text/plain, application/json\r\n",
                         "Accept: text/plain;q=0.9, */*\r\n"};
  for (const char* accept : files) {
    const Reply reply = ask(get("/v1/receipts/e2", accept));
    EXPECT_EQ(reply.fields.at("content-type"), "text/plain; charset=utf-8") << accept;
    EXPECT_THAT(reply.body, StartsWith("c2sp.org/tlog-proof@v1\n")) << accept;
    EXPECT_EQ(evidence::parse_receipt(reply.body).value(), SimEvidence::logged().without_identity(2)) << accept;
  }
  for (const char* accept :
       {"", "Accept: */*\r\n", "Accept: application/json, text/plain\r\n", "Accept: text/html\r\n"})
    EXPECT_EQ(ask(get("/v1/receipts/e2", accept)).fields.at("content-type"), json_type) << accept;
}

TEST_F(EvidenceTest, AReceiptMayTakeAMoment) {
  for (const char* accept : {"", as_text_file}) {
    const Reply reply = ask(get("/v1/receipts/pending", accept));
    EXPECT_EQ(reply.status, 202);
    EXPECT_EQ(reply.fields.at("retry-after"), "1");
    EXPECT_EQ(reply.fields.at("content-type"), json_type);
    EXPECT_EQ(reply.body, "{\"status\":\"pending\",\"ready_in_ms\":350}\n");
  }
}

TEST_F(EvidenceTest, WhatHasNoReceipt) {
  expect_problem("/v1/receipts/none", 404, "not-found");
  expect_problem("/v1/receipts/erased", 410, "expired");
  expect_problem("/v1/receipts/e1?colour=blue", 400, "invalid-parameter", "colour");
  expect_problem("/v1/receipts/e1?user=a&user=b", 400, "invalid-parameter", "user");
  for (const char* id : {"", "%zz", "%00", "%ff", "a%0ab"})
    expect_problem("/v1/receipts/" + std::string(id), 400, "invalid-parameter", "id");
  expect_problem("/v1/receipts/" + std::string(257, 'x'), 400, "invalid-parameter", "id");
  expect_problem("/v1/receipts/a%2Fb", 404, "not-found");
  expect_problem("/v1/receipts/a/b", 404, "no-such-call");
  EXPECT_EQ(ask(with_body("POST", "/v1/receipts/e1", json_type, "{}")).status, 405);
}

TEST_F(EvidenceTest, PagesOfEntries) {
  const Reply reply = ask(get("/v1/creators/maker-9/evidence?limit=2"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.fields.at("content-type"), json_type);
  EXPECT_THAT(reply.body, StartsWith("{\"creator\":\"maker-9\",\"items\":[{\"index\":22,\"opening\":\""));
  EXPECT_THAT(reply.body, EndsWith("],\"pending\":1,\"next\":\"21\"}\n"));
  const evidence::Receipt& newest = SimEvidence::logged().receipt(22);
  std::string row = evidence::to_base64(newest.opening) + "\",\"event\":";
  evidence::append_event(row, newest.event);
  EXPECT_THAT(reply.body, HasSubstr(row + "},{\"index\":21,"));
  EXPECT_THAT(ask(get("/v1/creators/maker-9/evidence?limit=2&cursor=21")).body,
              StartsWith("{\"creator\":\"maker-9\",\"items\":[{\"index\":20,"));
  EXPECT_THAT(ask(get("/v1/creators/maker-9/evidence?limit=200&cursor=1")).body,
              EndsWith("}],\"pending\":0,\"next\":null}\n"));
}

TEST_F(EvidenceTest, EntriesOfASubject) {
  EXPECT_THAT(ask(get("/v1/subjects/video-4/evidence")).body,
              StartsWith("{\"subject\":\"video-4\",\"items\":[{\"index\":4,"));
  const std::string encoded = "/v1/subjects/%E8%A7%86%E9%A2%91%E3%83%BB%E7%9C%9F%E8%B5%9E%20%225%22/evidence";
  EXPECT_THAT(ask(get(encoded)).body, StartsWith(R"({"subject":"视频・真赞 \"5\"","items":[{"index":5,)"));
  EXPECT_EQ(ask(get("/v1/subjects/none/evidence")).body,
            "{\"subject\":\"none\",\"items\":[],\"pending\":1,\"next\":null}\n");
}

TEST_F(EvidenceTest, LimitsAndCursorsAreChecked) {
  const std::pair<const char*, const char*> bad[] = {
      {"limit=0", "limit"},  {"limit=201", "limit"}, {"limit=", "limit"},   {"limit=1x", "limit"},
      {"cursor=", "cursor"}, {"cursor=x", "cursor"}, {"user=u1", "user"},   {"limit=1&limit=1", "limit"},
      {"a=%zz", "query"},    {"%zz=1", "query"},     {"limit=-1", "limit"},
  };
  for (const std::string path : {"/v1/subjects/v1/evidence?", "/v1/creators/c1/evidence?"})
    for (const auto& [query, field] : bad) expect_problem(path + query, 400, "invalid-parameter", field);
  EXPECT_EQ(ask(get("/v1/subjects/v1/evidence?limit=200")).status, 200);
}

TEST_F(EvidenceTest, DaysOfTheLog) {
  EXPECT_EQ(ask(get("/v1/log/days/2022-04-25")).body, "{\"day\":\"2022-04-25\",\"first\":0,\"end\":23}\n");
  EXPECT_EQ(ask(get("/v1/log/days/2022-04-24")).body, "{\"day\":\"2022-04-24\",\"first\":0,\"end\":0}\n");
  EXPECT_EQ(ask(get("/v1/log/days/2024-02-29")).body, "{\"day\":\"2024-02-29\",\"first\":23,\"end\":23}\n");
  for (const char* day :
       {"today", "2022-04", "2022-4-25", "2022-02-29", "2022-04-25T00:00:00Z", "20220425", "2022-13-01"})
    expect_problem("/v1/log/days/" + std::string(day), 400, "invalid-parameter", "id");
  expect_problem("/v1/log/days/2022-04-25?limit=1", 400, "invalid-parameter", "limit");
}

TEST_F(EvidenceTest, TheLogIsServedAsItLies) {
  for (const char* path : {"checkpoint", "log.vkey"}) {
    const Reply reply = ask(get(std::string("/log/") + path));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, as_text(SimEvidence::logged().file(path).value()));
    EXPECT_EQ(reply.fields.at("content-type"), "text/plain; charset=utf-8");
    EXPECT_EQ(reply.fields.at("cache-control"), "public, max-age=1");
    EXPECT_EQ(reply.fields.at("access-control-allow-origin"), "*");
  }
  for (const char* path : {"tile/0/000.p/23", "tile/entries/000.p/23"}) {
    const Reply reply = ask(get(std::string("/log/") + path));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, as_text(SimEvidence::logged().file(path).value()));
    EXPECT_EQ(reply.fields.at("content-type"), "application/octet-stream");
    EXPECT_EQ(reply.fields.at("cache-control"), "public, max-age=31536000, immutable");
  }
  EXPECT_EQ(ask(get("/log/tile%2F0%2F000.p%2F23")).status, 200);
}

TEST_F(EvidenceTest, AnyPageMayReadTheLog) {
  start({.cors_origin = "https://a.example"});
  for (const char* origin : {"Origin: https://a.example\r\n", "Origin: https://b.example\r\n", ""})
    EXPECT_EQ(ask(get("/log/checkpoint", origin)).fields.at("access-control-allow-origin"), "*") << origin;
  EXPECT_FALSE(
      ask(get("/v1/receipts/e1", "Origin: https://b.example\r\n")).fields.contains("access-control-allow-origin"));
}

TEST_F(EvidenceTest, OtherPathsBelowTheLogAreNotThere) {
  const char* absurd[] = {
      "log.key",
      "LOCK",
      "../secret",
      "%2e%2e/secret",
      "..%2Fsecret",
      "./checkpoint",
      "checkpoint/",
      "/checkpoint",
      "tile",
      "tile/",
      "tile/0/000",
      "tile/0/0",
      "tile/00/000",
      "tile/0/x000",
      "tile/0/000.p/0",
      "tile/0/000.p",
      "tile/0/000.p/256",
      "tile/0/000.p/023",
      "tile/0/000.p/24",
      "tile/-1/000",
      "tile/9/000",
      "tile/64/000",
      "tile/entries/",
      "tile/entries/../0",
      "tile/0/999",
      "tile/1/x/001",
      "tile/0/000.p/23/",
      "TILE/0/000",
      "tile/0/000%20",
      "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
  };
  for (const char* path : absurd) expect_problem(std::string("/log/") + path, 404, "not-found");
  expect_problem("/log/%00", 400, "invalid-parameter", "id");
  expect_problem("/log/" + std::string(257, 'x'), 400, "invalid-parameter", "id");
  expect_problem("/log/", 404, "no-such-call");
  expect_problem("/log", 404, "no-such-call");
}

TEST_F(EvidenceTest, HeadSaysTheSameWithoutTheBody) {
  for (const std::string path : {"/v1/receipts/e1", "/log/checkpoint", "/log/tile/0/000.p/23", "/verify"}) {
    const Reply whole = ask(get(path));
    const Reply head = ask("HEAD " + path + " HTTP/1.1\r\nHost: x\r\n\r\n", true);
    EXPECT_EQ(head.status, 200) << path;
    EXPECT_EQ(head.body, "") << path;
    EXPECT_EQ(head.fields.at("content-length"), std::to_string(whole.body.size())) << path;
    EXPECT_EQ(head.fields.at("content-type"), whole.fields.at("content-type")) << path;
    EXPECT_EQ(head.fields.at("cache-control"), whole.fields.at("cache-control")) << path;
  }
}

TEST_F(EvidenceTest, ThePageThatChecks) {
  ASSERT_GE(verify_page().size(), 5u);
  EXPECT_EQ(verify_page().front().path, "/verify");
  for (const PageFile& file : verify_page()) {
    const Reply reply = ask(get(file.path));
    EXPECT_EQ(reply.status, 200) << file.path;
    EXPECT_EQ(reply.body, file.body) << file.path;
    EXPECT_EQ(reply.fields.at("content-type"), file.content_type);
    EXPECT_EQ(reply.fields.at("content-security-policy"), verify_page_policy);
    EXPECT_EQ(reply.fields.at("x-content-type-options"), "nosniff");
    EXPECT_EQ(reply.fields.at("referrer-policy"), "no-referrer");
  }
  for (const char* path : {"index.html", "none.js", "../verify", "page.js/", "PAGE.JS"})
    EXPECT_EQ(ask(get(std::string("/verify/") + path)).status, 404) << path;
  EXPECT_EQ(ask(with_body("POST", "/verify", json_type, "{}")).status, 405);
}

TEST_F(EvidenceTest, WithoutEvidenceItSaysSo) {
  engine_.switch_evidence_off();
  for (const char* target : {"/v1/receipts/e1", "/v1/subjects/v1/evidence", "/v1/creators/c1/evidence",
                             "/v1/log/days/2022-04-25", "/log/checkpoint", "/log/tile/0/000.p/23"}) {
    expect_problem(target, 503, "unavailable");
    EXPECT_THAT(ask(get(target)).body, HasSubstr("--evidence off")) << target;
  }
  EXPECT_THAT(ask(get("/v1/status")).body, Not(HasSubstr("evidence")));
  EXPECT_EQ(ask(get("/verify")).status, 200);
}

TEST_F(EvidenceTest, StatusTellsOfTheLog) {
  EXPECT_THAT(ask(get("/v1/status")).body,
              HasSubstr(R"("evidence":{"origin":"example.com/zhenzan","entries":23,"published":23,"position":"1022",)"
                        R"("index_bytes":0})"));
}

}  // namespace
}  // namespace zan::api
