#include "matching/ranking/in_common.h"

#include <algorithm>
#include <cmath>

namespace zan::matching {
namespace {

constexpr std::size_t taken_count = 40;
constexpr double recent_half_life_s = 14 * 86'400.0;

}  // namespace

InCommon::InCommon(const Collaborative* model, const Person& person, const Works& works, std::uint32_t now_s)
    : model_(model) {
  if (model == nullptr) return;
  std::vector<Weighted> taken;
  for (std::size_t i = person.recent.size(); i > 0 && taken.size() < taken_count; --i) {
    const Taken& one = person.recent[i - 1];
    if (one.work >= works.size()) continue;
    const std::uint32_t row = model->row_of(works.subject_of(one.work));
    if (row == Collaborative::no_row) continue;
    const double age_s = now_s > one.at_s ? now_s - one.at_s : 0;
    taken.push_back({row, one.weight * static_cast<float>(std::exp2(-age_s / recent_half_life_s))});
  }
  for (const Weighted& one : taken) {
    for (const Weighted& neighbour : model->neighbours(one.row))
      similar_[neighbour.row] += one.weight * neighbour.weight;
  }
  vector_.resize(model->dimension());
  if (taken.empty() || vector_.empty() || !model->fold_in(taken, vector_)) vector_.clear();
}

void InCommon::fill(Candidate& candidate, const WorkView& view) const {
  if (model_ == nullptr) return;
  const std::uint32_t row = model_->row_of(view.subject);
  if (const auto known = similar_.find(row); known != similar_.end()) candidate.similar = known->second;
  if (vector_.empty()) return;
  if (row != Collaborative::no_row) {
    candidate.taste = model_->product(vector_, row);
    return;
  }
  std::vector<float> cold(vector_.size());
  if (!model_->cold_vector(view.creator, view.tag_span(), cold)) return;
  candidate.taste = 0;
  for (std::size_t i = 0; i < cold.size(); ++i) candidate.taste += cold[i] * vector_[i];
}

}  // namespace zan::matching
