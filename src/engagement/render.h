// Recorded acts and tallies as JSON, the one way they look in every answer, export and stream.
//
// Threads: plain functions. Cost: appending only; a tally is about 0.1 us.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "engagement/events.h"

namespace zan::engagement {

// Follows and profile visits are of people, so a subject's tally leaves them out.
enum class TallyOf : bool { subject, person };

// "likes":N,...,"held":N,"rejected":N,"incentivised":{...} without the surrounding braces.
void append_tally(std::string& out, const Tally& tally, TallyOf of = TallyOf::subject);

// "liked":true,... without braces.
void append_viewer(std::string& out, const ViewerState& viewer);

// The names behind a RecordedAct's ids; a person that was erased is shown as null.
struct ActNames {
  std::string actor, subject, creator, region, surface;
  std::string text;  // a comment, opened
};

// One object: {"position":"..","type":"like","actor":..,...}. Only fields that were given; "superseded":true where a
// later act of the same person on the same subject had come before; verdict, quality and reasons where it was judged.
void append_act(std::string& out, Position position, Timestamp received, const RecordedAct& act, const ActNames& names);

// One object of the type "verdict": {"position":"..","type":"verdict","of":"like","actor":..,"at":..,"before":..,
// "verdict":..}. `at` is that of the act; of a follow there is a creator and no subject.
void append_verdict(std::string& out, Position position, Timestamp received, const VerdictRecord& record,
                    const ActNames& names);

}  // namespace zan::engagement
