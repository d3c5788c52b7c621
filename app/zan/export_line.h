// A line of the journal's feed as an event that POST /v1/events takes again.
#pragma once

#include <string>
#include <string_view>

namespace zan::app {

// {"position":"7","type":..} -> {"id":"export:7","type":..}, without what only the server says ("received",
// "superseded", "verdict" and what is behind it). Empty: the act's person has been erased, so it belongs to nobody who
// could act; or it is a late verdict, which nobody outside can give.
std::string to_event(std::string_view feed_line);

}  // namespace zan::app
