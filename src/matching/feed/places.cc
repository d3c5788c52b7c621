#include "matching/feed/places.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "matching/sources/row_places.h"

namespace zan::matching {
namespace {

// What is learnt of a work serves what is left of its time, and that fades: a day halves it. Without that a back catalogue
// that few have seen takes half of the places for the new, and whoever is new today waits.
constexpr float hope_half_life_s = 86'400;

float hope_of(const Weighed& work, std::uint32_t now_s) {
  const float hope = work.worth + work.upside;
  const float age_s = now_s > work.view.published_s ? static_cast<float>(now_s - work.view.published_s) : 0;
  const float left = std::exp2(-age_s / hope_half_life_s);
  return hope > 0 ? hope * left : hope / left;
}

// What has gone to a feed so far, and what that means for the works that are left.
class Filling {
 public:
  Filling(const PlaceRules& rules, std::span<const Weighed> works)
      : rules_(rules), works_(works), taken_(works.size(), false), slots_(works.size()) {
    RowPlaces creators(works.size()), tags(works.size());
    for (std::uint32_t i = 0; i < works.size(); ++i) {
      slots_[i].creator = creators.add(works[i].view.creator.value, i);
      if (works[i].view.tag_count > 0) slots_[i].tag = tags.add(works[i].view.tags[0], i);
    }
    of_creator_.resize(works.size());
    of_tag_.resize(works.size());
  }

  // The best work that may take a place and passes the test; works.size(): none.
  template <typename Value, typename Passes>
  std::size_t best(const Value& value, const Passes& passes) const {
    std::size_t best = works_.size();
    float best_value = -std::numeric_limits<float>::infinity();
    for (std::size_t i = 0; i < works_.size(); ++i) {
      if (taken_[i] || !passes(works_[i]) || full(i)) continue;
      const float worth = adjusted(i, value(works_[i]));
      if (best == works_.size() || worth > best_value) {
        best = i;
        best_value = worth;
      }
    }
    return best;
  }

  void take(std::size_t i) {
    taken_[i] = true;
    ++of_creator_[slots_[i].creator];
    if (slots_[i].tag != none) ++of_tag_[slots_[i].tag];
  }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  // Where works of the same creator and of the same first tag are counted: at the first of them.
  struct Slots {
    std::uint32_t creator = 0, tag = none;
  };

  [[nodiscard]] bool full(std::size_t i) const {
    return works_[i].view.creator && of_creator_[slots_[i].creator] >= rules_.policy->per_creator_max;
  }

  // A worth below nothing grows worse by what makes one above nothing smaller.
  [[nodiscard]] float adjusted(std::size_t i, float worth) const {
    const Weighed& work = works_[i];
    float by = 1;
    if (slots_[i].tag != none && of_tag_[slots_[i].tag] > 0)
      by *= std::pow(rules_.policy->tag_repeat, static_cast<float>(of_tag_[slots_[i].tag]));
    if (rules_.crowding > 0) {
      const float over = faded(work.view, rules_.now_s).shown / std::max(1.0F, rules_.mean_shown);
      by *= 1 - rules_.crowding * std::clamp(std::log1p(over) / crowded_log - crowded_from, 0.0F, 1.0F);
    }
    return worth - std::abs(worth) * (1 - by);
  }

  // A work is held back from some three times the mean on, and wholly at a hundred times.
  static constexpr float crowded_log = 3.5F, crowded_from = 0.35F;

  const PlaceRules& rules_;
  std::span<const Weighed> works_;
  std::vector<bool> taken_;
  std::vector<Slots> slots_;                        // of each work
  std::vector<std::uint32_t> of_creator_, of_tag_;  // taken
};

}  // namespace

bool may_explore(const Policy& policy, const WorkView& view, std::uint32_t now_s) {
  const std::uint64_t old_s = view.published_s + std::uint64_t{policy.explore_days} * 86'400;
  return view.ever.shown < static_cast<float>(policy.explore_shown_max) && now_s < old_s;
}

std::size_t explored_places(float share, std::size_t from, std::size_t count) {
  const auto until = [share](std::size_t place) {
    return static_cast<std::size_t>(static_cast<double>(place) * static_cast<double>(share) + 1e-6);
  };
  return until(from + count) - until(from);
}

std::vector<Place> give_places(const PlaceRules& rules, std::span<const Weighed> works) {
  Filling filling(rules, works);
  std::vector<Place> places;
  const auto anything = [](const Weighed&) { return true; };
  const auto new_one = [&](const Weighed& work) { return may_explore(*rules.policy, work.view, rules.now_s); };
  const auto worth = [](const Weighed& work) { return work.worth; };
  const auto hope = [&](const Weighed& work) { return hope_of(work, rules.now_s); };
  while (places.size() < rules.limit) {
    const std::size_t place = rules.explored_before + places.size();
    bool explored = explored_places(rules.policy->explore_share, place, 1) != 0;
    std::size_t next = explored ? filling.best(hope, new_one) : works.size();
    explored = next != works.size();
    if (!explored) next = filling.best(worth, anything);
    if (next == works.size()) break;
    filling.take(next);
    places.push_back({next, explored});
  }
  return places;
}

}  // namespace zan::matching
