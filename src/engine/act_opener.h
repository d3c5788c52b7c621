// ActOpener: what an act or a late verdict in the journal is to the log: the event with its names, and what its person's
// key makes of it. read_logged() is the one place that says which records are entries.
//
// Threads: one.
// Errors:  corrupt, unavailable, from the registry.
#pragma once

#include <optional>
#include <string>

#include "engagement/engagement.h"
#include "evidence/evidence.h"
#include "storage/storage.h"

namespace zan::engine {

// Whether acts of this type are logged: what counts for somebody's money or reputation, and is not as common as a view.
bool is_logged(engagement::ActType type);

// Of a late verdict `act` is what it is about, with the verdict that holds from then on.
struct JournalAct {
  engagement::RecordedAct act;
  Position position;
  Timestamp received;
  bool late = false;
};
evidence::EventType event_type(const JournalAct& said);
// Empty: the record is no entry. Views point into it.
Result<std::optional<JournalAct>> read_logged(ByteSpan record, Position position, Timestamp received);

struct OpenedAct {
  evidence::Event event;
  evidence::EventSecrets secrets;
};

class ActOpener {
 public:
  explicit ActOpener(const storage::Registry& registry) : names_(registry) {}

  // REQUIRES: of read_logged(), and a person with a name.
  Result<void> open(const JournalAct& said, const storage::Registry::Person& person, OpenedAct& out);

 private:
  engagement::Names names_;
};

}  // namespace zan::engine
