// A replay as lines of CSV and as a summary for people; and the bounds of its stretch.
//
// Threads: plain functions.
#pragma once

#include <string>
#include <string_view>

#include "engine/engine.h"

namespace zan::app {

inline constexpr std::string_view replay_header =
    "position,at,type,actor,subject,then,now,stands,score_then,score_now,reason\n";

// A position in digits, or a time as in RFC 3339; empty: no bound. invalid: neither, `option` is to blame.
Result<engine::ReplayBound> parse_bound(std::string_view text, const char* option);
std::string to_csv(const engine::ReplayLine& line);
std::string to_text(const engine::ReplaySummary& summary);

}  // namespace zan::app
