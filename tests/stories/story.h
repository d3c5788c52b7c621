// A story: what is said to a fresh server over HTTP and what it must answer, as text. README.md is the grammar.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/http.h"

namespace zan::stories {

enum class StepKind {
  exchange,  // a request and its answer
  restart,   // stop cleanly, start again on the same data
  kill,      // kill -9, start again on the same data
  check,     // stop cleanly, `zan check` must find nothing, start again
  serve,     // start again with more arguments
};

struct Request {
  std::string method;  // RAW: `body` is sent as it is, each line ended by CR LF
  std::string target;
  testing_support::Headers headers;
  std::string body;
};

struct Expectation {
  int status = 0;       // "4xx" is 4: any status of that class
  bool exact = false;   // no keys beyond the expected ones
  bool soon = false;    // asked again until the answer is so
  bool stream = false;  // an endless answer: wait for the expected lines, in order, then hang up
  testing_support::Headers headers;
  std::string body;  // empty: any
};

struct Step {
  StepKind kind = StepKind::exchange;
  std::size_t line = 0;  // in the file
  Request request;
  Expectation expectation;
  std::vector<std::string> arguments;  // serve
};

struct Story {
  std::string title;
  std::vector<Step> steps;
};

// Throws testing_support::Trouble, with the line, when the text is no story.
Story parse_story(std::string_view text);
Story load_story(const std::filesystem::path& file);

}  // namespace zan::stories
