#include <thread>

#include "api/server_fixture.h"

namespace zan::api {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* json = json_type;
constexpr const char* ndjson = lines_type;

using EventsTest = ServerTest;

TEST_F(EventsTest, OneEvent) {
  const Reply reply = post(json, like("u1"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "{\"accepted\":1,\"duplicates\":0,\"rejected\":0,\"position\":\"1\"}\n");
  EXPECT_EQ(reply.fields.at("content-type"), json);
  EXPECT_FALSE(reply.fields.at("x-request-id").empty());
  EXPECT_EQ(engine_.subject_counts("v1")->organic[0], 1u);
}

TEST_F(EventsTest, OneBadEvent) {
  Reply reply = post(json, R"({"type":"like","actor":"u1"})");
  EXPECT_EQ(reply.status, 422);
  EXPECT_EQ(reply.fields.at("content-type"), "application/problem+json");
  EXPECT_THAT(reply.body, HasSubstr(R"("field":"/subject")"));
  EXPECT_THAT(reply.body, HasSubstr(R"("type":"urn:zhenzan:problem:invalid-event")"));
  EXPECT_THAT(reply.body, HasSubstr("urn:zhenzan:request:" + reply.fields.at("x-request-id")));
  reply = post(json, R"({"type":"like",)");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, HasSubstr("malformed-json"));
  EXPECT_EQ(post(json, "").status, 400);
  EXPECT_EQ(post(json, "  \n ").status, 400);
  EXPECT_EQ(post(json, "\"like\"").status, 400);
  EXPECT_EQ(post(json, like("refused")).status, 422);
}

TEST_F(EventsTest, RepeatedIds) {
  const std::string event = R"({"type":"like","id":"e1","actor":"u1","subject":"v1"})";
  EXPECT_THAT(post(json, event).body, HasSubstr("\"accepted\":1"));
  EXPECT_THAT(post(json, event).body, HasSubstr("\"accepted\":0,\"duplicates\":1"));
  const Reply reply = post(json, R"({"type":"like","id":"e1","actor":"u2","subject":"v1"})");
  EXPECT_EQ(reply.status, 409);
  EXPECT_THAT(reply.body, HasSubstr("urn:zhenzan:problem:conflict"));
}

TEST_F(EventsTest, IdempotencyKey) {
  const std::string key = "Idempotency-Key: k1\r\n";
  EXPECT_THAT(post(json, like("u1"), key).body, HasSubstr("\"accepted\":1"));
  EXPECT_THAT(post(json, like("u1"), key).body, HasSubstr("\"duplicates\":1"));
  const Reply reply = post(json, like("u2"), key);
  EXPECT_EQ(reply.status, 422);
  EXPECT_THAT(reply.body, HasSubstr("idempotency-key-reuse"));
  EXPECT_EQ(post(json, like("u3"), "Idempotency-Key: " + std::string(201, 'k') + "\r\n").status, 400);
  const std::string lines = like("a") + "\n" + like("b") + "\n";
  EXPECT_THAT(post(ndjson, lines, "Idempotency-Key: k2\r\n").body, HasSubstr("\"accepted\":2"));
  EXPECT_THAT(post(ndjson, lines, "Idempotency-Key: k2\r\n").body, HasSubstr("\"duplicates\":2"));
  EXPECT_THAT(post(json, "[" + like("a") + "," + like("b") + "]", "Idempotency-Key: k2\r\n").body,
              HasSubstr("\"duplicates\":2"));
}

TEST_F(EventsTest, Array) {
  const Reply reply = post(json, "[" + like("u1") + ",{\"type\":\"like\"}," + like("u2") + "," + like("refused") + "]");
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, StartsWith(R"({"index":1,"problem":{"type":"urn:zhenzan:problem:invalid-event")"));
  EXPECT_THAT(reply.body, HasSubstr("\n{\"index\":3,"));
  EXPECT_THAT(reply.body, HasSubstr("\n{\"accepted\":2,\"duplicates\":0,\"rejected\":2,\"position\":\"2\"}\n"));
  EXPECT_EQ(post(json, "[]").body, "{\"accepted\":0,\"duplicates\":0,\"rejected\":0,\"position\":\"2\"}\n");
  EXPECT_EQ(post(json, "[" + like("u1") + ",").status, 400);
}

TEST_F(EventsTest, LargeArrayIsParsedElsewhere) {
  std::string array = "[";
  for (int i = 0; i < 20'000; ++i) array += (i > 0 ? "," : "") + like("u" + std::to_string(i));
  array += ",{}]";
  ASSERT_GT(array.size(), array_inline_bytes_max);
  const Reply reply = post(json, array);
  EXPECT_THAT(reply.body, StartsWith(R"({"index":20000,)"));
  EXPECT_THAT(reply.body, HasSubstr("{\"accepted\":20000,\"duplicates\":0,\"rejected\":1,"));
  EXPECT_EQ(post(json, array.substr(0, array.size() - 1)).status, 400);
}

TEST_F(EventsTest, Lines) {
  const Reply reply = post(ndjson, like("u1") + "\n\n  \r\n" + like("u2") + "\r\nnonsense\n{\"type\":\"like\"}\n" +
                                       like("refused") + "\n" + like("u3"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.fields.at("content-type"), ndjson);
  EXPECT_THAT(reply.body, StartsWith(R"({"index":2,"problem":{"type":"urn:zhenzan:problem:malformed-json")"));
  EXPECT_THAT(reply.body, HasSubstr("\n{\"index\":3,"));
  EXPECT_THAT(reply.body, HasSubstr("\n{\"index\":4,"));
  EXPECT_THAT(reply.body, HasSubstr("\n{\"accepted\":3,\"duplicates\":0,\"rejected\":3,\"position\":\"3\"}\n"));
  for (const char* type : {"application/ndjson", "application/jsonl", "Application/X-NDJSON; charset=utf-8"})
    EXPECT_THAT(post(type, like("u9") + "\n").body, HasSubstr("\"accepted\":1"));
  EXPECT_EQ(post(ndjson, "").body, "{\"accepted\":0,\"duplicates\":0,\"rejected\":0,\"position\":\"6\"}\n");
}

TEST_F(EventsTest, BodiesWithoutATypeAreSniffed) {
  for (const char* type : {"", "application/x-www-form-urlencoded"}) {
    EXPECT_EQ(post(type, R"({"type":"like"})").status, 422);
    EXPECT_EQ(post(type, "{\n\"type\":\"like\",\n\"actor\":\"u1\",\"subject\":\"v1\"\n}\n").status, 200);
    EXPECT_THAT(post(type, like("u1")).body, HasSubstr("\"accepted\":1"));
    EXPECT_THAT(post(type, like("u1") + "\n").body, HasSubstr("\"accepted\":1"));
    EXPECT_THAT(post(type, " [" + like("u1") + "]").body, HasSubstr("\"accepted\":1"));
    EXPECT_THAT(post(type, like("u1") + "\n" + like("u2") + "\n{}\n").body,
                HasSubstr("\"accepted\":2,\"duplicates\":0,\"rejected\":1"));
    EXPECT_EQ(post(type, "like").status, 400);
    EXPECT_EQ(post(type, "").status, 400);
  }
}

TEST_F(EventsTest, OtherTypesAreRefused) {
  EXPECT_EQ(post("text/html", "<p>").status, 415);
  EXPECT_EQ(post(json, like("u1"), "Content-Encoding: gzip\r\n").status, 415);
  EXPECT_EQ(post(json, like("u1"), "Content-Encoding: identity\r\n").status, 200);
}

TEST_F(EventsTest, ManyLinesInManyBatches) {
  ServerOptions options;
  options.limits.batch_acts = 100;
  start(options);
  std::string lines;
  for (int i = 0; i < 5000; ++i) lines += (i % 1000 == 999 ? std::string("bad") : like("u" + std::to_string(i))) + "\n";
  const Reply reply = post(ndjson, lines);
  std::size_t at = 0;
  for (const char* index : {"999", "1999", "2999", "3999", "4999"}) {
    const std::size_t found = reply.body.find("{\"index\":" + std::string(index) + ",");
    ASSERT_NE(found, std::string::npos) << index;
    EXPECT_GE(found, at);
    at = found;
  }
  EXPECT_THAT(reply.body, HasSubstr("{\"accepted\":4995,\"duplicates\":0,\"rejected\":5,\"position\":\"4995\"}"));
  EXPECT_LE(engine_.largest_batch(), 100u);
}

TEST_F(EventsTest, NothingIsSummedUpBeforeItIsDurable) {
  engine_.hold();
  TestClient client = connect();
  client.send(post_events(ndjson, like("u1") + "\nbad\n"));
  engine_.await_waiting(1);
  TestClient other = connect();
  EXPECT_EQ(other.exchange(get("/health/live"))->status, 200);
  engine_.release();
  EXPECT_THAT(client.receive()->body, HasSubstr("\"accepted\":1"));
}

TEST_F(EventsTest, AFullIntakeAtTheStartIsSaid) {
  engine_.refuse_with(limited("too many events are waiting"));
  for (const Reply& reply :
       {post(json, like("u1")), post(ndjson, like("u1") + "\n"), post(json, "[" + like("u1") + "]")}) {
    EXPECT_EQ(reply.status, 429);
    EXPECT_EQ(reply.fields.at("retry-after"), "1");
  }
  engine_.refuse_with(unavailable("the disk is full"));
  for (const Reply& reply : {post(json, like("u1")), post(ndjson, like("u1") + "\n")}) {
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.fields.at("retry-after"), "1");
    EXPECT_THAT(reply.body, HasSubstr("the disk is full"));
  }
}

TEST_F(EventsTest, AFullIntakeInTheMiddleIsWaitedFor) {
  ServerOptions options;
  options.limits.batch_acts = 10;
  options.limits.offer_again_us = 500;
  start(options);
  engine_.set_intake_max(25);
  std::string lines;
  for (int i = 0; i < 2000; ++i) lines += like("u" + std::to_string(i)) + "\n";
  EXPECT_THAT(post(ndjson, lines).body, HasSubstr("{\"accepted\":2000,"));
}

TEST_F(EventsTest, AStreamOfAnyLengthTakesBoundedMemory) {
  ServerOptions options;
  options.limits.batch_acts = 100;
  start(options);
  engine_.hold();
  TestClient client = connect();
  client.send(
      "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: "
      "application/x-ndjson\r\nContent-Length: 100000000\r\n\r\n");
  const std::string lines = [] {
    std::string out;
    for (int i = 0; i < 1000; ++i) out += like("u") + "\n";
    return out;
  }();
  // The engine takes nothing, so at some point neither does the socket: 4 batches and the kernel's
  // buffers are full.
  std::size_t stuck = 0, sent = 0;
  while (stuck < 20 && sent < 90'000'000) {
    const std::size_t count = client.send_some(lines);
    sent += count;
    stuck = count == 0 ? stuck + 1 : 0;
    if (count == 0) {
      EXPECT_EQ(TestClient(server_->port()).exchange(get("/health/live"))->status, 200);
    }
  }
  EXPECT_LT(sent, 30'000'000u);
  EXPECT_LE(engine_.waiting(), options.limits.batches_in_flight);
  engine_.release();
}

TEST_F(EventsTest, ProblemsWaitForTheClient) {
  ServerOptions options;
  options.limits.unsent_bytes = 10'000;
  start(options);
  TestClient client = connect();
  std::string lines;
  for (int i = 0; i < 30'000; ++i) lines += "bad\n";
  std::thread sender([&] { client.send(post_events(ndjson, lines)); });
  const Reply reply = client.receive().value_or(Reply{});
  sender.join();
  EXPECT_THAT(reply.body, HasSubstr("{\"index\":29999,"));
  EXPECT_THAT(reply.body, HasSubstr("\"rejected\":30000,"));
}

TEST_F(EventsTest, AFailureInTheMiddleIsTheLastLine) {
  ServerOptions options;
  options.limits.batch_acts = 10;
  start(options);
  TestClient client = connect();
  client.send(
      "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: "
      "application/x-ndjson\r\nContent-Length: 1000000\r\n\r\n");
  std::string ten = "bad\n";
  for (int i = 0; i < 9; ++i) ten += like("u" + std::to_string(i)) + "\n";
  client.send(ten);
  while (engine_.status().accepted < 9) std::this_thread::yield();
  engine_.fail_with(unavailable("the disk is full"));
  client.send(ten);
  const auto last = client.until("\"position\"");
  ASSERT_TRUE(last.has_value());
  EXPECT_THAT(*last, HasSubstr("the disk is full"));
  EXPECT_THAT(*last, HasSubstr("\"accepted\":9,"));
  EXPECT_TRUE(client.hung_up());
}

TEST_F(EventsTest, LongLines) {
  ServerOptions options;
  options.limits.line_bytes = 1000;
  start(options);
  const std::string lines = like("u1") + "\n" + std::string(5000, 'x') + "\n" + like("u2") + "\n" +
                            std::string(1001, ' ') + "x\n" + std::string(3000, 'y');
  const Reply reply = post(ndjson, lines);
  EXPECT_THAT(reply.body, HasSubstr("{\"index\":1,"));
  EXPECT_THAT(reply.body, HasSubstr("longer than 1000 bytes"));
  EXPECT_THAT(reply.body, HasSubstr("\"accepted\":2,\"duplicates\":0,\"rejected\":3,"));
  EXPECT_EQ(post(json, "{\"type\":\"" + std::string(2000, 'x') + "\"}").status, 413);
}

TEST_F(EventsTest, LargeBodies) {
  ServerOptions options;
  options.limits.body_bytes = 100'000;
  start(options);
  EXPECT_EQ(post(json, std::string(100'001, '[')).status, 413);
  EXPECT_EQ(post("", "[" + std::string(100'001, ' ')).status, 413);
  options.limits.large_bodies = 0;
  server_.reset();
  start(options);
  EXPECT_EQ(post(json, "[" + std::string(90'000, ' ') + "]").status, 503);
  EXPECT_EQ(post(json, "[" + std::string(9'000, ' ') + "]").status, 200);
}

// The same request in every cut into two, and byte by byte, with a length and in chunks.
TEST_F(EventsTest, BytesMayComeInAnyPieces) {
  const std::string lines = like("u1") + "\nbad\n" + like("u2") + "\n";
  std::string chunked =
      "POST /v1/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: "
      "application/x-ndjson\r\n\r\n";
  for (std::size_t i = 0; i < lines.size(); i += 7) {
    const std::string part = lines.substr(i, 7);
    chunked += std::to_string(part.size()) + ";ext=1\r\n" + part + "\r\n";
  }
  chunked += "0\r\nTrailer: ignored\r\n\r\n";
  for (const std::string& request : {post_events(ndjson, lines), chunked, post_events("", lines)}) {
    TestClient client = connect();
    for (std::size_t cut = 1; cut < request.size(); ++cut) {
      client.send(request.substr(0, cut));
      client.send(request.substr(cut));
      const Reply reply = client.receive().value_or(Reply{});
      ASSERT_THAT(reply.body, HasSubstr("\"accepted\":2,\"duplicates\":0,\"rejected\":1,")) << cut;
    }
    for (const char c : request) client.send({&c, 1});
    EXPECT_THAT(client.receive()->body, HasSubstr("\"accepted\":2,\"duplicates\":0,\"rejected\":1,"));
  }
}

TEST_F(EventsTest, PipelinedEventsAreAnsweredInOrder) {
  TestClient client = connect();
  std::string all;
  for (int i = 0; i < 50; ++i) all += post_events(json, i % 5 == 4 ? "{}" : like("u" + std::to_string(i)));
  client.send(all);
  for (int i = 0; i < 50; ++i) ASSERT_EQ(client.receive()->status, i % 5 == 4 ? 422 : 200) << i;
}

TEST_F(EventsTest, Http10AndCloseDelimitedAnswers) {
  TestClient client = connect();
  client.send(
      "POST /v1/events HTTP/1.0\r\nContent-Type: application/x-ndjson\r\nContent-Length: "
      "4\r\n\r\nbad\n");
  const Reply reply = client.receive().value_or(Reply{});
  EXPECT_FALSE(reply.fields.contains("transfer-encoding"));
  EXPECT_THAT(reply.body, HasSubstr("\"rejected\":1,"));
}

TEST_F(EventsTest, ContinueIsSaidWhenAsked) {
  TestClient client = connect();
  const std::string event = like("u1");
  client.send(
      "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: "
      "100-continue\r\nContent-Length: " +
      std::to_string(event.size()) + "\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 100);
  client.send(event);
  EXPECT_EQ(client.receive()->status, 200);
  client.send(
      "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: text/html\r\nExpect: "
      "100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 415);
  EXPECT_TRUE(client.closed());
}

}  // namespace
}  // namespace zan::api
