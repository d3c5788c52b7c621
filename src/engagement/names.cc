#include "engagement/names.h"

#include "engagement/seal.h"

namespace zan::engagement {

Result<std::string> open_comment(const storage::PersonKey& key, ByteSpan sealed) {
  return unseal(key, SealPurpose::comment, as_text(sealed));
}
Result<std::string> open_attributes(const storage::PersonKey& key, ByteSpan sealed) {
  return unseal(key, SealPurpose::attributes, as_text(sealed));
}

Result<std::string_view> Names::name(std::uint32_t id) {
  if (id == 0) return std::string_view{};
  Slot& slot = cache_[id % cache_slots];
  if (slot.id == id && !registry_.erased(EntityId{id})) return std::string_view(slot.name);
  Result<std::string> read = registry_.name(EntityId{id});
  if (!read.ok() && read.error().kind == ErrorKind::not_found) {
    slot = {};
    return std::string_view{};
  }
  if (!read.ok()) return read.error();
  slot = {id, std::move(read).value()};
  return std::string_view(slot.name);
}

Result<ActNames> Names::of(const RecordedAct& act) {
  ActNames names;
  ZAN_ASSIGN(names.actor, name(act.actor.value));
  ZAN_ASSIGN(names.subject, name(act.subject.value));
  ZAN_ASSIGN(names.creator, name(act.creator.value));
  ZAN_ASSIGN(names.region, name(act.region.value));
  ZAN_ASSIGN(names.surface, name(act.surface.value));
  if (act.sealed_text.empty() || names.actor.empty()) return names;
  const Result<storage::PersonKey> key = registry_.key(EntityId{act.actor.value});
  if (!key.ok()) return names;  // erased in between
  ZAN_ASSIGN(names.text, open_comment(*key, act.sealed_text));
  return names;
}

Result<ActNames> Names::of(const VerdictRecord& verdict) {
  const bool follow = verdict.what.type == ActType::follow;
  ActNames names;
  ZAN_ASSIGN(names.actor, name(verdict.what.person.value));
  ZAN_ASSIGN(names.subject, name(follow ? 0 : verdict.what.target));
  ZAN_ASSIGN(names.creator, name(follow ? verdict.what.target : verdict.creator.value));
  return names;
}

}  // namespace zan::engagement
