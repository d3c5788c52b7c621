#include "story.h"

#include <cctype>
#include <charconv>
#include <fstream>
#include <iterator>
#include <sstream>

#include "support/outcome.h"

namespace zan::stories {
namespace {

using testing_support::Headers;
using testing_support::Trouble;

// The lines of a story, with the number of the next one for messages.
class Lines {
 public:
  explicit Lines(std::string_view text) {
    std::istringstream stream{std::string(text)};
    for (std::string line; std::getline(stream, line);) lines_.push_back(line);
  }

  [[nodiscard]] bool at_end() const { return at_ == lines_.size(); }
  [[nodiscard]] const std::string& peek() const { return lines_[at_]; }
  std::string next() { return lines_[at_++]; }
  [[nodiscard]] std::size_t number() const { return at_ + 1; }
  [[noreturn]] void fail(const std::string& what) const {
    throw Trouble("line " + std::to_string(number()) + ": " + what);
  }

 private:
  std::vector<std::string> lines_;
  std::size_t at_ = 0;
};

bool is_separator(const std::string& line) {
  return line == "---" || line == "===";
}

bool is_header(const std::string& line) {
  const auto colon = line.find(": ");
  if (colon == 0 || colon == std::string::npos) return false;
  for (const char c : std::string_view(line).substr(0, colon)) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-') return false;
  }
  return true;
}

Headers parse_headers(Lines& lines) {
  Headers headers;
  while (!lines.at_end() && is_header(lines.peek())) {
    const std::string line = lines.next();
    const auto colon = line.find(": ");
    std::string name = line.substr(0, colon);
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    headers.emplace_back(std::move(name), line.substr(colon + 2));
  }
  if (!lines.at_end() && lines.peek().empty()) lines.next();
  return headers;
}

// Up to the separator, which is left; without the last line end.
std::string parse_body(Lines& lines) {
  std::string body;
  while (!lines.at_end() && !is_separator(lines.peek())) body += lines.next() + "\n";
  while (body.ends_with('\n')) body.pop_back();
  return body;
}

Request parse_request(Lines& lines) {
  Request request;
  std::istringstream first(lines.next());
  first >> request.method;
  std::getline(first >> std::ws, request.target);
  if (request.method == "RAW") {
    while (!lines.at_end() && !is_separator(lines.peek())) request.body += lines.next() + "\r\n";
    return request;
  }
  if (!request.target.starts_with("/")) lines.fail("a request is METHOD /target");
  request.headers = parse_headers(lines);
  request.body = parse_body(lines);
  return request;
}

// 0 when it is none.
int parse_status(std::string_view text) {
  if (text.size() != 3 || text[0] < '1' || text[0] > '5') return 0;
  if (text.ends_with("xx")) return text[0] - '0';
  int status = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), status).ptr;
  return end == text.data() + text.size() ? status : 0;
}

Expectation parse_expectation(Lines& lines) {
  Expectation expectation;
  const std::string first = lines.next();
  std::istringstream words(first);
  std::string status;
  words >> status;
  expectation.status = parse_status(status);
  for (std::string word; words >> word;) {
    if (word == "exact") {
      expectation.exact = true;
    } else if (word == "soon") {
      expectation.soon = true;
    } else if (word == "stream") {
      expectation.stream = true;
    } else {
      lines.fail("unknown word after the status: " + word);
    }
  }
  if (expectation.status == 0) lines.fail("expected a status, got: " + first);
  // A stream's lines look like headers ("data: {}"), so there headers end only at an empty line.
  if (!expectation.stream || (!lines.at_end() && lines.peek().starts_with("content-type: "))) {
    expectation.headers = parse_headers(lines);
  }
  expectation.body = parse_body(lines);
  return expectation;
}

Step parse_directive(Lines& lines) {
  Step step;
  step.line = lines.number();
  std::istringstream words(lines.next());
  std::string name;
  words >> name;
  if (name == "!restart") {
    step.kind = StepKind::restart;
  } else if (name == "!kill") {
    step.kind = StepKind::kill;
  } else if (name == "!check") {
    step.kind = StepKind::check;
  } else if (name == "!serve") {
    step.kind = StepKind::serve;
    for (std::string word; words >> word;) step.arguments.push_back(word);
  } else {
    lines.fail("unknown directive " + name);
  }
  return step;
}

Step parse_exchange(Lines& lines) {
  Step step;
  step.line = lines.number();
  step.request = parse_request(lines);
  if (lines.at_end() || lines.next() != "---") lines.fail("expected --- and the answer");
  step.expectation = parse_expectation(lines);
  if (!lines.at_end() && lines.next() != "===") lines.fail("expected === or the end");
  return step;
}

}  // namespace

Story parse_story(std::string_view text) {
  Lines lines(text);
  Story story;
  while (!lines.at_end()) {
    if (lines.peek().empty() || lines.peek() == "===") {
      lines.next();
    } else if (lines.peek().starts_with("#")) {
      const std::string comment = lines.next();
      if (story.title.empty() && comment.size() > 2) story.title = comment.substr(2);
    } else if (lines.peek().starts_with("!")) {
      story.steps.push_back(parse_directive(lines));
    } else {
      story.steps.push_back(parse_exchange(lines));
    }
  }
  if (story.title.empty()) lines.fail("a story begins with # and its title");
  if (story.steps.empty()) lines.fail("a story without steps");
  return story;
}

Story load_story(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Trouble("cannot read " + file.string());
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  try {
    return parse_story(text);
  } catch (const Trouble& trouble) {
    throw Trouble(file.filename().string() + ": " + trouble.what());
  }
}

}  // namespace zan::stories
