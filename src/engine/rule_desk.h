// RuleDesk: proposals and questions about the rules, over the book that the Core keeps; and the shadow, as a view of the journal on a
// thread of its own.
//
// The shadow has features of its own (some 300 MB for a million accounts), and only while a version is in it: likes never wait for
// it, and the judge at intake pays nothing. It reads the journal from its first record, so that a start gives the same tallies
// again; acts behind the record that put a version into the shadow are counted.
//
// Threads: start/stop by the owner; step() by its thread; the questions of Rules from any.
#pragma once

#include <list>
#include <mutex>

#include "engine/core.h"
#include "engine/follower.h"
#include "engine/journal_tail.h"
#include "engine/rules.h"

namespace zan::engine {

class RuleDesk final : public Rules {
 public:
  // The core outlives it. `accounts`: of the shadow's features.
  explicit RuleDesk(Core& core, std::uint64_t accounts = 1'000'000) : core_(core), accounts_(accounts) {}
  ~RuleDesk() override { stop(); }

  void start();
  void stop();
  // Shows the shadow what came since, at most some 100,000 records. False: nothing new.
  Result<bool> step();

  [[nodiscard]] RulesOverview overview() const override;
  [[nodiscard]] Result<RuleText> one(integrity::rules::RulesetId id) const override;
  [[nodiscard]] Result<RuleProposal> propose(std::string_view text, const std::string& who,
                                             const std::string& why) const override;
  [[nodiscard]] Result<Bytes> record_of(integrity::rules::ChangeKind kind, integrity::rules::RulesetId id,
                                        const std::string& who, const std::string& why) const override;
  [[nodiscard]] Result<ShadowReport> shadow(integrity::rules::RulesetId id) const override;

 private:
  // A version in the shadow.
  struct Shade {
    integrity::rules::RulesetId id;
    Timestamp since;
    integrity::Onlooker onlooker;
    integrity::ShadowWatch watch;
    Shade(integrity::rules::RulesetId which, Timestamp at,
          const std::shared_ptr<const integrity::rules::Ruleset>& ruleset)
        : id(which), since(at), onlooker(ruleset), watch(ruleset) {}
  };

  Result<void> read_group(const storage::Group& group);
  Result<void> take_change(ByteSpan record, Timestamp at);
  void take_act(const engagement::RecordedAct& act);
  void publish();

  Core& core_;
  const std::uint64_t accounts_;

  // The thread's.
  JournalTail tail_;
  std::unique_ptr<integrity::Intake> intake_;
  integrity::rules::RuleBook book_;  // as of what was read
  std::list<Shade> shades_;
  Position seen_;

  mutable std::mutex mutex_;  // guards what follows
  std::vector<ShadowReport> reports_;
  std::string trouble_;

  Follower follower_;
};

}  // namespace zan::engine
