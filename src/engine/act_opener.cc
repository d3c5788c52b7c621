#include "engine/act_opener.h"

#include <algorithm>

#include "base/require.h"

namespace zan::engine {

using engagement::ActType;

namespace {

// The log's numbers of types are those of the acts.
evidence::EventType type_of(ActType type) {
  return static_cast<evidence::EventType>(type);
}

// What a late verdict is about: a follow names its creator alone, as the relation does.
engagement::RecordedAct act_of(const engagement::VerdictRecord& verdict) {
  const engagement::LateVerdict& what = verdict.what;
  const bool follow = what.type == ActType::follow;
  engagement::RecordedAct act;
  act.type = what.type;
  act.incentivised = act.before_incentivised = verdict.incentivised;
  act.before = what.type == ActType::dislike ? engagement::Reaction::disliked : engagement::Reaction::liked;
  act.actor = what.person;
  act.subject = {follow ? 0 : what.target};
  act.creator = follow ? CreatorId{what.target} : verdict.creator;
  act.at = what.at;
  act.judgement.judged = true;
  act.judgement.verdict = what.verdict;
  return act;
}

evidence::Verdict logged_verdict(const engagement::Judgement& judgement) {
  if (!judgement.judged) return evidence::Verdict::unjudged;
  switch (judgement.verdict) {
    case engagement::Verdict::held:
      return evidence::Verdict::held;
    case engagement::Verdict::rejected:
      return evidence::Verdict::rejected;
    default:
      return evidence::Verdict::genuine;
  }
}

}  // namespace

bool is_logged(ActType type) {
  return std::ranges::find(evidence::event_types, type_of(type)) != evidence::event_types.end();
}

evidence::EventType event_type(const JournalAct& said) {
  return said.late ? evidence::EventType::verdict : type_of(said.act.type);
}

Result<std::optional<JournalAct>> read_logged(ByteSpan record, Position position, Timestamp received) {
  std::optional<JournalAct> said;
  if (record.empty()) return said;
  if (record.front() == static_cast<std::byte>(engagement::RecordTag::act)) {
    ZAN_ASSIGN(const engagement::RecordedAct act, engagement::read_act(record, received));
    if (is_logged(act.type)) said = {act, position, received, false};
  } else if (record.front() == static_cast<std::byte>(engagement::RecordTag::verdict)) {
    ZAN_ASSIGN(const engagement::VerdictRecord verdict, engagement::read_verdict(record, received));
    said = {act_of(verdict), position, received, true};
  }
  return said;
}

Result<void> ActOpener::open(const JournalAct& said, const storage::Registry::Person& person, OpenedAct& out) {
  const engagement::RecordedAct& act = said.act;
  require(is_logged(act.type) && !person.name.empty(), "an act that is logged, of a person with a name");
  evidence::Event& event = out.event;
  event.type = event_type(said);
  event.number = said.position.value;
  event.at = act.at;
  event.received = said.received;
  event.incentivised = act.incentivised;
  event.changed = act.effect == engagement::Effect::changed;
  event.replaced = static_cast<evidence::Replaced>(act.before);
  event.replaced_incentivised = act.before_incentivised;
  event.verdict = logged_verdict(act.judgement);
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
