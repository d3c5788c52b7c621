#include "audience/segment/tree.h"

#include <fmt/format.h>

#include <algorithm>

#include "audience/segment/check.h"
#include "base/hash.h"
#include "base/json.h"

namespace zan::audience {
namespace {

bool is_group(NodeKind kind) {
  return kind == NodeKind::both || kind == NodeKind::either;
}

Node negated(Node node) {
  Node out;
  out.kind = NodeKind::negate;
  out.parts.push_back(std::move(node));
  return out;
}

// "Not" inwards to the leaves, as far as it goes: not (a and b) is not a or not b.
Node with_sign(Node node, bool sign) {
  if (node.kind == NodeKind::negate) return with_sign(std::move(node.parts.front()), !sign);
  if (!is_group(node.kind)) return sign ? node : negated(std::move(node));
  if (!sign) node.kind = node.kind == NodeKind::both ? NodeKind::either : NodeKind::both;
  for (Node& part : node.parts) part = with_sign(std::move(part), sign);
  return node;
}

void sort_unique(std::vector<std::string>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

// x = "a" or x = "b" is x in ("a", "b").
void unite_values(std::vector<Node>& parts) {
  std::vector<Node> out;
  for (Node& part : parts) {
    const auto same = std::find_if(out.begin(), out.end(), [&](const Node& one) {
      return part.kind == NodeKind::any_of && one.kind == NodeKind::any_of && one.name == part.name;
    });
    if (same == out.end()) {
      out.push_back(std::move(part));
    } else {
      same->values.insert(same->values.end(), part.values.begin(), part.values.end());
      sort_unique(same->values);
    }
  }
  parts = std::move(out);
}

Node ordered(Node node) {
  sort_unique(node.values);
  std::sort(node.acts.begin(), node.acts.end());
  node.acts.erase(std::unique(node.acts.begin(), node.acts.end()), node.acts.end());
  std::vector<Node> flat;
  for (Node& part : node.parts) {
    Node one = ordered(std::move(part));
    if (is_group(node.kind) && one.kind == node.kind) {
      std::move(one.parts.begin(), one.parts.end(), std::back_inserter(flat));
    } else {
      flat.push_back(std::move(one));
    }
  }
  if (node.kind == NodeKind::either) unite_values(flat);
  std::vector<std::pair<std::string, Node>> by_text;
  for (Node& part : flat) {
    std::string text = to_text(part);
    by_text.emplace_back(std::move(text), std::move(part));
  }
  if (is_group(node.kind)) {
    std::stable_sort(by_text.begin(), by_text.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    by_text.erase(
        std::unique(by_text.begin(), by_text.end(), [](const auto& a, const auto& b) { return a.first == b.first; }),
        by_text.end());
  }
  node.parts.clear();
  for (auto& [text, part] : by_text) node.parts.push_back(std::move(part));
  if (is_group(node.kind) && node.parts.size() == 1) {
    Node only = std::move(node.parts.front());
    return only;
  }
  return node;
}

std::string text_literal(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string bounds_text(const Node& node, const std::string& what, std::string (*number)(std::uint64_t)) {
  if (node.low == node.high) return what + " = " + number(node.low);
  if (node.high == no_bound) return what + " >= " + number(node.low);
  if (node.low == 0) return what + " <= " + number(node.high);
  return what + " between " + number(node.low) + " and " + number(node.high);
}

std::string number_text(std::uint64_t number) {
  return std::to_string(number);
}
std::string quoted_day(std::uint64_t day) {
  return '"' + day_text(day) + '"';
}

std::string window_text(const Node& node) {
  std::string acts;
  for (const auto act : node.acts) acts += (acts.empty() ? "" : " or ") + std::string(engagement::to_string(act));
  if (!node.category.empty()) acts += ", category: " + text_literal(node.category);
  return bounds_text(node, fmt::format("count({}, last {}d)", acts, node.days), number_text);
}

std::string values_text(const Node& node) {
  if (node.values.size() == 1) return node.name + " = " + text_literal(node.values.front());
  std::string out;
  for (const std::string& value : node.values) out += (out.empty() ? "" : ", ") + text_literal(value);
  return node.name + " in (" + out + ")";
}

std::string leaf_text(const Node& node) {
  switch (node.kind) {
    case NodeKind::flag:
      return node.name;
    case NodeKind::any_of:
      return values_text(node);
    case NodeKind::range:
      return bounds_text(node, node.name, number_text);
    case NodeKind::days:
      return bounds_text(node, node.name, quoted_day);
    case NodeKind::within:
      return fmt::format("{} within {}d", node.name, node.days);
    case NodeKind::known:
      return node.name + " is known";
    case NodeKind::window:
      return window_text(node);
    case NodeKind::segment:
      return "segment(" + text_literal(node.name) + ")";
    case NodeKind::list:
      return "list(" + text_literal(node.name) + ")";
    case NodeKind::similar:
      return fmt::format("similar to segment({}) size {}", text_literal(node.name), node.low);
    default:
      return "everybody";
  }
}

}  // namespace

Node canonical(Node node) {
  return ordered(with_sign(std::move(node), true));
}

std::string to_text(const Node& node) {
  if (node.kind == NodeKind::negate) {
    const std::string inner = to_text(node.parts.front());
    return is_group(node.parts.front().kind) ? "not (" + inner + ")" : "not " + inner;
  }
  if (!is_group(node.kind)) return leaf_text(node);
  std::string out;
  for (const Node& part : node.parts) {
    if (!out.empty()) out += node.kind == NodeKind::both ? " and " : " or ";
    out += is_group(part.kind) ? "(" + to_text(part) + ")" : to_text(part);
  }
  return out;
}

std::uint64_t hash_of(const Node& node) {
  const std::string text = to_text(canonical(node));
  return checksum64(as_bytes(text));
}

std::uint64_t cost_of(const Node& node, const Catalogue& catalogue) {
  std::uint64_t cost = 1;
  const Tag* const tag = catalogue.find(node.name);
  if (node.kind == NodeKind::any_of) cost = node.values.size();
  if (node.kind == NodeKind::known && tag != nullptr && tag->is_set()) cost = tag->values.size();
  if ((node.kind == NodeKind::range || node.kind == NodeKind::days || node.kind == NodeKind::within) && tag != nullptr)
    cost = tag->slices().bits * 3 / 2 * 2;
  if (node.kind == NodeKind::similar) cost = 500;
  if (node.kind == NodeKind::window) cost = (10 + node.days) * node.acts.size();
  for (const Node& part : node.parts) cost += cost_of(part, catalogue);
  return cost;
}

std::string to_text(const SegmentProblem& problem) {
  std::string text = problem.line != 0 ? fmt::format("{}:{}: {}", problem.line, problem.column, problem.message)
                                       : (problem.pointer.empty() ? "" : problem.pointer + ": ") + problem.message;
  if (!problem.found.empty()) text += "; found " + problem.found;
  if (!problem.expected.empty()) text += (problem.found.empty() ? "; expected " : ", expected ") + problem.expected;
  if (!problem.meant.empty()) text += "; did you mean " + problem.meant + "?";
  return text;
}

}  // namespace zan::audience
