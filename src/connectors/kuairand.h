// KuaiRand-Pure: real exposures, likes and follows of a short-video platform, read from the files as they are
// (Gao et al., "KuaiRand", CIKM 2022). Names of users, videos and authors are the files' own numbers.
//
// Order: videos, users, likes of the first period, the log of the second: an act is understood by what is known when it
// comes. What becomes what:
//
//   user_features_pure.csv          PUT user: register_day (register_days counted back from 2022-04-25), activity and
//                                   network sizes under custom. Age and region are not in the data and stay unknown.
//   video_features_basic_pure.csv   PUT subject: creator, tags, duration_ms, published_at (a day; midnight in UTC+8)
//   user_sequences_0408_0424.csv    like_seq: a like each, at the user's last_time_ms, no surface. The watch lists have
//                                   no times of their own and become nothing.
//   log_0425_0508.csv.gz            one row is one exposure, a showing, surface "tab:<n>", at time_ms; and what was done:
//     is_click          view (watch_ms, duration_ms)       is_follow          follow of the video's author
//     is_like           like                               is_comment         comment (the words are not in the data)
//     is_hate           dislike                            is_forward         share
//     is_profile_enter  profile_visit                      play_time_ms >= duration_ms > 0   complete
//
// An exposure without any of these leaves the showing alone: there is no act of being shown something.
//
// Ids: "kuairand:like:<user>:<n>" and "kuairand:log:<row>:<type>", both from 1.
//
// All days may be moved, so that a demonstration lives today; a cursor remembers by how many.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "connectors/source.h"

namespace zan::connectors {

// Days from the log's last one (in UTC+8) to the last that is over.
std::uint32_t kuairand_days_to(Timestamp now);

// Every time and day is told as `days_later` after what the files say, but by resume() as the cursor does.
// not_found: a file or a column is missing; the message names it.
Result<std::unique_ptr<Source>> open_kuairand(const std::string& folder, std::uint32_t days_later = 0);

}  // namespace zan::connectors
