// Trainer: learns what a feed is served from, out of the past told twice. The first telling gathers who took to what, the
// second lives it again, showing by showing, with the very code that serves, and takes the rows that the ranker learns from.
//
// Time is cut in three. What people have in common is first learnt from the time before any row, so that no row knows
// what is still to come; the ranker grows from rows, is calibrated on later ones and judged on the last ones. Then what
// people have in common is learnt again from everything, and that is served.
//
//   told once -> begin_rows() -> told again -> finish()
//
// Rows are what feeds showed. Where too little of that is on record, as before the first feed, deeds stand for showings: then it
// is never seen that somebody passed a work over.
//
// Threads: one; learning uses `threads`. Owns: 8 bytes a like or long view, 4 a feature and row, a Community.
// Errors: limited: too little to learn from, or too little memory; unavailable: the arithmetic fails.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/random.h"
#include "matching/feed/models.h"
#include "matching/live/community.h"
#include "matching/ranking/harvest.h"
#include "matching/ranking/ranker.h"
#include "matching/retrieval/collaborative.h"
#include "matching/retrieval/learn_collaborative.h"

namespace zan::matching {

struct TrainingOptions {
  CommunityLimits limits;
  CollaborativeOptions collaborative;
  RankerOptions ranker;
  double before_rows = 0.4;         // share of what is shown, by time, from before the first row
  std::size_t rows_max = 500'000;   // evenly from all
  std::size_t shown_rows_min = 5'000;  // of feeds; with fewer, deeds stand for showings
  std::size_t taken_min = 500;      // likes and long views; fewer teach nothing
  double explored_weight = 2;       // of a row that was not chosen for its chances
};

// How well the probabilities of the last rows were foretold.
using Judgements = std::array<Judgement, signal_count>;

struct Trained {
  std::shared_ptr<const Collaborative> collaborative;
  std::shared_ptr<const Ranker> ranker;  // null: too few rows; works' own rates serve
  Judgements judged{};
  std::optional<Judgements> serving;  // of the ranker that was given, on the same rows
  std::size_t taken = 0, rows = 0;
  bool rows_of_feeds = false;
  std::int64_t trained_until_us = 0;
  std::vector<std::string> notes;
};

class Trainer {
 public:
  explicit Trainer(const TrainingOptions& options);

  // ---- the past, in its order, both times alike
  void put(const WorkFacts& facts, Timestamp heard_of);
  void put(const PersonFacts& facts);
  void take(const Shown& shown);
  void take(const Deed& deed);
  void erase(PersonId person);

  // Between the two tellings. limited: too little is there.
  Result<void> begin_rows();
  // `serving`: the ranker that serves now, or null.
  Result<Trained> finish(const Ranker* serving);

 private:
  struct Took {
    std::uint32_t person = 0, subject = 0;
    std::int64_t at_us = 0;
  };
  void gather(const Deed& deed);
  void gather(const Shown& told);
  void make_rows(PersonId person, const Scene& scene, std::span<const ShownItem> items);
  bool lucky();
  Result<Collaborative> learn(std::int64_t until_us);

  TrainingOptions options_;
  bool again_ = false;  // the second telling

  // Gathered by the first.
  std::vector<Took> took_;
  std::unordered_set<std::uint64_t> paid_;  // person and work of which the last showing was paid for
  std::vector<std::int64_t> shown_us_, deeds_us_;
  std::unordered_map<std::uint32_t, WorkFacts> works_;

  std::int64_t rows_from_us_ = 0, until_us_ = 0;
  bool rows_of_feeds_ = false;
  double row_share_ = 1;  // of all that are kept
  std::optional<Collaborative> before_;
  std::unique_ptr<Community> live_;
  Harvest harvest_;
  Rng rng_{1};
};

// Whether the fresh ranker may take the place of the serving one, and if not, by which numbers.
struct Comparison {
  bool better = true;
  std::string why;  // "long_view: log loss 0.5123 against 0.5011 of what serves"
};
Comparison compare(const Trained& trained);

}  // namespace zan::matching
