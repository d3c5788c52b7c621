// The features there are: their numbers, names, and what they mean in English and Chinese.
//
// Single ones are listed. Parameterised ones are "count(like, device, 1m)", how often an act of a kind was done by, at or
// on the act's own key within a window, "distinct(device, actor, 1d)", how many different devices the act's actor
// had, and "neighbours(device, age)", what the accounts are like that lately liked something from the act's device
// (neighbourhood.h). Numbers and names are stored in rules and models: only append, never reuse.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "integrity/act_view.h"
#include "integrity/features/windows.h"

namespace zan::integrity {

enum class CountKey : std::uint8_t {
  actor = 0,
  subject = 1,
  creator = 2,
  device = 3,
  network = 4,
  actor_creator = 5,
  device_subject = 6,
  network_subject = 7,
  device_network = 8,
};
inline constexpr std::size_t count_key_count = 9;

// "<what>s an <of>": of likes only where a subject is part of it, else of all acts.
enum class Relation : std::uint8_t {
  actors_of_device = 0,
  actors_of_network = 1,
  subjects_of_actor = 2,
  devices_of_actor = 3,
  networks_of_actor = 4,
  actors_of_subject = 5,
};
inline constexpr std::size_t relation_count = 6;

// Whose: of the likes from a device or a network, on a subject; and of those that like what the account likes.
enum class Around : std::uint8_t { device = 0, network = 1, subject = 2, actor = 3 };
inline constexpr std::size_t around_count = 4;

// What is known of an account when it likes.
enum class Trait : std::uint8_t {
  likes = 0,     // ln(1 + its likes)
  age = 1,       // ln(1 + seconds since it was first seen)
  rhythm = 2,    // like_gap_log_deviation
  unviewed = 3,  // likes_without_view_share
  crowding = 4,  // ln(1 + accounts on its device in 30 days)
};
inline constexpr std::size_t trait_count = 5;

enum class Single : std::uint8_t {
  account_age_s = 0,
  account_idle_s = 1,
  account_likes = 2,
  account_views = 3,
  like_gap_s = 4,
  like_gap_log_mean = 5,
  like_gap_log_deviation = 6,
  likes_without_view_share = 7,
  viewed_before = 8,
  dwell_ms = 9,
  device_new = 10,
  network_new = 11,
  watch_ms = 12,
  watch_share = 13,
};
inline constexpr std::size_t single_count = 14;

struct FeatureId {
  std::uint32_t value = 0;
  auto operator<=>(const FeatureId&) const = default;
};

// group in the top byte: 0 single, 1 count, 2 distinct, 3 neighbours; then kind, relation or whose, key, window or trait.
constexpr FeatureId feature(Single single) {
  return {static_cast<std::uint32_t>(single)};
}
constexpr FeatureId count_feature(ActKind kind, CountKey key, Window window) {
  return {1U << 24 | static_cast<std::uint32_t>(kind) << 16 | static_cast<std::uint32_t>(key) << 8 |
          static_cast<std::uint32_t>(window)};
}
// REQUIRES: the window is an hour, a day or 30 days.
constexpr FeatureId distinct_feature(Relation relation, Window window) {
  return {2U << 24 | static_cast<std::uint32_t>(relation) << 16 | static_cast<std::uint32_t>(window)};
}

// Mean, or how far they lie apart (standard deviation). -1: nobody is known there.
constexpr FeatureId neighbour_feature(Around around, Trait trait, bool spread) {
  return {3U << 24 | static_cast<std::uint32_t>(around) << 16 | static_cast<std::uint32_t>(trait) << 8 |
          static_cast<std::uint32_t>(spread)};
}

enum class Unit : std::uint8_t { count, seconds, milliseconds, share, flag, log_seconds, log_count };

struct FeatureInfo {
  FeatureId id;
  std::string_view name;
  Unit unit = Unit::count;
  std::string_view english;
  std::string_view chinese;
};

std::span<const FeatureInfo> single_features();

struct FeatureText {
  std::string name;
  Unit unit = Unit::count;
  std::string english;
  std::string chinese;
};

// Nothing where there is no such feature.
std::optional<FeatureText> describe(FeatureId id);
// Of a name as `describe` gives it; spaces after commas may be left out.
std::optional<FeatureId> feature_named(std::string_view name);

// Every feature there is.
std::size_t feature_count();
FeatureId feature_at(std::size_t index);  // REQUIRES: index < feature_count()

}  // namespace zan::integrity
