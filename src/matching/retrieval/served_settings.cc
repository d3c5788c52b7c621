#include "matching/retrieval/served_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "matching/choose/search.h"
#include "matching/evaluate/ranking.h"

namespace zan::matching {
namespace {

constexpr std::size_t judging_users_max = 3000, judged_places = 50;
constexpr double held_out_share = 0.2;
constexpr std::uint32_t usual_dimension = 64, neighbours_min = 10;
constexpr double rounds_usual = 8, rounds_min = 4;
// All that nobody took up weighs so many times what the mean user did.
constexpr double unobserved_to_taken = 10;
// Of the seconds allowed: for trying the one and the other, for learning with what was chosen, and one trial.
constexpr double ridge_share = 0.2, factors_share = 0.3, learning_share = 0.4, trial_share = 0.06;
constexpr double trial_memory_share = 0.5;
// What the estimate of the workbench leaves out, and short rows consist of: seconds a row and a pair, one thread.
constexpr double row_seconds = 4e-6, pair_seconds = 50e-9;
constexpr double link_step_seconds = 20e-9;
constexpr std::uint32_t link_steps_most = 20'000, link_steps_least = 300;

double seconds_of(const Settings& settings, const Shape& shape) {
  double seconds = learning_seconds(settings, shape);
  if (settings.family == Family::ials)
    seconds += settings.rounds / 2 *
               (static_cast<double>(shape.users + shape.items) * row_seconds +
                2 * static_cast<double>(shape.pairs) * pair_seconds);
  return seconds;
}

double unobserved_weight(const Shape& shape) {
  const double mean_row = static_cast<double>(shape.pairs) / std::max(1.0, static_cast<double>(shape.users));
  return std::min(0.3, unobserved_to_taken * mean_row / std::max(1.0, static_cast<double>(shape.items)));
}

Walk factors_walk(const Shape& shape, double dimension, bool is_fixed) {
  Walk way = walks(false)[3];
  const double weight = unobserved_weight(shape);
  way.start.unobserved_weight = weight;
  way.start.size = is_fixed ? dimension : std::min<double>(usual_dimension, dimension);
  way.start.rounds = rounds_usual;
  std::erase_if(way.axes, [&](const Axis& axis) {
    return axis.setting == &Settings::target_exponent || (is_fixed && axis.setting == &Settings::size);
  });
  for (Axis& axis : way.axes) {
    if (axis.setting == &Settings::unobserved_weight)
      axis.scale = {weight / 30, weight / 10, weight / 3, weight, weight * 3, weight * 10};
    if (axis.setting == &Settings::size) std::erase_if(axis.scale, [&](double size) { return size > dimension; });
  }
  return way;
}

// Tries settings on a part held out, as long as the plan has seconds left.
class Validation {
 public:
  Validation(const Interactions& matrix, const CollaborativeOptions& options)
      : options_(options),
        split_(hold_out(matrix, held_out_share, options.seed)),
        shape_(shape_of(split_.fit)),
        users_(users_with_items(split_.held_out, judging_users_max)),
        bench_(split_.fit, options.threads, options.seed) {}

  // The best, with a note of what it was worth; the start where nothing can be tried.
  Settings best(const Walk& way, double share, std::vector<std::string>& notes) {
    left_ = share * options_.seconds_max;
    best_ = {};
    tried_ = 0;
    const auto found = walk(way, [&](const Settings& settings) { return worth(settings); });
    bench_.forget();
    if (!found) return way.start;
    notes.push_back(fmt::format("{} by validation of {}: {}; recall@{} {:.4f}, NDCG {:.4f} on what was held out",
                                to_string(found->family), tried_, settings_text(*found), judged_places, best_.recall,
                                best_.ndcg));
    return *found;
  }
  [[nodiscard]] bool can_judge() const { return !users_.empty(); }

 private:
  std::optional<double> worth(const Settings& settings) {
    const double cost = (bench_.has(settings) ? 0 : seconds_of(settings, shape_)) +
                        scoring_seconds(settings, shape_, users_.size());
    const bool fits =
        learning_bytes(settings, shape_) <= trial_memory_share * 1e6 * static_cast<double>(options_.memory_mb_max);
    if (!fits || cost > left_ || cost > trial_share * options_.seconds_max) return std::nullopt;
    left_ -= cost;
    const auto model = bench_.learn(settings);
    if (!model.ok()) return std::nullopt;
    ++tried_;
    const Quality quality =
        evaluate(**model, split_.fit, split_.held_out, users_, judged_places, options_.threads);
    if (quality.mean() > best_.mean()) best_ = quality;
    return quality.mean();
  }

  const CollaborativeOptions& options_;
  Split split_;
  Shape shape_;
  std::vector<std::uint32_t> users_;
  Workbench bench_;
  double left_ = 0;
  Quality best_;
  int tried_ = 0;
};

// The most dimensions, up to those wanted, and neighbours that fit.
Result<ServedSettings> what_fits(const Shape& shape, const CollaborativeOptions& options, double wanted) {
  const double room = static_cast<double>(options.memory_mb_max) * 1e6;
  const auto threads = static_cast<double>(options.threads);
  ServedSettings settings;
  for (const double share : {1.0, 0.75, 0.5, 0.375, 0.25, 0.125}) {
    const double dimension = std::max<double>(served_dimension_min, std::floor(wanted * share / 16) * 16);
    for (const std::uint32_t divisor : {1U, 2U, 4U}) {
      const std::uint32_t neighbours = std::min(options.neighbours, std::max(neighbours_min, options.neighbours / divisor));
      if (served_bytes(shape, dimension, neighbours, threads) > room) continue;
      settings.factors.size = std::min(dimension, wanted);
      settings.neighbours_max = neighbours;
      if (dimension < wanted || neighbours < options.neighbours)
        settings.notes.push_back(fmt::format("{} MB hold {:g} dimensions and {} neighbours of the {:g} and {} wanted",
                                             options.memory_mb_max, settings.factors.size, neighbours, wanted,
                                             options.neighbours));
      return settings;
    }
  }
  return limited(fmt::format("{} items, {} users and {} pairs need {:.0f} MB for {} dimensions, and {} are allowed",
                             shape.items, shape.users, shape.pairs,
                             served_bytes(shape, served_dimension_min, std::min(options.neighbours, neighbours_min),
                                          threads) / 1e6,
                             served_dimension_min, options.memory_mb_max));
}

void settle_seconds(const Shape& shape, const CollaborativeOptions& options, ServedSettings& settings) {
  const double allowed = learning_share * options.seconds_max;
  Settings& factors = settings.factors;
  const Settings wanted = factors;
  while (factors.rounds > rounds_min && seconds_of(factors, shape) > allowed) --factors.rounds;
  while (factors.size > served_dimension_min && seconds_of(factors, shape) > allowed) factors.size -= 16;
  if (factors != wanted)
    settings.notes.push_back(fmt::format("{:g} seconds leave {:g} rounds of {:g} dimensions for iALS, not {:g} of {:g}",
                                         options.seconds_max, factors.rounds, factors.size, wanted.rounds,
                                         wanted.size));
}

// As many steps an item as can be afforded by all of them together.
std::uint32_t affordable_steps(const Interactions& matrix, double seconds) {
  std::vector<std::uint64_t> steps(matrix.item_count, 0);
  for (std::uint32_t user = 0; user < matrix.user_count(); ++user) {
    for (const std::uint32_t item : matrix.of(user)) steps[item] += matrix.of(user).size();
  }
  std::uint32_t most = link_steps_most;
  for (; most > link_steps_least; most /= 2) {
    double all = 0;
    for (const std::uint64_t of_item : steps) all += static_cast<double>(std::min<std::uint64_t>(of_item, most));
    if (all * link_step_seconds / 2 <= seconds) break;
  }
  return most;
}

void settle_neighbours(const Interactions& matrix, const Shape& shape, const CollaborativeOptions& options,
                       ServedSettings& settings) {
  const Settings& ridge = settings.neighbours;
  const double bytes = learning_bytes(ridge, shape) + 4 * settings.factors.size * static_cast<double>(shape.items);
  const double seconds = seconds_of(ridge, shape);
  if (bytes <= 0.8e6 * static_cast<double>(options.memory_mb_max) && seconds <= learning_share * options.seconds_max)
    return;
  settings.notes.push_back(
      fmt::format("neighbours by links: regressions would need {:.0f} MB and {:.0f} s", bytes / 1e6, seconds));
  settings.neighbours = {
      .family = Family::link_filter, .user_exponent = 0.75, .source_exponent = 0.5, .target_exponent = 0.5};
  settings.link_steps_max = affordable_steps(matrix, learning_share * options.seconds_max);
  if (settings.link_steps_max < link_steps_most)
    settings.notes.push_back(fmt::format("links look at {} steps an item at most", settings.link_steps_max));
}

}  // namespace

double served_bytes(const Shape& shape, double dimension, double neighbours, double threads) {
  const auto users = static_cast<double>(shape.users), items = static_cast<double>(shape.items);
  const auto pairs = static_cast<double>(shape.pairs);
  const double longest =
      shape.sizes.empty() ? 0 : static_cast<double>(*std::max_element(shape.sizes.begin(), shape.sizes.end()));
  const double turned_matrix = 4 * pairs + 16 * items + 8 * users;
  const double factors = 4 * dimension * (users + items + std::max(users, items)) + 8 * threads * dimension * longest;
  const double neighbour_rows = 16 * items * neighbours + 8 * threads * items;
  const double kept = items * (4 * dimension + 8 * neighbours + 64);
  const double indexed = items * (5 * dimension + 64);
  return std::max({turned_matrix + factors, turned_matrix + 4 * dimension * items + neighbour_rows, kept + indexed});
}

Result<ServedSettings> settle(const Interactions& matrix, const CollaborativeOptions& options) {
  const Shape shape = shape_of(matrix);
  const bool few = matrix.pair_count() < validated_pairs_max;
  const double wanted = options.dimension != 0 ? std::min(options.dimension, served_dimension_max)
                                               : (few ? served_dimension_max : usual_dimension);
  ZAN_ASSIGN(auto settings, what_fits(shape, options, wanted));
  const Walk way = factors_walk(shape, settings.factors.size, options.dimension != 0);
  const Walk ridge_way = walks(false)[2];
  settings.factors = way.start;
  settings.neighbours = ridge_way.start;
  if (few) {
    Validation validation(matrix, options);
    if (validation.can_judge()) {
      settings.factors = validation.best(way, factors_share, settings.notes);
      if (options.neighbours > 0) settings.neighbours = validation.best(ridge_way, ridge_share, settings.notes);
    }
  }
  settle_seconds(shape, options, settings);
  if (options.neighbours > 0) settle_neighbours(matrix, shape, options, settings);
  return settings;
}

}  // namespace zan::matching
