// What holds for every leaf of a segment, whether it came as text or as JSON: its tag exists, is of the right type, and so on.
//
// Threads: pure functions.
#pragma once

#include <optional>

#include "audience/segment/tree.h"

namespace zan::audience {

// What is wrong with one leaf.
struct LeafProblem {
  std::string message, found, expected, meant;
};

std::optional<LeafProblem> check_tag(const Catalogue& catalogue, std::string_view name);
std::optional<LeafProblem> check_value(const Tag& tag, std::string_view value);
// Of any leaf; its names have been checked.
std::optional<LeafProblem> check_leaf(const Catalogue& catalogue, const Node& node, const SegmentLimits& limits);
// What can be said of a tag of this type, for "expected".
std::string expected_after(const Tag& tag);

struct Size {
  std::size_t nodes = 0;
  std::size_t depth = 0;
};
Size size_of(const Node& node);

// Of the whole: as many nodes, as deep, as costly as the limits allow.
std::optional<LeafProblem> check_size(const Node& node, const Catalogue& catalogue, const SegmentLimits& limits);

// A day as "2024-02-29", and back; nothing: no day from 1970 to 2112.
std::string day_text(std::uint64_t day);
std::optional<std::uint64_t> day_of_text(std::string_view text);

}  // namespace zan::audience
