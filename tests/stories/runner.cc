#include "runner.h"

#include <chrono>
#include <memory>
#include <optional>
#include <sstream>
#include <utility>

#include "macros.h"
#include "support/http.h"
#include "support/json_match.h"
#include "support/outcome.h"
#include "support/process.h"
#include "support/temp_folder.h"

namespace zan::stories {
namespace {

using testing_support::Captures;
using testing_support::Connection;
using testing_support::Response;
using testing_support::Trouble;

using Mismatch = std::optional<std::string>;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

// A JSON line is compared as JSON, "name: JSON" (of an event stream) likewise after its name, anything else as text with '*'.
Mismatch line_mismatch(const std::string& expected, const std::string& actual, bool exact, Captures& captures) {
  using testing_support::is_json;
  if (is_json(expected)) return testing_support::json_mismatch(expected, actual, exact, captures);
  const auto colon = expected.find(": ");
  if (colon != std::string::npos && is_json(expected.substr(colon + 2))) {
    if (!actual.starts_with(expected.substr(0, colon + 2))) return "expected: " + expected + "\nis: " + actual;
    return testing_support::json_mismatch(expected.substr(colon + 2), actual.substr(colon + 2), exact, captures);
  }
  if (testing_support::glob_matches(expected, actual)) return std::nullopt;
  return "expected: " + expected + "\nis: " + actual;
}

// One JSON value, or as many lines as the answer has. Plain text lines must only occur, in order.
Mismatch body_mismatch(const Expectation& expectation, const std::string& expected, const std::string& actual,
                       Captures& captures) {
  if (expected.empty()) return std::nullopt;
  if (testing_support::is_json(expected)) {
    return testing_support::json_mismatch(expected, actual, expectation.exact, captures);
  }
  const auto expected_lines = lines_of(expected);
  const auto actual_lines = lines_of(actual);
  const bool all_json = testing_support::is_json(expected_lines.front());
  if (all_json && expected_lines.size() != actual_lines.size()) {
    return "expected " + std::to_string(expected_lines.size()) + " lines, has " + std::to_string(actual_lines.size());
  }
  std::size_t at = 0;
  for (const std::string& line : expected_lines) {
    if (all_json) {
      if (auto mismatch = line_mismatch(line, actual_lines[at++], expectation.exact, captures)) return mismatch;
      continue;
    }
    while (at < actual_lines.size() && line_mismatch(line, actual_lines[at], expectation.exact, captures)) ++at;
    if (at++ == actual_lines.size()) return "no line like: " + line;
  }
  return std::nullopt;
}

Mismatch head_mismatch(const Expectation& expectation, const Response& response, Captures& captures) {
  const bool any_of_class = expectation.status < 10;
  if ((any_of_class ? response.status / 100 : response.status) != expectation.status) {
    return "expected status " + std::to_string(expectation.status) + (any_of_class ? "xx, is " : ", is ") +
           std::to_string(response.status);
  }
  for (const auto& [name, pattern] : expectation.headers) {
    const std::string value = response.header(name);
    if (const std::string capture = testing_support::capture_name(pattern); !capture.empty()) {
      captures[capture] = value;
    } else if (value.empty() || !testing_support::glob_matches(pattern, value)) {
      return "header " + name + ": expected " + pattern + ", is " + (value.empty() ? "missing" : value);
    }
  }
  return std::nullopt;
}

class Teller {
 public:
  explicit Teller(Stage& stage) : stage_(stage) {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    now_ms_ = std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
  }

  void tell(const Step& step) {
    if (step.kind == StepKind::exchange) return exchange(step);
    connection_.reset();
    if (step.kind == StepKind::kill) {
      stage_.kill();
    } else {
      stage_.stop();
    }
    if (step.kind == StepKind::check) stage_.check();
    if (step.kind == StepKind::serve) {
      arguments_.clear();
      for (const std::string& argument : step.arguments) arguments_.push_back(expanded(argument));
    }
    stage_.start(arguments_);
  }

 private:
  [[nodiscard]] std::string expanded(std::string_view text) const { return expand(text, captures_, now_ms_); }

  void exchange(const Step& step) {
    Expectation expectation = step.expectation;
    for (auto& [name, value] : expectation.headers) value = expanded(value);
    const std::string expected = expanded(expectation.body);
    if (expectation.stream) return stream(step, expectation, expected);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(soon_seconds);
    for (;;) {
      if (!connection_ || !connection_->usable()) connection_.emplace(stage_.port());
      const Response response = send(step.request);
      Mismatch mismatch = head_mismatch(expectation, response, captures_);
      if (!mismatch) mismatch = body_mismatch(expectation, expected, response.body, captures_);
      if (!mismatch) return;
      if (!expectation.soon || std::chrono::steady_clock::now() > deadline)
        throw Trouble(*mismatch + "\nthe whole answer was " + std::to_string(response.status) + "\n" +
                      response.body.substr(0, 4000));
    }
  }

  Response send(const Request& request) {
    if (request.method == "RAW") {
      connection_->send_raw(expanded(request.body));
      return connection_->read_response();
    }
    testing_support::Headers headers;
    for (const auto& [name, value] : request.headers) headers.emplace_back(name, expanded(value));
    return connection_->request(request.method, expanded(request.target), headers, expanded(request.body));
  }

  // Waits for the expected lines in order, whatever comes between, and hangs up.
  void stream(const Step& step, const Expectation& expectation, const std::string& expected) {
    Connection listener(stage_.port());
    std::string head = step.request.method + " " + expanded(step.request.target) + " HTTP/1.1\r\nhost: localhost\r\n";
    for (const auto& [name, value] : step.request.headers) head += name + ": " + expanded(value) + "\r\n";
    listener.send_raw(head + "\r\n");
    if (auto mismatch = head_mismatch(expectation, listener.read_head(), captures_)) throw Trouble(*mismatch);
    std::string seen;
    for (const std::string& line : lines_of(expected)) {
      for (;;) {
        const auto actual = listener.read_line();
        if (!actual) throw Trouble("the stream ended before: " + line + "\nit was:\n" + seen);
        seen += *actual + "\n";
        if (!line_mismatch(line, *actual, expectation.exact, captures_)) break;
      }
    }
  }

  Stage& stage_;
  std::int64_t now_ms_ = 0;
  Captures captures_;
  std::vector<std::string> arguments_;
  std::optional<Connection> connection_;
};

class RealStage : public Stage {
 public:
  explicit RealStage(std::filesystem::path zan) : zan_(std::move(zan)) { start({}); }

  [[nodiscard]] std::uint16_t port() const override { return server_->port(); }
  void start(const std::vector<std::string>& arguments) override {
    server_ = std::make_unique<testing_support::Server>(zan_, folder_.path() / "data", log(), arguments);
  }
  void stop() override {
    const auto exit = server_->stop();
    if (exit.code != 0) throw Trouble("the server ended with code " + std::to_string(exit.code) + ":\n" + exit.output);
  }
  void kill() override { server_->kill_hard(); }
  void check() override {
    const auto exit = testing_support::run_program(
        {zan_.string(), "check", "--data", (folder_.path() / "data").string()}, folder_.path() / "check.log");
    if (exit.code != 0) throw Trouble("zan check ended with code " + std::to_string(exit.code) + ":\n" + exit.output);
  }
  [[nodiscard]] std::filesystem::path log() const { return folder_.path() / "server.log"; }

 private:
  std::filesystem::path zan_;
  testing_support::TempFolder folder_;
  std::unique_ptr<testing_support::Server> server_;
};

}  // namespace

void run_story(const Story& story, Stage& stage) {
  Teller teller(stage);
  for (const Step& step : story.steps) {
    try {
      teller.tell(step);
    } catch (const Trouble& trouble) {
      throw Trouble("line " + std::to_string(step.line) + ": " + trouble.what());
    }
  }
}

void run_story_on_zan(const Story& story, const std::filesystem::path& zan) {
  RealStage stage(zan);
  try {
    run_story(story, stage);
    stage.stop();
  } catch (const Trouble& trouble) {
    throw Trouble(std::string(trouble.what()) + "\n--- the server's log\n" + testing_support::tail(stage.log()));
  }
}

}  // namespace zan::stories
