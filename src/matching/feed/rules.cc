#include "matching/feed/rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace zan::matching {
namespace {

bool in_force(const FeedRule& rule, TermId surface, Timestamp now) {
  return (!rule.surface || rule.surface == surface) && (rule.until.us == 0 || now < rule.until);
}

}  // namespace

const char* to_string(RuleKind kind) {
  switch (kind) {
    case RuleKind::pin:
      return "pin";
    case RuleKind::boost:
      return "boost";
    case RuleKind::block:
      return "block";
  }
  return "";
}

Result<void> check(const FeedRule& rule) {
  if (bool(rule.subject) == bool(rule.creator)) return invalid("exactly one of subject and creator", "subject");
  if (rule.kind == RuleKind::pin && !rule.subject) return invalid("a pin is of a subject", "subject");
  if (rule.kind == RuleKind::pin && (rule.place < 1 || rule.place > pin_place_max))
    return invalid(fmt::format("from 1 to {}", pin_place_max), "place");
  if (rule.kind == RuleKind::boost && !(rule.factor >= boost_min && rule.factor <= boost_max))
    return invalid(fmt::format("from {} to {}", boost_min, boost_max), "factor");
  if (rule.who.empty() || rule.who.size() > rule_text_bytes_max)
    return invalid(fmt::format("1 to {} bytes", rule_text_bytes_max), "who");
  if (rule.why.empty() || rule.why.size() > rule_text_bytes_max)
    return invalid(fmt::format("1 to {} bytes", rule_text_bytes_max), "why");
  return {};
}

Result<void> FeedRules::add(FeedRule rule, Timestamp at) {
  ZAN_TRY(check(rule));
  if (by_id_.contains(rule.id)) return Error{ErrorKind::conflict, "a rule of this id is there", "id"};
  if (of_name_.size() >= feed_rules_max)
    return Error{ErrorKind::limited, fmt::format("{} rules are in force; end some first", feed_rules_max), {}};
  const std::uint32_t name = rule.subject ? rule.subject.value : rule.creator.value;
  by_id_.emplace(rule.id, entries_.size());
  of_name_.emplace(name, entries_.size());
  if (rule.kind == RuleKind::pin) {
    const auto after = [this](std::uint32_t place, std::size_t index) { return place < entries_[index].rule.place; };
    pins_.insert(std::upper_bound(pins_.begin(), pins_.end(), rule.place, after), entries_.size());
  }
  entries_.push_back({std::move(rule), at, {}, {}, {}});
  return {};
}

Result<void> FeedRules::end(const RuleEnded& ended, Timestamp at) {
  const auto found = by_id_.find(ended.id);
  if (found == by_id_.end() || entries_[found->second].ended_at.us != 0)
    return Error{ErrorKind::not_found, "no such rule is in force", "id"};
  Entry& entry = entries_[found->second];
  entry.ended_at = at;
  entry.ended_by = ended.who;
  entry.ended_why = ended.why;
  std::erase_if(of_name_, [&](const auto& one) { return one.second == found->second; });
  std::erase(pins_, found->second);
  return {};
}

const FeedRule* FeedRules::find(RuleKind kind, const WorkView& work, TermId surface, Timestamp now) const {
  for (const std::uint32_t name : {work.subject.value, work.creator.value}) {
    const auto [begin, end] = of_name_.equal_range(name);
    for (auto one = begin; one != end; ++one) {
      const FeedRule& rule = entries_[one->second].rule;
      if (rule.kind == kind && in_force(rule, surface, now)) return &rule;
    }
  }
  return nullptr;
}

const FeedRule* FeedRules::block_of(const WorkView& work, TermId surface, Timestamp now) const {
  return find(RuleKind::block, work, surface, now);
}

const FeedRule* FeedRules::boost_of(const WorkView& work, TermId surface, Timestamp now) const {
  return find(RuleKind::boost, work, surface, now);
}

std::vector<const FeedRule*> FeedRules::pins(TermId surface, Timestamp now) const {
  std::vector<const FeedRule*> pins;
  for (const std::size_t index : pins_) {
    if (in_force(entries_[index].rule, surface, now)) pins.push_back(&entries_[index].rule);
  }
  return pins;
}

}  // namespace zan::matching
