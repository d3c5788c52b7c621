// A segment as a tree: who is meant, by tags, numbers, days, counts of acts, other segments and lists. docs/segments.md is the
// language; this is what its text and its JSON both become.
//
//   parse_segment   text -> tree, or where and why not
//   segment_of_json, to_json   the same tree as JSON
//   canonical       an equal tree for equal segments, as far as docs/segments.md promises
//   to_text         the text of a tree
//
// Threads: plain values. Cost: linear in the text, times the logarithm of an operand's parts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "audience/catalogue/catalogue.h"
#include "base/result.h"

namespace zan::audience {

struct SegmentLimits {
  std::size_t text_bytes = 16 << 10;
  std::size_t depth = 32;
  std::size_t nodes = 400;
  std::size_t values = 400;        // of one "in"
  std::uint32_t window_days = 90;  // of "last 7d"
  std::uint64_t cost = 2000;       // see cost_of()
};

enum class NodeKind : std::uint8_t {
  everybody,
  both,     // all of `parts`
  either,   // any of `parts`
  negate,   // not the one part
  flag,     // has `tag`
  any_of,   // `tag` is one of `values`
  range,    // `tag` is a number from `low` to `high`
  days,     // `tag` is a day from `low` to `high`, since 1970
  within,   // `tag` is a day of the last `days`, today's included
  known,    // something is known of `tag`
  window,   // `low` to `high` acts of these kinds, of a category if there is one, in the last `days`
  segment,  // another one, by `name`
  list,     // a list of people, by `name`
  similar,  // the `low` people who are most like those of the segment `name`, and not in it
};

inline constexpr std::uint64_t no_bound = ~std::uint64_t{0};
// Of a look-alike.
inline constexpr std::uint64_t look_alike_size_min = 1'000, look_alike_size_max = 1'000'000;

struct Node {
  NodeKind kind = NodeKind::everybody;
  std::string name;                 // of the tag, segment or list
  std::vector<std::string> values;  // of any_of
  std::uint64_t low = 0, high = no_bound;
  std::uint32_t days = 0;
  std::vector<engagement::ActType> acts;
  std::string category;  // of a window; empty: any
  std::vector<Node> parts;
  bool operator==(const Node&) const = default;
};

// Where a text or JSON is no segment, and why.
struct SegmentProblem {
  std::uint32_t line = 0, column = 0;  // from 1, in characters; 0: of JSON, see `pointer`
  std::string pointer;                 // of JSON
  std::string message;                 // one sentence without a full stop
  std::string found, expected, meant;  // empty: not said
};
// "1:8: no such tag; found "regin", expected a tag; did you mean "region"?"
std::string to_text(const SegmentProblem& problem);

using SegmentOr = std::variant<Node, SegmentProblem>;

SegmentOr parse_segment(std::string_view text, const Catalogue& catalogue, const SegmentLimits& limits = {});
SegmentOr segment_of_json(std::string_view json, const Catalogue& catalogue, const SegmentLimits& limits = {});

Node canonical(Node node);
std::string to_text(const Node& node);
std::string to_json(const Node& node);
// Of the canonical text; equal segments have equal ones.
std::uint64_t hash_of(const Node& node);

// In sets that are worked on, of one block: a value 1, a number its bits and a half, a window its days and ten, a look-alike 500. Not
// of what it refers to.
std::uint64_t cost_of(const Node& node, const Catalogue& catalogue);

}  // namespace zan::audience
