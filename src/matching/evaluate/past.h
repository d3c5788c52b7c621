// Past: how well feeds would have foretold what is on record, judged by time. What was shown first is learned from, what
// came after is foretold, with what was known at each showing and nothing of what came of it.
//
// The past is told twice. The first time every showing is foretold as the person stood at that moment: the signals' figures.
// The second time people stand as at the first showing that is judged: as if all of it were one list ranked at one moment,
// so that no list knows what was made of its first places. That is what the lists' figures and each person's own AUC are
// from: a row that knows all but its own outcome knows that a person's yes is still to come while it has not come, and
// would look worse than one who knows nothing of them.
//
//   told once -> again() -> told again -> finish()
//
// Beside the ranker stands popularity: each work's own rates before the judged time, drawn to everybody's.
//
// Threads: one; learning uses `threads`. Owns: twice 4 bytes a feature and showing, two communities, one after the other.
// Errors: limited: too few showings on record, or too many to keep; else as train_ranker() and learn_collaborative().
#pragma once

#include <memory>
#include <string>

#include "matching/evaluate/by_time.h"
#include "matching/experiment/exposure.h"
#include "matching/ranking/replay.h"

namespace zan::matching {

struct PastOptions {
  CommunityLimits limits;
  CollaborativeOptions collaborative = [] {
    CollaborativeOptions quick;  // it is learned many times
    quick.dimension = 64;
    quick.seconds_max = 10;
    return quick;
  }();
  RankerOptions ranker;              // its shares are made from learn_share
  double learn_share = 0.6;          // of the showings, by time; what follows is judged
  std::int64_t learn_every_us = 4 * us_per_day;  // what people have in common
  std::size_t places = 5;            // of a list that are looked at
  std::size_t showings_min = 2'000, showings_max = 2'000'000;
};

struct PastJudged {
  std::string name;
  std::array<SignalQuality, signal_count> signals;
  ListQuality lists;  // by the chance of a long view
};

struct PastEvaluation {
  std::size_t learnt = 0, judged = 0;  // showings
  Timestamp judged_from, until;
  Rates rates{};                       // of what was judged
  std::vector<PastJudged> by;          // the ranker, popularity
  Evenness shown;                      // how all showings on record fall on works
};

class Past {
 public:
  explicit Past(const PastOptions& options);

  void put(const WorkFacts& facts, Timestamp heard_of) { replay_->put(facts, heard_of); }
  void put(const PersonFacts& facts) { replay_->put(facts); }
  Result<void> take(const Shown& shown);
  void take(const Deed& deed) { replay_->take(deed); }
  void erase(PersonId person) { replay_->erase(person); }

  Result<void> again();
  Result<PastEvaluation> finish();

 private:
  PastOptions options_;
  std::unique_ptr<Replay> replay_;
  Showings first_;                // of the first telling
  std::vector<WorkRow> works_;
  std::size_t begin_ = 0;         // of what is judged
  bool again_ = false;
};

}  // namespace zan::matching
