// Community: works, people and shelves together, and the one way facts come into them. Whoever replays the past - the
// engine at a start, a training, a test - and whoever serves use the same code, so that what a model learns from is what it will see.
//
// Threads: put, take, wish and erase by one thread at a time; everything else by any.
#pragma once

#include "matching/facts.h"
#include "matching/live/people.h"
#include "matching/live/shelves.h"
#include "matching/live/works.h"
#include "matching/ranking/baselines.h"

namespace zan::matching {

struct CommunityLimits {
  std::size_t works_max = 4'000'000;
  std::size_t people_max = 4'000'000;
};

class Community {
 public:
  explicit Community(const CommunityLimits& limits = {});

  void put(const WorkFacts& facts, Timestamp heard_of);
  void put(const PersonFacts& facts) { people_.put(facts); }
  void take(const Shown& shown);
  // Without what the person was shown at that moment or later: it was told before. What is left is to be taken.
  [[nodiscard]] Shown untold(Shown shown) const;
  // A like, dislike or follow that is found false comes as the deed that takes it back.
  Heard take(const Deed& deed);
  void wish(PersonId person, const PersonWish& wish) { people_.wish(person, wish); }
  void erase(PersonId person) { people_.erase(person); }

  [[nodiscard]] const Works& works() const { return works_; }
  [[nodiscard]] const People& people() const { return people_; }
  [[nodiscard]] const Shelves& shelves() const { return shelves_; }
  [[nodiscard]] const Baselines& baselines() const { return baselines_; }

 private:
  WorkRow row_of(SubjectId subject, CreatorId creator, Timestamp at);

  Works works_;
  People people_;
  Shelves shelves_;
  Baselines baselines_;
};

}  // namespace zan::matching
