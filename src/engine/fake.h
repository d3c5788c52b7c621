// What the engine's tests share: a clock that is told the time, and acts in words.
#pragma once

#include <string>

#include "base/clock.h"
#include "engagement/engagement.h"

namespace zan::engine {

class FakeClock final : public Clock {
 public:
  Timestamp now() const override { return {now_us}; }
  std::int64_t monotonic_us() const override { return now_us; }
  std::int64_t now_us = 1'700'000'000'000'000;
};

struct Said {
  engagement::ActType type = engagement::ActType::like;
  std::string actor = {}, subject = {}, creator = {};
  std::int64_t at_us = 0;
  std::string id = {};
  bool incentivised = false;
  std::string text = {};
  std::uint64_t device = 0;
};

inline engagement::NameRef name_in(engagement::ActBatch& batch, const HashKey& secret, storage::NameKind kind,
                                   const std::string& name) {
  engagement::NameRef ref;
  if (name.empty()) return ref;
  ref.offset = static_cast<std::uint32_t>(batch.arena.size());
  ref.length = static_cast<std::uint32_t>(name.size());
  ref.hash = storage::name_hash(secret, kind, name);
  batch.arena += name;
  return ref;
}

inline void add(engagement::ActBatch& batch, const HashKey& secret, const Said& said) {
  engagement::Act act;
  act.type = said.type;
  act.index = static_cast<std::uint32_t>(batch.acts.size());
  act.incentivised = said.incentivised;
  act.actor = name_in(batch, secret, storage::NameKind::person, said.actor);
  act.subject = name_in(batch, secret, storage::NameKind::subject, said.subject);
  act.creator = name_in(batch, secret, storage::NameKind::creator, said.creator);
  act.at = {said.at_us};
  act.device = said.device;
  act.has_id = !said.id.empty();
  if (act.has_id) act.id = engagement::act_id_hash(secret, said.id);
  const std::string content = said.actor + "|" + said.subject + "|" + std::to_string(static_cast<int>(said.type)) +
                              "|" + std::to_string(said.at_us);
  act.digest = checksum64(as_bytes(content));
  act.text_offset = static_cast<std::uint32_t>(batch.arena.size());
  act.text_length = static_cast<std::uint32_t>(said.text.size());
  batch.arena += said.text;
  batch.acts.push_back(act);
}

}  // namespace zan::engine
