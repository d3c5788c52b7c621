// KuaiRand's logs as happenings in the order of time: what there is before the logs (sequences without times), then
// each exposure as a showing of one work with the acts that came of it.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "matching/facts.h"
#include "matching/ranking/replay.h"

namespace zan::ranking_proof {

inline constexpr std::size_t person_columns = 27, video_columns = 14, scene_columns = 2;
inline constexpr std::size_t raw_columns = person_columns + video_columns + scene_columns;

struct Exposure {
  std::uint32_t user = 0, video = 0, tab = 0;
  std::int64_t time_ms = 0;
  std::uint32_t play_ms = 0, duration_ms = 0;
  bool click = false, like = false, follow = false, comment = false, hate = false, forward = false, test = false;
};

struct Past {  // of one user, oldest first
  std::uint32_t user = 0;
  std::int64_t last_ms = 0;
  std::vector<std::uint32_t> watched, liked, long_watched;
};

struct KuaiRand {
  std::vector<matching::WorkFacts> works;
  std::vector<matching::PersonFacts> people;
  std::vector<Past> pasts;
  std::vector<Exposure> exposures;  // in the order of time
  std::unordered_map<std::uint32_t, std::vector<float>> person_raw, video_raw;  // columns as numbers

  static PersonId person(std::uint32_t user) { return {user + 1}; }
  static SubjectId subject(std::uint32_t video) { return {video + 1'000'000}; }
};

// not_found: no such folder or file; corrupt: a line that cannot be read.
Result<KuaiRand> read_kuairand(const std::string& folder);

// The columns that are known of a user and a video, and the tab and hour: what XGBoost gets, and all that Replay gets
// besides.
matching::Replay::Raw raw_of(const KuaiRand& data);

// Everything in order; `first_test` becomes the number of showings before the test split, `taken` who took to what by
// then.
Result<void> play(const KuaiRand& data, matching::Replay& replay, std::size_t& first_test,
                  std::vector<matching::Pair>& taken);

}  // namespace zan::ranking_proof
