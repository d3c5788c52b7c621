// The settings that a Collaborative is learnt with: what fits the memory and the seconds, and what validation prefers.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "matching/choose/workbench.h"
#include "matching/retrieval/learn_collaborative.h"

namespace zan::matching {

struct ServedSettings {
  Settings factors;                  // of Family::ials
  Settings neighbours;               // of Family::item_ridge, or link_filter
  std::uint32_t neighbours_max = 0;  // of an item
  std::uint32_t link_steps_max = 0;  // of an item, where neighbours are linked
  std::vector<std::string> notes;
};

// limited: not even the least fits.
Result<ServedSettings> settle(const Interactions& matrix, const CollaborativeOptions& options);

// The most that learning and the finished index hold at a time, besides the matrix, in bytes.
double served_bytes(const Shape& shape, double dimension, double neighbours, double threads);

}  // namespace zan::matching
