// Answers about works by day as JSON.
#pragma once

#include <string>
#include <string_view>

#include "engine/engine.h"

namespace zan::api {

// "2022-04-25"
std::string day_text(insights::Day day);

// `kind`: "subject" or "creator", of that name.
std::string render_series(const engine::DaySeries& answer, std::string_view kind, std::string_view name);
std::string render_works(const engine::NamedWorks& works, std::string_view creator, std::string_view order);
std::string render_best_times(const insights::BestTimes& times, std::string_view kind, std::string_view name,
                              std::int64_t zone_us);

}  // namespace zan::api
