#include "engagement/decide.h"

#include "base/require.h"
#include "engagement/limits.h"
#include "engagement/seal.h"

namespace zan::engagement {
namespace {

using storage::NameKind;

bool on_relation(ActType type) {
  return type == ActType::like || type == ActType::unlike || type == ActType::dislike;
}
bool on_follow(ActType type) {
  return type == ActType::follow || type == ActType::unfollow;
}
// Acts whose target is a creator.
bool on_creator(ActType type) {
  return on_follow(type) || type == ActType::profile_visit;
}

PairState claimed(const RecordedAct& act) {
  Reaction reaction = Reaction::withdrawn;
  if (act.type == ActType::like || act.type == ActType::follow) reaction = Reaction::liked;
  if (act.type == ActType::dislike) reaction = Reaction::disliked;
  const Verdict verdict = reaction == Reaction::withdrawn ? Verdict::genuine : act.judgement.verdict;
  return PairState::of(reaction, act.incentivised, act.at, verdict);
}

}  // namespace

void Decider::begin(Timestamp now, Timestamp stamp) {
  now_ = now;
  stamp_ = std::max(now, Timestamp{stamp.us + 1});
  group_at_ = stamp_;
  group_.clear();
  acts_.clear();
  verdicts_.clear();
  sealed_.clear();
  names_.clear();
  reactions_.clear();
  follows_.clear();
  ids_.clear();
  creators_.clear();
  ids_at_start_ = store_.registry().count();
}

Result<BatchVerdict> Decider::add(const ActBatch& batch) {
  BatchVerdict verdict;
  const Layers layers = store_.layers();
  for (std::size_t start = 0; start < batch.acts.size(); start += window_acts) {
    const std::size_t end = std::min(batch.acts.size(), start + window_acts);
    window_.clear();
    for (std::size_t i = start; i < end; ++i) admit(batch.acts[i], batch, verdict);
    ZAN_TRY(resolve_names(batch));
    look_in_memory(layers);
    ZAN_TRY(look_in_runs(layers));
    for (std::size_t i = 0; i < std::min(judged_ahead, window_.size()); ++i) announce(window_[i]);
    for (std::size_t i = 0; i < window_.size(); ++i) {
      if (i + judged_ahead < window_.size()) announce(window_[i + judged_ahead]);
      ZAN_TRY(decide_one(batch, window_[i], verdict));
    }
  }
  return verdict;
}

void Decider::admit(const Act& act, const ActBatch& batch, BatchVerdict& verdict) {
  if (act.at.us > now_.us + future_us_max) {
    verdict.rejected.push_back({act.index, invalid("`at` lies more than a day after the server's clock", "/at")});
    return;
  }
  Pending& pending = window_.emplace_back();
  pending.act = &act;
  pending.creator_name = act.creator;
  if (on_creator(act.type) && !act.creator) {
    pending.creator_name = act.subject;
    pending.creator_name.hash = storage::name_hash(secret_, NameKind::creator, batch.text(act.subject));
  }
}

Result<void> Decider::resolve_names(const ActBatch& batch) {
  hashes_.clear();
  for (const Pending& pending : window_) {
    const Act& act = *pending.act;
    hashes_.push_back(act.actor.hash);
    if (act.subject) hashes_.push_back(act.subject.hash);
    if (pending.creator_name) hashes_.push_back(pending.creator_name.hash);
    if (act.region) hashes_.push_back(act.region.hash);
    if (act.surface) hashes_.push_back(act.surface.hash);
  }
  found_.resize(hashes_.size());
  store_.registry().find_many(hashes_, found_);
  std::size_t next = 0;
  const auto take = [&](NameKind kind, const NameRef& name) {
    const std::size_t at = next++;
    return entity(kind, batch.text(name), name.hash, found_[at]);
  };
  for (Pending& pending : window_) {
    const Act& act = *pending.act;
    ZAN_ASSIGN(const EntityId actor, take(NameKind::person, act.actor));
    pending.actor = {actor.value};
    if (on_creator(act.type) && !act.creator) {
      ++next;  // the subject's name stands for a creator: no subject of that name is made
    } else if (act.subject) {
      ZAN_ASSIGN(const EntityId subject, take(NameKind::subject, act.subject));
      pending.subject = {subject.value};
    }
    if (pending.creator_name) {
      ZAN_ASSIGN(const EntityId creator, take(NameKind::creator, pending.creator_name));
      pending.creator = {creator.value};
    }
    if (act.region) {
      ZAN_ASSIGN(const EntityId region, take(NameKind::term, act.region));
      pending.region = {region.value};
    }
    if (act.surface) {
      ZAN_ASSIGN(const EntityId surface, take(NameKind::term, act.surface));
      pending.surface = {surface.value};
    }
  }
  return {};
}

Result<EntityId> Decider::entity(NameKind kind, std::string_view name, const Hash128& hash, EntityId found) {
  if (found) return found;
  if (const EntityId* staged = names_.find(hash.high, hash.low)) return *staged;
  ZAN_ASSIGN(const EntityId added, store_.registry().add(kind, name, hash));
  names_.put(hash.high, hash.low, added);
  return added;
}

Result<EntityId> Decider::entity(NameKind kind, std::string_view name) {
  const Hash128 hash = storage::name_hash(secret_, kind, name);
  return entity(kind, name, hash, store_.registry().find(hash));
}

void Decider::prefetch(const Layers& layers) const {
  for (const Pending& pending : window_) {
    const Act& act = *pending.act;
    if (on_relation(act.type)) {
      layers.active->reactions.prefetch(pending.actor.value, pending.subject.value);
      if (layers.frozen != nullptr) layers.frozen->reactions.prefetch(pending.actor.value, pending.subject.value);
      reactions_.prefetch(pending.actor.value, pending.subject.value);
    }
    if (!act.has_id) continue;
    layers.active->ids.prefetch(act.id);
    ids_.prefetch(act.id.high, act.id.low);
  }
}

void Decider::announce(const Pending& pending) const {
  if (judge_ == nullptr) return;
  const Act& act = *pending.act;
  judge_->prefetch({act.type, pending.actor, pending.subject, pending.creator, act.device, act.network});
}

void Decider::find_prior(const Layers& layers, PairTable Memtable::*table, std::uint32_t first, std::uint32_t second,
                         std::vector<storage::Lookup>& lookups, PairState& prior, std::uint32_t& lookup) const {
  if (first > ids_at_start_ || second > ids_at_start_) return;  // named for the first time in this group
  for (const Memtable* memory : {layers.active.get(), layers.frozen.get()}) {
    if (memory == nullptr) continue;
    if (const PairState* state = (memory->*table).find(first, second); state != nullptr && state->reacted()) {
      prior = *state;  // it won over everything older when it was written
      return;
    }
  }
  lookup = static_cast<std::uint32_t>(lookups.size());
  lookups.push_back({first, second, {}, false});
}

void Decider::look_in_memory(const Layers& layers) {
  prefetch(layers);
  reaction_lookups_.clear();
  follow_lookups_.clear();
  id_lookups_.clear();
  for (Pending& pending : window_) {
    const Act& act = *pending.act;
    if (on_relation(act.type))
      find_prior(layers, &Memtable::reactions, pending.actor.value, pending.subject.value, reaction_lookups_,
                 pending.prior, pending.prior_lookup);
    if (on_follow(act.type))
      find_prior(layers, &Memtable::follows, pending.actor.value, pending.creator.value, follow_lookups_, pending.prior,
                 pending.prior_lookup);
    if (!act.has_id) continue;
    const std::uint64_t* digest = layers.active->ids.find(act.id);
    if (digest == nullptr && layers.frozen != nullptr) digest = layers.frozen->ids.find(act.id);
    if (digest != nullptr) {
      pending.known_id = true;
      pending.known_digest = *digest;
    } else {
      pending.id_lookup = static_cast<std::uint32_t>(id_lookups_.size());
      id_lookups_.push_back({act.id.high, act.id.low, {}, false});
    }
  }
}

Result<void> Decider::look_in_runs(const Layers& layers) {
  ZAN_TRY(layers.runs[set_reactions]->find_many(reaction_lookups_));
  ZAN_TRY(layers.runs[set_follows]->find_many(follow_lookups_));
  ZAN_TRY(layers.runs[set_ids]->find_many(id_lookups_));
  for (Pending& pending : window_) {
    if (pending.prior_lookup != no_entry) {
      const auto& lookups = on_follow(pending.act->type) ? follow_lookups_ : reaction_lookups_;
      const storage::Lookup& lookup = lookups[pending.prior_lookup];
      if (lookup.found) pending.prior = PairState::from_columns(lookup.row.column[2], lookup.row.column[3]);
    }
    if (pending.id_lookup != no_entry && id_lookups_[pending.id_lookup].found) {
      pending.known_id = true;
      pending.known_digest = id_lookups_[pending.id_lookup].row.column[2];
    }
  }
  return {};
}

bool Decider::settle_id(const Pending& pending, BatchVerdict& verdict) {
  const Act& said = *pending.act;
  if (!said.has_id) return true;
  const std::uint64_t* in_group = ids_.find(said.id.high, said.id.low);
  if (in_group == nullptr && !pending.known_id) return true;
  if ((in_group != nullptr ? *in_group : pending.known_digest) == said.digest)
    ++verdict.duplicates;
  else
    verdict.rejected.push_back({said.index, conflict("an event with this id and another content was accepted", "/id")});
  return false;
}

bool Decider::settle_relation(const Pending& pending, RecordedAct& act) {
  Overlay<PairState>& overlay = on_follow(act.type) ? follows_ : reactions_;
  const std::uint64_t first = act.actor.value;
  const std::uint64_t second = on_follow(act.type) ? act.creator.value : act.subject.value;
  const PairState* in_group = overlay.find(first, second);
  const PairState prior = in_group != nullptr ? *in_group : pending.prior;
  const PairState next = claimed(act);
  if (next.rank() == prior.rank() && !act.has_id) return false;
  act.effect = next.rank() > prior.rank() ? Effect::changed : Effect::none;
  if (act.effect == Effect::none) return true;
  act.before = prior.reaction();
  act.before_incentivised = prior.incentivised();
  act.before_verdict = prior.verdict();
  if (act.before == Reaction::liked) act.before_at = prior.at();
  return true;
}

// Of an act that changes something: what it is held to be, and what the next act of the group finds.
void Decider::judge(RecordedAct& act) {
  if (judge_ != nullptr) {
    act.judgement = judge_->judge(act);
    if (!act.judgement.judged) act.judgement = {};
    require(act.judgement.reason_count <= reasons_max && act.judgement.quality <= quality_max &&
                static_cast<std::size_t>(act.judgement.verdict) < verdict_count,
            "a judgement within bounds");
  }
  if (on_follow(act.type)) follows_.put(act.actor.value, act.creator.value, claimed(act));
  if (on_relation(act.type)) reactions_.put(act.actor.value, act.subject.value, claimed(act));
}

Result<void> Decider::decide_one(const ActBatch& batch, Pending& pending, BatchVerdict& verdict) {
  const Act& said = *pending.act;
  if (!settle_id(pending, verdict)) return {};
  RecordedAct act;
  act.type = said.type;
  act.incentivised = said.incentivised;
  act.actor = pending.actor;
  act.subject = pending.subject;
  act.region = pending.region;
  act.surface = pending.surface;
  act.at = said.at.us != 0 ? said.at : stamp_;
  act.watch_ms = said.watch_ms;
  act.duration_ms = said.duration_ms;
  act.device = said.device;
  act.network = said.network;
  act.has_id = said.has_id;
  act.id = said.id;
  act.digest = said.digest;
  act.creator = on_creator(said.type) ? pending.creator : creator_for(pending.subject, pending.creator);
  if ((on_relation(said.type) || on_follow(said.type)) && !settle_relation(pending, act)) {
    ++verdict.duplicates;
    return {};
  }
  if (said.at.us == 0) ++stamp_.us;
  if (said.text_length != 0) ZAN_TRY(seal_text(batch, said, act));
  if (said.has_id) ids_.put(said.id.high, said.id.low, said.digest);
  if (act.effect == Effect::changed) judge(act);
  record(act);
  ++verdict.accepted;
  return {};
}

CreatorId Decider::creator_for(SubjectId subject, CreatorId said) {
  if (const CreatorId* in_group = creators_.find(subject.value, 0)) return *in_group;
  if (const CreatorId known = store_.totals_unlocked().creator_of(subject)) return known;
  if (said) creators_.put(subject.value, 0, said);
  return said;
}

Result<void> Decider::seal_text(const ActBatch& batch, const Act& said, RecordedAct& act) {
  ZAN_ASSIGN(const storage::PersonKey key, store_.registry().key(EntityId{act.actor.value}));
  const auto text = std::string_view(batch.arena).substr(said.text_offset, said.text_length);
  act.sealed_text = as_bytes(sealed_.emplace_back(seal(key, SealPurpose::comment, text, entropy_)));
  return {};
}

void Decider::record(const RecordedAct& act) {
  std::byte* to = group_.begin_record(record_head_bytes_max + act.sealed_text.size());
  group_.commit_record(write_act(to, act, group_at_));
  acts_.push_back(act);
}

Result<void> Decider::put_user(std::string_view user, std::string_view json) {
  ZAN_ASSIGN(const EntityId id, entity(NameKind::person, user));
  ZAN_ASSIGN(const storage::PersonKey key, store_.registry().key(id));
  const std::string sealed = seal(key, SealPurpose::attributes, json, entropy_);
  scratch_.clear();
  engagement::put_user(scratch_, {PersonId{id.value}, as_bytes(sealed)});
  group_.add(scratch_);
  return {};
}

Result<void> Decider::put_subject(std::string_view subject, std::string_view creator, std::string_view json) {
  SubjectRecord record;
  ZAN_ASSIGN(const EntityId id, entity(NameKind::subject, subject));
  record.subject = {id.value};
  if (!creator.empty()) {
    ZAN_ASSIGN(const EntityId creator_id, entity(NameKind::creator, creator));
    record.creator = {creator_id.value};
    creators_.put(id.value, 0, record.creator);
  }
  record.json = json;
  scratch_.clear();
  engagement::put_subject(scratch_, record);
  group_.add(scratch_);
  return {};
}

}  // namespace zan::engagement
