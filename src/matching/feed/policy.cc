#include "matching/feed/policy.h"

#include <fmt/format.h>

#include <cmath>

namespace zan::matching {
namespace {

constexpr float worth_max = 1'000;

template <typename T>
Result<void> within(T value, T low, T high, const char* field) {
  if (value >= low && value <= high) return {};
  return invalid(fmt::format("from {} to {}", low, high), field);
}

}  // namespace

Result<void> check(const Policy& policy) {
  for (std::size_t i = 0; i < signal_count; ++i)
    ZAN_TRY(within(policy.worth[i], -worth_max, worth_max, to_string(static_cast<Signal>(i))));
  ZAN_TRY(within(policy.per_creator_max, 1U, 100U, "per_creator_max"));
  ZAN_TRY(within(policy.tag_repeat, 0.1F, 1.0F, "tag_repeat"));
  ZAN_TRY(within(policy.explore_share, 0.0F, 0.5F, "explore_share"));
  ZAN_TRY(within(policy.explore_shown_max, 1U, 100'000U, "explore_shown_max"));
  ZAN_TRY(within(policy.explore_days, 1U, 365U, "explore_days"));
  ZAN_TRY(within(policy.seen_days, 0U, 365U, "seen_days"));
  return within(policy.top_share_max, 0.1F, 1.0F, "top_share_max");
}

}  // namespace zan::matching
