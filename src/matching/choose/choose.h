// Chooses a model for a data set by itself: hold out part of everybody's items, try families and settings, blend the
// best ones, learn the winner again from everything.
//
// What is tried follows from the counts of the data and from the seconds allowed, by an estimate of cost; the clock
// only stops a choice that has really run out of time. So the same data, seed and options lead to the same model.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "matching/choose/recipe.h"
#include "matching/evaluate/ranking.h"

namespace zan::matching {

struct ChooseOptions {
  std::size_t k = 20;        // recall and NDCG among so many are what is maximised, their mean
  double seconds_max = 600;  // for choosing and learning together
  std::size_t memory_mb_max = 4000;
  std::size_t threads = 2;
  std::uint64_t seed = 1;
};

// One settled candidate, for people to look at.
struct Trial {
  Settings settings;
  Quality quality;      // on what was held out
  double seconds = 0;   // learning and scoring, as it was
  std::string why_not;  // not empty: it was not tried
};

struct Choice {
  Recipe recipe;    // popularity, where nothing can be held out
  Quality quality;  // of the recipe, on what was held out
  bool out_of_time = false;
  std::vector<Trial> trials;
};

// `on_trial` is called after each, in order. limited: the memory allowed does not even hold the data twice.
Result<Choice> choose(const Interactions& train, const ChooseOptions& options, const Clock& clock,
                      const std::function<void(const Trial&)>& on_trial);

// The chosen model, from all of `train`, to which it refers. unavailable: the arithmetic of a member fails.
Result<std::unique_ptr<Model>> learn(const Interactions& train, const Recipe& recipe, const ChooseOptions& options);

}  // namespace zan::matching
