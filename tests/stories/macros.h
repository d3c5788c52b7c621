// What stands in {{ }} in a story: captured values, times, and long texts.
//
//   {{name}}           what an earlier answer's {{=name}} captured
//   {{now}} {{now-90m}} {{now+2d}}   unix milliseconds at the story's start, moved by s, m, h or d
//   {{repeat 300 x}}   300 times the text x
//   {{lines 3 TEXT}}   TEXT three times, a line each, with every # replaced by 0, 1, 2
//   {{town 15000}}     so many likes of people who differ, p0 ..., on works that do, w0 ..., over 20 hours, a line each
//   {{attack bot 40 12 1200}}   40 accounts bot0 ... of one hand, three a device, on 12 works w1200, w1209, ... within two hours
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "support/json_match.h"

namespace zan::stories {

// {{=name}} is left as it is. Throws testing_support::Trouble for a name nothing has captured.
std::string expand(std::string_view text, const testing_support::Captures& captures, std::int64_t now_ms);

}  // namespace zan::stories
