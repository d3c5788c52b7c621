// Recommenders to compare with: chance; what most people watched long; and a reference that is simple but whole: tastes
// for tags, rates of works, and a share of places for works of which little is known, drawn by Thompson sampling
// (Chapelle and Li 2011). The reference with a share of 0 never explores. And an oracle, for the best there can be.
#pragma once

#include <map>
#include <unordered_set>

#include "base/random.h"
#include "cold_start/recommender.h"
#include "simulation/simulation.h"

namespace zan::cold_start {

// What all of them keep: works, their counts, and who has seen what.
class Counting : public Recommender {
 public:
  void born(const matching::WorkFacts& work, Timestamp now) override;
  void observe(const matching::Shown& shown) override;
  void observe(const matching::Deed& deed) override;
  void retrain(Timestamp) override {}

 protected:
  struct Work {
    matching::WorkFacts facts;
    double shown = 0, long_views = 0;
  };
  [[nodiscard]] bool seen(PersonId person, std::size_t work) const;
  [[nodiscard]] double rate() const { return (long_views_ + 1) / (shown_ + 10); }  // of everything

  std::vector<Work> works_;

 private:
  virtual void long_viewed(PersonId, const Work&) {}
  virtual void was_shown(PersonId, const Work&) {}
  std::size_t row_of(SubjectId subject) const { return rows_.at(subject.value); }

  std::map<std::uint32_t, std::size_t> rows_;
  std::map<std::uint32_t, std::unordered_set<std::size_t>> seen_;
  double shown_ = 0, long_views_ = 0;
};

class ByChance final : public Counting {
 public:
  explicit ByChance(std::uint64_t seed) : rng_(seed) {}
  [[nodiscard]] std::string name() const override { return "chance"; }
  std::vector<matching::ShownItem> feed(PersonId person, const matching::Scene& scene, std::size_t places) override;

 private:
  Rng rng_;
};

class ByPopularity final : public Counting {
 public:
  [[nodiscard]] std::string name() const override { return "popularity"; }
  std::vector<matching::ShownItem> feed(PersonId person, const matching::Scene& scene, std::size_t places) override;
};

class Reference final : public Counting {
 public:
  Reference(std::uint64_t seed, double exploration_share) : rng_(seed), share_(exploration_share) {}
  [[nodiscard]] std::string name() const override { return share_ > 0 ? "reference" : "reference, no exploration"; }
  std::vector<matching::ShownItem> feed(PersonId person, const matching::Scene& scene, std::size_t places) override;

 private:
  struct Taste {
    double shown = 0, long_views = 0;
  };
  using Tastes = std::map<std::uint32_t, Taste>;  // by tag
  void long_viewed(PersonId person, const Work& work) override;
  void was_shown(PersonId person, const Work& work) override;
  [[nodiscard]] double taste(const Tastes& tastes, const Work& work) const;

  Rng rng_;
  double share_, owed_ = 0;  // places of the share not given yet
  std::map<std::uint32_t, Tastes> tastes_;
};

// Knows the truth: shows what the person would most probably watch long. No recommender can do better by much.
class Oracle final : public Counting {
 public:
  explicit Oracle(const simulation::Tastes& world) : world_(world) {}
  [[nodiscard]] std::string name() const override { return "oracle"; }
  std::vector<matching::ShownItem> feed(PersonId person, const matching::Scene& scene, std::size_t places) override;

 private:
  const simulation::Tastes& world_;
};

}  // namespace zan::cold_start
