#include "engine/act_opener.h"

#include <algorithm>

#include "base/require.h"

namespace zan::engine {

using engagement::ActType;

bool is_logged(ActType type) {
  return std::ranges::find(evidence::event_types, event_type(type)) != evidence::event_types.end();
}

// The log's numbers of types are those of the acts.
evidence::EventType event_type(ActType type) {
  return static_cast<evidence::EventType>(type);
}

Result<void> ActOpener::open(const JournalAct& said, const storage::Registry::Person& person, OpenedAct& out) {
  const engagement::RecordedAct& act = said.act;
  require(is_logged(act.type) && !person.name.empty(), "an act that is logged, of a person with a name");
  evidence::Event& event = out.event;
  event.type = event_type(act.type);
  event.number = said.position.value;
  event.at = act.at;
  event.received = said.received;
  event.incentivised = act.incentivised;
  event.changed = act.effect == engagement::Effect::changed;
  event.replaced = static_cast<evidence::Replaced>(act.before);
  event.replaced_incentivised = act.before_incentivised;
  event.verdict = evidence::Verdict::unjudged;
  ZAN_ASSIGN(event.subject, names_.name(act.subject.value));
  ZAN_ASSIGN(event.creator, names_.name(act.creator.value));
  ZAN_ASSIGN(event.region, names_.name(act.region.value));
  ZAN_ASSIGN(event.surface, names_.name(act.surface.value));
  event.text_hash.reset();
  if (!act.sealed_text.empty()) {
    ZAN_ASSIGN(const std::string text, engagement::open_comment(person.key, act.sealed_text));
    event.text_hash = evidence::sha256(as_bytes(text));
  }
  out.secrets = evidence::secrets_of(person.key, event.number, evidence::scope_of(event.subject, event.creator));
  event.actor = evidence::actor_of(out.secrets.actor_key, person.name);
  return {};
}

}  // namespace zan::engine
