// What a case is, in words: for the creator whose likes it takes, who may never have heard of detectors.
//
// Made when somebody reads it, from the numbers of the case: how many agreed on how much, what speaks most for one hand
// and for people (integrity/group_evidence.h), and what follows for the likes. No account is named.
//
// Threads: any; pure.
#pragma once

#include <string>
#include <string_view>

#include "engine/engine.h"

namespace zan::api {

struct CaseWords {
  std::string en, zh;
};
CaseWords words_of(const engine::CaseSummary& summary);

// As the API writes them.
std::string_view to_string(integrity::GroupTrait trait);

}  // namespace zan::api
