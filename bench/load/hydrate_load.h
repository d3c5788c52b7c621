// The requests of the hydrate problem and their true answers: a viewer and 50 distinct subjects
// each, a few of which the viewer likes; the others are drawn as often as they are liked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "load/population.h"

namespace zan::bench {

struct HydrateRequest {
  std::uint32_t viewer = 0;
  std::vector<std::uint32_t> subjects;
};

struct HydrateTruth {
  std::vector<std::uint64_t> likes;  // in the order of the subjects
  std::vector<bool> liked;
};

class HydrateLoad {
 public:
  // Requests over the first `preloaded` likes of the population.
  HydrateLoad(const Population& population, std::size_t preloaded, std::size_t requests, std::size_t subjects_each);

  const std::vector<HydrateRequest>& requests() const { return requests_; }

  // What must be answered as long as only the preloaded likes are in.
  HydrateTruth truth(const HydrateRequest& request) const;

 private:
  void add_request(std::span<const Like> likes, std::size_t subjects_each, Random& random);
  std::vector<std::uint32_t> liked_by(std::uint32_t user) const;

  std::vector<std::uint32_t> count_of_subject_;
  std::vector<std::uint64_t> pairs_;  // user and subject of every preloaded like, sorted
  std::vector<HydrateRequest> requests_;
};

}  // namespace zan::bench
