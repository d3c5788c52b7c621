#include "api/server_fixture.h"

namespace zan::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class StreamTest : public ServerTest {
 protected:
  TestClient open(const std::string& target = "/v1/stream", const std::string& fields = {}) {
    TestClient client = connect();
    client.send(get(target, fields));
    const auto head = client.until("retry: 2000\n\n");
    EXPECT_TRUE(head.has_value());
    if (head) {
      EXPECT_THAT(*head, HasSubstr("HTTP/1.1 200 OK"));
      EXPECT_THAT(*head, HasSubstr("Content-Type: text/event-stream"));
    }
    return client;
  }
};

TEST_F(StreamTest, TellsActsAndCountsFromNow) {
  post(json_type, like("before"));
  TestClient stream = open();
  post(json_type, like("u1"));
  const auto act = stream.until("\n\n");
  ASSERT_TRUE(act.has_value());
  EXPECT_THAT(*act, HasSubstr("id: 2\nevent: act\ndata: {\"position\":\"2\",\"actor\":\"u1\"}\n\n"));
  const auto counts = stream.until("}}\n\n");
  ASSERT_TRUE(counts.has_value());
  EXPECT_THAT(*counts, HasSubstr("event: counts\ndata: {\"subject\":\"v1\",\"likes\":2,"));
}

TEST_F(StreamTest, ResumesWhereItWasLeft) {
  for (const char* actor : {"u1", "u2", "u3"}) post(json_type, like(actor));
  TestClient by_header = open("/v1/stream", "Last-Event-ID: 1\r\n");
  EXPECT_THAT(by_header.until("id: 3\n").value_or(""), HasSubstr("id: 2\n"));
  TestClient by_query = open("/v1/stream?after=2");
  EXPECT_THAT(by_query.until("id: 3\n").value_or("id: 2"), Not(HasSubstr("id: 2\n")));
  TestClient all = open("/v1/stream?after=0");
  EXPECT_TRUE(all.until("id: 1\n").has_value());
}

TEST_F(StreamTest, OneSubjectOnly) {
  TestClient stream = open("/v1/stream?subject=v2&after=0");
  post(lines_type, like("u1", "v1") + "\n" + like("u1", "v2") + "\n");
  EXPECT_THAT(stream.until("id: 2\n").value_or("id: 1"), Not(HasSubstr("id: 1\n")));
}

TEST_F(StreamTest, BadPlaces) {
  const Reply nonsense = ask(get("/v1/stream", "Last-Event-ID: nonsense\r\n"));
  EXPECT_EQ(nonsense.status, 400);
  EXPECT_THAT(nonsense.body, HasSubstr("\"field\":\"Last-Event-ID\""));
  EXPECT_EQ(ask(get("/v1/stream?after=-1")).status, 400);
  EXPECT_EQ(ask(get("/v1/stream?after=99")).status, 404);
  EXPECT_EQ(ask(get("/v1/stream?subject=")).status, 400);
}

TEST_F(StreamTest, HeartbeatsWhenNothingHappens) {
  ServerOptions options;
  options.limits.heartbeat_us = 20'000;
  options.limits.sweep_us = 5'000;
  start(options);
  TestClient stream = open();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(stream.until(":\n\n").has_value());
}

TEST_F(StreamTest, SlowReadersCostOneChunk) {
  ServerOptions options;
  options.limits.stream_items = 8;
  start(options);
  TestClient slow = open();
  std::string lines;
  for (int i = 0; i < 20'000; ++i) lines += like("u" + std::to_string(i)) + "\n";
  EXPECT_THAT(post(lines_type, lines).body, HasSubstr("\"accepted\":20000,"));
  TestClient fast = open("/v1/stream?after=19998");
  EXPECT_TRUE(fast.until("id: 20000\n").has_value());
  EXPECT_TRUE(slow.until("id: 20000\n").has_value()) << "and misses nothing";
}

TEST_F(StreamTest, ClientsThatHangUpAreForgotten) {
  for (int i = 0; i < 20; ++i) open().close();
  while (ask(get("/metrics")).body.find("zan_streams 0\n") == std::string::npos) {
  }
}

TEST_F(StreamTest, StopEndsStreams) {
  TestClient stream = open();
  server_->stop();
  EXPECT_TRUE(stream.hung_up());
}

TEST_F(StreamTest, ManyAtOnce) {
  std::vector<TestClient> streams;
  for (int i = 0; i < 50; ++i) streams.push_back(open());
  for (int i = 0; i < 20; ++i) post(json_type, like("u" + std::to_string(i)));
  for (TestClient& stream : streams) EXPECT_TRUE(stream.until("id: 20\n").has_value());
}

}  // namespace
}  // namespace zan::api
