#include "macros.h"

#include <charconv>
#include <random>
#include <vector>

#include "support/outcome.h"

namespace zan::stories {
namespace {

using testing_support::Trouble;

std::int64_t parse_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) throw Trouble("not a number: " + std::string(text));
  return value;
}

std::int64_t unit_ms(char unit) {
  switch (unit) {
    case 's':
      return 1'000;
    case 'm':
      return 60'000;
    case 'h':
      return 3'600'000;
    case 'd':
      return 86'400'000;
    default:
      throw Trouble(std::string("unknown unit of time: ") + unit);
  }
}

std::string moved_time(std::string_view shift, std::int64_t now_ms) {
  if (shift.empty()) return std::to_string(now_ms);
  const std::int64_t amount = parse_number(shift.substr(1, shift.size() - 2)) * unit_ms(shift.back());
  return std::to_string(shift.front() == '-' ? now_ms - amount : now_ms + amount);
}

// "300 x" -> 300 and "x"
std::pair<std::int64_t, std::string_view> counted(std::string_view arguments) {
  const auto space = arguments.find(' ');
  if (space == std::string_view::npos) throw Trouble("expected a number and a text: " + std::string(arguments));
  return {parse_number(arguments.substr(0, space)), arguments.substr(space + 1)};
}

std::string numbered(std::string_view text, std::int64_t number) {
  std::string line;
  for (const char c : text) line += c == '#' ? std::to_string(number) : std::string(1, c);
  return line;
}

constexpr std::int64_t hour_ms = 3'600'000;

std::string like(const std::string& user, std::int64_t work, std::int64_t at_ms, const std::string& device) {
  return R"({"type":"like","actor":")" + user + R"(","subject":"w)" + std::to_string(work) + R"(","creator":"c)" +
         std::to_string(work % 100) + R"(","at":)" + std::to_string(at_ms) + R"(,"device":")" + device + "\"}";
}

// Some people like much and some works are liked by many, as everywhere.
std::string town(std::int64_t likes, std::int64_t now_ms) {
  std::mt19937_64 random(7);
  const auto skewed = [&](int below) {
    const auto unit = [&] { return static_cast<double>(random() >> 11) / static_cast<double>(1ULL << 53); };
    return static_cast<std::int64_t>(below * unit() * unit());
  };
  constexpr int people = 4'000, works = 2'500;
  std::string lines;
  for (std::int64_t i = 0; i < likes; ++i) {
    const std::string person = std::to_string(skewed(people));
    if (i > 0) lines += '\n';
    lines += like("p" + person, skewed(works), now_ms - 40 * hour_ms + i * 20 * hour_ms / likes, "d" + person);
  }
  return lines;
}

std::string attack(std::string_view arguments, std::int64_t now_ms) {
  std::vector<std::string> words{{}};
  for (const char c : arguments) {
    if (c == ' ') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  if (words.size() != 4) throw Trouble("expected a name and three numbers: " + std::string(arguments));
  constexpr std::int64_t accounts_a_device = 3, step = 9;
  const std::int64_t accounts = parse_number(words[1]), works = parse_number(words[2]), first = parse_number(words[3]);
  std::string lines;
  for (std::int64_t work = 0; work < works; ++work)
    for (std::int64_t account = 0; account < accounts; ++account)
      lines += (lines.empty() ? "" : "\n") + like(words[0] + std::to_string(account), first + step * work,
                                                  now_ms - 20 * hour_ms + work * 2 * hour_ms / works + account * 1000,
                                                  words[0] + "d" + std::to_string(account / accounts_a_device));
  return lines;
}

bool takes_text(std::string_view name) {
  return name.starts_with("repeat ") || name.starts_with("lines ");
}

std::string expand_one(std::string_view name, const testing_support::Captures& captures, std::int64_t now_ms) {
  if (name.starts_with("=")) return "{{" + std::string(name) + "}}";
  if (name == "now" || name.starts_with("now+") || name.starts_with("now-")) return moved_time(name.substr(3), now_ms);
  if (name.starts_with("town ")) return town(parse_number(name.substr(5)), now_ms);
  if (name.starts_with("attack ")) return attack(name.substr(7), now_ms);
  std::string result;
  if (name.starts_with("repeat ")) {
    const auto [times, text] = counted(name.substr(7));
    for (std::int64_t i = 0; i < times; ++i) result += text;
    return result;
  }
  if (name.starts_with("lines ")) {
    const auto [times, text] = counted(name.substr(6));
    for (std::int64_t i = 0; i < times; ++i) result += (i == 0 ? "" : "\n") + numbered(text, i);
    return result;
  }
  const auto captured = captures.find(std::string(name));
  if (captured == captures.end()) throw Trouble("nothing has captured {{" + std::string(name) + "}}");
  return captured->second;
}

}  // namespace

std::string expand(std::string_view text, const testing_support::Captures& captures, std::int64_t now_ms) {
  std::string result;
  for (;;) {
    const auto open = text.find("{{");
    auto close = open == std::string_view::npos ? open : text.find("}}", open);
    if (close == std::string_view::npos) return result + std::string(text);
    // The text of "{{lines 2 {"a":{"b":1}}}}" ends in braces itself: there the last of a run of closing ones counts.
    if (takes_text(text.substr(open + 2))) {
      while (close + 2 < text.size() && text[close + 2] == '}') ++close;
    }
    result += text.substr(0, open);
    result += expand_one(text.substr(open + 2, close - open - 2), captures, now_ms);
    text.remove_prefix(close + 2);
  }
}

}  // namespace zan::stories
