// The public report as a page. All of it is made here of numbers and words of ours: nothing that anybody sent gets in.
#include <array>

#include "api/integrity_report.h"
#include "api/json_writer.h"

namespace zan::api {
namespace {

struct Words {
  std::string_view lang, title, intro, small, none, other_lang, other_link, month, cases, likes, people;
  std::array<std::string_view, 10> columns;
  std::string_view how_title, how;
};

constexpr Words english{
    "en",
    "Is it genuine? What we found",
    "Likes count when people gave them. Month by month: which groups of accounts were found to act as one, what "
    "became of their likes, who objected, and where we were wrong.",
    "Months that are over, in UTC. “few” stands for one to four: so small a number could point at somebody.",
    "There is no month to tell of yet.",
    "中文",
    "/report?lang=zh",
    "Month",
    "Groups of accounts",
    "Likes",
    "People",
    {"found", "confirmed", "cleared", "held back", "removed", "given back", "appeals", "decisions", "overturned",
     "in part"},
    "How to read this",
    "A group that moves together more than chance allows is suspected, and its likes of the works in question wait. "
    "What is confirmed is removed from the counts; what is cleared is given back. A creator or an account may appeal, "
    "and people decide. An account's other likes stay, and so do other people's likes of the same work.",
};

constexpr Words chinese_words{
    "zh",
    "是真的吗？我们发现了什么",
    "只有真人点的赞才计数。下表按月说明：发现了哪些行动如出一辙的账号群组，它们的点赞如何处理，谁提出了申诉，以及我们错"
    "在哪里。",
    "只列已结束的月份（UTC）。“少量”表示一到四：这样小的数字可能指向具体的人。",
    "目前还没有可公布的月份。",
    "English",
    "/report?lang=en",
    "月份",
    "账号群组",
    "点赞",
    "人工",
    {"发现", "确认", "澄清", "暂缓计入", "移除", "恢复", "申诉", "裁定", "推翻", "部分推翻"},
    "如何阅读",
    "一群账号的一致程度超出偶然时，会被列为可疑，它们给相关作品的点赞暂缓计入。确认后从计数中移除，澄清后予以恢复。创作"
    "者或"
    "账号可以申诉，由人裁定。账号的其他点赞不受影响，别人给同一作品的点赞也照常计入。",
};

constexpr std::string_view style =
    ":root{color-scheme:light dark;--line:#8883;--soft:#8881}"
    "body{font:16px/1.6 system-ui,-apple-system,'PingFang SC','Noto Sans CJK SC','Microsoft YaHei',sans-serif;"
    "max-width:72rem;margin:0 auto;padding:2rem 1.25rem}"
    "header{display:flex;gap:1rem;align-items:baseline;justify-content:space-between}"
    "h1{font-size:1.6rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}p{max-width:46rem}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
    "th,td{padding:.45rem .6rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}"
    "th:first-child,td:first-child{text-align:left}thead tr:first-child th{text-align:center;border-bottom:0}"
    "thead th{font-weight:600}tbody tr:nth-child(odd){background:var(--soft)}.few{opacity:.65}small{opacity:.8}";

// 1234567 as "1,234,567".
std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

void append_row(std::string& out, const PublicMonth& month, const Words& words) {
  const PublicCount counts[] = {month.found,      month.confirmed,         month.cleared, month.held,
                                month.removed,    month.restored,          month.appeals, month.decisions,
                                month.overturned, month.overturned_in_part};
  out += fmt::format("<tr><th scope=\"row\">{:04}-{:02}</th>", month.year, month.month);
  const bool in_english = words.lang == "en";
  for (const PublicCount& count : counts)
    out += count ? "<td>" + grouped(*count) + "</td>"
                 : std::string("<td class=\"few\">") + (in_english ? "few" : "少量") + "</td>";
  out += "</tr>\n";
}

void append_table(std::string& out, const std::vector<PublicMonth>& months, const Words& words) {
  out += fmt::format(
      "<div class=\"wide\"><table>\n<thead><tr><th></th><th colspan=\"3\" scope=\"colgroup\">{}</th>"
      "<th colspan=\"3\" scope=\"colgroup\">{}</th><th colspan=\"4\" scope=\"colgroup\">{}</th></tr>\n<tr><th "
      "scope=\"col\">{}</th>",
      words.cases, words.likes, words.people, words.month);
  for (const std::string_view column : words.columns) out += fmt::format("<th scope=\"col\">{}</th>", column);
  out += "</tr></thead>\n<tbody>\n";
  for (const PublicMonth& month : months) append_row(out, month, words);
  out += "</tbody></table></div>\n";
}

}  // namespace

std::string render_report_page(const std::vector<PublicMonth>& months, bool chinese) {
  const Words& words = chinese ? chinese_words : english;
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><title>{}</title><style>{}</style></head>\n<body>\n"
      "<header><h1>{}</h1><a href=\"{}\">{}</a></header>\n<p>{}</p>\n",
      words.lang, words.title, style, words.title, words.other_link, words.other_lang, words.intro);
  if (months.empty()) {
    out += fmt::format("<p>{}</p>\n", words.none);
  } else {
    append_table(out, months, words);
  }
  out += fmt::format("<p><small>{}</small></p>\n<h2>{}</h2>\n<p>{}</p>\n</body></html>\n", words.small, words.how_title,
                     words.how);
  return out;
}

}  // namespace zan::api
