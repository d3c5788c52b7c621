// A made-up community, of any size, that behaves enough like one to try things on. It is labelled as such in every name
// ("sim-user-7", "sim-video-12", "sim-creator-3") and in the surface of every act ("simulator").
//
// People come in sessions, more in the evening than at night. Each has three tastes among sixteen categories and a
// leaning to like; videos are watched by Zipf rank, within the person's tastes or from the whole; how long depends on the
// taste; what is watched longer is liked, completed, commented, shared more often; some likes are withdrawn.
//
// Nothing is remembered between sessions: a person and a video are computed from the seed and their number when
// needed, so memory does not grow with size, and a session's acts depend on (options, session number) only. An act's
// id is "sim:<seed>:<end of the timeline, ms>:<number>".
#pragma once

#include <cstdint>
#include <memory>

#include "base/clock.h"
#include "connectors/source.h"

namespace zan::connectors {

struct SyntheticOptions {
  std::uint64_t seed = 1;
  std::uint32_t users = 5'000;
  std::uint32_t subjects = 2'000;
  std::uint64_t acts = 300'000;
  std::uint32_t days = 7;
  Timestamp end;                              // of the timeline; acts lie in the `days` before it
  bool times = true;                          // false: no `at`, so that each act counts as of when it is delivered
  bool attributes = true;                     // false: acts only
  std::size_t batch_acts = batch_events_max;  // about so many acts a batch; fewer for slow delivery
};

// invalid: a size of zero, or an `end` that leaves no room for the days.
// A cursor of this source also carries `end`, so that a resumed run goes on with the timeline it began with.
Result<std::unique_ptr<Source>> make_synthetic(const SyntheticOptions& options);

}  // namespace zan::connectors
