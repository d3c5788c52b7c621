// Turns attacks and decoys into acts: who takes part, at which works, when, with which devices and from where.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <vector>

#include "simulation/draft.h"

namespace zan::simulation {

struct Span {
  std::int64_t from_us = 0, to_us = 0;
  [[nodiscard]] std::int64_t length() const { return to_us - from_us; }
};

class Planner {
 public:
  // `draft` holds the organic likes already.
  Planner(World& world, Draft& draft);

  // All groups of it. REQUIRES: no more than instances_max in all.
  void plan(const Attack& attack);

  // Last: gives the acts of claimed accounts the role they have got. None may be planned after that.
  void settle_claims();

 private:
  struct Member {
    std::uint32_t account = 0;
    Presence presence;  // of an attacker's account
    bool hijacked = false;
    std::uint32_t model = 0;    // the genuine account whose moments and works it copies
    std::int64_t sitting = -1;  // which half hour it got its device in, where devices change
  };
  struct Hit {
    std::uint32_t member = 0;
    std::uint32_t target = 0;
    std::int64_t at_us = 0;
  };

  void begin_group(const Attack& attack, std::uint64_t number);
  [[nodiscard]] Span draw_span() const;
  [[nodiscard]] std::int64_t within(Span span);

  // attacks
  void plan_attack();
  void recruit();
  Member enlist(std::uint32_t index);
  [[nodiscard]] std::uint32_t network_of(const Member& member, std::uint32_t index);
  bool claim(std::uint32_t account, Role role);
  [[nodiscard]] std::uint32_t pick_living();
  [[nodiscard]] Presence presence_at(Member& member, std::int64_t at_us);
  void choose_targets();
  [[nodiscard]] std::uint32_t draw_target(const std::vector<std::uint32_t>& creators);
  // For rivals the more looked at, for others a customer's or a more recent one.
  [[nodiscard]] bool better_target(std::uint32_t work, std::uint32_t than,
                                   const std::vector<std::uint32_t>& creators) const;
  void strike_together();
  void strike_in_rows();
  void strike_apart();
  void follow_humans();
  void place_hits();
  void place_hit(const Hit& hit);
  void add_camouflage();
  void add_innocent(const Member& member, std::int64_t near_us);
  void add_copied(const Member& member);
  void add_warm_up();

  // decoys
  void plan_decoy();
  void like(std::uint32_t account, std::uint32_t subject, std::int64_t at_us, const Presence* presence = nullptr);
  [[nodiscard]] std::uint32_t draw_popular(std::uint32_t interest);
  std::vector<std::uint32_t> draw_people(std::uint32_t count, bool active);
  void plan_viral();
  void plan_celebrity();
  void plan_fan_club();
  void plan_live_stream();
  void plan_school_class();
  void plan_shared_device();
  void plan_office();
  void plan_challenge();
  void plan_playlist();

  World& world_;
  Draft& draft_;
  Rng rng_;
  std::uint64_t attacks_ = 0;
  // Of the group that is being planned.
  Attack attack_;
  std::uint16_t instance_ = 0;
  Span span_;
  std::vector<Member> members_, members_before_;
  std::vector<std::uint32_t> targets_, targets_before_;
  std::vector<Hit> hits_;
  std::vector<std::uint32_t> pool_;  // networks
};

}  // namespace zan::simulation
