#include "matching/choose/choose.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "matching/choose/blend_search.h"
#include "matching/choose/search.h"
#include "matching/choose/workbench.h"

namespace zan::matching {
namespace {

constexpr double held_out_share = 0.15, held_out_share_of_few = 0.4;
constexpr std::size_t judging_users_max = 5000;
constexpr double full_ridge_items_max = 12'000;
// Of the seconds allowed: what may be planned for trials, what learning the winner may cost, and one of its members.
constexpr double planned_share = 0.65, learning_share = 0.065, member_share = 0.05;
constexpr std::array family_shares{0.12, 0.18, 0.35, 0.35};  // of what is planned, in the order of the walks
// Of the memory allowed: for learning one model, beside what is kept at the time; for all members of a blend.
constexpr double learning_memory_share = 0.55, together_memory_share = 0.75;

// Where nobody has enough items for the usual share, two are enough for a larger one.
Split split_of(const Interactions& train, std::uint64_t seed) {
  Split split = hold_out(train, held_out_share, seed);
  return split.held_out.pair_count() > 0 ? split : hold_out(train, held_out_share_of_few, seed);
}

class Chooser {
 public:
  Chooser(const Interactions& train, const ChooseOptions& options, const Clock& clock,
          const std::function<void(const Trial&)>& on_trial)
      : options_(options),
        clock_(clock),
        on_trial_(on_trial),
        shape_(shape_of(train)),
        split_(split_of(train, options.seed)),
        users_(users_with_items(split_.held_out, judging_users_max)),
        bench_(split_.fit, options.threads, options.seed),
        started_us_(clock.monotonic_us()) {}

  Choice chosen() && {
    if (users_.empty()) return std::move(choice_);
    try_one({.family = Family::popularity});
    const auto ways = walks(full_ridge_fits());
    for (std::size_t at = 0; at < ways.size(); ++at) {
      // What a family leaves is for those after it.
      planned_max_ += planned_share * options_.seconds_max * family_shares[at];
      if (const auto best = walk(ways[at], [&](const Settings& settings) { return worth_of(settings); }))
        winners_.push_back(*best);
    }
    bench_.forget();
    choose_recipe();
    return std::move(choice_);
  }

 private:
  [[nodiscard]] double memory_max() const { return static_cast<double>(options_.memory_mb_max) * 1e6; }
  [[nodiscard]] double seconds_gone() const {
    return static_cast<double>(clock_.monotonic_us() - started_us_) / us_per_second;
  }
  [[nodiscard]] double learning(const Settings& settings) const { return learning_seconds(settings, shape_); }
  [[nodiscard]] bool fits(const Settings& settings) const {
    return learning_bytes(settings, shape_) <= learning_memory_share * memory_max();
  }
  [[nodiscard]] bool full_ridge_fits() const {
    const Settings full{.family = Family::item_ridge, .size = 0};
    return static_cast<double>(shape_.items) <= full_ridge_items_max && fits(full) &&
           learning(full) <= member_share * options_.seconds_max;
  }

  // Empty: go ahead.
  std::string why_not(const Settings& settings) {
    if (!fits(settings)) return fmt::format("would need {:.0f} MB", learning_bytes(settings, shape_) / 1e6);
    if (learning(settings) > member_share * options_.seconds_max)
      return fmt::format("would learn for {:.0f} s", learning(settings));
    const double cost =
        (bench_.has(settings) ? 0 : learning(settings)) + scoring_seconds(settings, shape_, users_.size());
    if (planned_ + cost > planned_max_) return "not in the plan for the time allowed";
    if (seconds_gone() > 0.85 * options_.seconds_max) {
      choice_.out_of_time = true;
      return "out of time";
    }
    planned_ += cost;
    return {};
  }

  std::optional<double> worth_of(const Settings& settings) {
    const Trial& trial = try_one(settings);
    return trial.why_not.empty() ? std::optional(trial.quality.mean()) : std::nullopt;
  }

  const Trial& try_one(const Settings& settings) {
    Trial trial{settings, {}, 0, settings.family == Family::popularity ? "" : why_not(settings)};
    if (trial.why_not.empty()) {
      const std::int64_t start_us = clock_.monotonic_us();
      const auto model = bench_.learn(settings);
      if (model.ok()) {
        trial.quality = evaluate(**model, split_.fit, split_.held_out, users_, options_.k, options_.threads);
      } else {
        trial.why_not = model.error().message;
      }
      trial.seconds = static_cast<double>(clock_.monotonic_us() - start_us) / us_per_second;
    }
    on_trial_(trial);
    choice_.trials.push_back(std::move(trial));
    return choice_.trials.back();
  }

  // The best trial of the same family that is not merely a neighbour of `best`: it errs elsewhere.
  [[nodiscard]] const Trial* another(const Settings& best) const {
    const Trial* found = nullptr;
    for (const Trial& trial : choice_.trials) {
      const Settings& s = trial.settings;
      if (s.family != best.family || !trial.why_not.empty()) continue;
      const bool differs = std::abs(s.user_exponent - best.user_exponent) >= 0.5 ||
                           std::abs(s.target_exponent - best.target_exponent) >= 0.2 ||
                           (s.family == Family::spectral && (s.size <= best.size / 2 || s.size >= best.size * 2));
      if (differs && (found == nullptr || trial.quality.mean() > found->quality.mean())) found = &trial;
    }
    return found;
  }

  // The winners, and then others of their families, as long as they may be learnt together in time and memory.
  [[nodiscard]] std::vector<Settings> members() const {
    std::vector<Settings> wanted = winners_, members;
    for (const Settings& winner : winners_) {
      if (winner.family == Family::item_ridge && winner.size == 0) continue;  // two would be too large
      if (const Trial* other = another(winner)) wanted.push_back(other->settings);
    }
    std::stable_sort(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(winners_.size()),
                     [&](const Settings& a, const Settings& b) { return quality_of_trial(a) > quality_of_trial(b); });
    double seconds = 0, bytes = 0;
    for (const Settings& settings : wanted) {
      const double more_bytes = learning_bytes(settings, shape_);
      if (seconds + learning(settings) > learning_share * options_.seconds_max ||
          bytes + more_bytes > together_memory_share * memory_max())
        continue;
      seconds += learning(settings);
      bytes += more_bytes;
      members.push_back(settings);
    }
    return members;
  }

  [[nodiscard]] double quality_of_trial(const Settings& settings) const {
    for (const Trial& trial : choice_.trials) {
      if (trial.settings == settings) return trial.quality.mean();
    }
    return 0;
  }

  void choose_recipe() {
    std::vector<Settings> settings = members();
    settings.push_back({.family = Family::popularity});
    std::vector<std::unique_ptr<Model>> models;
    for (const Settings& of_member : settings) {
      if (auto model = bench_.learn(of_member); model.ok()) models.push_back(std::move(model).value());
      if (models.empty() || seconds_gone() > options_.seconds_max) break;
    }
    settings.resize(models.size());
    if (models.empty()) return;
    const BlendFound found =
        search_blend(models, split_.fit, split_.held_out, users_, {.k = options_.k, .threads = options_.threads});
    choice_.recipe.spread = found.spread;
    choice_.quality = found.quality;
    for (std::size_t m = 0; m < settings.size(); ++m) {
      if (found.weights[m] > 0) choice_.recipe.members.push_back({settings[m], found.weights[m]});
    }
  }

  const ChooseOptions& options_;
  const Clock& clock_;
  const std::function<void(const Trial&)>& on_trial_;
  Shape shape_;
  Split split_;
  std::vector<std::uint32_t> users_;
  Workbench bench_;
  std::int64_t started_us_;
  double planned_ = 0, planned_max_ = 0;
  std::vector<Settings> winners_;
  Choice choice_;
};

}  // namespace

Result<Choice> choose(const Interactions& train, const ChooseOptions& options, const Clock& clock,
                      const std::function<void(const Trial&)>& on_trial) {
  const double data_mb = 24e-6 * (static_cast<double>(train.pair_count()) + train.user_count() + train.item_count);
  if (data_mb > static_cast<double>(options.memory_mb_max) / 2)
    return limited(fmt::format("the data alone need {:.0f} MB and {} are allowed", 2 * data_mb, options.memory_mb_max));
  return Chooser(train, options, clock, on_trial).chosen();
}

Result<std::unique_ptr<Model>> learn(const Interactions& train, const Recipe& recipe, const ChooseOptions& options) {
  return Workbench(train, options.threads, options.seed).learn(recipe);
}

}  // namespace zan::matching
