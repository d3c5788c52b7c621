#include "connectors/retry.h"

#include <algorithm>

#include "connectors/wait.h"

namespace zan::connectors {

bool is_busy(std::int64_t status) {
  return status == 429 || status == 503;
}

bool wait_before_retry(const HttpAnswer& answer, const std::stop_token& stop) {
  return wait_unless_stopped(std::chrono::seconds(std::clamp(answer.retry_after_seconds, 1u, 60u)), stop);
}

Error refusal(const HttpAnswer& answer) {
  const std::string text = std::to_string(answer.status) + " " + problem_text(answer.body);
  if (answer.status == 401 || answer.status == 403) return {ErrorKind::refused, text, {}};
  return answer.status >= 500 ? unavailable(text) : invalid(text);
}

}  // namespace zan::connectors
