// RuleVerdicts: what rules, or the model, said of each subject's likes when they came: for whoever asks why.
//
// Of a subject the latest subject_lines_max different first reasons (rule, verdict) are kept, each with how often it was
// given and the numbers of the last time; of at most subjects_max subjects, beyond which the one goes that came first.
//
// A function of the journal. Threads: one.
#pragma once

#include <deque>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/integrity.h"

namespace zan::engine {

using RulesetPtr = std::shared_ptr<const integrity::rules::Ruleset>;

class RuleVerdicts {
 public:
  static constexpr std::size_t subjects_max = 100'000, subject_lines_max = 8;

  // Of reasons that no rule and no model gave nothing is kept. `ruleset`: the one in service; null: none.
  void add(std::uint32_t subject, engagement::Verdict verdict, Timestamp at, std::span<const engagement::Reason> reasons,
           const RulesetPtr& ruleset);
  // What was said most often first.
  [[nodiscard]] std::vector<SubjectVerdicts::Rule> of(std::uint32_t subject) const;

 private:
  struct Line {
    engagement::Verdict verdict = engagement::Verdict::genuine;
    std::uint64_t likes = 0;
    Timestamp last;
    std::uint8_t reason_count = 0;
    std::array<engagement::Reason, engagement::reasons_max> reasons{};
    RulesetPtr ruleset;
  };

  std::unordered_map<std::uint32_t, std::vector<Line>> lines_;  // the latest first
  std::deque<std::uint32_t> subjects_;                          // as they came
};

}  // namespace zan::engine
