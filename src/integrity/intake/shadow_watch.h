// ShadowWatch: how rules in the shadow do, over the acts of a journal: what they would have decided, beside what was
// decided when the acts came in, and beside the verdicts that stand now.
//
// What stands as rejected is taken for fake, as genuine for genuine; what is held is neither. A later verdict moves its
// act from one to the other, as long as the act is remembered: the latest acts_max are.
//
// Threads: one. Memory: some 60 bytes for each act remembered. Same acts and verdicts, same tally.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "integrity/intake/intake.h"
#include "integrity/rules/shadow.h"

namespace zan::integrity {

inline constexpr std::size_t watched_acts_max = 1'000'000;

// What was decided of the act when it came in; of a verdict that is stated later, that one.
engagement::Verdict decided_then(const engagement::Judgement& judgement);
// Names an act among those that can be judged late. A hash: two of a million meet once in 30 million times.
std::uint64_t act_print(const engagement::RecordedAct& act);
std::uint64_t act_print(const engagement::LateVerdict& verdict);

class ShadowWatch {
 public:
  explicit ShadowWatch(std::shared_ptr<const rules::Ruleset> ruleset, std::size_t acts_max = watched_acts_max);

  // An act that can be judged late, and what the rules say of it.
  void judged(const engagement::RecordedAct& act, const rules::Verdict& shadow);
  void corrected(const engagement::VerdictRecord& verdict);

  [[nodiscard]] const rules::ShadowTally& tally() const { return tally_; }
  [[nodiscard]] const rules::Ruleset& ruleset() const { return *ruleset_; }
  [[nodiscard]] std::uint64_t forgotten() const { return forgotten_; }

 private:
  // Which rules matched, and whether they flag; acts of a kind share one.
  struct Matched {
    bool flags = false;
    std::vector<std::uint16_t> rules;
    auto operator<=>(const Matched&) const = default;
  };
  struct Remembered {
    const Matched* matched;
    engagement::Verdict stands;
  };
  const Matched& intern(const rules::Verdict& shadow);
  void release(const Matched& matched);
  void label(const Matched& matched, engagement::Verdict stands, std::int64_t by);

  std::shared_ptr<const rules::Ruleset> ruleset_;
  const std::size_t acts_max_;
  rules::ShadowTally tally_;
  std::map<Matched, std::uint32_t> kinds_;
  std::unordered_map<std::uint64_t, Remembered> acts_;
  std::deque<std::uint64_t> order_;
  std::uint64_t forgotten_ = 0;
};

}  // namespace zan::integrity
