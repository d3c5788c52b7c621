// How well a detector did on a labelled stream.
//
// Events: what counts is `rejected`; `held` is shown beside it. Precision leaves camouflage and warm-up aside: they are
// innocent acts of guilty accounts, and either verdict on them may be right. Accounts: flagged when any of their acts is rejected;
// fake when they belong to an attacker; hijacked ones are left aside. Decoys and owners show what is done to genuine people.
//
// Owns:    names of accounts, works and devices while lines are added.
// Threads: one.
// Cost:    a few look-ups a line.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "simulation/label.h"
#include "simulation/verdicts.h"

namespace zan::simulation {

// Of things that could be flagged.
struct Tally {
  std::uint64_t all = 0;
  std::uint64_t rejected = 0;
  std::uint64_t held = 0;
  void add(Verdict verdict);
  // 0 of nothing.
  [[nodiscard]] double share() const { return all == 0 ? 0 : static_cast<double>(rejected) / static_cast<double>(all); }
};

struct Quality {
  std::uint64_t found = 0, missed = 0, wronged = 0;
  // None where nothing was flagged, or nothing was there to be found.
  [[nodiscard]] std::optional<double> precision() const;
  [[nodiscard]] std::optional<double> recall() const;
  [[nodiscard]] std::optional<double> f1() const;
};

struct AttackScore {
  Family family = Family::organic;
  std::uint64_t instances = 0;
  std::uint64_t accounts = 0;  // that acted falsely, hijacked ones included
  std::uint64_t devices = 0;   // that false acts came from; 0: not told
  Tally fakes;
  std::optional<std::int64_t>
      median_ms;  // until half of the fakes were out; none: half never were, or nobody told when
  // Fakes that still count, for each account.
  [[nodiscard]] double surviving_per_account() const;
};

// Attacks by the camouflage likes there are for each fake one.
inline constexpr std::array<double, 4> camouflage_bounds{0, 0.25, 0.75, 1.5};  // and above

struct DecoyScore {
  Family family = Family::organic;
  Tally likes;
  std::uint64_t works = 0;  // with at least decoy_work_likes_min likes of one decoy
  std::uint64_t lost = 0;   // of them, with more than half rejected
};

inline constexpr std::uint64_t decoy_work_likes_min = 5;

struct Score {
  Quality events, accounts;
  std::array<Tally, 7> roles;  // by Role
  std::vector<AttackScore> attacks;
  std::array<Tally, camouflage_bounds.size() + 1> by_camouflage;
  std::vector<DecoyScore> decoys;
};

class Scorer {
 public:
  void add(const Label& label, const VerdictLine& line);
  // Of what was added so far.
  [[nodiscard]] Score score() const;

 private:
  struct Account {
    bool attacker = false, aside = false, flagged = false;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  class Numbers {
   public:
    std::uint32_t operator()(std::string_view name);

   private:
    std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
  };
  struct Group {
    Family family = Family::organic;
    std::uint64_t camouflage = 0;
    Tally fakes;
  };

  void add_fake(const Label& label, const VerdictLine& line, std::uint32_t account);
  [[nodiscard]] Quality account_quality() const;
  [[nodiscard]] AttackScore attack_score(Family family) const;
  [[nodiscard]] std::vector<DecoyScore> decoy_scores() const;

  Numbers account_numbers_, subject_numbers_, device_numbers_;
  std::vector<Account> accounts_;
  std::vector<Group> groups_;
  std::array<Tally, 7> roles_;
  std::array<std::unordered_set<std::uint32_t>, family_count> family_accounts_, family_devices_;
  std::array<std::vector<std::int64_t>, family_count> delays_ms_;  // of rejected fakes
  std::unordered_map<std::uint64_t, Tally> decoy_works_;           // by instance and work
  std::array<Tally, family_count> decoy_likes_;
};

// For a person to read.
std::string to_text(const Score& score);

}  // namespace zan::simulation
