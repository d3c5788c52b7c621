// Harvest: showings and what became of them, as rows to learn from. A row is taken at the showing, before anything
// of it is known; signals are added as they come, within their time: views and comments within half an hour, likes,
// follows and dislikes within a day. What nobody took up is a no: that is where the negatives come from.
//
// Owns: the rows. Threads: one. Cost: 4 bytes a feature and 40 a row; a lookup a signal.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "matching/ranking/features.h"

namespace zan::matching {

inline constexpr std::int64_t view_wait_us = 30 * us_per_minute, like_wait_us = us_per_day;

// Showings in the order of their time.
struct Showings {
  std::size_t raw_count = 0;           // numbers of the operator's own in each row, at most raw_max
  std::vector<float> values;           // rows of width() floats, one after another
  std::vector<Signals> outcomes;       // of each showing
  std::vector<float> weights;          // above 0
  std::vector<std::int64_t> times_us;  // do not descend
  std::vector<std::uint32_t> persons;  // numbers, to judge each person's own ranking by; nothing is learned from them

  [[nodiscard]] std::size_t width() const { return feature_count + raw_count; }
  [[nodiscard]] std::size_t size() const { return outcomes.size(); }
  [[nodiscard]] std::span<const float> row(std::size_t i) const {
    return std::span(values).subspan(i * width(), width());
  }
};

class Harvest {
 public:
  explicit Harvest(std::size_t raw_count = 0) { showings_.raw_count = raw_count; }

  // `weight`: how much the row counts; what an exploration showed may count more, as it was not chosen.
  // REQUIRES: weight > 0.
  void shown(PersonId person, WorkRow work, const FeatureRow& row, Timestamp at, float weight = 1);
  // Signals that People heard for the first time of the last showing; those that come too late are not added.
  void came(PersonId person, WorkRow work, Signals fresh, Timestamp at);
  // A like taken back or found false is no answer.
  void withdrawn(PersonId person, WorkRow work, Signals signals);

  [[nodiscard]] const Showings& showings() const { return showings_; }
  [[nodiscard]] std::size_t size() const { return showings_.size(); }
  // Everything, and begins anew. What comes later for these showings is not added.
  Showings take();

 private:
  static std::uint64_t key_of(PersonId person, WorkRow work) { return std::uint64_t{person.value} << 32 | work; }

  Showings showings_;
  std::unordered_map<std::uint64_t, std::size_t> last_;  // row of the last showing of a work to a person
};

}  // namespace zan::matching
