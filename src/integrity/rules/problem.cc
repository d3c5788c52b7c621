#include "integrity/rules/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "integrity/rules/limits.h"

namespace zan::integrity::rules {
namespace {

constexpr std::size_t compared_bytes_max = 64;

// Optimal string alignment (Damerau with adjacent swaps), three rows.
std::size_t distance(std::string_view a, std::string_view b) {
  using Row = std::array<std::size_t, compared_bytes_max + 1>;
  Row before{};
  Row last{};
  Row now{};
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before = last;
    last = now;
  }
  return last[b.size()];
}

}  // namespace

std::string to_text(const Problem& problem) {
  std::string text = fmt::format("{}:{}: {}: {}", problem.line, problem.column,
                                 problem.is_warning ? "warning" : "error", problem.message);
  if (!problem.found.empty()) text += "; found " + problem.found;
  if (!problem.expected.empty()) text += (problem.found.empty() ? "; expected " : ", expected ") + problem.expected;
  if (!problem.meant.empty()) text += "; did you mean " + problem.meant + "?";
  return text;
}

void Problems::error(std::uint32_t offset, std::string message, std::string found, std::string expected,
                     std::string meant) {
  if (full()) return;
  ++errors_;
  add(offset, {false, 0, 0, std::move(message), std::move(found), std::move(expected), std::move(meant)});
}

void Problems::warning(std::uint32_t offset, std::string message) {
  if (warnings_ >= limit_) return;
  ++warnings_;
  add(offset, {true, 0, 0, std::move(message), {}, {}, {}});
}

void Problems::add(std::uint32_t offset, Problem problem) {
  const std::string_view before = text_.substr(0, std::min<std::size_t>(offset, text_.size()));
  const auto line_start = before.rfind('\n');
  const std::string_view line = line_start == before.npos ? before : before.substr(line_start + 1);
  problem.line = static_cast<std::uint32_t>(1 + std::count(before.begin(), before.end(), '\n'));
  problem.column = static_cast<std::uint32_t>(1 + std::count_if(line.begin(), line.end(), [](char c) {
                                                return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
                                              }));
  problems_.push_back(std::move(problem));
}

std::vector<Problem> Problems::take() && {
  static_assert(limit_ == problems_max);
  if (any_error()) std::erase_if(problems_, [](const Problem& problem) { return problem.is_warning; });
  std::stable_sort(problems_.begin(), problems_.end(), [](const Problem& a, const Problem& b) {
    return std::pair(a.line, a.column) < std::pair(b.line, b.column);
  });
  return std::move(problems_);
}

std::string nearest(std::string_view name, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  std::size_t best_distance = std::min<std::size_t>(3, 1 + name.size() / 3);  // one less is near enough
  if (name.size() > compared_bytes_max) return {};
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > compared_bytes_max || candidate == name) continue;
    if (std::max(name.size(), candidate.size()) - std::min(name.size(), candidate.size()) > best_distance) continue;
    const std::size_t d = distance(name, candidate);
    if (d < best_distance || (d == best_distance && !best.empty() && candidate < best)) {
      best = candidate;
      best_distance = d;
    }
  }
  return std::string(best);
}

std::string excerpt(std::string_view text) {
  constexpr std::size_t bytes_max = 40;
  if (text.size() <= bytes_max) return std::string(text);
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "...";
}

}  // namespace zan::integrity::rules
