// LogFollower: looks at a log again and again, and notices when it contradicts what it has shown before.
//
// At each look the checkpoint must be signed as the policy wants, be no smaller than the last one, and continue it; and
// every entry and tile since then must hash to its root.
//
// Threads: one. The source and the policy outlive it.
// Errors:  look(): conflict (a fork, a rollback, or tiles that are not what was signed: the log contradicts itself), refused,
//          invalid (not a checkpoint that is signed as wanted), not_found (a tile is not there), unavailable. What is
//          remembered stays as it was.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/log_source.h"

namespace zan::connectors {

// The older checkpoint is of the same log and signed by it, and the reader's tree continues it. Cosignatures are not asked
// for. conflict: it does not.
Result<evidence::Checkpoint> verify_continues(evidence::TreeReader& reader, std::string_view older_checkpoint,
                                              const std::string& origin, const evidence::Policy& policy);

class LogFollower {
 public:
  LogFollower(LogSource& source, const evidence::Policy& policy) : source_(source), policy_(policy) {}

  // The signed checkpoint of an earlier look. refused, invalid: not one of a log of the policy.
  Result<void> remember(std::string_view signed_checkpoint);

  struct Look {
    evidence::PolicyVerdict verdict;
    std::uint64_t new_entries = 0;
  };
  Result<Look> look(const std::function<void(double)>& progress = {});

  // What is to be remembered; empty before the first look.
  [[nodiscard]] const std::string& remembered() const { return note_; }
  // The tree as it was looked at last. REQUIRES: a look that succeeded.
  [[nodiscard]] evidence::TreeReader& tree() { return *tree_; }

 private:
  Result<void> check_step(const evidence::Checkpoint& next) const;
  Result<void> read_new(evidence::TreeReader& tree, const std::function<void(double)>& progress) const;

  LogSource& source_;
  const evidence::Policy& policy_;
  std::optional<evidence::Checkpoint> last_;
  std::string note_;
  std::optional<evidence::TreeReader> tree_;
};

}  // namespace zan::connectors
