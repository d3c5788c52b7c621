// KnownTastes: what a collaborative model makes of a person, worked out once for a request: their vector, and what their
// past speaks for. Training, feeds and predictions all ask it, so that what is learnt from is what is served.
//
// Threads: made once; const questions. Lifetime: refers to the model. Cost: some 50 µs.
#pragma once

#include <span>
#include <vector>

#include "matching/candidate.h"
#include "matching/sources/similar_sums.h"

namespace zan::matching {

class KnownTastes {
 public:
  // Nothing is known. Null: there is no model.
  KnownTastes() = default;
  KnownTastes(const Collaborative* model, const Works& works, const Person& person, std::uint32_t now_s);

  [[nodiscard]] const Collaborative* model() const { return model_; }
  [[nodiscard]] std::span<const float> vector() const { return vector_; }  // empty: nothing to go by
  [[nodiscard]] const SimilarSums& similar() const { return similar_; }

  // Sets `similar`, `because` and `taste` of a candidate; works born after the model was learnt have a taste by their
  // tags and creator.
  void fill(Candidate& candidate, const WorkView& view) const;

 private:
  const Collaborative* model_ = nullptr;
  std::vector<float> vector_;
  SimilarSums similar_;
};

}  // namespace zan::matching
