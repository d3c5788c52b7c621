#include "matching/retrieval/learn_collaborative.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/require.h"
#include "matching/retrieval/products.h"
#include "matching/retrieval/served_settings.h"

namespace zan::matching {
namespace {

constexpr int collapses_max = 3;
constexpr float foretold_min = 0.01F;
constexpr std::size_t foretold_users_max = 5000;

Result<void> check(const Interactions& matrix, std::vector<SubjectId> subjects, std::span<const ItemTraits> traits) {
  if (subjects.size() != matrix.item_count) return invalid("a subject for each item");
  if (!traits.empty() && traits.size() != subjects.size()) return invalid("traits of each item, or of none");
  std::sort(subjects.begin(), subjects.end());
  if (std::adjacent_find(subjects.begin(), subjects.end()) != subjects.end()) return invalid("a subject stands twice");
  return {};
}

// What the model foretells of pairs that it has learnt from: near nothing if penalties were stronger than the data.
float foretold(const Interactions& matrix, const Factors& factors) {
  const auto users = users_with_items(matrix, foretold_users_max);
  if (users.empty()) return 0;
  double sum = 0;
  for (const std::uint32_t user : users) {
    const std::span<const float> vector(factors.users.data() + user * factors.dimension, factors.dimension);
    sum += static_cast<double>(product(vector, factors.items.data() + matrix.of(user).front() * factors.dimension));
  }
  return static_cast<float>(sum / static_cast<double>(users.size()));
}

Result<void> learn_factors(const Interactions& matrix, const Settings& settings, const CollaborativeOptions& options,
                           CollaborativeParts& parts) {
  IalsOptions ials_options{.dimension = static_cast<std::uint32_t>(settings.size),
                           .unobserved_weight = settings.unobserved_weight,
                           .penalty = settings.penalty,
                           .penalty_exponent = settings.penalty_exponent,
                           .rounds = static_cast<std::uint32_t>(settings.rounds),
                           .seed = options.seed,
                           .threads = options.threads};
  for (int collapses = 0;; ++collapses) {
    ZAN_ASSIGN(auto factors, ials(matrix, ials_options));
    if (collapses == collapses_max || foretold(matrix, factors) >= foretold_min) {
      parts.dimension = factors.dimension;
      parts.vectors = std::move(factors.items);
      break;
    }
    ials_options.unobserved_weight /= 10;
    ials_options.penalty /= 3;
    parts.notes.push_back(fmt::format("iALS fell to nothing; again with unobserved {:g}, penalty {:g}",
                                      ials_options.unobserved_weight, ials_options.penalty));
  }
  const double users = std::max(1.0, static_cast<double>(matrix.user_count()));
  parts.fold_in = fold_in_of(parts.vectors, ials_options, static_cast<double>(matrix.pair_count()) / users);
  return {};
}

Result<Neighbours> learn_neighbours(const Interactions& matrix, const ServedSettings& served, std::size_t threads) {
  const Settings& settings = served.neighbours;
  if (settings.family == Family::link_filter)
    return link_neighbours(matrix, {.user_exponent = settings.user_exponent,
                                    .source_exponent = settings.source_exponent,
                                    .target_exponent = settings.target_exponent,
                                    .row_max = served.neighbours_max,
                                    .steps_max = served.link_steps_max,
                                    .threads = threads});
  const ItemGraph graph = item_graph(matrix, {.user_exponent = settings.user_exponent,
                                              .row_entries_max = graph_row_entries_max,
                                              .threads = threads});
  ZAN_ASSIGN(const auto weights,
             sparse_item_ridge(graph, {.penalty = settings.penalty,
                                       .penalty_exponent = settings.penalty_exponent,
                                       .neighbours_max = static_cast<std::uint32_t>(settings.size),
                                       .threads = threads}));
  return ridge_neighbours(matrix, weights, settings.target_exponent, served.neighbours_max);
}

}  // namespace

Result<CollaborativeParts> learn_parts(const Interactions& matrix, std::vector<SubjectId> subjects,
                                       std::span<const ItemTraits> traits, const CollaborativeOptions& options) {
  require(options.threads > 0 && options.memory_mb_max > 0, "a thread and some memory");
  ZAN_TRY(check(matrix, subjects, traits));
  CollaborativeParts parts;
  parts.subjects = std::move(subjects);
  parts.neighbours.offsets.assign(parts.subjects.size() + 1, 0);
  if (matrix.pair_count() == 0) {
    parts.notes.push_back("nobody took anything up");
    return parts;
  }
  ZAN_ASSIGN(auto served, settle(matrix, options));
  parts.notes = std::move(served.notes);
  ZAN_TRY(learn_factors(matrix, served.factors, options, parts));
  parts.means = GroupMeans::of(parts.vectors, parts.dimension, traits).parts();
  if (options.neighbours == 0) return parts;
  auto neighbours = learn_neighbours(matrix, served, options.threads);
  if (neighbours.ok()) {
    parts.neighbours = std::move(neighbours).value();
  } else {
    parts.notes.push_back("no neighbours: " + neighbours.error().message);
  }
  return parts;
}

Result<Collaborative> learn_collaborative(const Interactions& matrix, std::vector<SubjectId> subjects,
                                          std::span<const ItemTraits> traits, const CollaborativeOptions& options) {
  ZAN_ASSIGN(auto parts, learn_parts(matrix, std::move(subjects), traits, options));
  return Collaborative(std::move(parts), options.threads);
}

}  // namespace zan::matching
