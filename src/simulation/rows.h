// Streams and labels as CSV, a line an event:
//
//   at,actor,subject,device,network[,type,creator,watch_ms,duration_ms,region]     at in milliseconds UTC
//   role,family,instance                                                           of the same events, in the same order
//
// Names say that they are made up: sim-user-17, sim-work-3, sim-device-9, sim-network-2, sim-creator-5, sim-region-1; plain
// numbers on request.
//
// Threads: plain functions.
#pragma once

#include <string>
#include <string_view>

#include "simulation/stream.h"

namespace zan::simulation {

enum class Names : std::uint8_t { labelled, plain };
enum class Columns : std::uint8_t { five, all };

inline constexpr std::string_view labels_header = "role,family,instance";
std::string_view header(Columns columns);

// Appended, with the line end.
void append_row(std::string& out, const Stream& stream, const Event& event, Columns columns, Names names);
void append_label(std::string& out, const Label& label);

// invalid: names the column.
Result<Label> parse_label(std::string_view line);

}  // namespace zan::simulation
