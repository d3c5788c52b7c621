// OnlinePart: what has changed since the ranker was trained, learned within seconds of an act.
//
// To the margin of each signal it adds a handful of terms: one for everybody, one each for the work, its creator and
// the person, and weights on a few numbers of the row. Each term is a mean with a variance, moved by a step of the
// extended Kalman filter for a logistic outcome (as in AdPredictor, Graepel et al., ICML 2010) and drifting back to
// nothing with time. A showing counts as a no at once, and turns when its signal comes; so nothing waits.
//
// It cannot do harm for long: what it says is a mixture of the ranker's probability and the corrected one, weighed by
// how each has done lately (fixed share, Herbster, Warmuth 1998). Where signals come before the next showing, the log
// loss of T showings exceeds the ranker's by at most ln 2 + T * online_share, whatever comes. Terms are clipped.
//
// Owns: terms of a bounded number of works, creators and persons (whoever was not met for longest goes), and the last
// showings. Threads: one writer, any readers. Cost: under a microsecond a row and signal.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "matching/ranking/features.h"

namespace zan::matching {

inline constexpr double online_share = 2e-5;

struct OnlineOptions {
  std::size_t works_max = 131'072, creators_max = 65'536, persons_max = 131'072;
  std::size_t waiting_max = 65'536;  // showings whose signals may still come
};

// Whose terms are added.
struct OnlineKeys {
  WorkRow work = no_work;
  CreatorId creator;
  PersonId person;         // 0: a session without an account, of which no signal comes: it is not learned from
  bool personalised = true;  // false: the person has no terms of their own
};

class OnlinePart {
 public:
  explicit OnlinePart(const OnlineOptions& options = {});
  ~OnlinePart();
  OnlinePart(const OnlinePart&) = delete;
  OnlinePart& operator=(const OnlinePart&) = delete;

  // ---- any thread
  // The ranker's probabilities become the corrected ones.
  void correct(const OnlineKeys& keys, const FeatureRow& row, std::uint32_t now_s, Rates& rates) const;

  // ---- one thread at a time
  // `rates`: the ranker's own, before correct().
  void shown(const OnlineKeys& keys, const FeatureRow& row, const Rates& rates, std::uint32_t at_s);
  // Of the last showing of the work to the person; unknown or long ago: nothing happens.
  void came(PersonId person, WorkRow work, Signals fresh, std::uint32_t at_s);
  void erase(PersonId person);
  // A new ranker serves, which knows what was learned here: the terms start again.
  void start_again();

  // How much of the mixture is the corrected part, 0 to 1, by signal.
  [[nodiscard]] Rates trust() const;
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace zan::matching
