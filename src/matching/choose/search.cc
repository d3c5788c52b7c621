#include "matching/choose/search.h"

#include <algorithm>
#include <cmath>

namespace zan::matching {
namespace {

const Axis user_axis{&Settings::user_exponent, {0, 0.25, 0.5, 0.75, 1}};

class Walker {
 public:
  explicit Walker(const std::function<std::optional<double>(const Settings&)>& trial) : trial_(trial) {}

  std::optional<Settings> run(const Walk& way) {
    if (!(best_worth_ = asked(way.start))) return std::nullopt;
    best_ = way.start;
    for (const Axis& axis : way.axes) {
      if (!climb(axis, 1)) climb(axis, -1);
    }
    return best_;
  }

 private:
  std::optional<double> asked(const Settings& settings) {
    for (const auto& [known, worth] : known_) {
      if (known == settings) return worth;
    }
    known_.emplace_back(settings, trial_(settings));
    return known_.back().second;
  }

  bool climb(const Axis& axis, std::ptrdiff_t direction) {
    const auto count = static_cast<std::ptrdiff_t>(axis.scale.size());
    bool climbed = false;
    for (std::ptrdiff_t at = nearest(axis) + direction; at >= 0 && at < count; at += direction) {
      Settings next = best_;
      next.*axis.setting = axis.scale[static_cast<std::size_t>(at)];
      const auto worth = asked(next);
      if (!worth || *worth <= *best_worth_) break;
      best_ = next;
      best_worth_ = worth;
      climbed = true;
    }
    return climbed;
  }

  [[nodiscard]] std::ptrdiff_t nearest(const Axis& axis) const {
    const double value = best_.*axis.setting;
    const auto at = std::min_element(axis.scale.begin(), axis.scale.end(),
                                     [&](double a, double b) { return std::abs(a - value) < std::abs(b - value); });
    return at - axis.scale.begin();
  }

  const std::function<std::optional<double>(const Settings&)>& trial_;
  std::vector<std::pair<Settings, std::optional<double>>> known_;
  Settings best_;
  std::optional<double> best_worth_;
};

Walk link_walk() {
  const Axis target{&Settings::target_exponent, {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8}};
  const Axis source{&Settings::source_exponent, {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1}};
  return {{.family = Family::link_filter, .user_exponent = 0.75, .source_exponent = 0.5, .target_exponent = 0.5},
          {target, source, user_axis, target, source}};
}

Walk spectral_walk() {
  const Axis rank{&Settings::size, {16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512}};
  const Axis soft{&Settings::penalty, {0, 0.01, 0.02, 0.05, 0.1, 0.2}};
  const Axis target{&Settings::target_exponent, {-0.6, -0.5, -0.4, -0.3, -0.2, -0.1, 0}};
  const Axis source{&Settings::source_exponent, {0.2, 0.3, 0.4, 0.5, 0.6, 0.7}};
  return {
      {.family = Family::spectral, .user_exponent = 1, .source_exponent = 0.5, .target_exponent = -0.5, .size = 128},
      {rank, soft, rank, target, source, {&Settings::user_exponent, {0.5, 0.75, 1, 1.25}}}};
}

Walk ridge_walk(bool full) {
  const Axis penalty{&Settings::penalty, {0.0625, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64}};
  const Axis slope{&Settings::penalty_exponent, {0, 0.25, 0.5, 0.75, 1}};
  const Axis target{&Settings::target_exponent, {-0.1, 0, 0.1, 0.2, 0.3, 0.4, 0.5}};
  Walk way{{.family = Family::item_ridge,
            .user_exponent = 0.5,
            .target_exponent = 0.2,
            .penalty = 4,
            .penalty_exponent = 0.5,
            .size = full ? 0.0 : 100.0},
           {penalty, target, user_axis, slope, penalty, target}};
  if (!full) way.axes.push_back({&Settings::size, {50, 100, 200, 300, 500}});
  return way;
}

Walk ials_walk() {
  const Axis unobserved{&Settings::unobserved_weight, {0.003, 0.01, 0.03, 0.1, 0.3, 1}};
  const Axis penalty{&Settings::penalty, {0.001, 0.002, 0.004, 0.006, 0.008, 0.012, 0.016, 0.024, 0.032, 0.048, 0.064}};
  const Axis target{&Settings::target_exponent, {-0.2, -0.15, -0.1, -0.05, 0, 0.05, 0.1, 0.15}};
  const Axis slope{&Settings::penalty_exponent, {0, 0.25, 0.5, 0.75, 1, 1.25}};
  return {{.family = Family::ials,
           .penalty = 0.012,
           .penalty_exponent = 0.75,
           .unobserved_weight = 0.03,
           .size = 96,
           .rounds = 8},
          {penalty,
           target,
           unobserved,
           penalty,
           slope,
           {&Settings::size, {32, 64, 96, 128, 192, 256, 384, 512}},
           penalty,
           target}};
}

}  // namespace

std::vector<Walk> walks(bool full_ridge) {
  return {link_walk(), spectral_walk(), ridge_walk(full_ridge), ials_walk()};
}

std::optional<Settings> walk(const Walk& way, const std::function<std::optional<double>(const Settings&)>& trial) {
  return Walker(trial).run(way);
}

}  // namespace zan::matching
