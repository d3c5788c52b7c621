#include "matching/retrieval/cold_works.h"

#include <algorithm>
#include <mutex>

#include "base/require.h"
#include "matching/retrieval/products.h"

namespace zan::matching {

ColdWorks::ColdWorks(std::size_t dimension, std::size_t works_max) : dimension_(dimension), works_max_(works_max) {
  require(dimension > 0 && works_max > 0, "room for a work");
}

void ColdWorks::put(std::uint32_t id, std::span<const float> vector) {
  require(vector.size() == dimension_, "a number a dimension");
  const std::unique_lock lock(mutex_);
  std::size_t place = next_;
  if (const auto known = place_of_.find(id); known != place_of_.end()) {
    place = known->second;
  } else {
    if (place == ids_.size()) {
      ids_.push_back(id);
      is_used_.push_back(false);
      vectors_.resize(vectors_.size() + dimension_);
    }
    if (is_used_[place]) place_of_.erase(ids_[place]);
    ids_[place] = id;
    is_used_[place] = true;
    place_of_[id] = place;
    next_ = (place + 1) % works_max_;
  }
  std::copy(vector.begin(), vector.end(), vectors_.begin() + static_cast<std::ptrdiff_t>(place * dimension_));
}

void ColdWorks::remove(std::uint32_t id) {
  const std::unique_lock lock(mutex_);
  const auto known = place_of_.find(id);
  if (known == place_of_.end()) return;
  std::fill_n(vectors_.begin() + static_cast<std::ptrdiff_t>(known->second * dimension_), dimension_, 0.0F);
  is_used_[known->second] = false;
  place_of_.erase(known);
}

void ColdWorks::nearest(std::span<const float> query, std::size_t k, std::vector<Ranked>& best) const {
  require(query.size() == dimension_, "a number a dimension");
  const std::shared_lock lock(mutex_);
  best_rows(query, vectors_, k, best);
  std::erase_if(best, [](const Ranked& entry) { return !(entry.score > 0); });
  for (Ranked& entry : best) entry.item = ids_[entry.item];
  std::sort(best.begin(), best.end(), is_better);
}

std::size_t ColdWorks::size() const {
  const std::shared_lock lock(mutex_);
  return place_of_.size();
}

}  // namespace zan::matching
