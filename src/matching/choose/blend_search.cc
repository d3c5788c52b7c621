#include "matching/choose/blend_search.h"

#include <algorithm>
#include <array>

#include "matching/parallel.h"

namespace zan::matching {
namespace {

constexpr std::size_t users_at_a_time = 32;
constexpr std::size_t looked_up = 60;  // of each member's best items

constexpr std::array spreads{Spread::deviation, Spread::best};

// One user's items, what each member says about them, and by what that is multiplied for each spread.
struct Card {
  std::vector<std::uint32_t> items;
  std::vector<float> scores;  // items x models
  std::array<std::vector<float>, spreads.size()> scales;
};

class BlendSearch {
 public:
  BlendSearch(const std::vector<std::unique_ptr<Model>>& models, const Interactions& taken, const Interactions& wanted,
              const std::vector<std::uint32_t>& users, const BlendSearchOptions& options)
      : models_(models), taken_(taken), wanted_(wanted), users_(users), options_(options) {}

  BlendFound found() {
    fill_cards();
    BlendFound best;
    for (spread_ = 0; spread_ < spreads.size(); ++spread_) {
      BlendFound with_spread = climbed();
      if (spread_ == 0 || with_spread.quality.mean() > best.quality.mean()) best = std::move(with_spread);
    }
    return best;
  }

 private:
  BlendFound climbed() {
    left_out_.assign(models_.size(), false);
    BlendFound best{std::vector<double>(models_.size(), 0.0), spreads[spread_], {}};
    for (std::size_t m = 0; m < models_.size(); ++m) {
      std::vector<double> alone(models_.size(), 0.0);
      alone[m] = 1;
      take_if_better(std::move(alone), best);
    }
    climb(best, {0.5, 0.25, 0.125, 0.0625});
    leave_out(best);
    return best;
  }

  void fill_cards() {
    cards_.assign(users_.size(), {});
    in_chunks(options_.threads, users_.size(), users_at_a_time, [&](std::size_t begin, std::size_t end, std::size_t) {
      const std::size_t width = taken_.item_count;
      std::vector<std::vector<float>> scores(models_.size(), std::vector<float>((end - begin) * width));
      for (std::size_t m = 0; m < models_.size(); ++m)
        models_[m]->score({users_.data() + begin, end - begin}, scores[m]);
      for (std::size_t at = begin; at < end; ++at) fill_card(scores, (at - begin) * width, at);
    });
  }

  void fill_card(const std::vector<std::vector<float>>& scores, std::size_t offset, std::size_t at) {
    Card& card = cards_[at];
    const auto taken = taken_.of(users_[at]);
    std::vector<Ranked> best;
    for (const auto& of_model : scores) {
      const std::span<const float> row(of_model.data() + offset, taken_.item_count);
      best_items(row, taken, looked_up, best);
      for (const Ranked& entry : best) card.items.push_back(entry.item);
      for (std::size_t k = 0; k < spreads.size(); ++k) card.scales[k].push_back(scale_of(spreads[k], row, taken));
    }
    std::sort(card.items.begin(), card.items.end());
    card.items.erase(std::unique(card.items.begin(), card.items.end()), card.items.end());
    for (const std::uint32_t item : card.items) {
      for (std::size_t m = 0; m < scores.size(); ++m) card.scores.push_back(scores[m][offset + item]);
    }
  }

  Quality quality_with(const std::vector<double>& weights) const {
    std::vector<Quality> of_user(users_.size());
    in_chunks(options_.threads, users_.size(), users_at_a_time, [&](std::size_t begin, std::size_t end, std::size_t) {
      std::vector<Ranked> ranked;
      for (std::size_t at = begin; at < end; ++at) of_user[at] = quality_of_card(at, weights, ranked);
    });
    return mean_of(of_user);
  }

  Quality quality_of_card(std::size_t at, const std::vector<double>& weights, std::vector<Ranked>& ranked) const {
    const Card& card = cards_[at];
    const std::size_t models = weights.size();
    std::vector<float> factors(models);
    for (std::size_t m = 0; m < models; ++m) factors[m] = static_cast<float>(weights[m]) * card.scales[spread_][m];
    ranked.clear();
    for (std::size_t k = 0; k < card.items.size(); ++k) {
      float sum = 0;
      for (std::size_t m = 0; m < models; ++m) sum += factors[m] * card.scores[k * models + m];
      ranked.push_back({sum, card.items[k]});
    }
    const std::size_t count = std::min(options_.k, ranked.size());
    const auto middle = ranked.begin() + static_cast<std::ptrdiff_t>(count);
    std::partial_sort(ranked.begin(), middle, ranked.end(), is_better);
    ranked.resize(count);
    return quality_of(ranked, wanted_.of(users_[at]), options_.k);
  }

  bool take_if_better(std::vector<double> weights, BlendFound& best) const {
    const Quality quality = quality_with(weights);
    if (best.quality.users != 0 && quality.mean() <= best.quality.mean()) return false;
    best.weights = std::move(weights);
    best.quality = quality;
    return true;
  }

  void climb(BlendFound& best, std::initializer_list<double> steps) const {
    constexpr int rounds_max = 6;
    for (const double step : steps) {
      bool moved = true;
      for (int round = 0; moved && round < rounds_max; ++round) {
        moved = false;
        for (std::size_t m = 0; m < models_.size(); ++m) {
          if (left_out_[m]) continue;
          moved = move(best, m, step) || move(best, m, -step) || moved;
        }
      }
    }
  }

  bool move(BlendFound& best, std::size_t m, double by) const {
    std::vector<double> weights = best.weights;
    weights[m] += by;
    if (weights[m] < 0) return false;
    return take_if_better(std::move(weights), best);
  }

  // The least useful member first, again and again, as long as the rest makes up for it.
  void leave_out(BlendFound& best) {
    for (;;) {
      BlendFound reduced;
      std::size_t least = models_.size();
      for (std::size_t m = 0; m < models_.size(); ++m) {
        if (left_out_[m] || (best.weights[m] == 0 && (left_out_[m] = true))) continue;
        std::vector<double> weights = best.weights;
        weights[m] = 0;
        if (take_if_better(std::move(weights), reduced)) least = m;
      }
      if (least == models_.size() || std::count(left_out_.begin(), left_out_.end(), false) < 2) return;
      left_out_[least] = true;
      climb(reduced, {0.25, 0.125, 0.0625});
      if (reduced.quality.mean() < best.quality.mean() * (1 - options_.least_gain)) return;
      best = std::move(reduced);
    }
  }

  const std::vector<std::unique_ptr<Model>>& models_;
  const Interactions& taken_;
  const Interactions& wanted_;
  const std::vector<std::uint32_t>& users_;
  const BlendSearchOptions& options_;
  std::vector<Card> cards_;
  std::size_t spread_ = 0;      // of `spreads`, now being looked at
  std::vector<char> left_out_;  // of the models
};

}  // namespace

BlendFound search_blend(const std::vector<std::unique_ptr<Model>>& models, const Interactions& taken,
                        const Interactions& wanted, const std::vector<std::uint32_t>& users,
                        const BlendSearchOptions& options) {
  return BlendSearch(models, taken, wanted, users, options).found();
}

}  // namespace zan::matching
