#include "simulation/attack.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <variant>

namespace zan::simulation {
namespace {

struct Whole {
  std::uint32_t Attack::*member;
  std::uint32_t min, max;
};
struct Real {
  double Attack::*member;
  double min, max;
};
struct Parameter {
  std::string_view name;
  std::variant<Whole, Real> value;
};

constexpr std::array<Parameter, 15> parameters{{
    {"groups", Whole{&Attack::groups, 1, 10'000}},
    {"accounts", Whole{&Attack::accounts, 1, 5'000'000}},
    {"targets", Whole{&Attack::targets, 1, 100'000}},
    {"per_device", Whole{&Attack::per_device, 1, 10'000}},
    {"participation", Real{&Attack::participation, 0.001, 1}},
    {"camouflage", Real{&Attack::camouflage, 0, 100}},
    {"copied", Real{&Attack::copied, 0, 1}},
    {"hijacked", Real{&Attack::hijacked, 0, 1}},
    {"human_rhythm", Real{&Attack::human_rhythm, 0, 1}},
    {"overlap", Real{&Attack::overlap, 0, 1}},
    {"window_s", Real{&Attack::window_s, 1, 86'400}},
    {"start_h", Real{&Attack::start_h, -1, 24 * 60}},
    {"duration_h", Real{&Attack::duration_h, 0.001, 24 * 60}},
    {"warm_up_days", Real{&Attack::warm_up_days, 0, 60}},
    {"views", Real{&Attack::views, 0, 1}},
}};
constexpr std::array<std::string_view, 3> churns{"none", "session", "like"};
constexpr std::array<std::string_view, 4> network_words{"ordinary", "pool", "room", "residential"};

Error at_place(std::size_t offset, const std::string& what) {
  return invalid(fmt::format("at character {}: {}", offset + 1, what), "attack");
}

std::string names_of_families() {
  std::string names;
  for (std::uint8_t i = 1; i < family_count; ++i)
    names.append(i == 1 ? "" : ", ").append(to_string(static_cast<Family>(i)));
  return names;
}

template <typename Number>
Result<Number> parse_number(std::string_view text, std::size_t offset, Number min, Number max) {
  Number number{};
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
  if (!whole || !(number >= min && number <= max))
    return at_place(offset, fmt::format("expected a number from {} to {}, not \"{}\"", min, max, text));
  return number;
}

template <typename Word, std::size_t N>
Result<Word> parse_word(std::string_view text, std::size_t offset, const std::array<std::string_view, N>& words) {
  const auto found = std::find(words.begin(), words.end(), text);
  if (found == words.end())
    return at_place(offset, fmt::format("expected one of {}, not \"{}\"", fmt::join(words, ", "), text));
  return static_cast<Word>(found - words.begin());
}

Result<void> set(Attack& attack, std::string_view name, std::string_view value, std::size_t offset) {
  const std::size_t value_offset = offset + name.size() + 1;
  if (name == "churn") {
    ZAN_ASSIGN(attack.churn, parse_word<Churn>(value, value_offset, churns));
    return {};
  }
  if (name == "networks") {
    ZAN_ASSIGN(attack.networks, parse_word<Networks>(value, value_offset, network_words));
    return {};
  }
  const auto* found =
      std::find_if(parameters.begin(), parameters.end(), [&](const Parameter& known) { return known.name == name; });
  if (found == parameters.end()) {
    std::string known = "churn, networks";
    for (const Parameter& parameter : parameters) known.append(", ").append(parameter.name);
    return at_place(offset, fmt::format("unknown parameter \"{}\"; there are {}", name, known));
  }
  if (const auto* whole = std::get_if<Whole>(&found->value)) {
    ZAN_ASSIGN(attack.*whole->member, parse_number(value, value_offset, whole->min, whole->max));
  } else if (const auto* real = std::get_if<Real>(&found->value)) {
    ZAN_ASSIGN(attack.*real->member, parse_number(value, value_offset, real->min, real->max));
  }
  return {};
}

Attack usual_attack(Family family) {
  Attack attack{.family = family};
  switch (family) {
    case Family::farm:
      attack.per_device = 10;
      attack.networks = Networks::room;
      attack.participation = 0.8;
      break;
    case Family::slow_ring:
    case Family::comment_ring:
    case Family::follow_then_like:
      attack.targets = 25;
      attack.participation = 0.6;
      attack.networks = Networks::ordinary;
      attack.views = 0.7;
      break;
    case Family::hijack:
      attack.targets = 25;
      attack.participation = 0.5;
      attack.hijacked = 0.5;
      attack.networks = Networks::ordinary;
      break;
    case Family::churn:
      attack.churn = Churn::like;
      attack.targets = 20;
      break;
    case Family::human_rhythm:
      attack.targets = 20;
      attack.participation = 0.6;
      attack.human_rhythm = 1;
      attack.networks = Networks::ordinary;
      break;
    case Family::residential:
      attack.targets = 20;
      attack.participation = 0.6;
      attack.networks = Networks::residential;
      break;
    case Family::warm_up:
      attack.warm_up_days = 3;
      attack.window_s = 600;
      attack.networks = Networks::ordinary;
      attack.views = 0.9;
      break;
    case Family::rival:
      attack.targets = 3;
      attack.accounts = 300;
      attack.window_s = 3600;
      break;
    case Family::crowd:
      attack.accounts = 300;
      attack.targets = 30;
      attack.participation = 0.25;
      attack.networks = Networks::ordinary;
      attack.views = 1;
      break;
    default:
      break;
  }
  return attack;
}

Attack usual_decoy(Family family) {
  Attack decoy{.family = family, .views = 1, .networks = Networks::ordinary};
  const auto size = [&](std::uint32_t accounts, std::uint32_t targets, double participation, double window_s) {
    decoy.accounts = accounts;
    decoy.targets = targets;
    decoy.participation = participation;
    decoy.window_s = window_s;
  };
  switch (family) {
    case Family::viral:
      size(20'000, 1, 1, 3600);
      break;
    case Family::celebrity:
      size(1500, 6, 0.4, 600);
      break;
    case Family::fan_club:
      size(600, 6, 0.55, 1500);
      break;
    case Family::live_stream:
      size(3000, 1, 1, 900);
      break;
    case Family::school_class:
      size(30, 8, 0.4, 1200);
      break;
    case Family::shared_device:
      size(3, 6, 0.8, 1800);
      break;
    case Family::office:
      size(40, 4, 0.5, 28'800);
      break;
    case Family::challenge:
      size(2000, 60, 0.15, 86'400);
      break;
    default:
      size(800, 14, 0.85, 86'400);
      break;
  }
  return decoy;
}

}  // namespace

Attack usual(Family family) {
  return is_decoy(family) ? usual_decoy(family) : usual_attack(family);
}

Result<Attack> parse_attack(std::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  const auto family = parse_family(text.substr(0, colon));
  if (!family || *family == Family::organic)
    return at_place(0, fmt::format("no family \"{}\"; there are {}", text.substr(0, colon), names_of_families()));
  Attack attack = usual(*family);
  for (std::size_t at = colon + 1; at <= text.size() && colon < text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    const std::string_view pair = text.substr(at, comma - at);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0)
      return at_place(at, fmt::format("expected name=value, not \"{}\"", pair));
    ZAN_TRY(set(attack, pair.substr(0, equals), pair.substr(equals + 1), at));
    at = comma + 1;
  }
  return attack;
}

std::string to_text(const Attack& attack) {
  std::string text(to_string(attack.family));
  char mark = ':';
  const auto add = [&](std::string_view name, const auto& value) {
    text += fmt::format("{}{}={}", mark, name, value);
    mark = ',';
  };
  for (const Parameter& parameter : parameters) {
    std::visit([&](const auto& known) { add(parameter.name, attack.*known.member); }, parameter.value);
  }
  add("churn", churns[static_cast<std::size_t>(attack.churn)]);
  add("networks", network_words[static_cast<std::size_t>(attack.networks)]);
  return text;
}

double expected_likes(const Attack& attack, std::uint32_t days) {
  const double evenings = attack.family == Family::live_stream || attack.family == Family::fan_club ? days : 1;
  const double likes = attack.groups * static_cast<double>(attack.accounts) * attack.targets * attack.participation;
  const double warm_up =
      attack.groups * static_cast<double>(attack.accounts) * 3 * std::min<double>(attack.warm_up_days, days * 0.5);
  return likes * evenings * (1 + attack.camouflage) + warm_up;
}

}  // namespace zan::simulation
