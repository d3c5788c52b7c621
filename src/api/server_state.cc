#include "api/server_state.h"

#include <fmt/format.h>

#include <array>
#include <ctime>

namespace zan::api {

std::string http_date(std::int64_t unix_seconds) {
  constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = unix_seconds;
  std::tm date{};
  ::gmtime_r(&seconds, &date);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days.at(static_cast<std::size_t>(date.tm_wday)),
                     date.tm_mday, months.at(static_cast<std::size_t>(date.tm_mon)), date.tm_year + 1900, date.tm_hour,
                     date.tm_min, date.tm_sec);
}

void ThreadState::refresh_time() {
  now_us = server.clock.monotonic_us();
  const std::int64_t second = now_us / us_per_second;
  if (second == date_second) return;
  date_second = second;
  date = "Date: " + http_date(server.clock.now().us / us_per_second) + "\r\n";
}

}  // namespace zan::api
