// Learns a Collaborative: settings by validation where the data are few, by rule of thumb where they are many, and never
// more than the memory allowed.
//
// Below two million pairs iALS and the regressions walk the scales of choose/search on a part held out. Above, iALS has
// 64 dimensions and the weight of what was not taken up follows from the shape; neighbours are regressed if that can be
// afforded and linked otherwise. All plans are made from counts, so the same data, options and seed give the same
// model, bit for bit, whatever the threads and however busy the machine.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "matching/interactions.h"
#include "matching/retrieval/collaborative.h"

namespace zan::matching {

inline constexpr std::uint32_t served_dimension_min = 16, served_dimension_max = 128;
inline constexpr std::size_t validated_pairs_max = 2'000'000;

struct CollaborativeOptions {
  std::uint32_t dimension = 0;       // at most served_dimension_max; 0: chosen
  std::uint32_t neighbours = 40;     // of an item; 0: none
  double seconds_max = 600;          // planned, for two threads of the machine that docs/matching.md names
  std::size_t memory_mb_max = 4000;  // at the peak of learning, without `matrix` itself
  std::size_t threads = 2;
  std::uint64_t seed = 1;
};

// `subjects` names the items, `traits` tells of each of them or is empty. What did not fit is told by notes().
// limited: not even 16 dimensions fit into the memory. invalid: a subject stands twice, or counts differ.
// unavailable: the arithmetic of iALS fails.
Result<Collaborative> learn_collaborative(const Interactions& matrix, std::vector<SubjectId> subjects,
                                          std::span<const ItemTraits> traits, const CollaborativeOptions& options);

// The same before an index is made of it.
Result<CollaborativeParts> learn_parts(const Interactions& matrix, std::vector<SubjectId> subjects,
                                       std::span<const ItemTraits> traits, const CollaborativeOptions& options);

}  // namespace zan::matching
