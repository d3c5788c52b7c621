// Clients that are slow, half-open, endless, malformed or too many, while others are served as
// usual.
#include <thread>

#include "api/server_fixture.h"

namespace zan::api {
namespace {

using ::testing::HasSubstr;

class HostileTest : public ServerTest {
 protected:
  // Only the one patience under test is short, so that a busy machine disturbs nothing else.
  static ServerOptions impatient(std::int64_t Limits::*patience) {
    ServerOptions options;
    options.limits.sweep_us = 5'000;
    options.limits.*patience = 50'000;
    return options;
  }
  void expect_well() { EXPECT_EQ(ask(get("/health/live")).status, 200); }
};

TEST_F(HostileTest, MalformedRequests) {
  const std::pair<std::string, int> requests[] = {
      {"NONSENSE\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505},
      {"GET / HTTQ/1.1\r\nHost: x\r\n\r\n", 505},
      {"GET /health/live HTTP/1.1\r\n\r\n", 400},
      {"GET /health/live HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400},
      {"GET /health/live HTTP/1.1\r\nHost x\r\n\r\n", 400},
      {"GET /health/live HTTP/1.1\r\nHost: x\r\nA b: c\r\n\r\n", 400},
      {"GET /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: "
       "chunked\r\n\r\n",
       400},
      {"GET /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400},
      {"GET /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", 400},
      {"GET /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", 400},
      {"GET /health/live HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501},
      {"GET /health/live HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"GET /health/live HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n", 417},
      {"GET /health/live HTTP/1.1\nHost: x\n\n", 505},
      {"POST /v1/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {"POST /v1/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
       "chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n",
       400},
  };
  for (const auto& [request, status] : requests) {
    TestClient client = connect();
    client.send(request);
    Reply reply = client.receive().value_or(Reply{});
    EXPECT_EQ(reply.status, status) << request;
    EXPECT_EQ(reply.fields["content-type"], "application/problem+json") << request;
    EXPECT_EQ(reply.fields["connection"], "close") << request;
    EXPECT_TRUE(client.closed()) << request;
  }
  expect_well();
}

TEST_F(HostileTest, LargeHeaders) {
  const auto with_header = [](std::size_t bytes) {
    return get("/health/live", "X-Long: " + std::string(bytes, 'x') + "\r\n");
  };
  const Limits limits;
  const std::size_t others = with_header(0).size();
  EXPECT_EQ(ask(with_header(limits.header_bytes - others)).status, 200);
  EXPECT_EQ(ask(with_header(limits.header_bytes - others + 1)).status, 431);
  EXPECT_EQ(ask(with_header(10 * limits.header_bytes)).status, 431);
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "A" + std::to_string(i) + ": b\r\n";
  EXPECT_EQ(ask(get("/health/live", many)).status, 431);
  EXPECT_EQ(ask(get("/v1/subjects/" + std::string(limits.target_bytes, 'x'))).status, 414);
  EXPECT_EQ(ask(std::string(100'000, 'G')).status, 431);
  // The same, in drops.
  TestClient client = connect();
  client.send("GET / HTTP/1.1\r\n");
  while (client.send_some("A: b\r\n") > 0) {
  }
  EXPECT_EQ(client.receive()->status, 431);
}

TEST_F(HostileTest, EndlessChunkHeadersAndTrailers) {
  const std::string head = "POST /v1/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(ask(head + "5;" + std::string(50'000, 'x')).status, 431);
  EXPECT_EQ(ask(head + "0\r\nX: " + std::string(50'000, 'x')).status, 431);
  EXPECT_EQ(ask(head + "5;a=" + std::string(2'000, 'x') + "\r\nhello\r\n").status, 431);
}

TEST_F(HostileTest, BodiesNobodyAskedFor) {
  TestClient client = connect();
  client.send(with_body("GET", "/health/live", "", "some body") + get("/health/live"));
  EXPECT_EQ(client.receive()->status, 200);
  EXPECT_EQ(client.receive()->status, 200) << "the body was not taken for a request";
  client.send(with_body("POST", "/v1/nothing", "", "short") + get("/health/live"));
  EXPECT_EQ(client.receive()->status, 404);
  EXPECT_EQ(client.receive()->status, 200);
  const Reply large = ask(with_body("GET", "/health/live", "", std::string(100'000, 'x')));
  EXPECT_EQ(large.status, 413);
  EXPECT_EQ(large.fields.at("connection"), "close");
}

TEST_F(HostileTest, AnEarlyAnswerReachesAClientThatIsStillSending) {
  TestClient client = connect();
  client.send("POST /v1/nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\n");
  const std::string block(100'000, 'x');
  std::thread sender([&] {
    for (int i = 0; i < 20 && client.send(block); ++i) {
    }
  });
  EXPECT_EQ(client.receive().value_or(Reply{}).status, 404);
  sender.join();
  EXPECT_TRUE(client.hung_up());
}

TEST_F(HostileTest, SlowHeaders) {
  start(impatient(&Limits::header_us));
  TestClient client = connect();
  client.send("GET /health/live HTTP/1.1\r\nHo");
  const Reply reply = client.receive().value_or(Reply{});
  EXPECT_EQ(reply.status, 408);
  EXPECT_TRUE(client.closed());
  expect_well();
}

TEST_F(HostileTest, IdleConnectionsAreClosedInSilence) {
  start(impatient(&Limits::idle_us));
  TestClient fresh = connect();
  EXPECT_TRUE(fresh.closed());
  TestClient used = connect();
  used.send(get("/health/live"));
  EXPECT_TRUE(used.hung_up());
}

TEST_F(HostileTest, SlowBodies) {
  start(impatient(&Limits::body_stall_us));
  for (const char* type : {json_type, lines_type, ""}) {
    TestClient client = connect();
    client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: " + std::string(type) +
                "\r\nContent-Length: 1000\r\n\r\n{\"ty");
    EXPECT_EQ(client.receive().value_or(Reply{}).status, 408) << type;
    EXPECT_TRUE(client.hung_up());
  }
  // A stream that has taken events ends with what became of them.
  TestClient client = connect();
  client.send(
      "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: "
      "application/x-ndjson\r\nContent-Length: 1000\r\n\r\n" +
      like("u1") + "\n{\"ty");
  const Reply reply = client.receive().value_or(Reply{});
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr("the body came too slowly"));
  EXPECT_THAT(reply.body, HasSubstr("\"accepted\":1,"));
  expect_well();
}

// A byte now and then keeps the stall timer quiet, but not the demand for progress.
TEST_F(HostileTest, TricklingBodies) {
  for (const char* type : {json_type, lines_type}) {
    ServerOptions options = impatient(type == json_type ? &Limits::body_stall_us : &Limits::line_stall_us);
    options.limits.body_bytes_per_second = 1'000'000;
    start(options);
    TestClient client = connect();
    client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: " + std::string(type) +
                "\r\nContent-Length: 1000000\r\n\r\n");
    while (client.send_some("x") > 0 && client.send(" ")) std::this_thread::yield();
    EXPECT_TRUE(client.hung_up()) << type;
  }
  expect_well();
}

TEST_F(HostileTest, ClientsThatTakeNothing) {
  start(impatient(&Limits::write_stall_us));
  TestClient client = connect();
  std::string many;
  for (int i = 0; i < 200; ++i) many += get("/openapi.json");
  // Asks and asks, and reads nothing: at some point nothing more is read from it, and then it is
  // hung up on.
  while (client.send(many)) {
  }
  expect_well();
}

TEST_F(HostileTest, HalfOpenClientsGetTheirAnswer) {
  TestClient client = connect();
  client.send(post_events(json_type, like("u1")));
  client.end_sending();
  EXPECT_EQ(client.receive().value_or(Reply{}).status, 200);
  EXPECT_TRUE(client.closed());
  TestClient silent = connect();
  silent.end_sending();
  EXPECT_TRUE(silent.closed());
  TestClient partial = connect();
  partial.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  partial.end_sending();
  EXPECT_EQ(partial.receive().value_or(Reply{}).status, 400);
  EXPECT_TRUE(partial.closed());
}

TEST_F(HostileTest, ClientsThatVanishWhileTheEngineWorks) {
  start();
  engine_.hold();
  for (int i = 0; i < 50; ++i) {
    TestClient client = connect();
    client.send(post_events(json_type, like("u" + std::to_string(i))));
    client.close();
  }
  for (int i = 0; i < 20; ++i) {
    TestClient client = connect();
    client.send(post_events(lines_type, like("w" + std::to_string(i)) + "\n"));
    client.close();
  }
  engine_.await_waiting(70);
  engine_.release();
  while (engine_.subject_counts("v1")->organic[0] < 70) std::this_thread::yield();
  expect_well();
}

TEST_F(HostileTest, AThousandIdleConnectionsDisturbNobody) {
  start();
  std::vector<TestClient> idle;
  for (int i = 0; i < 1000; ++i) {
    idle.push_back(connect());
    if (i % 3 == 1) idle.back().send("GET /health/li");
    if (i % 3 == 2) idle.back().send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
  }
  TestClient client = connect();
  for (int i = 0; i < 200; ++i)
    ASSERT_EQ(client.exchange(post_events(json_type, like("u" + std::to_string(i))))->status, 200);
  EXPECT_THAT(ask(get("/metrics")).body, HasSubstr("zan_connections 1002\n"));
  for (std::size_t i = 1; i < idle.size(); i += 3) {
    idle[i].send("ve HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_EQ(idle[i].receive().value_or(Reply{}).status, 200);
  }
}

TEST_F(HostileTest, TooManyConnections) {
  ServerOptions options;
  options.limits.connections = 3;
  start(options);
  std::vector<TestClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(connect());
    EXPECT_EQ(clients.back().exchange(get("/health/live"))->status, 200);
  }
  TestClient surplus = connect();
  const Reply reply = surplus.receive().value_or(Reply{});
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.fields.at("retry-after"), "1");
  EXPECT_TRUE(surplus.closed());
  clients.pop_back();
  while (ask(get("/health/live")).status != 200) {
  }
}

TEST_F(HostileTest, PipeliningIsAnsweredInOrder) {
  TestClient client = connect();
  std::string all;
  for (int i = 0; i < 2000; ++i) all += get("/v1/subjects/v" + std::to_string(i) + "/counts");
  std::thread sender([&] { client.send(all); });
  for (int i = 0; i < 2000; ++i) {
    const Reply reply = client.receive().value_or(Reply{});
    ASSERT_THAT(reply.body, HasSubstr("{\"subject\":\"v" + std::to_string(i) + "\"")) << i;
  }
  sender.join();
}

TEST_F(HostileTest, EmptyLinesBeforeARequest) {
  EXPECT_EQ(ask("\r\n\r\n" + get("/health/live")).status, 200);
}

TEST_F(HostileTest, ClosingAndKeepingAlive) {
  TestClient closing = connect();
  EXPECT_EQ(closing.exchange(get("/health/live", "Connection: close\r\n"))->fields.at("connection"), "close");
  EXPECT_TRUE(closing.closed());
  TestClient old = connect();
  EXPECT_EQ(old.exchange("GET /health/live HTTP/1.0\r\n\r\n")->fields.at("connection"), "close");
  EXPECT_TRUE(old.closed());
  TestClient kept = connect();
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(kept.exchange("GET /health/live HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")->fields.at("connection"),
              "keep-alive");
}

// --- stopping
// -----------------------------------------------------------------------------------------------------

TEST_F(HostileTest, StopLetsRequestsUnderWayEnd) {
  start();
  TestClient idle = connect();
  EXPECT_EQ(idle.exchange(get("/health/live"))->status, 200);
  engine_.hold();
  TestClient busy = connect();
  busy.send(post_events(json_type, like("u1")));
  engine_.await_waiting(1);
  std::thread stopper([&] { server_->stop(); });
  EXPECT_TRUE(idle.closed());
  engine_.release();
  EXPECT_EQ(busy.receive().value_or(Reply{}).status, 200);
  EXPECT_TRUE(busy.closed());
  stopper.join();
}

TEST_F(HostileTest, StopEndsEventStreamsWithTheirSummary) {
  start();
  TestClient client = connect();
  client.send(
      "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: "
      "application/x-ndjson\r\nContent-Length: 1000000\r\n\r\n" +
      like("u1") + "\n");
  while (engine_.status().accepted < 1) std::this_thread::yield();
  std::thread stopper([&] { server_->stop(); });
  const Reply reply = client.receive().value_or(Reply{});
  EXPECT_THAT(reply.body, HasSubstr("the server is stopping"));
  EXPECT_THAT(reply.body, HasSubstr("\"accepted\":1,"));
  EXPECT_TRUE(client.hung_up());
  stopper.join();
}

TEST_F(HostileTest, StopDoesNotWaitForEver) {
  ServerOptions options;
  options.limits.drain_us = 50'000;
  start(options);
  TestClient client = connect();
  client.send(
      "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
      "100\r\n\r\n{");
  EXPECT_EQ(ask(get("/health/live")).status, 200);
  server_->stop();
  EXPECT_TRUE(client.hung_up());
  server_->stop();
}

TEST_F(HostileTest, StopUnderLoad) {
  start();
  std::vector<std::thread> clients;
  for (int t = 0; t < 4; ++t)
    clients.emplace_back([&, t, port = server_->port()] {
      TestClient client(port);
      for (int i = 0;; ++i) {
        client.send(post_events(json_type, like("u" + std::to_string(t) + "-" + std::to_string(i), "stop")));
        if (client.receive().value_or(Reply{}).status != 200) return;
      }
    });
  while (engine_.subject_counts("stop")->organic[0] < 200) std::this_thread::yield();
  server_->stop();
  for (std::thread& client : clients) client.join();
}

}  // namespace
}  // namespace zan::api
