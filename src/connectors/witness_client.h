// WitnessClient: asks witnesses over HTTP to cosign a checkpoint (C2SP tlog-witness, client side).
//
// Every witness has a thread that makes one HTTP call at a time, each with a deadline; the caller makes requests, judges the
// answers and waits for no more than its time. A witness that is gone, slow, or says nonsense is left out, and not asked
// again for a while that doubles up to a minute.
//
// A witness may have seen more of our log than we have, when ours came back from an old backup, or another tree than ours.
// Anybody can claim that; so the witness is asked for the checkpoint, and only one that our own key has signed is an alarm.
//
// Threads: cosign() and alarm() in one; the destructor ends what is under way.
// Errors:  open: invalid (a witness's URL), unsupported (https), both name it. cosign() has none.
// Cost:    a thread and a connection a witness.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "evidence/evidence.h"

namespace zan::connectors {

inline constexpr std::size_t witnesses_max = 64;
inline constexpr std::int64_t witness_pause_us_max = us_per_minute;

// Of the witnesses of the policy those that have a URL. The policy's logs are ours: an alarm is signed by one of them.
Result<std::unique_ptr<evidence::Cosigners>> open_witnesses(const evidence::Policy& policy, const Clock& clock);

}  // namespace zan::connectors
