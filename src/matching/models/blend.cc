#include "matching/models/blend.h"

#include <algorithm>
#include <cmath>

namespace zan::matching {
namespace {

// Far below what any member says, so that it only orders what they leave alike.
constexpr float popularity_weight = 1e-5F;

float deviation_scale(std::span<const float> scores) {
  double sum = 0, squares = 0;
  for (const float score : scores) {
    sum += static_cast<double>(score);
    squares += static_cast<double>(score) * static_cast<double>(score);
  }
  const auto count = static_cast<double>(scores.size());
  const double variance = squares / count - (sum / count) * (sum / count);
  return variance > 1e-24 ? static_cast<float>(1 / std::sqrt(variance)) : 0;
}

float best_scale(std::span<const float> scores, std::span<const std::uint32_t> taken) {
  float best = 0;
  auto next_taken = taken.begin();
  for (std::uint32_t item = 0; item < scores.size(); ++item) {
    if (next_taken != taken.end() && *next_taken == item) {
      ++next_taken;
    } else {
      best = std::max(best, scores[item]);
    }
  }
  return best > 1e-12F ? 1 / best : 0;
}

class Blend final : public Model {
 public:
  Blend(const Interactions& matrix, std::vector<BlendMember> members, Spread spread)
      : matrix_(matrix), members_(std::move(members)), spread_(spread) {
    const auto degrees = item_degrees(matrix);
    const std::uint32_t most = degrees.empty() ? 1 : std::max(1U, *std::max_element(degrees.begin(), degrees.end()));
    for (const std::uint32_t degree : degrees)
      popularity_.push_back(popularity_weight * static_cast<float>(degree) / static_cast<float>(most));
  }

  void score(std::span<const std::uint32_t> users, std::span<float> scores) const override {
    const std::size_t width = matrix_.item_count;
    for (std::size_t row = 0; row < users.size(); ++row)
      std::copy(popularity_.begin(), popularity_.end(), scores.begin() + static_cast<std::ptrdiff_t>(row * width));
    std::vector<float> of_member(scores.size());
    for (const BlendMember& member : members_) {
      member.model->score(users, of_member);
      for (std::size_t row = 0; row < users.size(); ++row) {
        const auto taken = matrix_.of(users[row]);
        if (taken.empty()) continue;
        const std::span<const float> from(of_member.data() + row * width, width);
        const float scale = static_cast<float>(member.weight) * scale_of(spread_, from, taken);
        float* out = scores.data() + row * width;
        for (std::size_t item = 0; item < width; ++item) out[item] += scale * from[item];
      }
    }
  }

 private:
  const Interactions& matrix_;
  std::vector<BlendMember> members_;
  Spread spread_;
  std::vector<float> popularity_;
};

}  // namespace

float scale_of(Spread spread, std::span<const float> scores, std::span<const std::uint32_t> taken) {
  if (scores.empty()) return 0;
  return spread == Spread::deviation ? deviation_scale(scores) : best_scale(scores, taken);
}

std::unique_ptr<Model> blend(const Interactions& matrix, std::vector<BlendMember> members, Spread spread) {
  return std::make_unique<Blend>(matrix, std::move(members), spread);
}

}  // namespace zan::matching
