// EvaluateFeeds: how well feeds would have foretold what the journal has on record (matching/evaluate/past.h).
//
// The folder is only looked at, and may be served meanwhile: what is there at the start is judged.
//
// Threads: one, and those of the options. Errors: not_found: no data folder; limited: too few showings, or too many; corrupt;
// expired: `progress` said false.
#pragma once

#include <functional>
#include <string>

#include "matching/matching.h"

namespace zan::engine {

// Of both readings together, 0..1; false to stop.
using EvaluateProgress = std::function<bool(double done)>;

Result<matching::PastEvaluation> evaluate_feeds(const std::string& data_folder, const matching::PastOptions& options,
                                                const matching::AttributeNames& names, const EvaluateProgress& progress);

}  // namespace zan::engine
