// ActOpener: what an act in the journal is to the log: the event with its names, and what its person's key makes of it.
//
// Threads: one.
// Errors:  corrupt, unavailable, from the registry.
#pragma once

#include <string>

#include "engagement/engagement.h"
#include "evidence/evidence.h"
#include "storage/storage.h"

namespace zan::engine {

// Whether acts of this type are logged: what counts for somebody's money or reputation, and is not as common as a view.
bool is_logged(engagement::ActType type);
evidence::EventType event_type(engagement::ActType type);

struct JournalAct {
  engagement::RecordedAct act;
  Position position;
  Timestamp received;
};

struct OpenedAct {
  evidence::Event event;
  evidence::EventSecrets secrets;
};

class ActOpener {
 public:
  explicit ActOpener(const storage::Registry& registry) : names_(registry) {}

  // REQUIRES: is_logged, and a person with a name.
  Result<void> open(const JournalAct& said, const storage::Registry::Person& person, OpenedAct& out);

 private:
  engagement::Names names_;
};

}  // namespace zan::engine
