// Replay: the past once more, showing by showing, to learn from and to be judged by. At each showing the row is taken
// as the community stood at that moment, and only then do the showing and what came of it go into the community.
//
// What people have in common (`similar`, `taste`) is learned again every so often, from what had happened by then.
//
// Threads: one; learning what people have in common uses more. Errors: as learn_collaborative().
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "matching/interactions.h"
#include "matching/live/community.h"
#include "matching/ranking/baselines.h"
#include "matching/ranking/harvest.h"
#include "matching/retrieval/learn_collaborative.h"

namespace zan::matching {

struct ReplayOptions {
  CommunityLimits limits;
  std::size_t raw_count = 0;
  std::int64_t learn_every_us = us_per_day;  // what people have in common; 0: never
  double explored_weight = 1;                // of a showing that was not chosen for its chances
  // From then on rows know a person as at their first showing since: as if all that follows were one list, ranked at
  // one moment. For judging lists; what is learned from knows everybody as they are.
  Timestamp people_as_of = timestamp_max;
  CollaborativeOptions collaborative;
};

class Replay {
 public:
  // Writes the operator's own numbers of a showing.
  using Raw = std::function<void(PersonId, SubjectId, const Scene&, std::span<float>)>;

  explicit Replay(const ReplayOptions& options, Raw raw = {});

  // ---- in the order of time
  void put(const WorkFacts& facts, Timestamp heard_of) { community_.put(facts, heard_of); }
  void put(const PersonFacts& facts) { community_.put(facts); }
  // Showings to nobody known become no rows.
  Result<void> take(const Shown& shown);
  void take(const Deed& deed);
  void erase(PersonId person);
  // From before anything was logged: the deed counts for the person and for what people have in common, and stands for
  // no showing of the work.
  void remember(const Deed& deed);

  [[nodiscard]] const Community& community() const { return community_; }
  [[nodiscard]] const Baselines& baselines() const { return baselines_; }
  [[nodiscard]] const std::vector<Pair>& taken() const { return taken_; }  // person and work, of likes and long views
  // Of each row, in the same order.
  [[nodiscard]] const std::vector<WorkRow>& works_shown() const { return works_shown_; }
  Harvest& harvest() { return harvest_; }

 private:
  [[nodiscard]] Person person_of(const Shown& shown);
  Result<void> learn(Timestamp now);
  void note_taken(const Deed& deed, const Heard& heard);

  ReplayOptions options_;
  Raw raw_;
  Community community_;
  Baselines baselines_;  // without what was only remembered, which has no showings that came to nothing
  Harvest harvest_;
  std::vector<Pair> taken_;
  std::vector<WorkRow> works_shown_;
  std::unordered_map<std::uint32_t, Person> as_of_;  // people, from people_as_of on
  std::unique_ptr<const Collaborative> model_;
  std::int64_t learned_at_ = -1;  // us / learn_every_us
};

}  // namespace zan::matching
