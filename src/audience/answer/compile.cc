#include "audience/answer/compile.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "audience/nearest.h"
#include "audience/segment/check.h"
#include "base/hash.h"
#include "base/require.h"

namespace zan::audience {
namespace {

class Compiler {
 public:
  explicit Compiler(const CompileContext& context) : context_(context) {}

  Result<Plan> plan(const Node& node) {
    switch (node.kind) {
      case NodeKind::everybody:
        return Plan::both({});
      case NodeKind::both:
      case NodeKind::either: {
        std::vector<Plan> parts;
        for (const Node& part : node.parts) {
          ZAN_ASSIGN(Plan one, plan(part));
          parts.push_back(std::move(one));
        }
        return node.kind == NodeKind::both ? Plan::both(std::move(parts)) : Plan::either(std::move(parts));
      }
      case NodeKind::negate: {
        ZAN_ASSIGN(Plan inner, plan(node.parts.front()));
        return Plan::negate(std::move(inner));
      }
      case NodeKind::window:
        return window(node);
      case NodeKind::segment:
        return segment(node);
      case NodeKind::list:
        return list(node);
      case NodeKind::similar:
        return similar(node);
      default:
        return tag_term(node);
    }
  }

  Result<void> pay(const Node& node) {
    cost_ += cost_of(node, context_.catalogue);
    if (cost_ <= context_.limits.cost) return {};
    return limited(fmt::format("with all it refers to the segment has an estimated cost of {}; at most {} is allowed",
                               cost_, context_.limits.cost));
  }

 private:
  Result<Plan> tag_term(const Node& node) {
    const Tag* const tag = context_.catalogue.find(node.name);
    if (tag == nullptr) return not_found(fmt::format("there is no tag {}", in_quotes(node.name)));
    if (std::find(tag->purposes.begin(), tag->purposes.end(), context_.purpose) == tag->purposes.end())
      return Error{
          ErrorKind::refused,
          fmt::format("{} may not be used for {}", tag->name, context_.catalogue.purposes()[context_.purpose].name),
          {}};
    switch (node.kind) {
      case NodeKind::flag:
        return Plan::of(tag->first);
      case NodeKind::any_of: {
        std::vector<Plan> values;
        for (const std::string& value : node.values)
          if (const auto index = tag->find_value(value)) values.push_back(Plan::of(tag->value(*index)));
        return Plan::either(std::move(values));
      }
      case NodeKind::known: {
        if (!tag->is_set()) return Plan::of(tag->slices().known());
        std::vector<Plan> values;
        for (std::uint32_t i = 0; i < tag->values.size(); ++i) values.push_back(Plan::of(tag->value(i)));
        return Plan::either(std::move(values));
      }
      case NodeKind::within: {
        const std::uint64_t today = context_.events.day_of(context_.now);
        return Plan::range(tag->slices(), today + 1 - std::min<std::uint64_t>(today + 1, node.days), today);
      }
      default:
        return Plan::range(tag->slices(), node.low, node.high);
    }
  }

  Result<Plan> window(const Node& node) {
    EventIndex::Window window;
    window.acts = node.acts;
    if (!node.category.empty()) {
      const auto category = context_.catalogue.category(node.category);
      if (!category) return not_found(fmt::format("there is no category {}", in_quotes(node.category)));
      window.category = *category + 1;
    }
    window.last_day = context_.events.day_of(context_.now);
    window.first_day = window.last_day + 1 - std::min(window.last_day + 1, node.days);
    window.low = static_cast<std::uint32_t>(node.low);
    window.high = static_cast<std::uint32_t>(std::min<std::uint64_t>(node.high, 255));
    return Plan::of(context_.events.term(std::move(window)));
  }

  Result<Plan> segment(const Node& node) {
    if (std::find(open_.begin(), open_.end(), node.name) != open_.end())
      return conflict(fmt::format("the segment {} refers to itself", in_quotes(node.name)));
    const auto inner = context_.names == nullptr ? std::nullopt : context_.names->segment(node.name);
    if (!inner) return not_found(fmt::format("there is no segment {}", in_quotes(node.name)));
    if (open_.size() >= context_.limits.depth)
      return limited(fmt::format("segments refer to each other deeper than {}", context_.limits.depth));
    ZAN_TRY(pay(*inner));
    open_.push_back(node.name);
    Result<Plan> out = plan(*inner);
    open_.pop_back();
    return out;
  }

  Result<Plan> list(const Node& node) {
    auto users = context_.names == nullptr ? nullptr : context_.names->list(node.name);
    if (users == nullptr) return not_found(fmt::format("there is no list {}", in_quotes(node.name)));
    return Plan::of(std::move(users));
  }

  // Others than those it is like, also those of them who joined since the list was made.
  Result<Plan> similar(const Node& node) {
    if (within_similar_) return invalid("a look-alike of a look-alike is not made: it would be like nobody");
    if (!context_.similar) return unsupported("look-alikes are not made here");
    within_similar_ = true;
    Result<Plan> inner = segment(node);
    within_similar_ = false;
    if (!inner.ok()) return inner;
    Node like = *context_.names->segment(node.name);
    resolve(like);
    if (const Tag* const tag = sensitive_tag(like))
      return Error{
          ErrorKind::refused, fmt::format("{} is sensitive; nobody is worked out to be like those", tag->name), {}};
    const SimilarTo to{to_text(node), to_text(canonical(std::move(like))), *inner, node.low};
    ZAN_ASSIGN(auto users, context_.similar(to));
    std::vector<Plan> parts = {Plan::of(std::move(users)), Plan::negate(*std::move(inner))};
    return Plan::both(std::move(parts));
  }

  // What is sensitive is only ever declared: to be like those who declared it would be to derive it.
  [[nodiscard]] const Tag* sensitive_tag(const Node& node) const {
    const Tag* const tag = context_.catalogue.find(node.name);
    if (node.kind >= NodeKind::flag && node.kind <= NodeKind::known && tag != nullptr &&
        tag->sensitivity == Sensitivity::sensitive)
      return tag;
    for (const Node& part : node.parts)
      if (const Tag* const inner = sensitive_tag(part)) return inner;
    return nullptr;
  }

  // Names become what they stand for. REQUIRES: it has been compiled.
  void resolve(Node& node) const {
    if (node.kind == NodeKind::segment) {
      Node inner = *context_.names->segment(node.name);
      node = std::move(inner);
      return resolve(node);
    }
    if (node.kind == NodeKind::list) {
      const auto users = context_.names->list(node.name);
      node.name += fmt::format(" {:x}", checksum64(std::as_bytes(std::span(*users))));
    }
    for (Node& part : node.parts) resolve(part);
  }

  const CompileContext& context_;
  bool within_similar_ = false;
  std::uint64_t cost_ = 0;
  std::vector<std::string> open_;
};

}  // namespace

Result<Plan> compile(const Node& node, const CompileContext& context) {
  Compiler compiler(context);
  ZAN_TRY(compiler.pay(node));
  return compiler.plan(node);
}

}  // namespace zan::audience
