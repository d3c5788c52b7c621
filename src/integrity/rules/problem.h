// What is wrong with a text of rules, said so that its author can mend it: where, what stands there, what was expected,
// and the nearest name that exists. All problems of a text are gathered, up to problems_max.
//
// Threads: plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zan::integrity::rules {

struct Problem {
  bool is_warning = false;
  std::uint32_t line = 0;    // from 1
  std::uint32_t column = 0;  // from 1, in characters
  std::string message;       // one sentence without a full stop
  std::string found;         // what stands there; empty: not said
  std::string expected;      // empty: not said
  std::string meant;         // "did you mean"; empty: nothing is near
};

// "12:7: error: message; found x, expected y; did you mean z?"
std::string to_text(const Problem& problem);

// Gathers the problems of one text.
class Problems {
 public:
  explicit Problems(std::string_view text) : text_(text) {}

  void error(std::uint32_t offset, std::string message, std::string found = {}, std::string expected = {},
             std::string meant = {});
  void warning(std::uint32_t offset, std::string message);

  [[nodiscard]] bool any_error() const { return errors_ != 0; }
  [[nodiscard]] bool full() const { return errors_ >= limit_; }
  // In the order of the text; warnings only if there is no error.
  [[nodiscard]] std::vector<Problem> take() &&;

 private:
  void add(std::uint32_t offset, Problem problem);

  static constexpr std::size_t limit_ = 50;
  std::string_view text_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
  std::vector<Problem> problems_;
};

// The candidate that is nearest to `name` by insertions, deletions, changes and swaps of letters; empty when none is
// near.
std::string nearest(std::string_view name, const std::vector<std::string_view>& candidates);

// At most 40 bytes of `text`, cut between characters, for a message.
std::string excerpt(std::string_view text);

}  // namespace zan::integrity::rules
