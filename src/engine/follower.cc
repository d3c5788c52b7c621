#include "engine/follower.h"

#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

namespace zan::engine {
namespace {

constexpr int nice_level = 10;
constexpr std::int64_t retry_us = us_per_second;

}  // namespace

void Follower::start(Step step, GoesOn goes_on, std::int64_t period_us) {
  thread_ = std::jthread([this, step = std::move(step), goes_on = std::move(goes_on),
                          period_us](const std::stop_token& stop) {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice_level);
    while (!stop.stop_requested()) {
      const Result<bool> more = step();
      if (!more.ok() && !goes_on(more.error())) return;
      if (!more.ok() || !*more) bell_.wait_for(stop, more.ok() ? period_us : retry_us);
    }
  });
}

void Follower::start(const Step& step, const Tell& tell, std::string lost, std::int64_t period_us) {
  const auto told = [step, tell] {
    Result<bool> more = step();
    tell(more.ok() ? std::string() : more.error().message);
    return more;
  };
  const auto goes_on = [lost = std::move(lost)](const Error& error) {
    if (error.kind != ErrorKind::corrupt) return true;
    log::error(lost, {{"reason", error.message}});
    return false;
  };
  start(Step(told), GoesOn(goes_on), period_us);
}

bool Follower::stop() {
  if (!thread_.joinable()) return false;
  thread_.request_stop();
  thread_.join();
  return true;
}

}  // namespace zan::engine
