// Recommender: what is put to the test. It gets what a real one gets - facts of works, what it showed, genuine acts,
// and a moment each night to learn - and has to say what to show. It never sees the world behind them.
//
// Ids are one sequence, as the registry's are: people (the fake ones, too), then works, then creators.
#pragma once

#include <string>
#include <vector>

#include "matching/candidate.h"
#include "matching/facts.h"

namespace zan::cold_start {

class Recommender {
 public:
  virtual ~Recommender() = default;
  [[nodiscard]] virtual std::string name() const = 0;
  virtual void born(const matching::WorkFacts& work, Timestamp now) = 0;
  // At most `places` works, best first. What the person has seen may be shown again, but helps little.
  virtual std::vector<matching::ShownItem> feed(PersonId person, const matching::Scene& scene, std::size_t places) = 0;
  virtual void observe(const matching::Shown& shown) = 0;
  virtual void observe(const matching::Deed& deed) = 0;
  virtual void retrain(Timestamp now) = 0;  // each midnight
};

}  // namespace zan::cold_start
