#include "matching/sources/similar_sums.h"

#include <algorithm>
#include <cmath>

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
  const std::vector<Taken>& recent = person.recent;
  for (std::size_t i = recent.size(); i > recent.size() - std::min(recent.size(), taken_count); --i) {
    const Taken& taken = recent[i - 1];
    const std::uint32_t row = model.row_of(works.subject_of(taken.work));
    if (row == Collaborative::no_row) continue;
    const float loud = loudness(taken, now_s);
    for (const Weighted& neighbour : model.neighbours(row)) {
      Sum& sum = sums_[neighbour.row];
      const float says = loud * neighbour.weight;
      sum.all += says;
      if (says <= sum.most) continue;
      sum.most = says;
      sum.because = taken.work;
    }
  }
}

const SimilarSums::Sum* SimilarSums::of(std::uint32_t model_row) const {
  const auto found = sums_.find(model_row);
  return found == sums_.end() ? nullptr : &found->second;
}

}  // namespace zan::matching
