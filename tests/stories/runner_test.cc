// The runner against a server of canned answers: a story must fail whenever the answer is not the expected one.

#include "runner.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "macros.h"
#include "story.h"
#include "support/outcome.h"

namespace zan::stories {
namespace {

using testing_support::Trouble;

// Answers one request per canned answer on each connection, in order, and remembers what it was asked.
class FakeServer : public Stage {
 public:
  explicit FakeServer(std::vector<std::string> answers) : answers_(std::move(answers)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ::listen(listener_, 8);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~FakeServer() override {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  [[nodiscard]] std::uint16_t port() const override { return port_; }
  void stop() override { happened += "stop "; }
  void kill() override { happened += "kill "; }
  void check() override { happened += "check "; }
  void start(const std::vector<std::string>& arguments) override {
    happened += "start ";
    for (const auto& argument : arguments) happened += argument + " ";
  }

  std::string happened;
  std::string asked;  // read it after the story

 private:
  void serve() {
    for (const std::string& answer : answers_) {
      const int peer = ::accept(listener_, nullptr, nullptr);
      if (peer < 0) return;
      char bytes[65536];
      const ssize_t got = ::recv(peer, bytes, sizeof bytes, 0);
      if (got > 0) asked.append(bytes, static_cast<std::size_t>(got));
      ::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
      ::close(peer);
    }
  }

  std::vector<std::string> answers_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

std::string answer(int status, const std::string& body, const std::string& headers = "") {
  return "HTTP/1.1 " + std::to_string(status) + " Something\r\nconnection: close\r\n" + headers +
         "content-length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// Empty when the story holds, else what the runner said.
std::string tell(const std::string& text, std::vector<std::string> answers) {
  FakeServer server(std::move(answers));
  try {
    run_story(parse_story(text), server);
    return {};
  } catch (const Trouble& trouble) {
    return trouble.what();
  }
}

TEST(Story, parses_requests_answers_and_directives) {
  const Story story = parse_story(
      "# title\n# more\n\nPOST /v1/events\nContent-Type: application/json\n\n{\"a\":1}\n---\n200 exact\nx-y: "
      "z\n\n{\"b\":2}\n===\n"
      "!kill\n\n!serve --rate 5\nGET /\n---\n404\n");
  EXPECT_EQ(story.title, "title");
  ASSERT_EQ(story.steps.size(), 4U);
  EXPECT_EQ(story.steps[0].request.headers.front().first, "content-type");
  EXPECT_EQ(story.steps[0].request.body, "{\"a\":1}");
  EXPECT_TRUE(story.steps[0].expectation.exact);
  EXPECT_EQ(story.steps[0].expectation.headers.front().second, "z");
  EXPECT_EQ(story.steps[1].kind, StepKind::kill);
  EXPECT_EQ(story.steps[2].arguments.size(), 2U);
  EXPECT_EQ(story.steps[3].expectation.status, 404);
}

TEST(Story, refuses_what_is_none) {
  for (const char* text : {"", "GET /\n---\n200\n", "# t\n", "# t\nGET\n---\n200\n", "# t\nGET /\n",
                           "# t\nGET /\n---\nok\n", "# t\n!jump\n", "# t\nGET /\n---\n200 sometimes\n"}) {
    EXPECT_THROW(parse_story(text), Trouble) << text;
  }
}

TEST(Story, all_that_are_told_can_be_read) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(ZAN_SOURCE_DIR "/tests/stories/stories")) {
    EXPECT_NO_THROW(load_story(entry.path())) << entry.path();
    ++count;
  }
  EXPECT_GT(count, 15U);
}

TEST(Macros, expand) {
  EXPECT_EQ(expand("a {{x}} b", {{"x", "1"}}, 0), "a 1 b");
  EXPECT_EQ(expand("{{now}} {{now-2s}} {{now+1d}}", {}, 10'000), "10000 8000 86410000");
  EXPECT_EQ(expand("\"{{repeat 3 ab}}\"", {}, 0), "\"ababab\"");
  EXPECT_EQ(expand("{{lines 2 {\"a\":{\"b\":\"v#\"}}}}", {}, 0), "{\"a\":{\"b\":\"v0\"}}\n{\"a\":{\"b\":\"v1\"}}");
  EXPECT_EQ(expand("{{=y}} }} {{", {}, 0), "{{=y}} }} {{");
  EXPECT_EQ(expand("{\"a\":{\"at\":{{now+1s}}}}", {}, 0), "{\"a\":{\"at\":1000}}");
  EXPECT_THROW(expand("{{x}}", {}, 0), Trouble);
}

constexpr const char* simple = "# t\nGET /a\n---\n200\ncontent-type: application/*\n\n{\"n\":1}\n";
constexpr const char* json_type = "content-type: application/json\r\n";

TEST(Runner, is_content_with_the_expected_answer) {
  EXPECT_EQ(tell(simple, {answer(200, R"({"n":1,"m":2})", json_type)}), "");
}

TEST(Runner, sees_each_difference) {
  EXPECT_NE(tell(simple, {answer(201, R"({"n":1})", json_type)}), "");
  EXPECT_NE(tell(simple, {answer(200, R"({"n":1})")}), "");
  EXPECT_NE(tell(simple, {answer(200, R"({"n":2})", json_type)}), "");
  EXPECT_NE(tell(simple, {answer(200, "", json_type)}), "");
  EXPECT_NE(tell(simple, {"nonsense\r\n\r\n"}), "");
  EXPECT_NE(tell(simple, {"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"}), "");
}

TEST(Runner, takes_a_class_of_statuses) {
  EXPECT_EQ(tell("# t\nGET /\n---\n4xx\n", {answer(422, "")}), "");
  EXPECT_NE(tell("# t\nGET /\n---\n4xx\n", {answer(500, "")}), "");
}

TEST(Runner, compares_json_lines_one_by_one) {
  const std::string story = "# t\nGET /\n---\n200\n\n{\"a\":1}\n{\"b\":2}\n";
  EXPECT_EQ(tell(story, {answer(200, "{\"a\":1}\n{\"b\":2}\n")}), "");
  EXPECT_NE(tell(story, {answer(200, "{\"a\":1}\n")}), "");
  EXPECT_NE(tell(story, {answer(200, "{\"b\":2}\n{\"a\":1}\n")}), "");
  EXPECT_NE(tell(story, {answer(200, "{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n")}), "");
}

TEST(Runner, looks_for_lines_of_text_in_order) {
  const std::string story = "# t\nGET /\n---\n200\n\nzan_likes *\nzan_views 2\n";
  EXPECT_EQ(tell(story, {answer(200, "# x\nzan_likes 3\n# y\nzan_views 2\n")}), "");
  EXPECT_NE(tell(story, {answer(200, "zan_views 2\nzan_likes 3\n")}), "");
}

TEST(Runner, carries_captured_values_into_later_requests) {
  FakeServer server({answer(200, R"({"next":"abc"})"), answer(200, "{}")});
  run_story(parse_story("# t\nGET /\n---\n200\n{\"next\":\"{{=n}}\"}\n===\nGET /?cursor={{n}}\n---\n200\n"), server);
  EXPECT_NE(server.asked.find("GET /?cursor=abc HTTP/1.1"), std::string::npos);
}

TEST(Runner, asks_again_for_what_comes_soon) {
  const std::string story = "# t\nGET /\n---\n200 soon\n\n{\"n\":3}\n";
  EXPECT_EQ(tell(story, {answer(202, ""), answer(200, "{\"n\":2}"), answer(200, "{\"n\":3}")}), "");
  EXPECT_NE(tell(story, {answer(202, ""), "nonsense\r\n\r\n"}), "");
  EXPECT_TRUE(parse_story(story).steps[0].expectation.soon);
}

TEST(Runner, reads_a_stream_until_it_has_seen_enough) {
  const std::string head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
  const std::string story = "# t\nGET /s\n---\n200 stream\ncontent-type: text/event-stream\n\nid: 7\ndata: {\"n\":1}\n";
  EXPECT_EQ(tell(story, {head + "5\r\n:hi\n\n\r\n1a\r\nid: 7\ndata: {\"n\":1,\"m\":2}\n\r\n"}), "");
  EXPECT_NE(tell(story, {head + "6\r\nid: 7\n\r\n0\r\n\r\n"}), "");
}

TEST(Runner, carries_out_directives) {
  FakeServer server({});
  run_story(parse_story("# t\n!restart\n!kill\n!check\n!serve --a 1\n!restart\n"), server);
  EXPECT_EQ(server.happened, "stop start kill start stop check start stop start --a 1 stop start --a 1 ");
}

}  // namespace
}  // namespace zan::stories
