// What the accounts around something are like: of the likes that lately came from a device, from a network or to a subject, the mean and
// the spread of what was known of their accounts at that moment. One hand's accounts are alike; people who share a thing are
// as different as people are.
//
// The fourth kind belongs to an account: the same over those who like what it likes. Each like brings in what the subject's
// neighbourhood is by then, and rare subjects weigh most: everybody meets on the popular ones.
//
// The latest some thirty likes weigh most, an account as often as it liked. No verdict is in it, and nobody's name.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "integrity/features/catalogue.h"

namespace zan::integrity {

class Neighbourhood {
 public:
  using Traits = std::array<double, trait_count>;

  void add(const Traits& traits) {
    const double share = grow(1);
    for (std::size_t i = 0; i < trait_count; ++i) {
      const double off = traits[i] - static_cast<double>(mean_[i]);
      // Exponentially weighted (Finch 2009), even weights while there are few.
      mean_[i] = static_cast<float>(static_cast<double>(mean_[i]) + share * off);
      variance_[i] = static_cast<float>((1 - share) * (static_cast<double>(variance_[i]) + share * off * off));
    }
  }
  // `likers` of the subject are all that have been counted.
  void add_likers_of(const Neighbourhood& subject, double likers) {
    if (!subject.known()) return;
    const double share = grow(1 / (1 + likers / rare_likers));
    for (std::size_t i = 0; i < trait_count; ++i) {
      blend(mean_[i], subject.mean_[i], share);
      blend(variance_[i], subject.variance_[i], share);
    }
  }

  [[nodiscard]] bool known() const { return weight_ > 0; }
  [[nodiscard]] double mean(Trait trait) const { return mean_[static_cast<std::size_t>(trait)]; }
  [[nodiscard]] double spread(Trait trait) const {
    return std::sqrt(static_cast<double>(variance_[static_cast<std::size_t>(trait)]));
  }
  [[nodiscard]] bool valid(std::uint32_t) const {
    const auto fine = [](float value, float most) { return value >= 0 && value <= most; };  // no NaN either
    return fine(weight_, weight_max) &&
           std::all_of(mean_.begin(), mean_.end(), [&](float v) { return fine(v, 1e3F); }) &&
           std::all_of(variance_.begin(), variance_.end(), [&](float v) { return fine(v, 1e6F); });
  }

 private:
  static constexpr float weight_max = 32;
  static constexpr double rare_likers = 16;

  // The share that the newest of this weight has in the whole.
  double grow(double weight) {
    weight_ = std::min(weight_max, static_cast<float>(static_cast<double>(weight_) + weight));
    return weight / static_cast<double>(weight_);
  }
  static void blend(float& value, float other, double share) {
    value = static_cast<float>(static_cast<double>(value) +
                               share * (static_cast<double>(other) - static_cast<double>(value)));
  }

  float weight_ = 0;
  std::array<float, trait_count> mean_{}, variance_{};
  std::array<float, 15 - 2 * trait_count> spare_{};
};
static_assert(sizeof(Neighbourhood) == 64);

}  // namespace zan::integrity
