#include "api/integrity_report.h"

#include <array>
#include <chrono>

#include "api/json_writer.h"

namespace zan::api {
namespace {

struct Month {
  int year;
  unsigned month;
};
Month month_of(std::int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month())};
}

void add(engine::IntegrityDay& sum, const engine::IntegrityDay& day) {
  sum.found += day.found;
  sum.confirmed += day.confirmed;
  sum.cleared += day.cleared;
  sum.appeals += day.appeals;
  sum.decisions += day.decisions;
  sum.overturned += day.overturned;
  sum.overturned_in_part += day.overturned_in_part;
  sum.likes_held += day.likes_held;
  sum.likes_removed += day.likes_removed;
  sum.likes_restored += day.likes_restored;
}

std::string month_text(int year, unsigned month) {
  return fmt::format("{:04}-{:02}", year, month);
}

// What both reports say of a month, by name.
template <typename Row, typename Write>
void write_month(JsonWriter& object, const Row& row, const Write& write) {
  const std::pair<std::string_view, decltype(row.found)> counts[] = {
      {"found", row.found},           {"confirmed", row.confirmed},
      {"cleared", row.cleared},       {"likes_held", row.held},
      {"likes_removed", row.removed}, {"likes_restored", row.restored},
      {"appeals", row.appeals},       {"decisions", row.decisions},
      {"overturned", row.overturned}, {"overturned_in_part", row.overturned_in_part}};
  for (const auto& [name, count] : counts) write(object, name, count);
}

struct ExactMonth {
  std::uint64_t found, confirmed, cleared, held, removed, restored, appeals, decisions, overturned, overturned_in_part;
};
ExactMonth exact(const engine::IntegrityDay& sum) {
  return {sum.found,          sum.confirmed, sum.cleared,   sum.likes_held, sum.likes_removed,
          sum.likes_restored, sum.appeals,   sum.decisions, sum.overturned, sum.overturned_in_part};
}

}  // namespace

std::vector<ReportMonth> months_of(const std::vector<engine::IntegrityDay>& days) {
  std::vector<ReportMonth> months;
  for (auto day = days.rbegin(); day != days.rend(); ++day) {
    const Month month = month_of(day->day);
    if (months.empty() || !months.back().is(month.year, month.month)) {
      if (months.size() == report_months_max) break;
      months.push_back({month.year, month.month, {}});
    }
    add(months.back().sum, *day);
  }
  return months;
}

std::string render_report(const engine::IntegrityStatus& status, const std::vector<ReportMonth>& months) {
  std::string out = "{\"cases\":{";
  JsonWriter cases(out);
  cases.count("found", status.cases);
  cases.count("suspected", status.suspected);
  cases.count("confirmed", status.confirmed);
  cases.count("cleared", status.cleared);
  cases.count("appealed", status.appeals);
  cases.count("overturned", status.overturned);
  cases.count("waiting", status.waiting);
  cases.count("overdue", status.overdue);
  out += "},\"likes\":{";
  JsonWriter likes(out);
  likes.count("held", status.likes_held);
  likes.count("rejected", status.likes_rejected);
  out += "},\"months\":";
  append_objects(out, months, [](JsonWriter& object, const ReportMonth& month) {
    object.text("month", month_text(month.year, month.month));
    write_month(object, exact(month.sum),
                [](JsonWriter& to, std::string_view name, std::uint64_t count) { to.count(name, count); });
  });
  out += ",\"position\":\"";
  append_number(out, status.position.value);
  return out += "\"}\n";
}

PublicCount public_count(std::uint64_t count) {
  return count == 0 || count >= public_count_min ? PublicCount(count) : std::nullopt;
}

std::vector<PublicMonth> public_months(const std::vector<ReportMonth>& months, Timestamp now) {
  const Month current = month_of(now.us / us_per_day);
  std::vector<PublicMonth> told;
  for (const ReportMonth& month : months) {
    // Also what a clock that ran ahead has written.
    if (month.year > current.year || (month.year == current.year && month.month >= current.month)) continue;
    const ExactMonth sum = exact(month.sum);
    told.push_back({month.year, month.month, public_count(sum.found), public_count(sum.confirmed),
                    public_count(sum.cleared), public_count(sum.held), public_count(sum.removed),
                    public_count(sum.restored), public_count(sum.appeals), public_count(sum.decisions),
                    public_count(sum.overturned), public_count(sum.overturned_in_part)});
  }
  return told;
}

std::string render_public_report(const std::vector<PublicMonth>& months) {
  std::string out = "{\"smallest_count\":";
  append_number(out, public_count_min);
  out += ",\"months\":";
  append_objects(out, months, [](JsonWriter& object, const PublicMonth& month) {
    object.text("month", month_text(month.year, month.month));
    write_month(object, month, [](JsonWriter& to, std::string_view name, const PublicCount& count) {
      count ? to.count(name, *count) : static_cast<void>(to.key(name) += "null");
    });
  });
  return out += "}\n";
}

}  // namespace zan::api
