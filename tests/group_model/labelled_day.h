// A day of likes with the truth about each, from either simulator.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "integrity/act_view.h"

namespace zan::group_model {

enum class Truth : std::uint8_t { organic, attack, decoy };  // camouflage is the attack's

struct LabelledLike {
  integrity::ActView act;
  Truth truth = Truth::organic;
  bool fake = false;           // paid for; of attacks
  std::uint32_t instance = 0;  // one group of an attack, one decoy; 0: none
};

struct LabelledDay {
  std::vector<LabelledLike> likes;    // by time
  std::vector<std::string> families;  // by instance; [0] is nobody's
};

// `zan simulate`'s: one of its scenarios.
Result<LabelledDay> first_day(const std::string& scenario, std::uint64_t seed, std::uint64_t likes);

}  // namespace zan::group_model
