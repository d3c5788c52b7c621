#include "api/http_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace zan::api {
namespace {

// What a request came out as, however its bytes were cut.
struct Seen {
  std::vector<std::string> heads;
  std::vector<std::string> bodies;
  bool bad = false;
  bool operator==(const Seen&) const = default;
};

Seen read_in_pieces(std::string_view bytes, std::size_t piece_bytes) {
  const Limits limits;
  HttpReader reader(limits);
  Seen seen;
  std::string waiting;
  while (!bytes.empty() && !seen.bad) {
    waiting += bytes.substr(0, piece_bytes);
    bytes.remove_prefix(std::min(bytes.size(), piece_bytes));
    for (bool more = false; !more && !seen.bad;) {
      std::size_t consumed = 0;
      switch (reader.read(waiting, consumed)) {
        case HttpReader::Step::more:
          more = true;
          break;
        case HttpReader::Step::head: {
          const Request& head = reader.request();
          seen.heads.push_back(std::string(to_string(head.method)) + " " + head.target + " " + head.content_type +
                               (head.keep_alive ? "+" : "-") + (head.has_body ? "b" : ""));
          seen.bodies.emplace_back();
          break;
        }
        case HttpReader::Step::body:
          seen.bodies.back() += reader.piece();
          break;
        case HttpReader::Step::complete:
          reader.reset();
          break;
        case HttpReader::Step::bad:
          seen.bad = true;
          break;
      }
      waiting.erase(0, consumed);
    }
  }
  return seen;
}

TEST(HttpReader, EveryCutGivesTheSame) {
  const std::string bytes =
      "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n"
      "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
      "11\r\n\r\nhello world"
      "POST /c HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n "
      "world\r\n0\r\nX: y\r\n\r\n"
      "\r\nDELETE /d HTTP/1.0\r\n\r\n";
  const Seen whole = read_in_pieces(bytes, bytes.size());
  ASSERT_FALSE(whole.bad);
  EXPECT_EQ(whole.heads, (std::vector<std::string>{"GET /a?b=c +", "POST /v1/events application/json+b", "POST /c +b",
                                                   "DELETE /d -"}));
  EXPECT_EQ(whole.bodies, (std::vector<std::string>{"", "hello world", "hello world", ""}));
  for (std::size_t piece = 1; piece < bytes.size(); ++piece) EXPECT_EQ(read_in_pieces(bytes, piece), whole) << piece;
}

TEST(HttpReader, KeepsWhatTheServerActsOn) {
  const Limits limits;
  HttpReader reader(limits);
  const std::string head =
      "PUT /x HTTP/1.1\r\nHOST: h\r\nauthorization: Bearer k\r\nIDEMPOTENCY-KEY: "
      "i\r\nx-request-id: r\r\nlast-event-id: 7\r\n"
      "Origin: o\r\nContent-Encoding: gzip\r\nExpect: 100-Continue\r\nContent-Length: "
      "3\r\nConnection: close\r\n\r\nabc";
  std::size_t consumed = 0;
  ASSERT_EQ(reader.read(head, consumed), HttpReader::Step::head);
  const Request& request = reader.request();
  EXPECT_EQ(request.host + request.authorization + request.idempotency_key + request.request_id +
                request.last_event_id + request.origin + request.content_encoding,
            "hBearer kir7ogzip");
  EXPECT_TRUE(request.expect_continue);
  EXPECT_FALSE(request.keep_alive);
  EXPECT_EQ(request.content_length, 3u);
  reader.reset();
  EXPECT_EQ(reader.request().authorization, "");
  EXPECT_FALSE(reader.started());
}

TEST(HttpReader, TrailersChangeNothing) {
  const Limits limits;
  HttpReader reader(limits);
  const std::string bytes =
      "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nAuthorization: "
      "late\r\nContent-Type: late\r\n\r\n";
  std::size_t consumed = 0, at = 0;
  ASSERT_EQ(reader.read(bytes, consumed), HttpReader::Step::head);
  at += consumed;
  ASSERT_EQ(reader.read(std::string_view(bytes).substr(at), consumed), HttpReader::Step::complete);
  EXPECT_EQ(reader.request().authorization + reader.request().content_type, "");
}

}  // namespace
}  // namespace zan::api
