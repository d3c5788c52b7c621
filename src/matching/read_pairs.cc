#include "matching/read_pairs.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace zan::matching {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

class LineReader {
 public:
  LineReader(std::string_view name, std::size_t pairs_max) : name_(name), pairs_max_(pairs_max) {}

  Result<void> read(std::string_view line, std::size_t number, PairText& out) const {
    bool user_known = false;
    std::uint32_t user = 0;
    for (std::size_t at = 0; at < line.size();) {
      if (is_blank(line[at])) {
        ++at;
        continue;
      }
      std::size_t end = at;
      while (end < line.size() && !is_blank(line[end])) ++end;
      ZAN_ASSIGN(const std::uint32_t value, value_of(line.substr(at, end - at), number, user_known));
      at = end;
      if (!user_known) {
        out.users.push_back(user = value);
        user_known = true;
        continue;
      }
      if (out.pairs.size() == pairs_max_)
        return limited(fmt::format("{}:{}: more than {} items in the file", name_, number, pairs_max_));
      out.pairs.emplace_back(user, value);
    }
    return {};
  }

 private:
  [[nodiscard]] Result<std::uint32_t> value_of(std::string_view word, std::size_t number, bool is_item) const {
    std::uint64_t value = 0;
    const auto [rest, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    const bool whole = rest == word.data() + word.size();
    if (whole && (error == std::errc::result_out_of_range || (error == std::errc{} && value > benchmark_number_max)))
      return limited(fmt::format("{}:{}: {} is above the largest number, {}", name_, number,
                                 std::string(word.substr(0, 40)), benchmark_number_max));
    if (error != std::errc{} || !whole)
      return invalid(fmt::format("{}:{}: expected the number of {}, not \"{}\"", name_, number,
                                 is_item ? "an item" : "a user", printable(word)));
    return static_cast<std::uint32_t>(value);
  }

  static std::string printable(std::string_view word) {
    std::string text(word.substr(0, 40));
    for (char& c : text) {
      if (c < ' ' || c > '~') c = '?';
    }
    return text;
  }

  std::string_view name_;
  std::size_t pairs_max_;
};

void sort_unique(std::vector<std::uint32_t>& numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

std::uint32_t place_of(const std::vector<std::uint32_t>& numbers, std::uint32_t number) {
  return static_cast<std::uint32_t>(std::lower_bound(numbers.begin(), numbers.end(), number) - numbers.begin());
}

}  // namespace

Result<PairText> read_pairs(std::string_view text, std::string_view name, std::size_t pairs_max) {
  const LineReader reader(name, pairs_max);
  PairText out;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    ZAN_TRY(reader.read(text.substr(0, end), ++number, out));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

Result<Benchmark> benchmark_of(PairText train, PairText test) {
  std::vector<std::uint32_t> users, items;
  for (const PairText* file : {&train, &test}) {
    users.insert(users.end(), file->users.begin(), file->users.end());
    for (const auto& [user, item] : file->pairs) items.push_back(item);
  }
  sort_unique(users);
  sort_unique(items);
  if (std::max(users.size(), items.size()) > benchmark_users_max)
    return limited(fmt::format("more than {} users or items", benchmark_users_max));
  for (PairText* file : {&train, &test}) {
    for (auto& [user, item] : file->pairs) {
      user = place_of(users, user);
      item = place_of(items, item);
    }
  }
  const auto user_count = static_cast<std::uint32_t>(users.size());
  const auto item_count = static_cast<std::uint32_t>(items.size());
  return Benchmark{interactions_of(std::move(train.pairs), user_count, item_count),
                   interactions_of(std::move(test.pairs), user_count, item_count)};
}

}  // namespace zan::matching
