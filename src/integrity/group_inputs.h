// The numbers that the trees of group_evidence.cc ask about, out of a group's measures: what tests/group_model trains on is what is served.
//
// Threads: any; pure.
#pragma once

#include <array>
#include <string_view>

#include "integrity/group_evidence.h"

namespace zan::integrity {

// Stored in group_model.inc: only append.
enum GroupInput : std::uint8_t {
  input_log_members,
  input_log_targets,
  input_share,
  input_spread_ratio,
  input_deviation_ratio,
  input_median_ratio,
  input_log_span,
  input_log_devices,
  input_log_networks,
  input_first,
  input_order,
  input_rhythm,
  input_session_excess,
  input_session,
};
inline constexpr std::size_t group_input_count = 14;
using GroupInputs = std::array<double, group_input_count>;

GroupInputs group_inputs(const GroupMeasures& group);

struct GroupInputInfo {
  std::string_view name;
  int direction;  // 1: more of it never speaks for people; -1: never against them; 0: either
};
inline constexpr std::array<GroupInputInfo, group_input_count> group_input_infos = {{
    {"log_members", 0},
    {"log_targets", 1},
    {"share", 0},
    {"spread_ratio", -1},
    {"deviation_ratio", -1},
    {"median_ratio", 0},
    {"log_span", 0},
    {"log_devices", 1},
    {"log_networks", 0},
    {"first", 1},
    {"order", 0},
    {"rhythm", -1},
    {"session_excess", 0},
    {"session", 0},
}};

}  // namespace zan::integrity
