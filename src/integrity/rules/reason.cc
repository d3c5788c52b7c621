#include "integrity/rules/reason.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/bytes.h"
#include "base/wide.h"
#include "integrity/rules/print.h"

namespace zan::integrity::rules {
namespace {

struct Unit {
  double ms;
  std::string_view english;
  std::string_view chinese;
};
constexpr std::array<Unit, 4> units = {
    {{86'400'000, "d", "天"}, {3'600'000, "h", "小时"}, {60'000, "m", "分钟"}, {1000, "s", "秒"}}};

std::string render_duration(double ms, Language language) {
  const bool chinese = language == Language::chinese;
  double rest = std::floor(std::fabs(ms) / 1000) * 1000;
  std::string text;
  int shown = 0;
  for (const Unit& unit : units) {
    const double count = std::floor(rest / unit.ms);
    rest -= count * unit.ms;
    if (shown > 0 && (shown == 2 || count == 0)) break;
    if (count == 0) continue;
    if (shown++ > 0 && !chinese) text += ' ';
    text += print_number(count);
    text += chinese ? unit.chinese : unit.english;
  }
  if (shown == 0) text = chinese ? "0秒" : "0s";
  return (ms < 0 && shown > 0 ? "-" : "") + text;
}

std::string render_number(double number) {
  char buffer[400];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::fixed, 3);
  std::string text(buffer, end.ptr);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

std::int64_t delay_of(const RuleInfo& rule, const HashKey& key, std::uint64_t party) {
  Bytes message;
  put_fixed(message, rule.code);
  put_fixed(message, party);
  const auto span = static_cast<std::uint64_t>(rule.delay_to_ms - rule.delay_from_ms) + 1;
  return rule.delay_from_ms + static_cast<std::int64_t>(scaled(keyed_hash64(key, message), span));
}

}  // namespace

std::string render_value(Value value, Type type, Language language) {
  switch (type) {
    case Type::boolean:
      if (language == Language::chinese) return value.holds() ? "是" : "否";
      return value.holds() ? "yes" : "no";
    case Type::integer:
    case Type::number:
      return render_number(value.number());
    case Type::duration:
      return render_duration(value.number(), language);
    default:
      return fmt::format("{:016x}", value.bits);
  }
}

std::string render_reason(const RuleInfo& rule, const Reason& reason, Language language) {
  const ReasonText& text = language == Language::chinese && !rule.chinese.texts.empty() ? rule.chinese : rule.english;
  std::string out;
  for (std::size_t i = 0; i < text.texts.size(); ++i) {
    out += text.texts[i];
    if (i >= text.slots.size() || text.slots[i] >= reason.count) continue;
    out += render_value(reason.values[text.slots[i]], rule.types[text.slots[i]], language);
  }
  return out;
}

std::vector<std::string_view> tags_of(const Program& program, const Verdict& verdict) {
  std::vector<std::string_view> tags;
  for (std::size_t i = 0; i < program.rules().size(); ++i) {
    if (!verdict.has(i)) continue;
    for (const std::string& tag : program.rules()[i].tags) {
      if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
    }
  }
  return tags;
}

std::int64_t enforce_after_ms(const Program& program, const Verdict& verdict, const HashKey& key, std::uint64_t party) {
  if (verdict.action != Action::hold && verdict.action != Action::reject) return 0;
  std::int64_t earliest = std::numeric_limits<std::int64_t>::max();
  for (std::size_t i = 0; i < program.rules().size(); ++i) {
    const RuleInfo& rule = program.rules()[i];
    if (!verdict.has(i) || rule.action != verdict.action) continue;
    earliest = std::min(earliest, rule.delay_to_ms == 0 ? 0 : delay_of(rule, key, party));
  }
  return earliest;
}

}  // namespace zan::integrity::rules
