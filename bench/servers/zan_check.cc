#include "servers/zan_check.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>
#include <chrono>
#include <string>
#include <vector>

#include "load/lines.h"
#include "measure/fail.h"
#include "net/http.h"

namespace zan::bench {

namespace {

constexpr std::size_t kPage = 40;  // smaller than the lists, so that cursors are used

class Asker {
 public:
  explicit Asker(std::uint16_t port) : client_(port) {}

  simdjson::dom::element get(const std::string& target) { return parsed(target, client_.get(target)); }
  simdjson::dom::element post(const std::string& target, const std::string& body) {
    return parsed(target, client_.post_json(target, body));
  }

 private:
  simdjson::dom::element parsed(const std::string& target, const HttpReply& reply) {
    simdjson::dom::element json;
    if (reply.status != 200) fail("zan: {} gives {} {}", target, reply.status, reply.body);
    if (parser_.parse(reply.body).get(json)) fail("zan: {} gives no JSON: {}", target, reply.body);
    return json;
  }

  HttpClient client_;
  simdjson::dom::parser parser_;
};

std::string_view text_of(simdjson::dom::element json, const char* name) {
  std::string_view text;
  if (json[name].get_string().get(text)) fail("zan: no text '{}'", name);
  return text;
}

std::uint64_t at_of(simdjson::dom::element json) {
  std::uint64_t number = 0;
  if (!json["at"].get_uint64().get(number)) return number;
  return parse_rfc3339_ms(text_of(json, "at"));
}

// Reads a whole list (at most `wanted` entries) page by page and compares it.
void check_list(Asker& asker, const std::string& target, const char* name, char letter,
                const std::vector<Listed>& expected, bool to_its_end) {
  std::string cursor;
  std::size_t seen = 0;
  while (true) {
    const simdjson::dom::element page =
        asker.get(fmt::format("{}?limit={}{}{}", target, kPage, cursor.empty() ? "" : "&cursor=", cursor));
    for (const simdjson::dom::element item : page["items"].get_array()) {
      if (seen == expected.size() && to_its_end) fail("zan: {} is too long", target);
      if (seen == expected.size()) return;
      const std::string wanted = letter + std::to_string(expected[seen].id);
      if (text_of(item, name) != wanted || at_of(item) != expected[seen].at_ms) {
        fail("zan: entry {} of {} is {} at {}, expected {} at {}", seen, target, text_of(item, name), at_of(item),
             wanted, expected[seen].at_ms);
      }
      ++seen;
    }
    std::string_view next;
    if (page["next"].get_string().get(next)) break;
    cursor = next;
  }
  if (seen != expected.size()) fail("zan: {} has {} entries of {}", target, seen, expected.size());
}

void check_subject(Asker& asker, const Sample::Subject& expected) {
  const std::string target = "/v1/subjects/" + subject_id(expected.id);
  const std::uint64_t likes = asker.get(target + "/counts")["likes"].get_uint64().value();
  if (likes != expected.likes) fail("zan: {} has {} likes, expected {}", target, likes, expected.likes);
  const bool whole = expected.newest.size() < Sample::kListMax;
  check_list(asker, target + "/likers", "actor", 'u', expected.newest, whole);
}

void check_hydrate(Asker& asker, const Sample::User& expected) {
  std::string body = fmt::format(R"({{"viewer":"{}","subjects":[)", user_id(expected.id));
  std::vector<std::pair<std::string, bool>> wanted;
  for (const Listed& item : expected.newest) wanted.emplace_back(subject_id(item.id), true);
  for (const std::uint32_t id : expected.not_liked) wanted.emplace_back(subject_id(id), false);
  if (wanted.size() > 200) wanted.resize(200);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    body += fmt::format("{}\"{}\"", i == 0 ? "" : ",", wanted[i].first);
  }
  const simdjson::dom::element answer = asker.post("/v1/hydrate", body + "]}");
  std::size_t seen = 0;
  for (const simdjson::dom::element item : answer["subjects"].get_array()) {
    if (seen == wanted.size()) fail("zan: hydrate answers too much");
    const bool liked = item["viewer"]["liked"].get_bool().value();
    if (text_of(item, "subject") != wanted[seen].first || liked != wanted[seen].second) {
      fail("zan: hydrate of {} for {} is wrong", wanted[seen].first, user_id(expected.id));
    }
    ++seen;
  }
  if (seen != wanted.size()) fail("zan: hydrate answers too little");
}

}  // namespace

std::uint64_t parse_rfc3339_ms(std::string_view text) {
  const auto digits = [&](std::size_t position, std::size_t count) {
    int value = -1;
    if (position + count <= text.size()) {
      std::from_chars(text.data() + position, text.data() + position + count, value);
    }
    if (value < 0) fail("not an RFC 3339 time: {}", text);
    return value;
  };
  if (text.size() < 20 || text.back() != 'Z') fail("not an RFC 3339 time in UTC: {}", text);
  const std::chrono::year_month_day date{std::chrono::year(digits(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(digits(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(digits(8, 2)))};
  const auto days = std::chrono::sys_days(date).time_since_epoch();
  const auto seconds = std::chrono::seconds(days) + std::chrono::hours(digits(11, 2)) +
                       std::chrono::minutes(digits(14, 2)) + std::chrono::seconds(digits(17, 2));
  std::uint64_t milliseconds = 0;
  for (std::size_t i = 20, weight = 100; i < text.size() - 1 && weight > 0; ++i, weight /= 10) {
    milliseconds += static_cast<std::uint64_t>(digits(i, 1)) * weight;
  }
  return static_cast<std::uint64_t>(seconds.count()) * 1000 + milliseconds;
}

void check_zan(std::uint16_t port, const Sample& sample) {
  Asker asker(port);
  for (const Sample::Subject& expected : sample.subjects()) check_subject(asker, expected);
  for (const Sample::User& expected : sample.users()) {
    check_list(asker, "/v1/users/" + user_id(expected.id) + "/likes", "subject", 'v', expected.newest, true);
    check_hydrate(asker, expected);
  }
}

}  // namespace zan::bench
