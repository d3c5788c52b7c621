// The witness on a socket: the protocol, with our own client as well, and clients that mean harm.
#include "zan/witness_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "base/random.h"
#include "connectors/connectors.h"
#include "connectors/sim_log.h"
#include "zan/command_fixture.h"
#include "zan/exit_code.h"

namespace zan::app {
namespace {

namespace fs = std::filesystem;
using connectors::HttpClient;
using connectors::SimLog;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

// Bytes to a port, and back.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }
  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  // Until what came ends so, or the other side has closed.
  [[nodiscard]] std::string read_until(std::string_view end) const {
    std::string all;
    char byte = 0;
    while (!all.ends_with(end) && ::recv(socket_, &byte, 1, 0) == 1) all.push_back(byte);
    return all;
  }
  [[nodiscard]] std::string read_all() const {
    std::string all;
    char buffer[4096];
    for (ssize_t count = 0; (count = ::recv(socket_, buffer, sizeof buffer, 0)) > 0;)
      all.append(buffer, static_cast<std::size_t>(count));
    return all;
  }

 private:
  int socket_;
  bool connected_ = false;
};

class WitnessServerTest : public testing::Test {
 protected:
  ~WitnessServerTest() override { stop(); }

  void start(WitnessServerOptions options = {}) {
    SeededEntropy entropy(3);
    auto key = evidence::SignerKey::make("w.example/1", evidence::SignatureType::cosignature_v1, entropy);
    witness_ = evidence::Witness::open(*disk_, "w", std::move(key), {log_.log().verifiers().front()}).value();
    server_ = WitnessServer::listen(*witness_, machine_clock(), options).value();
    running_ = std::jthread([this](const std::stop_token& token) { server_->run(token); });
  }
  void stop() {
    if (!running_.joinable()) return;
    running_.request_stop();
    running_.join();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }
  std::string request(std::uint64_t old_size) {
    auto tree = log_.log().reader().value();
    const std::string body =
        to_text(evidence::WitnessRequest{old_size, tree.consistency(old_size).value(), log_.log().signed_checkpoint()});
    return post(body);
  }
  static std::string post(const std::string& body) {
    return "POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
  }
  std::string ask(const std::string& bytes) const {
    const RawClient client(server_->port());
    client.send(bytes);
    return client.read_all();
  }
  void expect_alive() {
    log_.grow(1);
    const RawClient client(server_->port());
    client.send(request(0));
    EXPECT_THAT(client.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 "));
  }

  SimLog log_;
  std::unique_ptr<storage::SimDisk> disk_ = storage::SimDisk::make(1);
  std::unique_ptr<evidence::Witness> witness_;
  std::unique_ptr<WitnessServer> server_;
  std::jthread running_;
};

TEST_F(WitnessServerTest, speaks_the_protocol_over_one_connection) {
  start();
  const auto client = HttpClient::connect({connectors::parse_server_url(url()).value(), "", "test"}).value();
  EXPECT_EQ(client->call({.target = "/vkey"})->body, evidence::to_vkey(witness_->verifier()) + "\n");
  const std::string shown = "/" + evidence::to_hex(evidence::sha256(as_bytes(SimLog::origin))) + "/checkpoint";
  EXPECT_EQ(client->call({.target = shown})->status, 404);
  log_.grow(5);
  const std::string body = to_text(evidence::WitnessRequest{0, {}, log_.log().signed_checkpoint()});
  const auto cosigned = client->call({"POST", "/add-checkpoint", "", body});
  ASSERT_EQ(cosigned->status, 200) << cosigned->body;
  EXPECT_THAT(cosigned->body, StartsWith("\u2014 w.example/1 "));
  const auto again = client->call({"POST", "/add-checkpoint", "", body});
  EXPECT_EQ(again->status, 409);
  EXPECT_EQ(again->body, "5\n");
  EXPECT_THAT(client->call({.target = shown})->body, HasSubstr(cosigned->body));
  EXPECT_EQ(client->call({.target = "/add-checkpoint"})->status, 405);
  EXPECT_EQ(client->call({"POST", "/vkey", "", ""})->status, 405);
  EXPECT_EQ(client->call({.target = "/"})->status, 404);
  EXPECT_EQ(client->call({.target = "/checkpoint"})->status, 404);
  EXPECT_EQ(client->call({"POST", "/add-checkpoint", "", "nonsense"})->status, 400);
}

TEST_F(WitnessServerTest, our_own_client_and_it_understand_each_other) {
  start();
  const std::string text = "log " + evidence::to_vkey(log_.log().verifiers().front()) + "\nwitness w " +
                           evidence::to_vkey(witness_->verifier()) + " " + url() + "/\nquorum w\n";
  const evidence::Policy policy = evidence::parse_policy(text).value();
  const auto cosign = [&](evidence::Cosigners& asked, SimLog& log) {
    auto tree = log.log().reader().value();
    return asked.cosign(log.log().signed_checkpoint(), tree, 20 * us_per_second);
  };
  for (const bool forgotten : {false, true}) {
    const auto asked = connectors::open_witnesses(policy, machine_clock()).value();
    for (const std::uint64_t more : {3, 300, 1}) {
      log_.grow(more);
      const auto signatures = cosign(*asked, log_);
      ASSERT_THAT(signatures, SizeIs(1)) << forgotten;
      ASSERT_TRUE(log_.log().publish(signatures).ok());
      const auto published = evidence::parse_signed_checkpoint(log_.read_checkpoint().value()).value();
      EXPECT_TRUE(evidence::check_policy(policy, published).ok());
    }
  }
  SimLog backup;
  backup.grow(2);
  const auto asked = connectors::open_witnesses(policy, machine_clock()).value();
  EXPECT_THAT(cosign(*asked, backup), SizeIs(0));
  EXPECT_THAT(asked->alarm().value_or(""), HasSubstr("old backup"));
}

TEST_F(WitnessServerTest, refuses_what_is_no_request_for_it) {
  start();
  const std::string long_line(2 * witness_head_bytes_max, 'a');
  for (const auto& [bytes, status] : std::vector<std::pair<std::string, std::string>>{
           {"\r\n\r\n", "400"},
           {"GET\r\n\r\n", "400"},
           {"GET  HTTP/1.1\r\n\r\n", "400"},
           {"GET /vkey HTTP/2.0\r\n\r\n", "505"},
           {"GET /vkey SMTP\r\n\r\n", "400"},
           {"GET /vkey HTTP/1.1\r\nno colon\r\n\r\n", "400"},
           {"GET /vkey HTTP/1.1\r\nName : x\r\n\r\n", "400"},
           {"GET /" + long_line, "431"},
           {"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 600000\r\n\r\n", "413"},
           {"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n", "413"},
           {"POST /add-checkpoint HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "400"},
           {"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", "400"},
           {"POST /add-checkpoint HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "501"}})
    EXPECT_THAT(ask(bytes), StartsWith("HTTP/1.1 " + status)) << bytes.substr(0, 80);
  EXPECT_THAT(ask("GET /vkey HTTP/1.0\r\n\r\n"), HasSubstr("Connection: close\r\n\r\nw.example/1+"));
  expect_alive();
}

TEST_F(WitnessServerTest, takes_requests_behind_each_other_and_those_that_ask_first) {
  start();
  log_.grow(4);
  const std::string twice = ask("GET /vkey HTTP/1.1\r\n\r\nGET /vkey HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(twice.substr(20), HasSubstr("HTTP/1.1 200 OK"));
  const std::string whole = request(0);
  const std::size_t body = whole.find("\r\n\r\n") + 4;
  const RawClient client(server_->port());
  client.send(whole.substr(0, body - 2) + "Expect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send(whole.substr(body));
  EXPECT_THAT(client.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(WitnessServerTest, one_that_never_ends_its_request_is_cut_off) {
  start({.request_ms = 50});
  EXPECT_EQ(ask("POST /add-checkpoint HTTP/1.1\r\nContent-Length: 10\r\n\r\n12345"), "");
  EXPECT_EQ(ask(""), "");
  expect_alive();
}

TEST_F(WitnessServerTest, many_that_say_nothing_keep_nobody_out) {
  start({.connections_max = 4, .request_ms = 600'000});
  std::vector<std::unique_ptr<RawClient>> crowd;
  for (int i = 0; i < 40; ++i) {
    crowd.push_back(std::make_unique<RawClient>(server_->port()));
    ASSERT_TRUE(crowd.back()->connected());
    crowd.back()->send("POST /add-checkpoint HTTP/1.1\r\n");
  }
  expect_alive();
  EXPECT_EQ(crowd.front()->read_all(), "");
}

TEST_F(WitnessServerTest, stops_with_connections_open) {
  start({.request_ms = 600'000});
  const RawClient client(server_->port());
  client.send("GET /vkey HTTP/1.1\r\n\r\n");
  EXPECT_THAT(client.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 200"));
  stop();
  EXPECT_FALSE(running_.joinable());
}

TEST_F(WitnessServerTest, an_address_in_use_is_said) {
  start();
  const auto second = WitnessServer::listen(*witness_, machine_clock(), {.port = server_->port()});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().kind, ErrorKind::unavailable);
}

class WitnessCommandTest : public CommandFixture {
 protected:
  void SetUp() override {
    SeededEntropy entropy(1);
    const auto key = evidence::SignerKey::make("example.com/log", evidence::SignatureType::ed25519, entropy);
    std::ofstream(folder() + "/log.vkey") << evidence::to_vkey(key.verifier()) << "\n";
  }

  // Until it has a key, and then a SIGTERM.
  int run_until_stopped(std::vector<std::string> more) const {
    std::vector<std::string> arguments{"witness",     "--data", folder() + "/w",       "--listen",
                                       "127.0.0.1:0", "--log",  folder() + "/log.vkey"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    auto running = std::async(std::launch::async, [&] { return run_command_line(arguments); });
    while (!fs::exists(folder() + "/w/witness.key") &&
           running.wait_for(std::chrono::milliseconds(5)) != std::future_status::ready) {
    }
    if (running.wait_for(std::chrono::milliseconds(0)) != std::future_status::ready) ::kill(::getpid(), SIGTERM);
    return running.get();
  }
};

TEST_F(WitnessCommandTest, makes_a_key_that_only_its_owner_reads_and_keeps_it) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(run_until_stopped({"--name", "w.example/1"}), exit_ok);
  std::fflush(stdout);
  const std::string said = testing::internal::GetCapturedStdout();
  EXPECT_THAT(said, StartsWith("w.example/1+"));
  EXPECT_THAT(said, HasSubstr("\nlistening on http://127.0.0.1:"));
  struct stat found {};
  ASSERT_EQ(::stat((folder() + "/w/witness.key").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST_F(WitnessCommandTest, says_what_is_wrong) {
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "witness");
    return run_command_line(arguments);
  };
  const std::string log = folder() + "/log.vkey";
  EXPECT_EQ(run({"--data", folder() + "/w", "--name", "w"}), exit_usage);
  EXPECT_EQ(run({"--data", folder() + "/w", "--log", folder() + "/absent"}), exit_usage);
  EXPECT_EQ(run({"--data", folder() + "/w", "--log", log}), exit_usage) << "no name";
  EXPECT_EQ(run({"--data", folder() + "/w", "--log", log, "--name", "a b"}), exit_usage);
  EXPECT_EQ(run({"--data", folder() + "/w", "--log", log, "--name", "w", "--listen", "nowhere"}), exit_usage);
  std::ofstream(folder() + "/empty") << "# none\n";
  EXPECT_EQ(run({"--data", folder() + "/w", "--log", folder() + "/empty", "--name", "w"}), exit_usage);
  EXPECT_FALSE(fs::exists(folder() + "/w/witness.key"));
  fs::create_directory(folder() + "/w");
  std::ofstream(folder() + "/w/witness.key") << "nonsense\n";
  EXPECT_EQ(run({"--data", folder() + "/w", "--log", log, "--name", "w"}), exit_findings);
}

}  // namespace
}  // namespace zan::app
