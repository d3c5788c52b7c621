// What is asked of a change before it is recorded: SegmentBook::decide().
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "audience/book/book_entry.h"
#include "audience/book/segment_book.h"
#include "audience/segment/check.h"
#include "audience/nearest.h"

namespace zan::audience {
namespace {

// People similar to a segment refer to it as its name does.
bool refers(const Node& node, NodeKind kind, std::string_view name) {
  const bool same = node.kind == kind || (kind == NodeKind::segment && node.kind == NodeKind::similar);
  if (same && node.name == name) return true;
  return std::any_of(node.parts.begin(), node.parts.end(), [&](const Node& part) { return refers(part, kind, name); });
}

}  // namespace

CompileContext SegmentBook::context(const SegmentNames& names, std::uint32_t purpose, Timestamp now) const {
  // Who is similar is worked out when it is asked; here only whether that may be asked.
  return {*catalogue_, no_events_, &names, purpose, now, {},
          [](const SimilarTo&) { return std::make_shared<const UserList>(); }};
}

// Segments that refer to it, or to one that does: what worked before works afterwards.
Result<void> SegmentBook::check_dependents(const Names& before, const SegmentNames& after, const std::string& name,
                                           Timestamp now) const {
  std::set<std::string, std::less<>> affected;
  std::vector<std::string> open = {name};
  while (!open.empty()) {
    const std::string one = std::move(open.back());
    open.pop_back();
    for (const auto& [other, meaning] : before.segments) {
      if (other == name || meaning.node == nullptr || affected.contains(other)) continue;
      if (!refers(*meaning.node, NodeKind::segment, one)) continue;
      affected.insert(other);
      open.push_back(other);
    }
  }
  for (const std::string& other : affected) {
    const Names::Meaning& meaning = before.segments.find(other)->second;
    const auto purpose = catalogue_->purpose(meaning.purpose);
    if (!purpose) continue;
    const auto then = compile(*meaning.node, context(after, *purpose, now));
    if (then.ok() || !compile(*meaning.node, context(before, *purpose, now)).ok()) continue;
    return conflict(fmt::format("{} refers to it, and would not work any more: {}", in_quotes(other),
                                then.error().message),
                    "/expression");
  }
  return {};
}

Result<void> SegmentBook::check(SegmentSaved& wanted, const Names& names, const std::string& name,
                                Timestamp now) const {
  const auto purpose = catalogue_->purpose(wanted.purpose);
  if (!purpose) return invalid(fmt::format("there is no purpose {}", in_quotes(wanted.purpose)), "/purpose");
  const SegmentOr read = parse_segment(wanted.text, *catalogue_);
  if (const auto* const problem = std::get_if<SegmentProblem>(&read)) return invalid(to_text(*problem), "/expression");
  const Node node = canonical(std::get<Node>(read));
  wanted.text = to_text(node);
  // Every "not" stands at its term now, and spaces are gone or have come.
  if (check_size(node, *catalogue_, {}) || wanted.text.size() > segment_text_bytes_max)
    return limited("in its canonical form the segment is too long, or too expensive");
  if (!name.empty() && name != wanted.name) {
    for (const auto& [other, meaning] : names.segments)
      if (meaning.node != nullptr && refers(*meaning.node, NodeKind::segment, name))
        return conflict(fmt::format("{} refers to it by its name", in_quotes(other)), "/name");
  }
  const Changed after(names, wanted.name, node);
  auto plan = compile(node, context(after, *purpose, now));
  if (!plan.ok()) {
    Error error = std::move(plan).error();
    if (error.field.empty()) error.field = "/expression";
    return error;
  }
  CompileContext live = context(after, *purpose, now);
  live.similar = {};
  if (wanted.watched && !compile(node, live).ok())
    return invalid("a look-alike is worked out when it is asked for, so nobody can be seen to enter it", "/watched");
  return check_dependents(names, after, wanted.name, now);
}

Result<AudienceChange> SegmentBook::decide(AudienceChange wanted, Timestamp now) const {
  ZAN_TRY(audience::check(wanted));
  std::shared_ptr<const Names> names;
  std::string name;  // of the segment that is changed
  {
    const std::lock_guard lock(mutex_);
    ZAN_TRY(std::visit([&](const auto& one) { return fits(one); }, wanted));
    names = names_locked();
    const auto called = [&](SegmentId id) {
      if (const Entry* const entry = find(id)) name = entry->last().name;
    };
    if (const auto* const saved = std::get_if<SegmentSaved>(&wanted)) called(saved->id);
    if (const auto* const marked = std::get_if<SegmentMarked>(&wanted)) called(marked->id);
  }
  if (auto* const saved = std::get_if<SegmentSaved>(&wanted)) ZAN_TRY(check(*saved, *names, name, now));
  const auto* const marked = std::get_if<SegmentMarked>(&wanted);
  const auto* const removed = std::get_if<ListRemoved>(&wanted);
  if (removed != nullptr || (marked != nullptr && marked->mark == SegmentMark::retire)) {
    const NodeKind kind = removed != nullptr ? NodeKind::list : NodeKind::segment;
    const std::string& gone = removed != nullptr ? removed->name : name;
    for (const auto& [other, meaning] : names->segments)
      if (other != name && meaning.node != nullptr && refers(*meaning.node, kind, gone))
        return conflict(fmt::format("{} refers to it", in_quotes(other)));
  }
  return wanted;
}

}  // namespace zan::audience
