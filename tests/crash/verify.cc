#include "verify.h"

#include <simdjson.h>

#include <cmath>
#include <cstdio>
#include <ctime>
#include <optional>
#include <string>

#include "support/http.h"
#include "support/outcome.h"

namespace zan::crash {
namespace {

using testing_support::Connection;
using testing_support::Response;
using testing_support::Trouble;
namespace dom = simdjson::dom;

class Verifier {
 public:
  Verifier(std::uint16_t port, const Model& model, Tolerance tolerance)
      : port_(port), model_(model), tolerance_(tolerance), connection_(port) {}

  std::uint64_t run() {
    for (int subject = 0; subject < subject_count; ++subject) subjects_.push_back(model_.subject(subject));
    for (int actor = 0; actor < actor_count; ++actor) verify_hydrate(actor);
    if (!model_.pending().empty()) return refused_;
    for (int subject = 0; subject < subject_count; ++subject) {
      verify_list("/v1/subjects/" + subject_name(subject) + "/likers", "actor", 'u', model_.likers(subject));
    }
    for (int actor = 0; actor < actor_count; ++actor) {
      verify_list("/v1/users/" + actor_name(actor) + "/likes", "subject", 's', model_.likes_of(actor));
    }
    return refused_;
  }

 private:
  // nullopt: refused, and that is tolerated.
  std::optional<dom::element> ask(const std::string& method, const std::string& target, const std::string& body = {}) {
    if (!connection_.usable()) connection_ = Connection(port_);
    Response response;
    const testing_support::Headers headers =
        body.empty() ? testing_support::Headers{} : testing_support::Headers{{"content-type", "application/json"}};
    response = connection_.request(method, target, headers, body);
    if (tolerance_ == Tolerance::refusals && response.status >= 500) {
      ++refused_;
      return std::nullopt;
    }
    dom::element answer;
    if (response.status != 200 || parser_.parse(response.body).get(answer) != simdjson::SUCCESS) {
      throw Trouble(target + ": " + std::to_string(response.status) + " " + response.body.substr(0, 500));
    }
    return answer;
  }

  void verify_hydrate(int actor) {
    std::string body = R"({"viewer":")" + actor_name(actor) + R"(","subjects":[)";
    for (int subject = 0; subject < subject_count; ++subject) {
      body += (subject == 0 ? "\"" : ",\"") + subject_name(subject) + '"';
    }
    const auto answer = ask("POST", "/v1/hydrate", body + "]}");
    if (!answer) return;
    int subject = 0;
    const dom::array items = (*answer)["subjects"].get_array().value();
    for (const dom::element item : items) {
      verify_subject(subject, item);
      verify_pair(actor, subject, item["viewer"].value());
      ++subject;
    }
    if (subject != subject_count) throw Trouble("hydrate answered " + std::to_string(subject) + " subjects");
  }

  void verify_subject(int subject, dom::element item) {
    const SubjectExpectation& expected = subjects_[static_cast<std::size_t>(subject)];
    const dom::element counts = item["counts"].value();
    verify_count(subject, "likes", counts, expected.likes);
    verify_count(subject, "dislikes", counts, expected.dislikes);
    verify_count(subject, "views", counts, expected.views);
    verify_count(subject, "comments", counts, expected.comments);
    verify_count(subject, "shares", counts, {0, 0});
  }

  static void verify_count(int subject, const char* kind, dom::element counts, Range expected) {
    const std::int64_t count = counts[kind].get_int64().value();
    if (expected.holds(count)) return;
    throw Trouble(subject_name(subject) + " has " + std::to_string(count) + " " + kind + ", expected " +
                  std::to_string(expected.low) + " to " + std::to_string(expected.high));
  }

  void verify_pair(int actor, int subject, dom::element viewer) const {
    const PairExpectation expected = model_.pair(actor, subject);
    if (expected.reaction_certain) {
      verify_flag(actor, subject, "liked", viewer, expected.reaction == Reaction::liked);
      verify_flag(actor, subject, "disliked", viewer, expected.reaction == Reaction::disliked);
    }
    if (expected.viewed_certain) verify_flag(actor, subject, "viewed", viewer, expected.viewed);
    if (expected.commented_certain) verify_flag(actor, subject, "commented", viewer, expected.commented);
  }

  static void verify_flag(int actor, int subject, const char* flag, dom::element viewer, bool expected) {
    if (viewer[flag].get_bool().value() == expected) return;
    throw Trouble(actor_name(actor) + " on " + subject_name(subject) + ": " + flag + " is " +
                  (expected ? "false" : "true"));
  }

  // RFC 3339 in UTC to milliseconds.
  static std::int64_t to_ms(std::string_view text) {
    std::tm time{};
    double seconds = 0;
    if (std::sscanf(std::string(text).c_str(), "%d-%d-%dT%d:%d:%lfZ", &time.tm_year, &time.tm_mon, &time.tm_mday,
                    &time.tm_hour, &time.tm_min, &seconds) != 6) {
      throw Trouble("not a time: " + std::string(text));
    }
    time.tm_year -= 1900;
    time.tm_mon -= 1;
    return static_cast<std::int64_t>(timegm(&time)) * 1000 + std::llround(seconds * 1000);
  }

  void verify_list(const std::string& target, const char* key, char prefix, const std::vector<ListedLike>& expected) {
    std::size_t at = 0;
    std::string page = target + "?limit=50";
    for (;;) {
      const auto answer = ask("GET", page);
      if (!answer) return;
      const dom::array items = (*answer)["items"].get_array().value();
      for (const dom::element item : items) {
        const std::string name(item[key].get_string().value());
        if (at == expected.size()) throw Trouble(target + ": one too many: " + name);
        const ListedLike& like = expected[at++];
        const std::string expected_name = prefix + std::to_string(like.other);
        if (name != expected_name || to_ms(item["at"].get_string().value()) != like.at_ms) {
          throw Trouble(target + ": item " + std::to_string(at - 1) + " is " + simdjson::minify(item) + ", expected " +
                        expected_name + " at " + std::to_string(like.at_ms));
        }
      }
      std::string_view next;
      if ((*answer)["next"].get(next) != simdjson::SUCCESS) break;
      page = target + "?limit=50&cursor=" + std::string(next);
    }
    if (at != expected.size()) {
      throw Trouble(target + ": " + std::to_string(at) + " items, expected " + std::to_string(expected.size()));
    }
  }

  std::uint16_t port_;
  const Model& model_;
  Tolerance tolerance_;
  Connection connection_;
  dom::parser parser_;
  std::vector<SubjectExpectation> subjects_;
  std::uint64_t refused_ = 0;
};

}  // namespace

std::uint64_t verify(std::uint16_t port, const Model& model, Tolerance tolerance) {
  try {
    return Verifier(port, model, tolerance).run();
  } catch (const simdjson::simdjson_error& error) {
    throw Trouble(std::string("an answer of another shape than expected: ") + error.what());
  }
}

}  // namespace zan::crash
