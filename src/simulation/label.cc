#include "simulation/label.h"

#include <algorithm>
#include <array>

namespace zan::simulation {
namespace {

using std::string_view;

constexpr std::array<string_view, 5> types{"like", "view", "follow", "comment", "share"};
constexpr std::array<string_view, 7> roles{"organic", "fake", "camouflage", "warm_up", "owner", "hijacked", "decoy"};
constexpr std::array<string_view, family_count> families{
    "organic",       "burst",       "farm",      "slow_ring",        "hijack",       "churn",
    "human_rhythm",  "residential", "warm_up",   "follow_then_like", "comment_ring", "rival",
    "crowd",         "viral",       "celebrity", "fan_club",         "live_stream",  "school_class",
    "shared_device", "office",      "challenge", "playlist"};

template <typename Enum, std::size_t N>
std::optional<Enum> find(const std::array<string_view, N>& names, string_view text) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

string_view to_string(Type type) {
  return types[static_cast<std::size_t>(type)];
}
string_view to_string(Role role) {
  return roles[static_cast<std::size_t>(role)];
}
string_view to_string(Family family) {
  return families[static_cast<std::size_t>(family)];
}
std::optional<Role> parse_role(string_view text) {
  return find<Role>(roles, text);
}
std::optional<Family> parse_family(string_view text) {
  return find<Family>(families, text);
}

}  // namespace zan::simulation
