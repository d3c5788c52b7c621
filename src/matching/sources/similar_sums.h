// SimilarSums: how much what a person took to lately speaks for other works, by item-to-item weights. What was taken to
// lately, and more, speaks louder; of each work is remembered what said most for it.
//
// Threads: made once for a request; const questions. Cost: some 20 µs.
#pragma once

#include <cstdint>
#include <vector>

#include "matching/live/people.h"
#include "matching/sources/row_places.h"

namespace zan::matching {

class Collaborative;

inline constexpr double recent_half_life_s = 14 * 86'400.0;
// How loud what was taken to speaks now.
float loudness(const Taken& taken, std::uint32_t now_s);

class SimilarSums {
 public:
  struct Sum {
    float all = 0, most = 0;
    WorkRow because = no_work;
  };
  SimilarSums() = default;
  SimilarSums(const Collaborative& model, const Works& works, const Person& person, std::uint32_t now_s);

  struct Entry {
    std::uint32_t row = 0;  // of the model
    Sum sum;
  };
  // Each row once, in no order that means anything.
  [[nodiscard]] const std::vector<Entry>& all() const { return entries_; }
  // Null: nothing speaks for it.
  [[nodiscard]] const Sum* of(std::uint32_t model_row) const;

 private:
  std::vector<Entry> entries_;
  RowPlaces places_;  // in entries_
};

}  // namespace zan::matching
