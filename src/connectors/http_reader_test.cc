#include "connectors/http_reader.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace zan::connectors {
namespace {

const std::string stream =
    "HTTP/1.1 100 Continue\r\n\r\n"
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
    "HTTP/1.1 429 Too Many Requests\r\nretry-after: 7\r\nContent-Length: 0\r\n\r\n"
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nT: v\r\n\r\n"
    "HTTP/1.1 204 No Content\r\n\r\n";

// However the bytes are cut, the same answers come out.
RC_GTEST_PROP(HttpReader, AnswersDoNotDependOnHowBytesArrive, ()) {
  HttpReader reader;
  std::vector<HttpAnswer> answers;
  for (std::size_t at = 0; at < stream.size();) {
    const auto count = *rc::gen::inRange<std::size_t>(1, 60);
    reader.add(std::string_view(stream).substr(at, count));
    at += count;
    for (;;) {
      auto answer = reader.take();
      RC_ASSERT(answer.ok());
      if (!answer.value()) break;
      answers.push_back(*answer.value());
    }
  }
  RC_ASSERT(answers.size() == 4u);
  RC_ASSERT(answers[0].body == "hello");
  RC_ASSERT(answers[1].status == 429);
  RC_ASSERT(answers[1].retry_after_seconds == 7u);
  RC_ASSERT(answers[2].body == "abc0123456789");
  RC_ASSERT(answers[3].status == 204);
  RC_ASSERT(reader.empty());
}

TEST(HttpReader, RefusesWhatIsNotHttp) {
  for (const char* text : {"SSH-2.0\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                           "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\n",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    HttpReader reader;
    reader.add(text);
    EXPECT_FALSE(reader.take().ok()) << text;
  }
}

TEST(ServerUrl, IsReadPrecisely) {
  EXPECT_EQ(parse_server_url("http://127.0.0.1:8080")->port, 8080);
  EXPECT_EQ(parse_server_url("http://localhost/")->port, 80);
  EXPECT_EQ(parse_server_url("http://[::1]:99")->host, "::1");
  EXPECT_EQ(parse_server_url("http://[::1]:99")->url(), "http://[::1]:99");
  EXPECT_EQ(parse_server_url("https://x:1").error().kind, ErrorKind::unsupported);
  for (const char* url :
       {"", "x:1", "http://", "http://:80", "http://a:b", "http://a:0", "http://a:70000", "http://a/b"})
    EXPECT_FALSE(parse_server_url(url).ok()) << url;
  EXPECT_TRUE(is_loopback({"127.0.0.1", 1}).value());
  EXPECT_TRUE(is_loopback({"::1", 1}).value());
  EXPECT_FALSE(is_loopback({"192.0.2.7", 1}).value());
}

TEST(Problem, IsToldInOneLine) {
  EXPECT_EQ(problem_text(R"({"type":"x","title":"Invalid","status":400,"detail":"actor is required"})"),
            "actor is required");
  EXPECT_EQ(problem_text(R"({"type":"x","title":"Invalid"})"), "Invalid");
  EXPECT_EQ(problem_text("Bad Gateway"), "Bad Gateway");
  EXPECT_EQ(path_segment("a b/\xc3\xa4"), "a%20b%2F%C3%A4");
}

}  // namespace
}  // namespace zan::connectors
