// decide: what is known + what somebody says happened -> records. It changes nothing that anybody can see: names it had
// to give stand staged in the registry, all else in the group under construction. Dropping the group undoes it.
//
// Threads: the writer only.
// Errors:  storage's (the group must be dropped then). What is wrong with one act is that act's own rejection.
// Cost:    acts are looked at in windows, so that the cache misses of many lookups overlap: names first, then memory
//          tables, then all filters of the runs, and only then one act after the other.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "engagement/events.h"
#include "engagement/overlay.h"
#include "engagement/store.h"

namespace zan::engagement {

struct Rejection {
  std::uint32_t index = 0;
  Error error;
};

struct BatchVerdict {
  std::uint32_t accepted = 0;
  std::uint32_t duplicates = 0;
  std::vector<Rejection> rejected;
};

class Decider {
 public:
  Decider(Store& store, const HashKey& secret, Entropy& entropy) : store_(store), secret_(secret), entropy_(entropy) {}

  // Starts a group at server time `now`. `stamp`: the last time ever given to an act or group; times given now are later.
  void begin(Timestamp now, Timestamp stamp);

  Result<BatchVerdict> add(const ActBatch& batch);
  Result<void> put_user(std::string_view user, std::string_view json);
  Result<void> put_subject(std::string_view subject, std::string_view creator, std::string_view json);
  // Withdraws everything the person holds and marks the end. not_found: nobody of that name. REQUIRES: nothing else is
  // in the group.
  Result<PersonId> erase(std::string_view user);
  Result<void> erase(PersonId person);

  [[nodiscard]] Timestamp group_at() const { return group_at_; }
  [[nodiscard]] Timestamp last_stamp() const { return stamp_; }
  [[nodiscard]] const storage::GroupBuilder& group() const { return group_; }
  [[nodiscard]] const std::vector<RecordedAct>& acts() const { return acts_; }

 private:
  static constexpr std::size_t window_acts = 256;

  // One act on its way through a window.
  struct Pending {
    const Act* act = nullptr;
    NameRef creator_name;
    PersonId actor;
    SubjectId subject;
    CreatorId creator;  // as the client said
    TermId region, surface;
    PairState prior;
    std::uint32_t prior_lookup = no_entry;  // index into lookups_
    std::uint32_t id_lookup = no_entry;
    std::uint64_t known_digest = 0;
    bool known_id = false;
    bool rejected = false;
  };

  void admit(const Act& act, const ActBatch& batch, BatchVerdict& verdict);
  Result<void> resolve_names(const ActBatch& batch);
  Result<EntityId> entity(storage::NameKind kind, std::string_view name, const Hash128& hash, EntityId found);
  Result<EntityId> entity(storage::NameKind kind, std::string_view name);
  void look_in_memory(const Layers& layers);
  Result<void> look_in_runs(const Layers& layers);
  Result<void> decide_one(const ActBatch& batch, Pending& pending, BatchVerdict& verdict);
  bool settle_id(const Pending& pending, BatchVerdict& verdict);
  bool settle_relation(const Pending& pending, RecordedAct& act);
  Result<void> seal_text(const ActBatch& batch, const Act& said, RecordedAct& act);
  CreatorId creator_for(SubjectId subject, CreatorId said);
  void record(const RecordedAct& act);
  Result<void> withdraw_relations(PersonId person, Withdrawn what);
  Result<void> withdraw_comments(PersonId person);

  Store& store_;
  const HashKey secret_;
  Entropy& entropy_;
  Timestamp now_, group_at_, stamp_;
  storage::GroupBuilder group_;
  std::vector<RecordedAct> acts_;
  std::deque<std::string> sealed_;
  std::uint32_t ids_at_start_ = 0;

  std::vector<Pending> window_;
  std::vector<Hash128> hashes_;
  std::vector<EntityId> found_;
  std::vector<storage::Lookup> reaction_lookups_, follow_lookups_, id_lookups_;
  Overlay<EntityId> names_;
  Overlay<PairState> reactions_, follows_;
  Overlay<std::uint64_t> ids_;
  Overlay<CreatorId> creators_;
  Bytes scratch_;
};

}  // namespace zan::engagement
