// Report: what an experiment has shown so far, which may be read at any moment without harm (confidence.h).
//
// What is compared is the mean over people of the share of a person's showings that was opened, watched long, liked and
// so on, during `window_s` from their first showing. A person is one value, counted when their window is over, in the
// order they came: so values are independent, and nobody counts more for coming often. What happens after the window,
// or to people who came before the start, changes nothing. Pooled counts are told besides, without an interval.
//
// A signal is decided when its difference to control was ever outside of chance; that stays. The differences of all
// signals and arms share `alpha` evenly: that anything at all is decided wrongly has at most that chance. The interval
// of an arm's own rate holds with `alpha` by itself.
//
// Guards: arms must have people in the proportions of their shares, tested so that it, too, may be looked at always
// (Lindon and Malek 2022); if not, assignment or counting is broken and the report says so before anything else.
//
// Owns:    some 100 bytes a person, at most people_max; who comes after is turned away in all arms alike.
// Threads: one at a time. It never asks for the time: showings and settle() bring it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "matching/experiment/arms.h"
#include "matching/experiment/confidence.h"
#include "matching/experiment/exposure.h"
#include "matching/experiment/windows.h"
#include "matching/signal.h"

namespace zan::matching {

struct ReportOptions {
  std::vector<std::uint32_t> shares_bp;  // control first, as Arms::set() takes them
  double alpha = 0.05;
  std::uint32_t window_s = 86'400;
  std::size_t people_max = 200'000;
  std::size_t works_max = 1'000'000, creators_max = 1'000'000;
};

// One work shown to somebody.
struct ShownTo {
  Arm arm = arm_none;                   // control or what is tried; others are not counted
  std::uint64_t unit = 0;               // Unit::token()
  std::uint32_t work = 0, creator = 0;  // dense numbers
  bool explored = false;
  std::uint32_t at_s = 0;
};

struct ArmRate {
  double pooled = 0;     // of all showings
  double by_person = 0;  // mean of settled people's own
  Interval interval;     // of by_person
  // Less control's; of control nothing.
  double difference = 0;
  Interval difference_interval{-1, 1};
  std::optional<std::uint32_t> decided_s;  // since when
};

struct ArmReport {
  Arm arm = arm_none;
  std::uint64_t people = 0, settled = 0, showings = 0;
  std::array<ArmRate, signal_count> rates;
  Evenness works, creators;       // of those shown anywhere in the experiment
  double explored_share = 0;  // of showings
};

struct ExperimentReport {
  std::vector<ArmReport> arms;      // control first
  std::uint64_t turned_away = 0;    // showings to people for whom there was no room
  std::uint64_t beyond_limits = 0;  // showings of works or creators whose evenness is not counted
  double ratio_evidence = 1;        // how many times likelier the people's counts are if the proportions are wrong
  bool ratio_broken = false;        // ever above 1,000: read no further
};

class Report {
 public:
  // REQUIRES: 2 to arms_max shares, and control's is not 0.
  explicit Report(ReportOptions options);

  void shown(const ShownTo& shown);
  // What became of a showing; each of `signals` is counted, at most once a showing. Of people never shown: nothing.
  void did(std::uint64_t unit, Signals signals, std::uint32_t at_s);
  // Counts everybody whose window is over by then. Times that go back do nothing.
  void settle(std::uint32_t now_s);

  [[nodiscard]] bool full() const { return people_.size() >= options_.people_max; }
  [[nodiscard]] ExperimentReport report() const;

 private:
  struct Person {
    std::uint32_t arm = 0;  // by place in the list
    std::uint32_t first_s = 0;
    std::uint32_t shown = 0;
    bool settled = false;
    std::array<std::uint32_t, signal_count> did{};
  };
  struct OfArm {
    std::uint64_t people = 0, settled = 0, showings = 0, explored = 0;
    std::array<std::uint64_t, signal_count> did{};
    std::vector<MeanSequence> rates;
    std::vector<DifferenceSequence> differences;  // none of control
    std::array<std::optional<std::uint32_t>, signal_count> decided_s;
    Exposure works{0}, creators{0};
  };
  Person* find_or_add(const ShownTo& shown);
  void settle(Person& person);
  void decide();
  void weigh_ratio(std::size_t arm);
  [[nodiscard]] ArmReport report_of(std::size_t arm, std::uint64_t works, std::uint64_t creators) const;

  ReportOptions options_;
  std::vector<OfArm> arms_;
  std::unordered_map<std::uint64_t, Person> people_;
  Windows open_;
  std::uint64_t turned_away_ = 0, beyond_limits_ = 0;
  Exposure all_works_, all_creators_;
  double log_ratio_evidence_ = 0;
  bool ratio_broken_ = false;
};

}  // namespace zan::matching
