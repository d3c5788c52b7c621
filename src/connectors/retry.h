// What a client does with an answer that is no success: whether it is for now only, how long to wait, what to tell.
#pragma once

#include <cstdint>
#include <stop_token>

#include "connectors/http_client.h"

namespace zan::connectors {

inline constexpr int retries_max = 120;

// Whether the same request may be taken later: 429 and 503.
bool is_busy(std::int64_t status);
// Waits as long as the answer asks, a second at least, a minute at most. False: stopped.
bool wait_before_retry(const HttpAnswer& answer, const std::stop_token& stop);
// refused: 401 and 403. unavailable: 5xx. invalid: any other.
Error refusal(const HttpAnswer& answer);

}  // namespace zan::connectors
