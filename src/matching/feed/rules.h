// FeedRules: what operators decided by hand - a work pinned to a place, works made more or less of, works and creators
// kept out. Each says who, when and why, and shows among the reasons of what it moved.
//
// Threads: plain value; a feed uses one for all its answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "matching/live/works.h"

namespace zan::matching {

inline constexpr std::size_t feed_rules_max = 10'000;  // in force at a time
inline constexpr std::size_t rule_text_bytes_max = 500;
inline constexpr float boost_max = 5, boost_min = 0.1F;
inline constexpr std::uint32_t pin_place_max = 20;

enum class RuleKind : std::uint8_t { pin = 0, boost = 1, block = 2 };
const char* to_string(RuleKind kind);

// One rule. Of subject and creator exactly one is given; a pin is of a subject.
struct FeedRule {
  std::uint64_t id = 0;
  RuleKind kind = RuleKind::block;
  SubjectId subject;
  CreatorId creator;
  TermId surface;           // 0: all
  float factor = 1;         // of a boost: boost_min to boost_max
  std::uint32_t place = 0;  // of a pin: 1 to pin_place_max
  Timestamp until;          // 0: until it is ended
  std::string who, why;     // 1 to rule_text_bytes_max
};

struct RuleEnded {
  std::uint64_t id = 0;
  std::string who, why;
};

// invalid, with the field.
Result<void> check(const FeedRule& rule);

class FeedRules {
 public:
  // limited: feed_rules_max are in force; conflict: the id is there.
  Result<void> add(FeedRule rule, Timestamp at);
  // not_found.
  Result<void> end(const RuleEnded& ended, Timestamp at);

  // In the order they were made, with when they were made and ended.
  struct Entry {
    FeedRule rule;
    Timestamp made_at, ended_at;  // ended_at 0: in force, unless `until` has passed
    std::string ended_by, ended_why;
  };
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

  [[nodiscard]] const FeedRule* block_of(const WorkView& work, TermId surface, Timestamp now) const;
  [[nodiscard]] const FeedRule* boost_of(const WorkView& work, TermId surface, Timestamp now) const;
  [[nodiscard]] std::vector<const FeedRule*> pins(TermId surface, Timestamp now) const;  // by place

 private:
  [[nodiscard]] const FeedRule* find(RuleKind kind, const WorkView& work, TermId surface, Timestamp now) const;

  std::vector<Entry> entries_;
  std::unordered_map<std::uint64_t, std::size_t> by_id_;
  std::unordered_multimap<std::uint32_t, std::size_t> of_name_;  // subject or creator -> entries in force
  std::vector<std::size_t> pins_;                                // in force, by place
};

}  // namespace zan::matching
