// A line of the journal's feed as an event that POST /v1/events takes again.
#pragma once

#include <string>
#include <string_view>

namespace zan::app {

// {"position":"7","type":..} -> {"id":"export:7","type":..}, without what only the server says ("received",
// "superseded"). Empty: the act's person has been erased, so it belongs to nobody who could act.
std::string to_event(std::string_view feed_line);

}  // namespace zan::app
