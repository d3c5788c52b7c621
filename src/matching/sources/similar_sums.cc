#include "matching/sources/similar_sums.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "matching/retrieval/collaborative.h"

namespace zan::matching {
namespace {

constexpr std::size_t taken_count = 40;

}  // namespace

float loudness(const Taken& taken, std::uint32_t now_s) {
  const double age_s = now_s > taken.at_s ? now_s - taken.at_s : 0;
  return taken.weight * static_cast<float>(std::exp2(-age_s / recent_half_life_s));
}

SimilarSums::SimilarSums(const Collaborative& model, const Works& works, const Person& person, std::uint32_t now_s) {
  struct Spoken {
    std::span<const Weighted> neighbours;
    float loud;
    WorkRow work;
  };
  std::array<Spoken, taken_count> spoken;
  std::size_t count = 0, neighbours = 0;
  const std::vector<Taken>& recent = person.recent;
  for (std::size_t i = recent.size(); i > recent.size() - std::min(recent.size(), taken_count); --i) {
    const Taken& taken = recent[i - 1];
    const std::uint32_t row = model.row_of(works.subject_of(taken.work));
    if (row == Collaborative::no_row) continue;
    spoken[count] = {model.neighbours(row), loudness(taken, now_s), taken.work};
    neighbours += spoken[count++].neighbours.size();
  }
  if (neighbours == 0) return;
  places_ = RowPlaces(neighbours);
  entries_.reserve(neighbours);
  for (const Spoken& one : std::span(spoken).first(count)) {
    for (const Weighted& neighbour : one.neighbours) {
      const std::uint32_t place = places_.add(neighbour.row, static_cast<std::uint32_t>(entries_.size()));
      if (place == entries_.size()) entries_.push_back({neighbour.row, {}});
      Sum& sum = entries_[place].sum;
      const float says = one.loud * neighbour.weight;
      sum.all += says;
      if (says <= sum.most) continue;
      sum.most = says;
      sum.because = one.work;
    }
  }
}

const SimilarSums::Sum* SimilarSums::of(std::uint32_t model_row) const {
  const std::uint32_t place = places_.find(model_row);
  return place == RowPlaces::none ? nullptr : &entries_[place].sum;
}

}  // namespace zan::matching
