// What an operator can ask of the rules, and change: versions, which one is in service, which ones run in the shadow and how they do.
//
// A change is proposed here (on any thread, which may take milliseconds: the text is compiled and its own tests run), comes out
// as a record, and is submitted as ChangeRules. The writer looks again whether the book still allows it.
//
// Threads: any.
// Errors:  invalid: the text is wrong or fails its own tests, one problem a line, with line and column. not_found: no such version.
//          conflict: the book does not allow it. unavailable: the shadow has not run yet.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "integrity/integrity.h"

namespace zan::engine {

inline constexpr std::size_t rule_history_max = 200;  // changes that an answer lists

struct RuleVersion {
  integrity::rules::RulesetId id;
  std::string who, why;
  Timestamp at;
  std::size_t text_bytes = 0;
  bool active = false, shadow = false;
};

struct RulesOverview {
  integrity::rules::RulesetId in_service;               // what ships, where nobody put others there
  std::vector<RuleVersion> versions;                    // newest first; the last is what ships
  std::vector<integrity::rules::HistoryEntry> history;  // newest first, at most rule_history_max
  std::string trouble;                                  // why what is in service is not used; empty: it is
};

struct RuleText {
  RuleVersion version;
  std::string text;
  std::uint64_t cost = 0;                    // of one act
  std::vector<std::string> rules, features;  // names of the rules; what they read
  std::vector<std::string> problems;         // it does not compile any more, or warnings
};

struct RuleProposal {
  integrity::rules::RulesetId id;
  Bytes record;  // empty: the book has this version already
  std::uint64_t cost = 0;
  std::size_t rules = 0, tests = 0;
  std::vector<std::string> warnings;
};

// A ruleset in the shadow, beside the verdicts that stand in the journal. What was rejected is taken for fake, what is genuine
// for genuine; what is held is neither.
struct ShadowReport {
  integrity::rules::RulesetId id;
  Timestamp since;    // when it was put there: acts from then on are counted
  Position position;  // up to which the journal has been read
  bool caught_up = false;
  integrity::rules::ShadowTally tally = integrity::rules::ShadowTally();
  std::vector<std::string> rules;  // names, as tally.rules
  std::uint64_t forgotten = 0;     // matches whose later verdicts cannot be told any more
};

class Rules {
 public:
  virtual ~Rules() = default;
  [[nodiscard]] virtual RulesOverview overview() const = 0;
  [[nodiscard]] virtual Result<RuleText> one(integrity::rules::RulesetId id) const = 0;
  // A new version. It goes into service by record_of().
  [[nodiscard]] virtual Result<RuleProposal> propose(std::string_view text, const std::string& who,
                                                     const std::string& why) const = 0;
  // The journal's form of a change of what is in service or in the shadow; empty: it is so already.
  [[nodiscard]] virtual Result<Bytes> record_of(integrity::rules::ChangeKind kind, integrity::rules::RulesetId id,
                                                const std::string& who, const std::string& why) const = 0;
  [[nodiscard]] virtual Result<ShadowReport> shadow(integrity::rules::RulesetId id) const = 0;
};

}  // namespace zan::engine
