// Cases and verdicts as JSON. A case's id is written "c" and 16 hex digits, so that no client takes it for a number it can
// round.
//
// Threads: any; pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"

namespace zan::api {

std::string case_id_text(std::uint64_t id);
// Nothing: not what case_id_text writes.
std::optional<std::uint64_t> parse_case_id(std::string_view text);

std::string_view to_string(integrity::Standing standing);
std::string_view to_string(integrity::Decision decision);
std::string_view to_string(integrity::Ground ground);
std::string_view to_string(integrity::NoteKind kind);
std::optional<integrity::Standing> find_standing(std::string_view name);
std::optional<integrity::Decision> find_decision(std::string_view name);
std::optional<integrity::Ground> find_ground(std::string_view name);

// `next`: empty when that was all.
std::string render_cases(const std::vector<engine::CaseSummary>& cases, const std::string& next, Timestamp now);
// The members of one case's object, without the brackets around them.
void append_case(std::string& out, const engine::CaseDetail& detail, Timestamp now);
// What happened to a case, in order: case_lists.cc.
void append_timeline(std::string& out, const engine::CaseDetail& detail);
void append_edges(std::string& out, const std::vector<engine::CaseLike>& likes);
std::string render_graph(std::uint64_t id, const engine::GraphPage& page);
// A line each.
std::string render_labels(const engine::LabelPage& page);
std::string render_staff_acts(const engine::StaffPage& page);
// For the creator: nobody is named.
std::string render_verdicts(std::string_view subject, const engine::SubjectVerdicts& verdicts);
// `,"integrity":{...}` of the server's status.
void append_integrity(std::string& out, const engine::IntegrityStatus& status);
// `,"intake":{...}` of the same.
void append_intake(std::string& out, const engine::IntakeStatus& status);

}  // namespace zan::api
