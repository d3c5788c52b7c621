// Reports of what was found, removed, appealed and overturned, month by month: exact for the staff, and for everybody.
//
// The public one tells of months that are over, so that nobody sees one case come and go by asking again; and no count below
// `public_count_min` but none at all, so that no number stands for one person. It has no sums: with them the gaps could be filled.
//
// Threads: any; pure. Times are UTC.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"

namespace zan::api {

inline constexpr std::uint64_t public_count_min = 5;
inline constexpr std::size_t report_months_max = 24;  // the newest

struct ReportMonth {
  int year = 1970;
  unsigned month = 1;
  engine::IntegrityDay sum;
  [[nodiscard]] bool is(int wanted_year, unsigned wanted_month) const {
    return year == wanted_year && month == wanted_month;
  }
};
// Newest first; months without a day in the list are left out.
std::vector<ReportMonth> months_of(const std::vector<engine::IntegrityDay>& days);
std::string render_report(const engine::IntegrityStatus& status, const std::vector<ReportMonth>& months);

// A count for everybody; nothing: there were some, and too few to say how many.
using PublicCount = std::optional<std::uint64_t>;
struct PublicMonth {
  int year = 1970;
  unsigned month = 1;
  PublicCount found, confirmed, cleared, held, removed, restored, appeals, decisions, overturned, overturned_in_part;
};
PublicCount public_count(std::uint64_t count);
std::vector<PublicMonth> public_months(const std::vector<ReportMonth>& months, Timestamp now);
std::string render_public_report(const std::vector<PublicMonth>& months);
// One HTML page without scripts, pictures, or requests to anybody.
std::string render_report_page(const std::vector<PublicMonth>& months, bool chinese);

inline constexpr std::string_view report_page_policy =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

}  // namespace zan::api
