// Habits: at what hours of the week people act, and of each creator a sample of the people who like its works.
//
// Why: when it is best to publish follows from when those are there who like what one makes, whatever they do then, not from when
// one's own works were acted on, which follows from when they were published.
//
// Of a person: how often they acted in each hour of the week, two bytes an hour in which they ever did; when one hour is full, all of
// the person's are halved, so what is recent weighs more. Of a creator: those likers whose hash is smallest (a bottom-k sample, Cohen
// and Kaplan 2007: which of many is in it does not depend on what they do). Only genuine, organic acts.
//
// Both are personal and go when the person is erased. Past people_max nobody new is kept.
// Threads: one. Cost: a hash lookup an act, one more a like; erase() looks into every creator's sample.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/ids.h"

namespace zan::insights {

inline constexpr std::size_t hours_a_week = 168;  // from Monday, 0 o'clock, on the operator's clock
inline constexpr std::size_t sampled_likers_max = 1000;

std::size_t hour_of_week(std::int64_t local_us);

// Those of some people of whom any hour is known: the mean of their own shares, so that each weighs one.
struct Presence {
  std::size_t people = 0;
  std::array<double, hours_a_week> share{};  // sums to 1 where there are people
};

class Habits {
 public:
  explicit Habits(std::size_t people_max) : people_max_(people_max) {}

  void acted(PersonId person, std::size_t hour);
  // An act that turned out not to be genuine.
  void unsaid(PersonId person, std::size_t hour);
  void likes(PersonId person, CreatorId creator);
  void likes_no_more(PersonId person, CreatorId creator);
  void erase(PersonId person);

  [[nodiscard]] Presence of(CreatorId creator) const;
  [[nodiscard]] Presence of(std::span<const PersonId> people) const;
  [[nodiscard]] std::size_t people() const { return people_.size(); }
  [[nodiscard]] std::size_t sampled(CreatorId creator) const;
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Hour {
    std::uint8_t hour = 0, count = 0;
  };
  struct Liker {
    std::uint32_t person = 0;
    std::uint32_t likes = 0;  // that stand
  };

  const std::size_t people_max_;
  std::unordered_map<std::uint32_t, std::vector<Hour>> people_;  // hours by hour, none zero
  std::unordered_map<std::uint32_t, std::vector<Liker>> samples_;  // by hash
};

}  // namespace zan::insights
