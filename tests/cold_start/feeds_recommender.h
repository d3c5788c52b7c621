// FeedsRecommender: the feeds of this program behind the harness' interface: facts go into a Community, showings become
// rows to learn from, and each night or so a ranker and the collaborative half are learnt anew.
#pragma once

#include <memory>
#include <set>

#include "cold_start/recommender.h"
#include "matching/feed/feed.h"
#include "matching/ranking/ranker.h"
#include "matching/retrieval/learn_collaborative.h"

namespace zan::cold_start {

struct FeedsOptions {
  std::uint64_t seed = 1;
  matching::Policy policy;
  std::set<std::uint32_t> learn_on = {3, 5, 7, 9};  // nights
  matching::RankerOptions ranker;
  matching::CollaborativeOptions collaborative;
};
// What tests can afford: few and flat trees, few dimensions.
FeedsOptions small_feeds(std::uint64_t seed, float explore_share);

class FeedsRecommender final : public Recommender {
 public:
  explicit FeedsRecommender(const FeedsOptions& options);

  [[nodiscard]] std::string name() const override;
  void born(const matching::WorkFacts& work, Timestamp now) override { live_.put(work, now); }
  std::vector<matching::ShownItem> feed(PersonId person, const matching::Scene& scene, std::size_t places) override;
  void observe(const matching::Shown& shown) override;
  void observe(const matching::Deed& deed) override;
  void retrain(Timestamp now) override;

 private:
  void harvest(const matching::Shown& shown);
  [[nodiscard]] std::shared_ptr<const matching::Collaborative> learn_collaborative() const;

  FeedsOptions options_;
  matching::Community live_;
  matching::Feeds feeds_;
  matching::Harvest harvest_;
  std::vector<matching::Pair> taken_;  // people's ids and rows of works
  std::uint32_t night_ = 0, people_ = 0;
};

}  // namespace zan::cold_start
