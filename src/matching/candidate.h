// Candidate: a work that some source holds worth showing to somebody, with what the source knows of why; and the scene,
// which is when and where.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "base/ids.h"
#include "matching/facts.h"
#include "matching/live/works.h"

namespace zan::matching {

struct Scene {
  Timestamp at;
  TermId surface, region;
};

using Sources = std::uint16_t;
constexpr Sources bit(SourceKind kind) { return static_cast<Sources>(1U << static_cast<unsigned>(kind)); }

struct Candidate {
  WorkRow work = no_work;
  SourceKind source = SourceKind::unknown;  // that named it with the most to say for it
  Sources sources = 0;                      // all that named it
  float standing = 0;                       // over the sources: sum of 1 / (60 + place) (Cormack et al., SIGIR 2009)
  float similar = 0;                        // to what the person took to, by item-to-item weights; 0: nothing known
  float taste = 0;                          // product of the person's and the work's factors; 0: none known
  WorkRow because = no_work;                // of similar: the work taken to that says most for it
  std::uint32_t because_tag = 0;            // of content
};

}  // namespace zan::matching
