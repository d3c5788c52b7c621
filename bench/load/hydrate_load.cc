#include "load/hydrate_load.h"

#include <algorithm>

namespace zan::bench {

namespace {

constexpr std::size_t kOwnMax = 5;  // subjects of a request that the viewer likes

std::uint64_t pair_of(std::uint32_t user, std::uint32_t subject) {
  return (std::uint64_t{user} << 32) | subject;
}

void add_distinct(std::vector<std::uint32_t>& list, std::uint32_t value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

}  // namespace

HydrateLoad::HydrateLoad(const Population& population, std::size_t preloaded, std::size_t requests,
                         std::size_t subjects_each)
    : count_of_subject_(population.subjects()) {
  const std::span<const Like> likes = population.likes().first(preloaded);
  pairs_.reserve(preloaded);
  for (const Like& like : likes) {
    ++count_of_subject_[like.subject];
    pairs_.push_back(pair_of(like.user, like.subject));
  }
  std::sort(pairs_.begin(), pairs_.end());
  Random random(11);
  for (std::size_t i = 0; i < requests; ++i) add_request(likes, subjects_each, random);
}

void HydrateLoad::add_request(std::span<const Like> likes, std::size_t subjects_each, Random& random) {
  HydrateRequest request;
  request.viewer = likes[random.below(likes.size())].user;
  for (const std::uint32_t own : liked_by(request.viewer)) request.subjects.push_back(own);
  while (request.subjects.size() < subjects_each) {
    add_distinct(request.subjects, likes[random.below(likes.size())].subject);
  }
  for (std::size_t i = request.subjects.size(); i > 1; --i) {
    std::swap(request.subjects[i - 1], request.subjects[random.below(i)]);
  }
  requests_.push_back(std::move(request));
}

std::vector<std::uint32_t> HydrateLoad::liked_by(std::uint32_t user) const {
  std::vector<std::uint32_t> liked;
  auto at = std::lower_bound(pairs_.begin(), pairs_.end(), pair_of(user, 0));
  for (; at != pairs_.end() && (*at >> 32) == user && liked.size() < kOwnMax; ++at) {
    liked.push_back(static_cast<std::uint32_t>(*at));
  }
  return liked;
}

HydrateTruth HydrateLoad::truth(const HydrateRequest& request) const {
  HydrateTruth truth;
  for (const std::uint32_t subject : request.subjects) {
    truth.likes.push_back(count_of_subject_[subject]);
    truth.liked.push_back(std::binary_search(pairs_.begin(), pairs_.end(), pair_of(request.viewer, subject)));
  }
  return truth;
}

}  // namespace zan::bench
