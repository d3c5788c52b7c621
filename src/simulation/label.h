// What the generator knows of each event and a detector must find out: the role it plays, and the attack or decoy behind it.
//
// Threads: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace zan::simulation {

enum class Type : std::uint8_t { like, view, follow, comment, share };

enum class Role : std::uint8_t {
  organic,
  fake,        // the paid act
  camouflage,  // an attacker's account, acting innocent
  warm_up,     // the same, before the attack
  owner,       // a genuine act of an account that has been hijacked
  hijacked,    // a fake act through such an account
  decoy,       // genuine, and looks coordinated
};

enum class Family : std::uint8_t {
  organic,
  // attacks
  burst,             // groups fall upon one target after the other
  farm,              // few devices with many accounts each
  slow_ring,         // the same people at the same targets, at any time and in any order
  hijack,            // half of the members are accounts of genuine people
  churn,             // another device and network at every like
  human_rhythm,      // at the moments of genuine people
  residential,       // out of genuine people's homes
  warm_up,           // days of innocence first
  follow_then_like,  // follow the creator, then like
  comment_ring,      // like and praise
  rival,             // fake likes at a competitor's honest work
  crowd,             // paid people with lives of their own, each at some of the targets
  // decoys
  viral,          // tens of thousands at one work in an hour
  celebrity,      // a mention: one crowd at some older works, within minutes
  fan_club,       // fans like most new works of a creator, soon
  live_stream,    // hundreds of likes a minute, on several evenings, partly of the same people
  school_class,   // thirty pupils behind one address
  shared_device,  // a family with one tablet
  office,         // colleagues behind one address
  challenge,      // many people at many works of one tag
  playlist,       // the same works in the same order
};

inline constexpr std::uint8_t family_count = 22;

struct Label {
  Role role = Role::organic;
  Family family = Family::organic;
  std::uint16_t instance = 0;  // 0: none; else a group of an attack, or one decoy
  bool operator==(const Label&) const = default;
};

std::string_view to_string(Type type);
std::string_view to_string(Role role);
std::string_view to_string(Family family);
std::optional<Role> parse_role(std::string_view text);
std::optional<Family> parse_family(std::string_view text);

inline bool is_attack(Family family) {
  return family >= Family::burst && family <= Family::crowd;
}
inline bool is_decoy(Family family) {
  return family >= Family::viral;
}
// Whether the act itself is paid for.
inline bool is_fake(Role role) {
  return role == Role::fake || role == Role::hijacked;
}

}  // namespace zan::simulation
