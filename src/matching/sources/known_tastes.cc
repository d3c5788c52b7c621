#include "matching/sources/known_tastes.h"

#include "matching/retrieval/collaborative.h"

namespace zan::matching {

KnownTastes::KnownTastes(const Collaborative* model, const Works& works, const Person& person, std::uint32_t now_s)
    : model_(model) {
  if (model == nullptr || person.recent.empty()) return;
  similar_ = SimilarSums(*model, works, person, now_s);
  std::vector<Weighted> taken;
  for (const Taken& one : person.recent) {
    const std::uint32_t row = model->row_of(works.subject_of(one.work));
    if (row != Collaborative::no_row) taken.push_back({row, loudness(one, now_s)});
  }
  vector_.resize(model->dimension());
  if (taken.empty() || !model->fold_in(taken, vector_)) vector_.clear();
}

void KnownTastes::fill(Candidate& candidate, const WorkView& view) const {
  if (model_ == nullptr) return;
  const std::uint32_t row = model_->row_of(view.subject);
  if (row != Collaborative::no_row) {
    if (const SimilarSums::Sum* sum = similar_.of(row)) {
      candidate.similar = sum->all;
      candidate.because = sum->because;
    }
    if (!vector_.empty()) candidate.taste = model_->product(vector_, row);
    return;
  }
  std::vector<float> cold(model_->dimension());
  if (vector_.empty() || !model_->cold_vector(view.creator, view.tag_span(), cold)) return;
  candidate.taste = 0;
  for (std::size_t i = 0; i < cold.size(); ++i) candidate.taste += cold[i] * vector_[i];
}

}  // namespace zan::matching
