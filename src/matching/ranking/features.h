// Features: what is known of a showing at its moment, as one row of numbers that trees can read.
//
// Nothing in a row is later than the showing, and nothing says who somebody is: no age, sex, name or network. Acts that
// are doubtful or paid for never become deeds, so they never reach a row. What is not known is NaN. The words of the
// operator (tags, surfaces, kinds) enter as the mean response of others to them (Baselines).
//
// Behind our own features a row may carry numbers of the operator's own, such as the columns of a data set.
//
// Threads: a RowMaker may be shared; it refers to what it was made from. Cost: about a microsecond a row.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "matching/candidate.h"
#include "matching/live/people.h"
#include "matching/ranking/baselines.h"

namespace zan::matching {

enum class Feature : std::uint16_t {
  // the work, lately and over all time; rates are drawn to the tags' and the creator's
  work_lately_shown, work_lately_click, work_lately_long_view, work_lately_like, work_lately_leave,
  work_ever_shown, work_click, work_long_view, work_like, work_follow, work_comment, work_dislike, work_leave,
  work_age, work_duration,
  // the mean response of others
  kind_click, kind_long_view, kind_like,
  surface_click, surface_long_view, surface_like,
  surface_kind_click, surface_kind_long_view,
  hour_click, hour_long_view,
  activity_click, activity_long_view, activity_like,
  tag_shown, tag_click, tag_long_view, tag_like, tag_leave,
  creator_shown, creator_click, creator_long_view, creator_like, creator_follow, creator_leave,
  // the person
  person_shown, person_click, person_long_view, person_like, person_follow, person_comment, person_dislike,
  person_leave,
  person_last_click, person_last_long_view, person_last_leave,  // of their last showings
  person_away, person_known_for, person_taken, person_shown_lately, person_hour,
  person_at_home,  // in the region that is theirs
  // the person and the work
  tag_taste_shown, tag_taste_click, tag_taste_long_view, tag_taste_like, tag_taste_against,
  creator_taste_shown, creator_taste_click, creator_taste_like, creator_taste_against, follows,
  seen_before, seen_ago,
  similar, taste,
  duration_to_usual, same_tag_taken, same_tag_seen, same_creator_taken, same_kind_taken,
  // where it stood; 0 when serving (Guo et al., PAL, RecSys 2019)
  place,
};
inline constexpr std::size_t feature_count = static_cast<std::size_t>(Feature::place) + 1;
inline constexpr std::size_t raw_max = 64;  // numbers of the operator's own
inline constexpr std::size_t row_width = feature_count + raw_max;

using FeatureRow = std::array<float, row_width>;
constexpr float& at(FeatureRow& row, Feature feature) { return row[static_cast<std::size_t>(feature)]; }
constexpr float at(const FeatureRow& row, Feature feature) { return row[static_cast<std::size_t>(feature)]; }

// "work_lately_click"; of the operator's own: "raw_0" and so on. REQUIRES: feature < row_width.
const char* name_of_feature(std::size_t feature);

// What is the same for all candidates of one person in one scene. What was read of a tag or a kind for one candidate is
// kept for the next, as works for one person share many; creators they seldom share. Threads: one.
class RowMaker {
 public:
  RowMaker(const Person& person, const Scene& scene, const Works& works, const Baselines& baselines);

  // `view` is the work's. The operator's own numbers and the place become NaN and 0; the caller may put them.
  [[nodiscard]] FeatureRow row(const Candidate& candidate, const WorkView& view) const;

 private:
  struct Remembered {  // of a work taken or seen
    WorkView view;
  };
  struct Kept {
    std::uint64_t key = 0;  // 0: nothing yet
    Response response;
  };
  [[nodiscard]] Mean shared_mean(Baseline what, std::uint64_t key, const Rates& parent) const;
  void set_person(FeatureRow& row) const;
  void set_last_showings(FeatureRow& row) const;
  void set_work(FeatureRow& row, const WorkView& view) const;
  void set_tastes(FeatureRow& row, const WorkView& view) const;
  void set_memory(FeatureRow& row, const WorkView& view) const;

  const Person& person_;
  const Baselines& baselines_;
  Scene scene_;
  std::uint32_t now_s_;
  Mean everything_;
  FeatureRow common_;  // what does not depend on the candidate
  std::vector<Remembered> taken_, seen_;  // the last few
  float usual_duration_;  // log of what they take to
  mutable std::array<Kept, 64> kept_;   // by the last bits of a hash; who comes later takes the place
};

}  // namespace zan::matching
