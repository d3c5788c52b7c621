// Workbench: makes models from settings, for one matrix, and keeps what several of them share - the graph for a user
// exponent, the spectrum, the weights of a regression - for as long as it is likely to be asked for again.
//
// Cost and memory are estimated from counts alone, so that a plan is the same on a fast machine and on a slow one.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "base/result.h"
#include "matching/choose/recipe.h"
#include "matching/models/ials.h"
#include "matching/models/item_graph.h"
#include "matching/models/item_ridge.h"
#include "matching/models/spectral.h"

namespace zan::matching {

struct Shape {
  std::size_t users = 0, items = 0, pairs = 0;
  double steps = 0;                  // sum over users of (items of the user)^2: what the graph costs
  double entries_max = 0;            // of the graph, at most
  std::vector<std::uint32_t> sizes;  // how many pairs each user has, and then each item
};
Shape shape_of(const Interactions& matrix);

// What learning takes, and scoring `users` users, with two threads of the machine that docs/matching.md names -
// whatever machine and threads there are, so that the plan does not depend on them.
double learning_seconds(const Settings& settings, const Shape& shape);
double scoring_seconds(const Settings& settings, const Shape& shape, std::size_t users);
// The most that learning holds at a time, with what the model keeps, in bytes.
double learning_bytes(const Settings& settings, const Shape& shape);

inline constexpr std::uint32_t graph_row_entries_max = 2000;
inline constexpr std::uint32_t spectrum_rank_max = 512;

// What is left of settings that lead to the same learning: the rest only says how scores are made from what was learnt.
Settings learning_key(const Settings& settings);

// Owns: what it keeps. Threads: one caller; it works with `threads`. Lifetime: refers to `matrix`, as its models do.
class Workbench {
 public:
  Workbench(const Interactions& matrix, std::size_t threads, std::uint64_t seed)
      : matrix_(matrix), threads_(threads), seed_(seed) {}

  // unavailable: the settings lead to arithmetic that fails in single precision.
  Result<std::unique_ptr<Model>> learn(const Settings& settings);
  // Members whose arithmetic fails are an error, too.
  Result<std::unique_ptr<Model>> learn(const Recipe& recipe);
  // Whether a model with these settings needs no learning any more, or hardly any.
  [[nodiscard]] bool has(const Settings& settings) const;
  void forget();

 private:
  template <typename T>
  using Shelf = std::deque<std::pair<Settings, std::shared_ptr<const T>>>;

  std::shared_ptr<const ItemGraph> graph_for(double user_exponent, bool whole);
  Result<std::unique_ptr<Model>> learn_spectral(const Settings& settings);
  Result<std::unique_ptr<Model>> learn_ridge(const Settings& settings);
  Result<std::unique_ptr<Model>> learn_ials(const Settings& settings);

  const Interactions& matrix_;
  std::size_t threads_;
  std::uint64_t seed_;
  Shelf<ItemGraph> graphs_;
  Shelf<ItemWeights> weights_;
  Shelf<Spectrum> spectra_;
  Shelf<Factors> factors_;
};

}  // namespace zan::matching
