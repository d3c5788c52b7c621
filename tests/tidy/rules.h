// The house rules that text can show, one function each. A rule looks at the whole tree and returns what breaks it.
#pragma once

#include <string>
#include <vector>

#include "source.h"

namespace zan::tidy {

// Includes go down the floors and through doors only: <room>/<room>.h or <room>/events.h, and any header of base.
// Tests and twins may also include the twins of a room they may see, <room>/sim_*.h.
Findings check_room_includes(const Sources& sources);

// The ROOMS line in src/<room>/CMakeLists.txt is that room's row of the floor table.
Findings check_cmake_rooms(const Sources& sources);

// RocksDB, Boost and simdjson are included only where the house says.
Findings check_library_includes(const Sources& sources);

// No door header leads to RocksDB, Boost or simdjson, not even through another header.
Findings check_door_purity(const Sources& sources);

// 600 lines a file, 1,000 a test.
Findings check_file_sizes(const Sources& sources);

// 70 lines a function. Found by braces: a block whose head has parentheses and is no control statement.
Findings check_function_lengths(const Sources& sources);

// Clock, random, environment, files, sleeping, printing, throwing.
Findings check_banned_calls(const Sources& sources);

// Every header opens with a comment and has #pragma once.
Findings check_header_form(const Sources& sources);

// Every room has a README.md of at most 40 lines.
Findings check_room_readmes(const Sources& sources);

// Left-over marks anywhere; absolute paths of some machine in src.
Findings check_marks(const Sources& sources);

// `exceptions`: lines "<path> <rest of the finding>"; '#' starts a comment. Removes the excepted findings; an exception that
// matches none is a finding of its own.
Findings without_exceptions(Findings findings, const std::string& exceptions);

}  // namespace zan::tidy
