// The people, places, devices and works of a made-up community, before anything happens.
//
// People live in homes of one to five behind one address each; they carry a phone, some a second device, and some homes share a
// tablet. On the road thousands share a carrier's address; campuses and offices have one each. Everybody has two to four of sixty
// interests; works belong to one each, their popularity falls with their rank in it, and attention to them fades by half-lives.
//
// Threads: one.
// Memory:  about 40 bytes an account, 32 a work.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "simulation/community.h"
#include "simulation/draw.h"

namespace zan::simulation {

inline constexpr std::uint32_t interests = 60;
inline constexpr std::uint32_t regions = 12;
inline constexpr std::uint32_t nobody = 0xffff'ffff;

struct Account {
  float activity = 0;  // likes, beside those of others
  std::uint32_t home = 0, carrier = 0, work = nobody;
  std::uint32_t device = 0, tablet = nobody;
  std::int32_t arrival_s = 0;  // after the start; not above zero: was there before
  std::int16_t shift_min = 0;  // lives so much later than others
  std::uint8_t region = 0;
  std::uint8_t tastes = 0;
  std::array<std::uint8_t, 4> taste{};
};

struct Subject {
  std::uint32_t creator = 0;
  std::uint32_t duration_ms = 0;
  std::int64_t birth_us = 0;  // after the start; may lie before it
  float weight = 0;           // popularity within its interest
  float half_life_h = 0;
  std::uint8_t interest = 0;
};

// Where somebody is, and with what.
struct Presence {
  std::uint32_t device = 0;
  std::uint32_t network = 0;
};

class World {
 public:
  explicit World(const Community& community);  // REQUIRES: complete()

  [[nodiscard]] const Community& community() const { return community_; }
  [[nodiscard]] std::int64_t end_us() const { return static_cast<std::int64_t>(community_.days) * us_per_day; }
  [[nodiscard]] const std::vector<Account>& accounts() const { return accounts_; }
  [[nodiscard]] const std::vector<Subject>& subjects() const { return subjects_; }
  [[nodiscard]] std::uint32_t devices() const { return devices_; }
  [[nodiscard]] std::uint32_t networks() const { return networks_; }
  [[nodiscard]] std::uint32_t creators() const { return creators_; }
  // The genuine ones; accounts from here on were added for attacks.
  [[nodiscard]] std::uint32_t genuine() const { return community_.accounts; }

  std::uint32_t add_device() { return devices_++; }
  std::uint32_t add_network() { return networks_++; }
  std::uint32_t add_account(Rng& rng, Presence presence);
  std::uint32_t add_subject(Rng& rng, std::uint32_t creator, std::uint32_t interest, std::int64_t birth_us);

  // A genuine account, the active ones more often.
  [[nodiscard]] std::uint32_t pick_active(Rng& rng) const;
  [[nodiscard]] std::uint32_t pick_genuine(Rng& rng) const {
    return static_cast<std::uint32_t>(rng.below(community_.accounts));
  }
  [[nodiscard]] std::uint32_t pick_carrier(Rng& rng) const { return static_cast<std::uint32_t>(rng.below(carriers_)); }
  [[nodiscard]] std::uint32_t pick_interest(Rng& rng) const;
  [[nodiscard]] Presence presence(const Account& account, std::int64_t at_us, Rng& rng) const;
  [[nodiscard]] bool to_taste(const Account& account, const Subject& subject) const;
  // How much a work is looked at, at a moment; zero before its birth.
  [[nodiscard]] static double attention(const Subject& subject, std::int64_t at_us);
  // When somebody of a shift of zero is likely to come, microseconds after midnight.
  [[nodiscard]] std::int64_t time_of_day(Rng& rng) const;
  // The start of a session of this account within [from, to), at a likely hour.
  [[nodiscard]] std::int64_t session_start(const Account& account, std::int64_t from_us, std::int64_t to_us,
                                           Rng& rng) const;

 private:
  void make_homes(Rng& rng);
  void make_home(Rng& rng, std::uint32_t first, std::uint32_t size);
  void make_workplaces(Rng& rng);
  void make_subjects(Rng& rng);
  void draw_person(Rng& rng, Account& account) const;

  Community community_;
  std::vector<Account> accounts_;
  std::vector<Subject> subjects_;
  std::array<std::uint32_t, interests> ranks_{};  // works there are of each interest
  Weighted active_;
  std::uint32_t devices_ = 0, networks_ = 0, creators_ = 0, carriers_ = 0;
};

}  // namespace zan::simulation
