// What is remembered of one account: since when it is known, how many likes and views, the rhythm of its likes, what it
// watched last, and the devices and networks it used last.
//
// Rhythm: mean and deviation of ln(seconds between likes), each gap with the weight 1/16, the first sixteen evenly. A
// person's gaps spread over several units; a script's deviation is near zero.
// Watched: the last four subjects with a view; a like of none of them is one "without a view before".
// Devices and networks: 16 bits of the hash of the last two of each; one is taken for known by chance once in 30,000.
// A like that comes late counts, but leaves the rhythm alone.
#pragma once

#include <array>
#include <cstdint>

#include "integrity/act_view.h"
#include "integrity/features/windows.h"

namespace zan::integrity {

class AccountState {
 public:
  void add(std::uint32_t& last, const ActView& act, const Moment& moment);

  [[nodiscard]] std::uint32_t first_second() const { return first_second_; }
  [[nodiscard]] std::uint32_t likes() const { return likes_; }
  [[nodiscard]] std::uint32_t views() const { return views_; }
  [[nodiscard]] double likes_without_view_share() const;
  [[nodiscard]] double gap_mean() const { return gap_mean_; }
  [[nodiscard]] double gap_deviation() const;
  // Negative: it never liked.
  [[nodiscard]] double seconds_since_like(std::int64_t at_us) const;
  // Of the last view of the subject among those remembered, in ms; negative: none.
  [[nodiscard]] double watched_ms(std::uint32_t subject) const;
  [[nodiscard]] bool knows_device(std::uint64_t device) const;
  [[nodiscard]] bool knows_network(std::uint64_t network) const;

  [[nodiscard]] bool valid(std::uint32_t last) const;

 private:
  static constexpr std::size_t watched_max = 4;

  void add_like(const ActView& act);
  void add_view(const ActView& act);
  void add_gap(double seconds);

  std::uint64_t last_like_ms_ = 0;  // plus one; zero: never
  std::uint32_t first_second_ = 0;
  std::uint32_t likes_ = 0, views_ = 0, likes_without_view_ = 0;
  float gap_mean_ = 0, gap_variance_ = 0;
  std::array<std::uint32_t, watched_max> watched_{};     // the latest first
  std::array<std::uint16_t, watched_max> watched_ds_{};  // tenths of a second
  std::array<std::uint16_t, 2> devices_{}, networks_{};  // the latest first
};
static_assert(sizeof(AccountState) == 64);

}  // namespace zan::integrity
