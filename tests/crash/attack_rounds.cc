// A town and two groups that move together, told to a server that is killed on the way; and to a twin that is not. In the end
// both hold the same likes back, for the same cases.
#include <simdjson.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <map>
#include <random>

#include "rounds.h"
#include "support/http.h"
#include "support/outcome.h"
#include "support/process.h"
#include "support/temp_folder.h"

namespace zan::crash {
namespace {

namespace fs = std::filesystem;
namespace dom = simdjson::dom;
using testing_support::Connection;
using testing_support::Server;
using testing_support::TempFolder;
using testing_support::Trouble;

constexpr int town_likes = 15'000, people = 4'000, town_works = 2'500;
constexpr int crowd = 40, works = 12, attacks = 2, accounts_a_device = 3;
constexpr int lines_a_body = 400, kills_a_round = 3;
constexpr auto patience = std::chrono::seconds(120);
constexpr std::int64_t start_ms = 1'700'000'000'000, hour_ms = 3'600'000;

std::string line(int number, const std::string& user, const std::string& subject, std::int64_t at_ms, int device) {
  return R"({"type":"like","id":"e)" + std::to_string(number) + R"(","actor":")" + user + R"(","subject":")" + subject +
         R"(","at":)" + std::to_string(at_ms) + R"(,"device":"d)" + std::to_string(device) + "\"}\n";
}

std::string attacked(int attack, int work) {
  return "w" + std::to_string(1200 + 3 * attack + 9 * work);
}

// The same on every machine and in every run.
std::vector<std::string> bodies() {
  std::mt19937_64 random(7);
  const auto skewed = [&](int below) {
    const auto unit = [&] { return static_cast<double>(random() >> 11) / static_cast<double>(1ULL << 53); };
    return static_cast<int>(below * unit() * unit());
  };
  std::vector<std::string> lines;
  for (int i = 0; i < town_likes; ++i) {
    const int person = skewed(people);
    lines.push_back(line(i, "p" + std::to_string(person), "w" + std::to_string(skewed(town_works)),
                         start_ms + i * hour_ms / 800, person));
  }
  for (int attack = 0; attack < attacks; ++attack)
    for (int work = 0; work < works; ++work)
      for (int bot = 0; bot < crowd; ++bot)
        lines.push_back(line(static_cast<int>(lines.size()), "bot" + std::to_string(attack) + "-" + std::to_string(bot),
                             attacked(attack, work),
                             start_ms + (19 + attack) * hour_ms + work * hour_ms / 12 + bot * 1000,
                             100'000 + 1000 * attack + bot / accounts_a_device));
  std::vector<std::string> all;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i % lines_a_body == 0) all.emplace_back();
    all.back() += lines[i];
  }
  return all;
}

// What the detectors made of it, as text that can be compared.
using Outcome = std::map<std::string, std::string>;

class Asker {
 public:
  explicit Asker(std::uint16_t port) : connection_(port) {}

  dom::element get(const std::string& target) {
    const auto response = connection_.request("GET", target);
    dom::element answer;
    if (response.status != 200 || parser_.parse(response.body).get(answer) != simdjson::SUCCESS)
      throw Trouble(target + ": " + std::to_string(response.status) + " " + response.body.substr(0, 500));
    return answer;
  }

  // Until all of the journal has been judged.
  void wait() {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < until) {
      const dom::element status = get("/v1/status");
      const std::string position(status["position"].get_string().value());
      const dom::element integrity = status["integrity"];
      if (integrity["caught_up"].get_bool().value() && integrity["position"].get_string().value() == position) return;
      if (status["integrity"]["trouble"].error() == simdjson::SUCCESS)
        throw Trouble("the detectors cannot go on: " + simdjson::minify(integrity));
    }
    throw Trouble("the detectors never come to the journal's end");
  }

  Outcome outcome() {
    Outcome outcome;
    for (int attack = 0; attack < attacks; ++attack)
      for (int work = 0; work < works; ++work) {
        const std::string subject = attacked(attack, work);
        outcome[subject] = simdjson::minify(get("/v1/subjects/" + subject + "/verdicts")["likes"].value());
      }
    const dom::array items = get("/v1/cases?limit=200")["items"].get_array().value();
    for (const dom::element item : items)
      outcome[std::string(item["case"].get_string().value())] =
          std::string(item["standing"].get_string().value()) + " " + std::to_string(item["likes"].get_uint64().value());
    return outcome;
  }

 private:
  Connection connection_;
  dom::parser parser_;
};

class AttackRun {
 public:
  explicit AttackRun(const Options& options) : options_(options), random_(options.seed), bodies_(bodies()) {}

  void run() {
    {
      Server server(options_.zan, folder_.path() / "twin", log(), options_.serve_arguments);
      Connection connection(server.port());
      for (const std::string& body : bodies_) tell(connection, body);
      expected_ = look(server);
    }
    if (expected_.size() <= std::size_t{attacks} * works) throw Trouble("the twin has found no case");
    for (int round = 1; round <= options_.rounds; ++round) {
      play();
      std::printf("round %d of %d: killed %d times, %zu subjects and cases as the twin has them\n", round,
                  options_.rounds, kills_a_round, expected_.size());
      std::fflush(stdout);
    }
    if (options_.keep) folder_.keep();
  }

 private:
  [[nodiscard]] fs::path victim() const { return folder_.path() / "victim"; }
  [[nodiscard]] fs::path log() const { return folder_.path() / "server.log"; }

  static void tell(Connection& connection, const std::string& body) {
    const auto response = connection.request("POST", "/v1/events", {{"content-type", "application/x-ndjson"}}, body);
    if (response.status != 200 || response.body.find("\"rejected\":0") == std::string::npos)
      throw Trouble("events were not taken: " + response.body.substr(0, 500));
  }

  static Outcome look(Server& server) {
    Asker asker(server.port());
    asker.wait();
    return asker.outcome();
  }

  // Bodies are told in order; the one that nobody answered is told again, by the same ids.
  void play() {
    std::error_code ignored;
    fs::remove_all(victim(), ignored);
    std::size_t next = 0;
    for (int kill = 0; kill < kills_a_round; ++kill) {
      Server server(options_.zan, victim(), log(), options_.serve_arguments);
      const std::size_t stop = next + random_() % (bodies_.size() - next + 1);
      Connection connection(server.port());
      for (; next < stop; ++next) tell(connection, bodies_[next]);
      // Perhaps while verdicts are on their way.
      if (next == bodies_.size() && random_() % 2 == 0) Asker(server.port()).wait();
      if (next < bodies_.size()) {
        connection.begin_chunked("POST", "/v1/events", {{"content-type", "application/x-ndjson"}});
        connection.send_chunk(bodies_[next]);
      }
      server.kill_hard();
      lose_hint();
    }
    Server server(options_.zan, victim(), log(), options_.serve_arguments);
    Connection connection(server.port());
    for (; next < bodies_.size(); ++next) tell(connection, bodies_[next]);
    compare(look(server));
    const auto exit = server.stop();
    if (exit.code != 0) throw Trouble("a clean stop ended with code " + std::to_string(exit.code));
    const auto check = testing_support::run_program({options_.zan.string(), "check", "--data", victim().string()},
                                                    folder_.path() / "check.log");
    if (check.code != 0) throw Trouble("zan check: " + check.output);
  }

  // The file integrity/position is a hint: now and then it is gone, or damaged.
  void lose_hint() {
    const fs::path hint = victim() / "integrity" / "position";
    std::error_code ignored;
    if (random_() % 3 == 0) fs::remove(hint, ignored);
    if (random_() % 3 == 0 && fs::exists(hint)) std::ofstream(hint) << "12 of nothing";
  }

  void compare(const Outcome& found) {
    for (const auto& [what, wanted] : expected_) {
      const auto there = found.find(what);
      if (there == found.end() || there->second != wanted) {
        folder_.keep();
        throw Trouble(what + ": " + (there == found.end() ? "nothing" : there->second) + ", and the twin has " +
                      wanted + "; kept in " + folder_.path().string());
      }
    }
    if (found.size() != expected_.size()) throw Trouble("more cases than the twin has");
  }

  const Options& options_;
  std::mt19937_64 random_;
  const std::vector<std::string> bodies_;
  TempFolder folder_;
  Outcome expected_;
};

}  // namespace

void run_attack_rounds(const Options& options) {
  AttackRun(options).run();
}

}  // namespace zan::crash
