// Weighing: from candidates to what they are worth to somebody, with the chances behind it and how sure that is.
//
// Threads: plain functions over what they are given.
#pragma once

#include <span>
#include <vector>

#include "matching/candidate.h"
#include "matching/feed/models.h"
#include "matching/feed/policy.h"
#include "matching/live/community.h"

namespace zan::matching {

struct Weighed {
  Candidate candidate;
  WorkView view;
  Rates chances{};
  float worth = 0;
  float deviation = 0;
};

// What the factors say of the works that no source of theirs has named; also of works born after they were learnt.
void fill_tastes(const Models* models, std::span<const float> vector, std::span<Weighed> works);

// Chances, worth and deviation. REQUIRES: candidate and view of each are set.
void weigh(const Community& live, const Models* models, const Policy& policy, const Person& person, const Scene& scene,
           std::span<Weighed> works);

// The factors of a person by what they took to lately; empty: nothing is known.
std::vector<float> vector_of(const Models* models, const Community& live, const Person& person, std::uint32_t now_s);

}  // namespace zan::matching
