// What the calls about what is genuine share, and those that live in calls_report.cc.
#pragma once

#include "api/calls.h"

namespace zan::api {

inline constexpr std::uint64_t like_cursor_max = std::uint64_t{1} << 40;  // more likes no case has

// Null: switched off, which is answered.
const engine::Integrity* integrity_of(Session& session);
// False: the call takes no parameters and got some, which is answered.
bool without_parameters(Session& session);

void run_labels(Session& session);
void run_staff_acts(Session& session);
void run_integrity_report(Session& session);
void run_public_report(Session& session);

}  // namespace zan::api
