// Compares everything the server answers with the model.
#pragma once

#include <cstdint>

#include "model.h"

namespace zan::crash {

enum class Tolerance : std::uint8_t {
  none,
  refusals,  // a 5xx is no wrong answer: after damage the server may say that it cannot tell
};

// Counts of every subject and the viewer's state of every pair, within what pending operations leave open. With nothing pending
// also every list, in order and with times. Throws testing_support::Trouble with the first difference.
// Returns how many requests were refused (0 without tolerance).
std::uint64_t verify(std::uint16_t port, const Model& model, Tolerance tolerance);

}  // namespace zan::crash
