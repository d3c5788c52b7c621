// What rules can read: a table that the detector hands in. Nothing of it is known to the language itself.
//
// Two forms. A plain feature is a name (`account_age`). A counter has arguments: `count(like, device, 1m)` is how many
// likes came from this act's device in the last minute, `distinct(actor, device, 1h)` how many different actors. Pairs
// of keys are allowed where the detector keeps them: `count(like, actor, creator, 1d)`. What is not in the table does
// not exist.
//
// Units:   durations are milliseconds; cost is about a nanosecond of the detector's work for one act.
// Threads: plain values.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace zan::integrity::rules {

enum class Type : unsigned char { boolean, integer, number, duration, id, id_set, integer_set };
const char* to_string(Type type);

// One thing a program computes with: a number, milliseconds, or a hashed id. Booleans are the numbers 0 and 1.
struct Value {
  std::uint64_t bits = 0;
  static Value of(double number) { return {std::bit_cast<std::uint64_t>(number)}; }
  static Value of(bool holds) { return of(holds ? 1.0 : 0.0); }
  static Value of_id(std::uint64_t id) { return {id}; }
  [[nodiscard]] double number() const { return std::bit_cast<double>(bits); }
  [[nodiscard]] bool holds() const { return bits != 0; }
  auto operator<=>(const Value&) const = default;
};

enum class Window : unsigned char { m1, m5, h1, h6, d1, d7, d30 };
inline constexpr std::size_t window_count = 7;
inline constexpr std::array<std::string_view, window_count> window_names = {"1m", "5m", "1h", "6h", "1d", "7d", "30d"};
inline constexpr std::array<std::int64_t, window_count> window_ms = {60'000,     300'000,     3'600'000,    21'600'000,
                                                                     86'400'000, 604'800'000, 2'592'000'000};

enum class Key : unsigned char { actor, subject, creator, device, network };
inline constexpr std::array<std::string_view, 5> key_names = {"actor", "subject", "creator", "device", "network"};

// A set of keys, as bits 1 << Key.
using Keys = std::uint8_t;
constexpr Keys keys_of(Key a) {
  return static_cast<Keys>(1U << static_cast<unsigned>(a));
}
constexpr Keys keys_of(Key a, Key b) {
  return static_cast<Keys>(keys_of(a) | keys_of(b));
}
std::string to_string(Keys keys);

using Windows = std::uint8_t;  // a set, as bits 1 << Window
inline constexpr Windows all_windows = 0x7f;

struct FeatureInfo {
  std::string name;  // lower case, digits, underscores
  Type type = Type::number;
  std::string unit;  // "" for none; durations need none
  std::string english;
  std::string chinese;
  std::uint32_t cost = 1;
};

enum class CounterForm : unsigned char { count, distinct };

struct CounterInfo {
  CounterForm form = CounterForm::count;
  std::string word;  // count: the kind of act; distinct: what is told apart
  Keys keys = 0;     // one or two
  Windows windows = all_windows;
  std::uint32_t cost = 1;
  std::string english = {};
  std::string chinese = {};
};

struct Catalogue {
  std::vector<FeatureInfo> features;
  std::vector<CounterInfo> counters;

  [[nodiscard]] const FeatureInfo* feature(std::string_view name) const;
};

// invalid: a name that no rule could write, a set as a feature, one name twice, a counter without keys.
Result<void> check_catalogue(const Catalogue& catalogue);

// One thing that a program reads: a plain feature, or a counter with a window.
struct FeatureRef {
  bool is_counter = false;
  std::uint16_t index = 0;  // in Catalogue::features or Catalogue::counters
  Window window = Window::m1;
  auto operator<=>(const FeatureRef&) const = default;
};

// As rules write it: "account_age", "count(like, device, 1m)".
std::string to_text(const Catalogue& catalogue, const FeatureRef& feature);
Type type_of(const Catalogue& catalogue, const FeatureRef& feature);

}  // namespace zan::integrity::rules
