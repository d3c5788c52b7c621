#include "matching/models/item_ridge.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "matching/models/dense.h"
#include "matching/parallel.h"

namespace zan::matching {
namespace {

constexpr std::uint32_t nowhere = ~std::uint32_t{0};

std::vector<float> penalties(const ItemGraph& graph, const ItemRidgeOptions& options) {
  double sum = 0;
  std::size_t known = 0;
  for (const float weight : graph.diagonal) {
    sum += static_cast<double>(weight);
    if (weight > 0) ++known;
  }
  const double mean = known == 0 ? 1 : sum / static_cast<double>(known);
  std::vector<float> result;
  for (const float weight : graph.diagonal) {
    const double relative = weight > 0 ? static_cast<double>(weight) / mean : 1;
    result.push_back(static_cast<float>(options.penalty * mean * std::pow(relative, options.penalty_exponent)));
  }
  return result;
}

std::vector<float> powers_of(const std::vector<std::uint32_t>& degrees, double exponent) {
  std::vector<float> result;
  for (const std::uint32_t degree : degrees)
    result.push_back(static_cast<float>(std::pow(std::max(1.0, static_cast<double>(degree)), exponent)));
  return result;
}

// One item's regression on its neighbours.
class Regression {
 public:
  Regression(const ItemGraph& graph, const std::vector<float>& penalty, std::uint32_t neighbours_max)
      : graph_(graph),
        penalty_(penalty),
        limit_(neighbours_max),
        place_(graph.item_count(), nowhere),
        system_(std::size_t{neighbours_max} * neighbours_max) {}

  // Predictors, ascending, and their weights; false if the system is singular.
  bool solve(std::uint32_t item) {
    choose(item);
    const std::size_t size = chosen_.size();
    const Block system{system_.data(), size, size, size};
    fill(system);
    return size == 0 || solve_in_place(system, weights_);
  }
  [[nodiscard]] const std::vector<std::uint32_t>& chosen() const { return chosen_; }
  [[nodiscard]] const std::vector<float>& weights() const { return weights_; }

 private:
  // The nearest by cosine.
  void choose(std::uint32_t item) {
    const auto neighbours = graph_.neighbours_of(item);
    const auto shared = graph_.weights_of(item);
    order_.clear();
    for (std::size_t k = 0; k < neighbours.size(); ++k)
      order_.emplace_back(-shared[k] / std::sqrt(graph_.diagonal[neighbours[k]]), static_cast<std::uint32_t>(k));
    if (order_.size() > limit_) {
      std::nth_element(order_.begin(), order_.begin() + limit_, order_.end());
      order_.resize(limit_);
    }
    std::sort(order_.begin(), order_.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    chosen_.clear();
    weights_.clear();
    for (const auto& [nearness, k] : order_) {
      chosen_.push_back(neighbours[k]);
      weights_.push_back(shared[k]);
    }
  }

  void fill(Block system) {
    std::fill_n(system.data, system.rows * system.stride, 0.0F);
    for (std::uint32_t row = 0; row < chosen_.size(); ++row) place_[chosen_[row]] = row;
    for (std::uint32_t row = 0; row < chosen_.size(); ++row) {
      const std::uint32_t item = chosen_[row];
      float* out = system.data + row * system.stride;
      const auto neighbours = graph_.neighbours_of(item);
      const auto shared = graph_.weights_of(item);
      for (std::size_t k = 0; k < neighbours.size() && neighbours[k] < item; ++k) {
        if (const std::uint32_t column = place_[neighbours[k]]; column != nowhere) out[column] = shared[k];
      }
      out[row] = graph_.diagonal[item] + penalty_[item];
    }
    for (const std::uint32_t item : chosen_) place_[item] = nowhere;
  }

  const ItemGraph& graph_;
  const std::vector<float>& penalty_;
  std::uint32_t limit_;
  std::vector<std::uint32_t> place_, chosen_;
  std::vector<std::pair<float, std::uint32_t>> order_;
  std::vector<float> system_, weights_;
};

// From a list of predictors for each item to a list of targets for each predictor.
ItemWeights turned(const std::vector<std::vector<std::uint32_t>>& predictors,
                   const std::vector<std::vector<float>>& weights) {
  ItemWeights result;
  result.offsets.assign(predictors.size() + 1, 0);
  for (const auto& list : predictors) {
    for (const std::uint32_t item : list) ++result.offsets[std::size_t{item} + 1];
  }
  for (std::size_t item = 0; item < predictors.size(); ++item) result.offsets[item + 1] += result.offsets[item];
  result.targets.resize(result.offsets.back());
  result.weights.resize(result.offsets.back());
  std::vector<std::uint64_t> next(result.offsets.begin(), result.offsets.end() - 1);
  for (std::size_t target = 0; target < predictors.size(); ++target) {
    for (std::size_t k = 0; k < predictors[target].size(); ++k) {
      const std::uint64_t at = next[predictors[target][k]]++;
      result.targets[at] = static_cast<std::uint32_t>(target);
      result.weights[at] = weights[target][k];
    }
  }
  return result;
}

class ItemModel final : public Model {
 public:
  ItemModel(const Interactions& matrix, std::shared_ptr<const ItemWeights> weights, double exponent)
      : matrix_(matrix),
        weights_(std::move(weights)),
        in_(powers_of(item_degrees(matrix), exponent)),
        out_(powers_of(item_degrees(matrix), -exponent)) {}

  void score(std::span<const std::uint32_t> users, std::span<float> scores) const override {
    std::fill(scores.begin(), scores.end(), 0.0F);
    const std::size_t width = matrix_.item_count;
    const bool sparse = !weights_->offsets.empty();
    for (std::size_t row = 0; row < users.size(); ++row) {
      float* out = scores.data() + row * width;
      for (const std::uint32_t item : matrix_.of(users[row])) sparse ? add_sparse(item, out) : add_full(item, out);
      for (std::size_t item = 0; item < width; ++item) out[item] *= out_[item];
    }
  }

 private:
  void add_sparse(std::uint32_t item, float* out) const {
    const float scale = in_[item];
    for (std::uint64_t k = weights_->offsets[item]; k < weights_->offsets[item + 1]; ++k)
      out[weights_->targets[k]] += scale * weights_->weights[k];
  }
  void add_full(std::uint32_t item, float* out) const {
    const std::size_t width = matrix_.item_count;
    const float* from = weights_->weights.data() + item * width;
    const float scale = in_[item];
    for (std::size_t k = 0; k < width; ++k) out[k] += scale * from[k];
  }

  const Interactions& matrix_;
  std::shared_ptr<const ItemWeights> weights_;
  std::vector<float> in_, out_;
};

}  // namespace

Result<ItemWeights> sparse_item_ridge(const ItemGraph& graph, const ItemRidgeOptions& options) {
  const std::size_t count = graph.item_count();
  const std::vector<float> penalty = penalties(graph, options);
  std::vector<std::vector<std::uint32_t>> predictors(count);
  std::vector<std::vector<float>> weights(count);
  std::vector<Regression> workers(options.threads, Regression(graph, penalty, options.neighbours_max));
  std::atomic<bool> singular = false;
  in_chunks(options.threads, count, 16, [&](std::size_t begin, std::size_t end, std::size_t worker) {
    Regression& regression = workers[worker];
    for (std::size_t item = begin; item < end && !singular; ++item) {
      if (!regression.solve(static_cast<std::uint32_t>(item))) singular = true;
      predictors[item] = regression.chosen();
      weights[item] = regression.weights();
    }
  });
  if (singular) return unavailable("the regression of an item is singular; its penalty is too small");
  return turned(predictors, weights);
}

std::unique_ptr<Model> item_model(const Interactions& matrix, std::shared_ptr<const ItemWeights> weights,
                                  double target_exponent) {
  return std::make_unique<ItemModel>(matrix, std::move(weights), target_exponent);
}

Result<ItemWeights> full_item_ridge(const ItemGraph& graph, const ItemRidgeOptions& options) {
  const std::size_t count = graph.item_count();
  const std::vector<float> penalty = penalties(graph, options);
  std::vector<float> inverse(count * count, 0.0F);
  for (std::uint32_t item = 0; item < count; ++item) {
    const auto neighbours = graph.neighbours_of(item);
    const auto shared = graph.weights_of(item);
    for (std::size_t k = 0; k < neighbours.size(); ++k) inverse[item * count + neighbours[k]] = shared[k];
    inverse[item * count + item] = graph.diagonal[item] + penalty[item];
  }
  if (!invert_in_place({inverse.data(), count, count, count}, options.threads))
    return unavailable("the regression of all items is singular; its penalty is too small");
  std::vector<float> pivots(count);
  for (std::size_t item = 0; item < count; ++item) pivots[item] = -1 / inverse[item * count + item];
  for (std::size_t row = 0; row < count; ++row) {
    for (std::size_t column = 0; column < count; ++column) inverse[row * count + column] *= pivots[column];
    inverse[row * count + row] = 0;
  }
  ItemWeights result;
  result.weights = std::move(inverse);
  return result;
}

}  // namespace zan::matching
