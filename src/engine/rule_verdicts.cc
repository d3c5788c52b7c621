#include "engine/rule_verdicts.h"

#include <algorithm>

namespace zan::engine {
namespace {

using engagement::Reason;
using integrity::IntakeReason;
using integrity::rules::Language;

// Of all rules that matched, the first names the line.
bool same_origin(const Reason& a, const Reason& b) {
  if (a.code != b.code) return false;
  return a.code != static_cast<std::uint8_t>(IntakeReason::rule) || a.number == b.number;
}

bool of_intake(const Reason& reason) {
  return reason.code == static_cast<std::uint8_t>(IntakeReason::rule) ||
         reason.code == static_cast<std::uint8_t>(IntakeReason::model);
}

}  // namespace

void RuleVerdicts::add(std::uint32_t subject, engagement::Verdict verdict, Timestamp at,
                       std::span<const Reason> reasons, const RulesetPtr& ruleset) {
  if (verdict == engagement::Verdict::genuine || reasons.empty() || !of_intake(reasons.front())) return;
  const auto [found, is_new] = lines_.try_emplace(subject);
  std::vector<Line>& lines = found->second;
  const auto same = [&](const Line& line) {
    return line.verdict == verdict && same_origin(line.reasons.front(), reasons.front());
  };
  auto line = std::find_if(lines.begin(), lines.end(), same);
  if (line == lines.end()) {
    if (lines.size() == subject_lines_max) lines.pop_back();
    line = lines.insert(lines.end(), Line{.verdict = verdict});
  }
  ++line->likes;
  line->last = at;
  line->reason_count = static_cast<std::uint8_t>(reasons.size());
  std::copy(reasons.begin(), reasons.end(), line->reasons.begin());
  line->ruleset = ruleset;
  std::rotate(lines.begin(), line, line + 1);
  if (!is_new) return;
  subjects_.push_back(subject);
  if (subjects_.size() <= subjects_max) return;
  lines_.erase(subjects_.front());
  subjects_.pop_front();
}

std::vector<SubjectVerdicts::Rule> RuleVerdicts::of(std::uint32_t subject) const {
  std::vector<SubjectVerdicts::Rule> rules;
  const auto found = lines_.find(subject);
  if (found == lines_.end()) return rules;
  for (const Line& line : found->second) {
    const std::span reasons(line.reasons.data(), line.reason_count);
    const auto words = [&](Language language) {
      return integrity::reason_texts(reasons, line.ruleset.get(), language).front();
    };
    rules.push_back({line.verdict, line.likes, line.last, words(Language::english), words(Language::chinese)});
  }
  std::stable_sort(rules.begin(), rules.end(), [](const auto& a, const auto& b) { return a.likes > b.likes; });
  return rules;
}

}  // namespace zan::engine
