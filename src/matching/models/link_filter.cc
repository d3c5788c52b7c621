#include "matching/models/link_filter.h"

#include <algorithm>
#include <cmath>

namespace zan::matching {
namespace {

std::vector<float> powers(const std::vector<std::uint32_t>& degrees, double exponent) {
  std::vector<float> powers;
  for (const std::uint32_t degree : degrees)
    powers.push_back(degree == 0 ? 0.0F : static_cast<float>(std::pow(static_cast<double>(degree), -exponent)));
  return powers;
}

class LinkFilter final : public Model {
 public:
  LinkFilter(const Interactions& matrix, std::shared_ptr<const ItemGraph> graph, const LinkFilterOptions& options)
      : matrix_(matrix),
        graph_(std::move(graph)),
        source_(powers(item_degrees(matrix), options.source_exponent)),
        target_(powers(item_degrees(matrix), options.target_exponent)) {}

  void score(std::span<const std::uint32_t> users, std::span<float> scores) const override {
    std::fill(scores.begin(), scores.end(), 0.0F);
    const std::size_t width = matrix_.item_count;
    for (std::size_t row = 0; row < users.size(); ++row) {
      float* out = scores.data() + row * width;
      for (const std::uint32_t item : matrix_.of(users[row])) {
        const auto neighbours = graph_->neighbours_of(item);
        const auto weights = graph_->weights_of(item);
        const float scale = source_[item];
        for (std::size_t k = 0; k < neighbours.size(); ++k) out[neighbours[k]] += scale * weights[k];
      }
      for (std::size_t item = 0; item < width; ++item) out[item] *= target_[item];
    }
  }

 private:
  const Interactions& matrix_;
  std::shared_ptr<const ItemGraph> graph_;
  std::vector<float> source_, target_;
};

}  // namespace

std::unique_ptr<Model> link_filter(const Interactions& matrix, std::shared_ptr<const ItemGraph> graph,
                                   const LinkFilterOptions& options) {
  return std::make_unique<LinkFilter>(matrix, std::move(graph), options);
}

}  // namespace zan::matching
