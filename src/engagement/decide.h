// decide: what is known + what somebody says happened -> records. It changes nothing that anybody can see: names it had
// to give stand staged in the registry, all else in the group under construction. Dropping the group undoes it.
//
// Threads: the writer only.
// Errors:  storage's (the group must be dropped then). What is wrong with one act is that act's own rejection.
// Cost:    acts are looked at in windows, so that the cache misses of many lookups overlap: names first, then memory
//          tables, then all filters of the runs, and only then one act after the other.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "engagement/events.h"
#include "engagement/judge.h"
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

// A verdict is void when its act is gone, was replaced, is held to be just that already, or has been judged too often.
struct LateAnswer {
  std::uint32_t applied = 0;
  std::uint32_t voided = 0;
};

class Decider {
 public:
  // `judge` outlives the Decider; null: acts are not judged.
  Decider(Store& store, const HashKey& secret, Entropy& entropy, ActJudge* judge = nullptr)
      : store_(store), secret_(secret), entropy_(entropy), judge_(judge) {}

  // Starts a group at server time `now`. `stamp`: the last time ever given to an act or group; times given now are later.
  void begin(Timestamp now, Timestamp stamp);

  Result<BatchVerdict> add(const ActBatch& batch);
  // invalid: more than late_verdicts_max, or one that cannot be; nothing is added then.
  Result<LateAnswer> add_verdicts(std::span<const LateVerdict> verdicts);
  // A record of another room, to stand in the group; this room does not look into it.
  void add_foreign(ByteSpan record) { group_.add(record); }
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
  [[nodiscard]] const std::vector<VerdictRecord>& verdicts() const { return verdicts_; }

 private:
  static constexpr std::size_t window_acts = 256;
  static constexpr std::size_t judged_ahead = 12;  // acts that the judge hears of before it judges them

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
  // One late verdict, likewise.
  struct PendingVerdict {
    const LateVerdict* what = nullptr;
    PairState prior;
    std::uint32_t prior_lookup = no_entry;
  };

  void admit(const Act& act, const ActBatch& batch, BatchVerdict& verdict);
  Result<void> resolve_names(const ActBatch& batch);
  Result<EntityId> entity(storage::NameKind kind, std::string_view name, const Hash128& hash, EntityId found);
  Result<EntityId> entity(storage::NameKind kind, std::string_view name);
  void look_in_memory(const Layers& layers);
  void prefetch(const Layers& layers) const;
  void announce(const Pending& pending) const;
  void find_prior(const Layers& layers, PairTable Memtable::*table, std::uint32_t first, std::uint32_t second,
                  std::vector<storage::Lookup>& lookups, PairState& prior, std::uint32_t& lookup) const;
  Result<void> look_in_runs(const Layers& layers);
  Result<void> decide_one(const ActBatch& batch, Pending& pending, BatchVerdict& verdict);
  bool settle_id(const Pending& pending, BatchVerdict& verdict);
  bool settle_relation(const Pending& pending, RecordedAct& act);
  void judge(RecordedAct& act);
  void look_up_verdicts(const Layers& layers, std::span<const LateVerdict> verdicts);
  bool settle_verdict(const PendingVerdict& pending);
  Result<void> seal_text(const ActBatch& batch, const Act& said, RecordedAct& act);
  CreatorId creator_for(SubjectId subject, CreatorId said);
  void record(const RecordedAct& act);
  Result<void> withdraw_relations(PersonId person, Withdrawn what);
  Result<void> withdraw_comments(PersonId person);

  Store& store_;
  const HashKey secret_;
  Entropy& entropy_;
  ActJudge* const judge_;
  Timestamp now_, group_at_, stamp_;
  storage::GroupBuilder group_;
  std::vector<RecordedAct> acts_;
  std::vector<VerdictRecord> verdicts_;
  std::deque<std::string> sealed_;
  std::uint32_t ids_at_start_ = 0;

  std::vector<Pending> window_;
  std::vector<PendingVerdict> verdict_window_;
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
