#include "problems/selftest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "load/lines.h"
#include "load/population.h"
#include "measure/fail.h"
#include "measure/histogram.h"
#include "net/http.h"
#include "net/resp.h"
#include "problems/audience.h"
#include "servers/zan.h"
#include "servers/zan_check.h"

namespace zan::bench {

namespace {

void expect(bool condition, const char* what) {
  if (!condition) fail("selftest: {}", what);
}

void populations_are_distinct_and_shaped() {
  for (const Shape shape : {Shape::uniform, Shape::zipf, Shape::viral}) {
    const std::uint64_t users = shape == Shape::viral ? 50'000 : 10'000;
    const Population population({.likes = 100'000, .users = users, .subjects = 5'000, .shape = shape});
    std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
    std::vector<std::size_t> counts(5'000);
    for (const Like& like : population.likes()) {
      pairs.emplace(like.user, like.subject);
      ++counts.at(like.subject);
    }
    expect(pairs.size() == 100'000, "every pair is there once");
    if (shape == Shape::viral) expect(counts[0] == 50'000, "the viral subject takes half");
    if (shape == Shape::zipf) {
      // Exponent 1 over 5,000: rank 10 is drawn 100,000 / (10 * 9.09) times, a little more since
      // pairs are distinct.
      expect(counts[9] > 1'000 && counts[9] < 1'500, "rank 10 of the Zipf shape");
      expect(counts[99] > 90 && counts[99] < 160, "rank 100 of the Zipf shape");
    }
    if (shape == Shape::uniform) {
      expect(*std::max_element(counts.begin(), counts.end()) < 50, "uniform has no head");
    }
  }
}

void samples_equal_plain_counting() {
  const Population population({.likes = 20'000});
  const Sample sample(population, 15'000, 20);
  for (const Sample::Subject& subject : sample.subjects()) {
    std::vector<Listed> likers;
    for (std::size_t i = 0; i < 15'000; ++i) {
      const Like& like = population.likes()[i];
      if (like.subject == subject.id) likers.insert(likers.begin(), {like.user, Population::at_ms(i)});
    }
    expect(likers.size() == subject.likes, "the likes of a subject");
    likers.resize(std::min(likers.size(), Sample::kListMax));
    expect(likers == subject.newest, "the likers of a subject");
  }
}

void readers_take_any_pieces() {
  const std::string fixed = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  const std::string chunked =
      "HTTP/1.1 429 Slow\r\nretry-after: 2\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";
  for (const std::string& reply : {fixed, chunked}) {
    HttpReader reader;
    for (std::size_t i = 0; i < reply.size(); ++i) {
      expect(reader.feed({&reply[i], 1}) == (i + 1 == reply.size()), "complete at the last byte");
    }
    expect(reader.body() == "hello", "the body");
    expect(reader.status() == (reply == fixed ? 200 : 429), "the status");
    reader.reset();
    expect(reader.feed(reply), "the reader can be used again");
  }
  const std::string resp = "*2\r\n$3\r\nabc\r\n$-1\r\n:42\r\n+OK\r\n";
  RespReader reader(3);
  for (std::size_t i = 0; i < resp.size(); ++i) {
    expect(reader.feed({&resp[i], 1}) == (i + 1 == resp.size()), "three replies");
  }
  RespValue value;
  std::size_t position = 0;
  expect(parse_resp(resp, position, value) && value.items.at(0).text == "abc", "a list");
  expect(value.items.at(1).kind == RespValue::Kind::nothing, "a missing value");
  expect(parse_resp(resp, position, value) && value.integer == 42, "a number");
}

void histogram_is_right_within_its_width() {
  Histogram histogram;
  for (std::int64_t i = 1; i <= 100'000; ++i) histogram.record(i * 1000);
  expect(std::abs(histogram.quantile_ms(0.5) - 50) < 1, "the median");
  expect(std::abs(histogram.quantile_ms(0.99) - 99) < 2, "the 99th percentile");
}

void texts_are_read() {
  expect(parse_rfc3339_ms("2022-04-24T15:05:41.436Z") == kFirstAtMs, "a time with milliseconds");
  expect(parse_rfc3339_ms("1970-01-02T00:00:00Z") == 86'400'000, "a time without");
  expect(parse_rfc3339_ms("2022-04-24T15:05:41.436000Z") == kFirstAtMs, "a time with microseconds");
  const IngestAnswer answer =
      parse_ingest_answer("{\"index\":7,\"problem\":{}}\n{\"accepted\":5,\"duplicates\":2,\"rejected\":1}\n");
  expect(answer.accepted == 5 && answer.duplicates == 2 && answer.rejected == 1, "an ingest answer");
  std::string event;
  append_event(event, {123, 45}, kFirstAtMs);
  expect(event == R"({"type":"like","actor":"u123","subject":"v45","at":1650812741436})", "an event");
}

}  // namespace

void run_selftest() {
  populations_are_distinct_and_shaped();
  samples_equal_plain_counting();
  readers_take_any_pieces();
  histogram_is_right_within_its_width();
  texts_are_read();
  check_audience();
  fmt::print("selftest passed\n");
}

}  // namespace zan::bench
