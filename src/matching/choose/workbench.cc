#include "matching/choose/workbench.h"

#include <algorithm>
#include <cmath>

#include "matching/models/link_filter.h"

namespace zan::matching {
namespace {

constexpr double workers = 2;
// Steps a second and worker of the machine in docs/matching.md.
constexpr double graph_steps = 6e7;
constexpr double gather_steps = 4e8;
constexpr double flops_small = 8e9;    // Cholesky of a few hundred rows
constexpr double flops_ials = 1.6e10;  // products of a hundred rows
constexpr double flops_large = 4e10;   // products of tall matrices
constexpr double flops_full = 8e10;    // tiles of a square one
constexpr double add_steps = 3e8;     // adding a sparse row to scores
constexpr double pass_steps = 4e8;    // looking through scores

class Popularity final : public Model {
 public:
  explicit Popularity(const Interactions& matrix) {
    for (const std::uint32_t degree : item_degrees(matrix)) scores_.push_back(static_cast<float>(degree));
  }
  void score(std::span<const std::uint32_t> users, std::span<float> scores) const override {
    for (std::size_t row = 0; row < users.size(); ++row)
      std::copy(scores_.begin(), scores_.end(), scores.begin() + static_cast<std::ptrdiff_t>(row * scores_.size()));
  }

 private:
  std::vector<float> scores_;
};

template <typename Shelf>
auto found_on(const Shelf& shelf, const Settings& key) {
  const auto at = std::find_if(shelf.begin(), shelf.end(), [&](const auto& kept) { return kept.first == key; });
  return at == shelf.end() ? nullptr : at->second;
}

template <typename Shelf, typename T>
void put_on(Shelf& shelf, const Settings& key, T value, std::size_t kept_max) {
  if (shelf.size() == kept_max) shelf.pop_front();
  shelf.emplace_back(key, std::move(value));
}

double cube(double x) {
  return x * x * x;
}

double ials_round_flops(const Shape& shape, double dimension) {
  double flops = 0;
  for (const std::uint32_t count : shape.sizes) {
    const double few = std::min<double>(count, dimension), many = std::max<double>(count, dimension);
    flops += few * few * many + cube(few) / 3 + few * many * 2;
  }
  return flops;
}

}  // namespace

Shape shape_of(const Interactions& matrix) {
  Shape shape{matrix.user_count(), matrix.item_count, matrix.pair_count(), 0, 0, {}};
  for (std::uint32_t user = 0; user < matrix.user_count(); ++user) {
    const auto size = static_cast<double>(matrix.of(user).size());
    shape.steps += size * size;
    shape.sizes.push_back(static_cast<std::uint32_t>(size));
  }
  const auto degrees = item_degrees(matrix);
  shape.sizes.insert(shape.sizes.end(), degrees.begin(), degrees.end());
  const auto items = static_cast<double>(shape.items);
  shape.entries_max = std::min(shape.steps, items * items);
  return shape;
}

double learning_seconds(const Settings& settings, const Shape& shape) {
  const auto items = static_cast<double>(shape.items);
  const auto pairs = static_cast<double>(shape.pairs);
  const double row = shape.entries_max / std::max(items, 1.0), size = settings.size;
  switch (settings.family) {
    case Family::popularity:
      return 0;
    case Family::link_filter:
      return shape.steps / graph_steps / workers;
    case Family::spectral: {
      const double width = spectrum_rank_max + 16;
      return 5 * (2 * pairs * width / (flops_small / 2) + 3 * items * width * width / flops_large) / workers + 1;
    }
    case Family::item_ridge:
      if (size == 0) return shape.steps / graph_steps / workers + cube(items) / flops_full / workers;
      return (shape.steps / graph_steps + items * size * std::min<double>(row, graph_row_entries_max) / gather_steps +
              items * cube(size) / 3 / flops_small) /
             workers;
    case Family::ials:
      return settings.rounds * ials_round_flops(shape, size) / flops_ials / workers;
  }
  return 0;
}

double scoring_seconds(const Settings& settings, const Shape& shape, std::size_t users) {
  const auto items = static_cast<double>(shape.items), scored = static_cast<double>(users);
  const double length = static_cast<double>(shape.pairs) / std::max(1.0, static_cast<double>(shape.users));
  const double row = std::min<double>(shape.entries_max / std::max(items, 1.0), graph_row_entries_max);
  double steps = items / pass_steps;
  if (settings.family == Family::link_filter) steps += length * row / add_steps;
  if (settings.family == Family::item_ridge) steps += length * (settings.size == 0 ? items : settings.size) / add_steps;
  if (settings.family == Family::spectral || settings.family == Family::ials)
    steps += 2 * items * settings.size / flops_large;
  return scored * steps / workers;
}

double learning_bytes(const Settings& settings, const Shape& shape) {
  const auto items = static_cast<double>(shape.items), users = static_cast<double>(shape.users);
  const double whole_graph = 10 * shape.entries_max;  // 8 bytes an entry, and chunks that are on their way into it
  const double graph = std::min(whole_graph, 10 * items * graph_row_entries_max);
  switch (settings.family) {
    case Family::popularity:
      return 8 * items;
    case Family::link_filter:
      return graph;
    case Family::spectral:
      return 4 * (spectrum_rank_max + 16.0) * (2 * items + 2 * users);
    case Family::item_ridge:
      if (settings.size == 0) return whole_graph + 4 * items * items + 4 * items * 512;
      return graph + 20 * items * settings.size + 4 * workers * settings.size * settings.size;
    case Family::ials:
      return 4 * settings.size * (users + items) * 1.5 + 8 * workers * settings.size * (settings.size + items);
  }
  return 0;
}

Settings learning_key(const Settings& settings) {
  Settings key = settings;
  key.target_exponent = 0;
  if (settings.family == Family::item_ridge || settings.family == Family::ials) return key;
  return {.family = settings.family, .user_exponent = settings.user_exponent};
}

bool Workbench::has(const Settings& settings) const {
  const Settings key = learning_key(settings);
  if (key.family == Family::spectral) return found_on(spectra_, key) != nullptr;
  if (key.family == Family::item_ridge) return found_on(weights_, key) != nullptr;
  if (key.family == Family::link_filter) return found_on(graphs_, key) != nullptr;
  if (key.family == Family::ials) return found_on(factors_, key) != nullptr;
  return true;
}

void Workbench::forget() {
  graphs_.clear();
  weights_.clear();
  spectra_.clear();
  factors_.clear();
}

std::shared_ptr<const ItemGraph> Workbench::graph_for(double user_exponent, bool whole) {
  const Settings key{.family = Family::link_filter, .user_exponent = user_exponent, .size = whole ? 1.0 : 0.0};
  if (auto graph = found_on(graphs_, key)) return graph;
  if (graphs_.size() == 2) graphs_.pop_front();  // before the next one takes its memory
  const std::uint32_t entries_max = whole ? matrix_.item_count : graph_row_entries_max;
  auto graph = std::make_shared<const ItemGraph>(
      item_graph(matrix_, {.user_exponent = user_exponent, .row_entries_max = entries_max, .threads = threads_}));
  put_on(graphs_, key, graph, 2);
  return graph;
}

Result<std::unique_ptr<Model>> Workbench::learn_spectral(const Settings& settings) {
  const Settings key = learning_key(settings);
  auto spectrum = found_on(spectra_, key);
  if (!spectrum) {
    ZAN_ASSIGN(auto made, spectrum_of(matrix_, {.rank = spectrum_rank_max,
                                                .user_exponent = settings.user_exponent,
                                                .seed = seed_,
                                                .threads = threads_}));
    spectrum = std::make_shared<const Spectrum>(std::move(made));
    put_on(spectra_, key, spectrum, 1);
  }
  return spectral_model(matrix_, *spectrum,
                        {.rank = static_cast<std::uint32_t>(settings.size),
                         .source_exponent = settings.source_exponent,
                         .target_exponent = settings.target_exponent,
                         .softness = settings.penalty});
}

Result<std::unique_ptr<Model>> Workbench::learn_ridge(const Settings& settings) {
  const Settings key = learning_key(settings);
  auto weights = found_on(weights_, key);
  if (!weights) {
    const bool full = settings.size == 0;
    const auto graph = graph_for(settings.user_exponent, full);
    const ItemRidgeOptions options{.penalty = settings.penalty,
                                   .penalty_exponent = settings.penalty_exponent,
                                   .neighbours_max = static_cast<std::uint32_t>(settings.size),
                                   .threads = threads_};
    if (full) weights_.clear();  // before the next ones take their memory
    ZAN_ASSIGN(auto made, full ? full_item_ridge(*graph, options) : sparse_item_ridge(*graph, options));
    weights = std::make_shared<const ItemWeights>(std::move(made));
    put_on(weights_, key, weights, full ? 1 : 3);
  }
  return item_model(matrix_, std::move(weights), settings.target_exponent);
}

Result<std::unique_ptr<Model>> Workbench::learn_ials(const Settings& settings) {
  const Settings key = learning_key(settings);
  auto factors = found_on(factors_, key);
  if (!factors) {
    ZAN_ASSIGN(auto made, ials(matrix_, {.dimension = static_cast<std::uint32_t>(settings.size),
                                         .unobserved_weight = settings.unobserved_weight,
                                         .penalty = settings.penalty,
                                         .penalty_exponent = settings.penalty_exponent,
                                         .rounds = static_cast<std::uint32_t>(settings.rounds),
                                         .seed = seed_,
                                         .threads = threads_}));
    factors = std::make_shared<const Factors>(std::move(made));
    put_on(factors_, key, factors, 3);
  }
  return factor_model(matrix_, std::move(factors), settings.target_exponent);
}

Result<std::unique_ptr<Model>> Workbench::learn(const Settings& settings) {
  switch (settings.family) {
    case Family::popularity:
      break;
    case Family::link_filter:
      return link_filter(matrix_, graph_for(settings.user_exponent, false),
                         {settings.source_exponent, settings.target_exponent});
    case Family::spectral:
      return learn_spectral(settings);
    case Family::item_ridge:
      return learn_ridge(settings);
    case Family::ials:
      return learn_ials(settings);
  }
  return std::unique_ptr<Model>(std::make_unique<Popularity>(matrix_));
}

Result<std::unique_ptr<Model>> Workbench::learn(const Recipe& recipe) {
  std::vector<BlendMember> members;
  for (const RecipeMember& member : recipe.members) {
    ZAN_ASSIGN(auto model, learn(member.settings));
    members.push_back({std::move(model), member.weight});
  }
  return blend(matrix_, std::move(members), recipe.spread);
}

}  // namespace zan::matching
