// How much a ruleset may be. Every limit is named, checked with the numbers in the message, and reached by a test.
//
// Why these: a ruleset is judged at a million acts a second on one core, so that all of it has to fit into about half
// of a microsecond; and its text comes over HTTP, so that no text may cost more than its length to refuse.
#pragma once

#include <cstddef>
#include <cstdint>

namespace zan::integrity::rules {

inline constexpr std::size_t rules_max = 512;                   // a Verdict has a bit for each
inline constexpr std::size_t registers_max = 8192;              // constants, features and results of one program
inline constexpr std::size_t reasons_max = 5;                   // in a Verdict
inline constexpr std::size_t reason_values_max = 6;             // numbers of one rule's `because`
inline constexpr std::size_t problems_max = 50;                 // reported for one text
inline constexpr std::size_t number_chars_max = 32;             // of a literal
inline constexpr std::size_t arguments_max = 16;                // of a call
inline constexpr double integer_max = 9007199254740992.0;       // 2^53: whole numbers are exact up to here
inline constexpr double duration_ms_max = 3650.0 * 86400000.0;  // ten years

struct Limits {
  std::size_t text_bytes = 256 * 1024;
  std::size_t name_bytes = 64;
  std::size_t string_bytes = 1024;
  std::size_t rules = rules_max;
  std::size_t definitions = 1024;  // let and set together
  std::size_t tests = 1024;
  std::size_t actions = 8;         // of one rule
  std::size_t givens = 64;         // of one test
  std::size_t depth = 100;         // of one expression, definitions not unfolded
  std::size_t literal_set = 1000;  // members written in the text
  std::size_t loaded_set = 1'000'000;
  std::size_t features = 256;  // different ones that all rules together read
  std::uint64_t cost = 500;    // worst case of one act, in the units of FeatureInfo::cost
};

}  // namespace zan::integrity::rules
