// InCommon: how near works are to one person by what people have in common - item-to-item weights of what they took to
// lately, and the product of factors. Whoever learns and whoever serves fills a candidate's `similar` and `taste` with
// it, so that both mean the same.
//
// Threads: may be shared; refers to the model. Cost: some 50 µs to make for forty works taken to, then a lookup and a
// product a work.
#pragma once

#include <unordered_map>
#include <vector>

#include "matching/candidate.h"
#include "matching/live/people.h"
#include "matching/retrieval/collaborative.h"

namespace zan::matching {

class InCommon {
 public:
  // Null: nothing has been learnt yet, and nothing is said.
  InCommon(const Collaborative* model, const Person& person, const Works& works, std::uint32_t now_s);

  // Sets what it knows and leaves the rest.
  void fill(Candidate& candidate, const WorkView& view) const;

 private:
  const Collaborative* model_;
  std::unordered_map<std::uint32_t, float> similar_;  // by the model's row
  std::vector<float> vector_;                         // empty: nothing to go by
};

}  // namespace zan::matching
