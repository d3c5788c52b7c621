// The tree of a segment as JSON: {"and": [...]}, {"or": [...]}, {"not": ...}, and leaves as docs/segments.md lists them.
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

#include "audience/catalogue/json_object.h"
#include "audience/segment/check.h"
#include "base/json.h"

namespace zan::audience {
namespace {

using simdjson::dom::element;

class JsonReader {
 public:
  JsonReader(const Catalogue& catalogue, const SegmentLimits& limits) : catalogue_(catalogue), limits_(limits) {}

  Result<Node> node(element source, const std::string& pointer, std::size_t depth) {
    if (depth > 3 * limits_.depth) return invalid(fmt::format("nested deeper than {}", 3 * limits_.depth), pointer);
    if (++nodes_ > limits_.nodes) return invalid(fmt::format("more than {} terms", limits_.nodes), pointer);
    ZAN_ASSIGN(const JsonObject object,
               JsonObject::of(source, pointer,
                              {"and", "or", "not", "everybody", "tag", "in", "from", "to", "from_day", "to_day",
                               "within_days", "known", "count", "category", "last_days", "segment", "list",
                               "similar_to", "size"}));
    if (object.has("and")) return group(object, "and", NodeKind::both, depth);
    if (object.has("or")) return group(object, "or", NodeKind::either, depth);
    Node out;
    if (const auto inner = object.get("not")) {
      out.kind = NodeKind::negate;
      ZAN_ASSIGN(Node part, node(*inner, object.at("not"), depth + 1));
      out.parts.push_back(std::move(part));
      return out;
    }
    ZAN_TRY(leaf(object, out));
    if (const auto problem = check_leaf(catalogue_, out, limits_))
      return invalid(problem->message + (problem->found.empty() ? "" : "; found " + problem->found) +
                         (problem->meant.empty() ? "" : "; did you mean " + problem->meant + "?"),
                     pointer);
    return out;
  }

 private:
  Result<Node> group(const JsonObject& object, std::string_view key, NodeKind kind, std::size_t depth) {
    ZAN_ASSIGN(const auto parts, object.list(key, limits_.nodes));
    if (parts.size() < 2) return object.bad(key, "must hold at least two parts");
    Node out;
    out.kind = kind;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      ZAN_ASSIGN(Node part, node(parts[i], object.at(key) + fmt::format("/{}", i), depth + 1));
      out.parts.push_back(std::move(part));
    }
    return out;
  }

  Result<void> leaf(const JsonObject& object, Node& out) {
    if (object.has("everybody")) return {};
    if (object.has("segment") || object.has("list")) {
      const std::string_view key = object.has("list") ? "list" : "segment";
      out.kind = object.has("list") ? NodeKind::list : NodeKind::segment;
      ZAN_ASSIGN(out.name, object.text(key, segment_name_bytes_max));
      return {};
    }
    if (object.has("count")) return window(object, out);
    if (object.has("similar_to")) return similar(object, out);
    ZAN_ASSIGN(out.name, object.text("tag", 64));
    if (object.has("in")) {
      out.kind = NodeKind::any_of;
      ZAN_ASSIGN(out.values, object.texts("in", limits_.values, 64));
    } else if (object.has("within_days")) {
      out.kind = NodeKind::within;
      ZAN_ASSIGN(const double days, object.number("within_days", 1, 3650));
      out.days = static_cast<std::uint32_t>(days);
    } else if (object.has("known")) {
      out.kind = NodeKind::known;
    } else if (object.has("from_day") || object.has("to_day")) {
      out.kind = NodeKind::days;
      ZAN_TRY(day(object, "from_day", out.low));
      ZAN_TRY(day(object, "to_day", out.high));
    } else if (object.has("from") || object.has("to")) {
      out.kind = NodeKind::range;
      ZAN_TRY(bounds(object, out));
    } else {
      out.kind = NodeKind::flag;
    }
    return {};
  }

  Result<void> window(const JsonObject& object, Node& out) {
    out.kind = NodeKind::window;
    ZAN_ASSIGN(const auto names, object.texts("count", 10, 64));
    for (const std::string& name : names) {
      const auto type = act_type_of(name);
      if (!type) return object.bad("count", fmt::format("names {}, which is no act", in_quotes(name)));
      out.acts.push_back(*type);
    }
    if (out.acts.empty()) return object.bad("count", "must name an act");
    ZAN_ASSIGN(out.category, object.text("category", 64, true));
    ZAN_ASSIGN(const double days, object.number("last_days", 1, limits_.window_days));
    out.days = static_cast<std::uint32_t>(days);
    out.low = 1;
    return bounds(object, out);
  }

  static Result<void> similar(const JsonObject& object, Node& out) {
    out.kind = NodeKind::similar;
    ZAN_ASSIGN(const JsonObject to, JsonObject::of(*object.get("similar_to"), object.at("similar_to"), {"segment"}));
    ZAN_ASSIGN(out.name, to.text("segment", 64));
    ZAN_ASSIGN(const double size, object.number("size", look_alike_size_min, look_alike_size_max));
    out.low = static_cast<std::uint64_t>(size);
    return {};
  }

  static Result<void> bounds(const JsonObject& object, Node& out) {
    if (object.has("from")) {
      ZAN_ASSIGN(const double low, object.number("from", 0, 1e12));
      out.low = static_cast<std::uint64_t>(low);
    }
    if (object.has("to")) {
      ZAN_ASSIGN(const double high, object.number("to", 0, 1e12));
      out.high = static_cast<std::uint64_t>(high);
    }
    return {};
  }

  static Result<void> day(const JsonObject& object, std::string_view key, std::uint64_t& out) {
    if (!object.has(key)) return {};
    ZAN_ASSIGN(const std::string text, object.text(key, 10));
    const auto day = day_of_text(text);
    if (!day) return object.bad(key, "must be a day such as 2024-02-29");
    out = *day;
    return {};
  }

  const Catalogue& catalogue_;
  const SegmentLimits& limits_;
  std::size_t nodes_ = 0;
};

SegmentProblem problem_of(const Error& error) {
  SegmentProblem problem;
  problem.pointer = error.field;
  problem.message = error.message;
  return problem;
}

void append_list(std::string& out, std::string_view key, const std::vector<std::string>& texts) {
  out += fmt::format("\"{}\":[", key);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i != 0) out += ',';
    append_json_string(out, texts[i]);
  }
  out += ']';
}

void append_bounds(std::string& out, const Node& node) {
  if (node.kind == NodeKind::days) {
    if (node.low != 0) out += ",\"from_day\":\"" + day_text(node.low) + '"';
    if (node.high != no_bound) out += ",\"to_day\":\"" + day_text(node.high) + '"';
    if (node.low == 0 && node.high == no_bound) out += ",\"from_day\":\"1970-01-01\"";
    return;
  }
  if (node.low != 0 || node.high == no_bound) out += fmt::format(",\"from\":{}", node.low);
  if (node.high != no_bound) out += fmt::format(",\"to\":{}", node.high);
}

void append_leaf(std::string& out, const Node& node) {
  if (node.kind == NodeKind::window) {
    std::vector<std::string> acts;
    for (const auto act : node.acts) acts.emplace_back(engagement::to_string(act));
    append_list(out, "count", acts);
    if (!node.category.empty()) {
      out += ",\"category\":";
      append_json_string(out, node.category);
    }
    out += fmt::format(",\"last_days\":{}", node.days);
    return append_bounds(out, node);
  }
  if (node.kind == NodeKind::similar) {
    out += "\"similar_to\":{\"segment\":";
    append_json_string(out, node.name);
    out += fmt::format("}},\"size\":{}", node.low);
    return;
  }
  out += node.kind == NodeKind::segment ? "\"segment\":" : node.kind == NodeKind::list ? "\"list\":" : "\"tag\":";
  append_json_string(out, node.name);
  if (node.kind == NodeKind::any_of) {
    out += ',';
    append_list(out, "in", node.values);
  }
  if (node.kind == NodeKind::within) out += fmt::format(",\"within_days\":{}", node.days);
  if (node.kind == NodeKind::known) out += ",\"known\":true";
  if (node.kind == NodeKind::range || node.kind == NodeKind::days) append_bounds(out, node);
}

void append_node(std::string& out, const Node& node) {
  out += '{';
  if (node.kind == NodeKind::everybody) {
    out += "\"everybody\":true";
  } else if (node.kind == NodeKind::negate) {
    out += "\"not\":";
    append_node(out, node.parts.front());
  } else if (node.kind == NodeKind::both || node.kind == NodeKind::either) {
    out += node.kind == NodeKind::both ? "\"and\":[" : "\"or\":[";
    for (std::size_t i = 0; i < node.parts.size(); ++i) {
      if (i != 0) out += ',';
      append_node(out, node.parts[i]);
    }
    out += ']';
  } else {
    append_leaf(out, node);
  }
  out += '}';
}

}  // namespace

SegmentOr segment_of_json(std::string_view json, const Catalogue& catalogue, const SegmentLimits& limits) {
  SegmentProblem problem;
  if (json.size() > 4 * limits.text_bytes) {
    problem.message = fmt::format("the JSON has {} bytes; at most {} are allowed", json.size(), 4 * limits.text_bytes);
    return problem;
  }
  simdjson::dom::parser parser;
  element root;
  if (parser.allocate(json.size() + 1, 8 * limits.depth) != simdjson::SUCCESS ||
      parser.parse(simdjson::padded_string(json)).get(root) != simdjson::SUCCESS) {
    problem.message = "no JSON, or nested too deep";
    return problem;
  }
  Result<Node> node = JsonReader(catalogue, limits).node(root, "", 1);
  if (!node.ok()) return problem_of(node.error());
  if (const auto wrong = check_size(*node, catalogue, limits)) {
    problem.message = wrong->message + "; found " + wrong->found + ", expected " + wrong->expected;
    return problem;
  }
  return *std::move(node);
}

std::string to_json(const Node& node) {
  std::string out;
  append_node(out, node);
  return out;
}

}  // namespace zan::audience
