// ColdWorks: works that came after the model was learnt, by vectors of their own; all are looked at.
//
// Owns: at most `works_max` vectors, of which the oldest goes first. Threads: any. Cost: put() is a copy, nearest() some
// 0.6 ms for 50,000 of 64 dimensions.
#pragma once

#include <cstdint>
#include <shared_mutex>
#include <span>
#include <unordered_map>
#include <vector>

#include "matching/evaluate/ranking.h"

namespace zan::matching {

class ColdWorks {
 public:
  // REQUIRES: both > 0.
  ColdWorks(std::size_t dimension, std::size_t works_max);

  // `id`: the caller's own number; put again, the vector is replaced. REQUIRES: a vector of the dimension.
  void put(std::uint32_t id, std::span<const float> vector);
  // Nothing happens to one that is not there.
  void remove(std::uint32_t id);

  // At most k ids (as `item`) with the largest products, best first; those of 0 and less left out.
  void nearest(std::span<const float> query, std::size_t k, std::vector<Ranked>& best) const;
  [[nodiscard]] std::size_t size() const;

 private:
  std::size_t dimension_, works_max_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::uint32_t, std::size_t> place_of_;
  std::vector<std::uint32_t> ids_;  // by place
  std::vector<bool> is_used_;
  std::vector<float> vectors_;  // nothing where no work stands
  std::size_t next_ = 0;        // place of the oldest, once all are used
};

}  // namespace zan::matching
