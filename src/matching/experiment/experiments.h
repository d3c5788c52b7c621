// Experiments: other policies tried on some people beside the one in service, one experiment at a time, and what has been
// shown of each so far. The list of them is in the journal; who is in which arm is worked out (arms.h), what came of it is
// counted as showings and deeds come by (report.h), so a start that reads the journal again says the same.
//
// An interleaved experiment has one variant and no control: whoever is in it gets one list that the policy in service and
// the variant drafted in turns (interleaving.h), and what is reported is whose works they take to (preferences.h).
//
// Only people with an account are in an experiment. The holdout stays with the policy in service in all of them.
//
// Owns: of the newest reports_kept experiments some 100 bytes a person (preferences.h says what of interleaved ones). Threads: any.
// Errors: conflict: one is running, or the id is taken; not_found; limited: experiments_max; invalid, with the field.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "matching/experiment/preferences.h"
#include "matching/experiment/report.h"
#include "matching/facts.h"
#include "matching/feed/policy.h"
#include "matching/feed/rules.h"
#include "matching/live/works.h"

namespace zan::matching {

inline constexpr std::size_t experiments_max = 1'000, reports_kept = 4;
inline constexpr std::size_t variants_max = arms_max - 1;
inline constexpr std::size_t experiment_name_bytes_max = 100;

struct Variant {
  std::string name;
  std::uint32_t share_bp = 0;  // of the people whom the holdout leaves
  Policy policy;
};

struct ExperimentStarted {
  std::uint64_t id = 0;
  std::string name;
  std::uint32_t holdout_bp = 0, control_bp = 0;
  std::vector<Variant> variants;  // 1 to variants_max
  std::string who, why;
  [[nodiscard]] bool interleaved() const { return control_bp == 0; }
};

struct ExperimentEnded {
  std::uint64_t id = 0;
  std::string who, why;
};

Result<void> check(const ExperimentStarted& started);

class Experiments {
 public:
  struct Entry {
    ExperimentStarted started;
    Timestamp started_at, ended_at;  // ended_at 0: it runs
    std::string ended_by, ended_why;
    // Neither: reports_kept newer ones have been.
    std::optional<ExperimentReport> report;        // of one with control
    std::optional<PreferencesReport> preferences;  // of an interleaved one
  };
  struct Assigned {
    std::uint64_t experiment = 0;  // 0: none runs, or the person is in no arm
    Arm arm = arm_none;
    std::string name;                      // of the arm: "control", "holdout", or the variant's
    std::shared_ptr<const Policy> policy;  // null: the one in service
    bool interleaved = false;              // then the one in service drafts with it
    std::uint64_t seed = 0;                // of the person's drafts
  };

  Experiments(const HashKey& key, std::size_t works_max) : key_(key), works_max_(works_max) {}

  Result<void> start(const ExperimentStarted& started, Timestamp at);
  Result<void> end(const ExperimentEnded& ended, Timestamp at);
  // Whether that would be done now.
  [[nodiscard]] Result<void> fits(const ExperimentStarted& started) const;
  [[nodiscard]] Result<void> fits(const ExperimentEnded& ended) const;

  [[nodiscard]] Assigned of(PersonId person) const;
  [[nodiscard]] std::vector<Entry> entries() const;  // oldest first

  void shown(const Shown& shown, const Works& works);
  void did(PersonId person, SubjectId subject, Signals fresh, Timestamp at);
  void settle(Timestamp now);

 private:
  struct Known {
    Entry entry;
    std::unique_ptr<Report> report;            // of one with control
    std::unique_ptr<Preferences> preferences;  // of an interleaved one
  };
  struct Running {
    std::uint64_t id = 0;
    Arms arms;
    std::vector<std::string> names;                       // of the variants
    std::vector<std::shared_ptr<const Policy>> policies;  // of the variants
    bool interleaved = false;
  };
  [[nodiscard]] Result<void> fits_locked(const ExperimentStarted& started) const;
  [[nodiscard]] Result<void> fits_locked(const ExperimentEnded& ended) const;

  const HashKey key_;
  const std::size_t works_max_;
  mutable std::mutex mutex_;  // guards what follows
  std::vector<Known> known_;
  std::shared_ptr<const Running> running_;  // null: none; of known_.back()
};

}  // namespace zan::matching
