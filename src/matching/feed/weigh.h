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
#include "matching/sources/known_tastes.h"

namespace zan::matching {

struct Weighed {
  Candidate candidate;
  WorkView view;
  Rates chances{};
  float worth = 0;
  float deviation = 0;  // of the worth: how little is known of what may come
  float upside = 0;     // the part of it that speaks for the work
};

// What the model says of each, then chances, worth and deviation. REQUIRES: candidate and view of each are set.
void weigh(const Community& live, const Models* models, const Policy& policy, const Person& person,
           const KnownTastes& known, const Scene& scene, std::span<Weighed> works);

}  // namespace zan::matching
