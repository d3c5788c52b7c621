// What tests of the running server share: a fake engine, a server on a free loopback port, clients.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "api/api.h"
#include "api/fake_engine.h"
#include "api/test_client.h"

namespace zan::api {

inline constexpr const char* json_type = "application/json";
inline constexpr const char* lines_type = "application/x-ndjson";

inline std::string like(const std::string& actor, const std::string& subject = "v1") {
  return R"({"type":"like","actor":")" + actor + R"(","subject":")" + subject + "\"}";
}

class ServerTest : public ::testing::Test {
 protected:
  void start(ServerOptions options = {}) {
    server_.reset();
    auto server = Server::start(engine_, std::move(options));
    ASSERT_TRUE(server.ok()) << server.error().message;
    server_ = std::move(server).value();
  }
  TestClient connect() {
    if (server_ == nullptr) start();
    return TestClient(server_->port());
  }
  Reply ask(std::string_view request, bool of_head = false) {
    TestClient client = connect();
    client.send(request);
    return client.receive(of_head).value_or(Reply{});
  }
  Reply post(std::string_view type, std::string_view body, std::string_view fields = {}) {
    return ask(post_events(type, body, fields));
  }

  FakeEngine engine_;
  std::unique_ptr<Server> server_;
};

}  // namespace zan::api
