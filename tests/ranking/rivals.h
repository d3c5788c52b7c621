// Rivals: what one would take instead. All learn from the showings before the test, and from nothing later.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/result.h"
#include "matching/evaluate/by_time.h"
#include "matching/interactions.h"

namespace zan::ranking_proof {

using Said = std::vector<matching::Rates>;  // of each showing of the test

// How often each signal came of the work, drawn to how often it comes at all.
Said popularity(const matching::Showings& showings, std::span<const matching::WorkRow> works, std::size_t begin);

// Item-to-item collaborative filtering: cosines between the likers and long watchers of works (Sarwar et al., WWW
// 2001), summed over what the person took to. No probabilities: the same score for every signal.
Said item_cf(const matching::Showings& showings, std::span<const matching::WorkRow> works, std::size_t begin,
             const std::vector<matching::Pair>& taken, std::uint32_t work_count, std::size_t threads);

// XGBoost on the columns of users and videos, and of the scene if asked. For each signal the depth, learning rate and
// number of rounds that did best on the last fifth before the test, then grown again from everything before it. Of
// follows, comments and dislikes only the rounds are searched.
struct Tuned {
  Said said;
  std::array<std::string, matching::signal_count> chosen;
};
Result<Tuned> xgboost(const matching::Showings& showings, std::size_t begin, std::size_t columns, bool fast,
                      std::size_t threads);

}  // namespace zan::ranking_proof
