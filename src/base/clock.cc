#include "base/clock.h"

#include <array>
#include <chrono>

namespace zan {
namespace {

// Days since 1970-01-01 of a proleptic Gregorian date, and back: Howard Hinnant, "chrono-Compatible Low-Level Date
// Algorithms" (days_from_civil, civil_from_days), restricted to years >= 1970.
constexpr std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2;
  const std::int64_t era = year / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + static_cast<std::int64_t>(day_of_era) - 719468;
}

struct Civil {
  unsigned year, month, day;
};

constexpr Civil civil_from_days(std::int64_t days) {
  days += 719468;
  const std::int64_t era = days / 146097;
  const auto day_of_era = static_cast<unsigned>(days - era * 146097);
  const unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned month_shifted = (5 * day_of_year + 2) / 153;
  const unsigned day = day_of_year - (153 * month_shifted + 2) / 5 + 1;
  const unsigned month = month_shifted < 10 ? month_shifted + 3 : month_shifted - 9;
  return {static_cast<unsigned>(year_of_era + era * 400) + (month <= 2), month, day};
}

constexpr bool leap(unsigned year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

constexpr unsigned days_in_month(unsigned year, unsigned month) {
  constexpr std::array<unsigned, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && leap(year) ? 29 : days[month - 1];
}

// Reads `count` digits; advances `text`.
bool take_digits(std::string_view& text, std::size_t count, unsigned& value) {
  if (text.size() < count) return false;
  value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + static_cast<unsigned>(text[i] - '0');
  }
  text.remove_prefix(count);
  return true;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

bool take_fraction_us(std::string_view& text, std::int64_t& us) {
  us = 0;
  if (!take(text, '.')) return true;
  std::int64_t unit = 100'000;
  std::size_t digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    us += unit * (text.front() - '0');
    unit /= 10;
    text.remove_prefix(1);
    ++digits;
  }
  return digits > 0;
}

bool take_offset_us(std::string_view& text, std::int64_t& us) {
  us = 0;
  if (take(text, 'Z') || take(text, 'z')) return true;
  const bool minus = !text.empty() && text.front() == '-';
  if (!take(text, '-') && !take(text, '+')) return false;
  unsigned hours = 0;
  unsigned minutes = 0;
  if (!take_digits(text, 2, hours) || !take(text, ':') || !take_digits(text, 2, minutes)) return false;
  if (hours > 23 || minutes > 59) return false;
  us = (hours * us_per_hour + minutes * us_per_minute) * (minus ? -1 : 1);
  return true;
}

void append_digits(std::string& out, unsigned value, int width) {
  std::array<char, 8> digits{};
  for (int i = width - 1; i >= 0; --i) {
    digits[static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  out.append(digits.data(), static_cast<std::size_t>(width));
}

class MachineClock final : public Clock {
 public:
  Timestamp now() const override {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
  }
  std::int64_t monotonic_us() const override {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
  }
};

}  // namespace

Result<Timestamp> parse_rfc3339(std::string_view text) {
  const auto bad = [] { return invalid("not an RFC 3339 time such as 2022-04-25T15:05:41.436Z"); };
  unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!take_digits(text, 4, year) || !take(text, '-') || !take_digits(text, 2, month) || !take(text, '-') ||
      !take_digits(text, 2, day))
    return bad();
  if (!take(text, 'T') && !take(text, 't') && !take(text, ' ')) return bad();
  if (!take_digits(text, 2, hour) || !take(text, ':') || !take_digits(text, 2, minute) || !take(text, ':') ||
      !take_digits(text, 2, second))
    return bad();
  std::int64_t fraction_us = 0;
  std::int64_t offset_us = 0;
  if (!take_fraction_us(text, fraction_us) || !take_offset_us(text, offset_us) || !text.empty()) return bad();
  if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) || hour > 23 || minute > 59 || second > 60)
    return bad();
  const std::int64_t us = (year < 1970 ? -1 : days_from_civil(year, month, day) * us_per_day) + hour * us_per_hour +
                          minute * us_per_minute + second * us_per_second + fraction_us - offset_us;
  if (year < 1970 || us < 0 || us > timestamp_max.us) return invalid("time outside 1970-01-01 .. 2112-08-07");
  return Timestamp{us};
}

void append_rfc3339(std::string& out, Timestamp at) {
  const std::int64_t days = at.us / us_per_day;
  const std::int64_t rest_us = at.us % us_per_day;
  const Civil date = civil_from_days(days);
  append_digits(out, date.year, 4);
  out += '-';
  append_digits(out, date.month, 2);
  out += '-';
  append_digits(out, date.day, 2);
  out += 'T';
  append_digits(out, static_cast<unsigned>(rest_us / us_per_hour), 2);
  out += ':';
  append_digits(out, static_cast<unsigned>(rest_us / us_per_minute % 60), 2);
  out += ':';
  append_digits(out, static_cast<unsigned>(rest_us / us_per_second % 60), 2);
  out += '.';
  append_digits(out, static_cast<unsigned>(rest_us / us_per_ms % 1000), 3);
  if (rest_us % us_per_ms != 0) append_digits(out, static_cast<unsigned>(rest_us % us_per_ms), 3);
  out += 'Z';
}

std::string to_rfc3339(Timestamp at) {
  std::string out;
  append_rfc3339(out, at);
  return out;
}

const Clock& machine_clock() {
  static const MachineClock clock;
  return clock;
}

}  // namespace zan
