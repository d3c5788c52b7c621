#include "audience/segment/check.h"

#include <fmt/format.h>

#include <algorithm>

#include "audience/nearest.h"
#include "base/clock.h"

namespace zan::audience {

std::optional<LeafProblem> check_tag(const Catalogue& catalogue, std::string_view name) {
  if (catalogue.find(name) != nullptr) return std::nullopt;
  return LeafProblem{"there is no such tag", in_quotes(name), "a tag", catalogue.nearest_tag(name)};
}

std::optional<LeafProblem> check_value(const Tag& tag, std::string_view value) {
  if (tag.find_value(value)) return std::nullopt;
  std::vector<std::string_view> names;
  std::string some;
  for (const TagValue& one : tag.values) {
    names.push_back(one.name);
    if (names.size() <= 8) some += (some.empty() ? "\"" : ", \"") + one.name + '"';
  }
  if (names.size() > 8) some += ", ...";
  const std::string meant = nearest(value, names);
  return LeafProblem{tag.name + " has no such value", in_quotes(value), some, meant.empty() ? "" : '"' + meant + '"'};
}

std::string expected_after(const Tag& tag) {
  switch (tag.type) {
    case TagType::flag:
      return "and, or, or the end: it is a yes or no";
    case TagType::one_of:
    case TagType::many_of:
      return "=, !=, in (...), not in (...) or is known";
    case TagType::number:
      return "=, !=, <, <=, >, >=, between ... and ... or is known";
    case TagType::time:
      return "within 7d, a comparison with a day such as \"2024-02-29\", or is known";
  }
  return {};
}

namespace {

std::optional<LeafProblem> wrong_type(const Tag& tag, std::string_view wanted) {
  return LeafProblem{fmt::format("{} is a {}, not a {}", tag.name, to_string(tag.type), wanted), "",
                     expected_after(tag), ""};
}

std::optional<LeafProblem> check_bounds(const Node& node, std::uint64_t greatest, std::string_view what) {
  if (node.low > node.high)
    return LeafProblem{"nobody can be meant: the lower bound is above the upper one", "", "", ""};
  if (node.low > greatest || (node.high != no_bound && node.high > greatest))
    return LeafProblem{fmt::format("{} counts up to {}", what, greatest),
                       std::to_string(node.low > greatest ? node.low : node.high), "", ""};
  return std::nullopt;
}

std::optional<LeafProblem> check_window(const Catalogue& catalogue, const Node& node, const SegmentLimits& limits) {
  if (node.days == 0 || node.days > limits.window_days)
    return LeafProblem{"the window is out of bounds", std::to_string(node.days) + "d",
                       fmt::format("1d to {}d", limits.window_days), ""};
  if (!node.category.empty()) {
    bool there = false;
    std::vector<std::string_view> names;
    for (const Category& category : catalogue.categories()) {
      there = there || category.id == node.category;
      names.push_back(category.id);
    }
    if (!there)
      return LeafProblem{"there is no such category", in_quotes(node.category), "a category",
                         nearest(node.category, names)};
  }
  if (node.low == 0)
    return LeafProblem{"nothing is known of those who did nothing", "0", "at least 1; or not count(...) >= 1", ""};
  return check_bounds(node, 255, "a window");
}

std::optional<LeafProblem> check_name(const Node& node) {
  if (!node.name.empty() && node.name.size() <= segment_name_bytes_max) return std::nullopt;
  return LeafProblem{fmt::format("a name has 1 to {} bytes", segment_name_bytes_max), in_quotes(node.name), "", ""};
}

std::optional<LeafProblem> check_similar(const Node& node) {
  if (node.low < look_alike_size_min || node.low > look_alike_size_max)
    return LeafProblem{"a look-alike of that size is not made", std::to_string(node.low),
                       fmt::format("{} to {}", look_alike_size_min, look_alike_size_max), ""};
  return check_name(node);
}

}  // namespace

std::optional<LeafProblem> check_leaf(const Catalogue& catalogue, const Node& node, const SegmentLimits& limits) {
  if (node.kind == NodeKind::window) return check_window(catalogue, node, limits);
  if (node.kind == NodeKind::segment || node.kind == NodeKind::list) return check_name(node);
  if (node.kind == NodeKind::similar) return check_similar(node);
  if (node.kind < NodeKind::flag) return std::nullopt;
  if (auto problem = check_tag(catalogue, node.name)) return problem;
  const Tag& tag = *catalogue.find(node.name);
  switch (node.kind) {
    case NodeKind::flag:
      return tag.type == TagType::flag ? std::nullopt : wrong_type(tag, "flag");
    case NodeKind::any_of: {
      if (!tag.is_set()) return wrong_type(tag, "one_of");
      if (node.values.empty() || node.values.size() > limits.values)
        return LeafProblem{"that is too many values, or none", std::to_string(node.values.size()),
                           fmt::format("1 to {}", limits.values), ""};
      for (const std::string& value : node.values)
        if (auto problem = check_value(tag, value)) return problem;
      return std::nullopt;
    }
    case NodeKind::range:
      return tag.type == TagType::number ? check_bounds(node, tag.greatest, tag.name) : wrong_type(tag, "number");
    case NodeKind::days:
      return tag.type == TagType::time ? check_bounds(node, tag.greatest, tag.name) : wrong_type(tag, "time");
    case NodeKind::within:
      if (tag.type != TagType::time) return wrong_type(tag, "time");
      if (node.days == 0 || node.days > 3650)
        return LeafProblem{"that many days are not looked back", "", "1d to 3650d", ""};
      return std::nullopt;
    default:
      return tag.type != TagType::flag ? std::nullopt : wrong_type(tag, "value that may be unknown");
  }
}

Size size_of(const Node& node) {
  Size size{1, 1};
  for (const Node& part : node.parts) {
    const Size inner = size_of(part);
    size.nodes += inner.nodes;
    size.depth = std::max(size.depth, inner.depth + 1);
  }
  return size;
}

std::optional<LeafProblem> check_size(const Node& node, const Catalogue& catalogue, const SegmentLimits& limits) {
  const Size size = size_of(node);
  if (size.nodes > limits.nodes)
    return LeafProblem{"the segment is too long", std::to_string(size.nodes) + " terms",
                       fmt::format("at most {}", limits.nodes), ""};
  const std::uint64_t cost = cost_of(node, catalogue);
  if (cost > limits.cost)
    return LeafProblem{"the segment is too expensive", "an estimated cost of " + std::to_string(cost),
                       fmt::format("at most {}", limits.cost), ""};
  return std::nullopt;
}

std::string day_text(std::uint64_t day) {
  return to_rfc3339({static_cast<std::int64_t>(day) * us_per_day}).substr(0, 10);
}

std::optional<std::uint64_t> day_of_text(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  const auto at = parse_rfc3339(std::string(text) + "T00:00:00Z");
  if (!at.ok()) return std::nullopt;
  return static_cast<std::uint64_t>(at->us / us_per_day);
}

}  // namespace zan::audience
