// What is left in the last segment after the program stopped, in whatever way.
//
// The rule: groups written since the last sync may be torn, and nobody was told of them; everything before was promised.
// Every group says how many records before it were not synced when it was written. So if a group is damaged, and behind it
// stands one that was written when the damaged one had been synced already, then a promise is broken: corrupt. If there is
// none, the damaged group may belong to the unsynced tail, and is cut off. A journal that was closed promises everything.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/journal_cursor.h"

namespace zan::storage {

struct JournalTail {
  std::uint64_t end = 0;          // offset behind the last whole group
  std::uint64_t settle_from = 0;  // groups from here on may not have been synced
  Position last;
  std::uint64_t chain = 0;
  Timestamp newest;
};

// Reads only. corrupt: damage that may not be cut off, or an end other than `closed`.
Result<JournalTail> find_journal_tail(const OpenSegment& segment, const std::optional<JournalEnd>& closed);

}  // namespace zan::storage
