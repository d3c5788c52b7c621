// Store: the state of engagement - memory tables, totals, runs and kv of this room as one - and the only thing that
// changes it. What changes it is a record; live commits and replay go through the same apply().
//
// Owns:    the memory tables and totals; borrows registry, runs and kv, which outlive it.
// Threads: apply/erase/freeze by the writer; flush by the flusher; layers() and with_totals() from any thread.
//          One mutex guards the active table, the totals and the swap of tables; apply() holds it for a slice of
//          records at a time, readers for the probes of one question.
// Errors:  corrupt, unavailable, from storage.
#pragma once

#include <array>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <span>

#include "base/result.h"
#include "engagement/events.h"
#include "engagement/keys.h"
#include "engagement/memtable.h"
#include "engagement/record.h"
#include "engagement/totals.h"
#include "storage/storage.h"

namespace zan::engagement {

// A consistent set of places to look: memory first, then runs. A fact may stand in two of them; merging is idempotent.
struct Layers {
  std::shared_ptr<const Memtable> active;  // read under the Store's mutex, or by the writer
  std::shared_ptr<const Memtable> frozen;  // may be null
  std::array<std::shared_ptr<const storage::RunView>, set_count> runs;
};

class Store {
 public:
  // Loads totals and creators from the runs.
  static Result<std::unique_ptr<Store>> open(storage::Registry& registry, storage::Runs& runs, storage::Kv& kv);

  // --- the writer ---
  [[nodiscard]] const Memtable& active() const { return *active_; }
  [[nodiscard]] const Totals& totals_unlocked() const { return totals_; }
  // Applies decided acts in order; the first has position `first`. kv facts go into `txn`.
  void apply(std::span<const RecordedAct> acts, Position first, storage::WriteTxn& txn);
  // The same for late verdicts; they change nothing in kv.
  void apply(std::span<const VerdictRecord> verdicts);
  // Applies one record of any kind of this room, as found in the journal.
  Result<void> apply_record(ByteSpan record, Timestamp group_at, Position position, storage::WriteTxn& txn);
  // The active table becomes the frozen one. REQUIRES: no frozen table.
  void freeze(Position up_to);
  [[nodiscard]] bool has_frozen() const;

  // --- the flusher ---
  // Moves the frozen table into the runs and drops it. On an error it stays; call again.
  Result<void> flush_frozen();

  // --- anybody ---
  [[nodiscard]] Layers layers() const;
  // Whether an act with this id was accepted.
  Result<bool> seen(const Hash128& act_id) const;
  // Calls body(const Totals&, const Memtable& active) under the mutex. Keep it short.
  template <typename Body>
  auto locked(Body&& body) const {
    const std::lock_guard lock(mutex_);
    return body(totals_, *active_);
  }
  [[nodiscard]] storage::Registry& registry() const { return registry_; }
  [[nodiscard]] storage::Kv& kv() const { return kv_; }

 private:
  Store(storage::Registry& registry, storage::Runs& runs, storage::Kv& kv)
      : registry_(registry), runs_(runs), kv_(kv), active_(std::make_shared<Memtable>()) {}

  Result<void> load();
  Result<void> check_named(std::initializer_list<std::uint32_t> ids) const;
  void prefetch(const RecordedAct& act) const;
  void apply_act(const RecordedAct& act, Position position, storage::WriteTxn& txn);
  void apply_reaction(const RecordedAct& act);
  void apply_follow(const RecordedAct& act);
  void apply_deed(const RecordedAct& act);
  void apply_withdrawal(const WithdrawalRecord& record);
  void apply_verdict(const VerdictRecord& record);
  void apply_erased(PersonId person, storage::WriteTxn& txn);
  void assign_creator(SubjectId subject, CreatorId creator, Position position);
  void count(std::uint32_t entity, Role role, unsigned counter, std::int8_t amount);
  void count_all(PersonId person, SubjectId subject, CreatorId creator, unsigned counter, std::int8_t amount);
  void move(std::uint32_t entity, std::uint8_t slot, std::int64_t amount);

  storage::Registry& registry_;
  storage::Runs& runs_;
  storage::Kv& kv_;
  mutable std::mutex mutex_;
  std::shared_ptr<Memtable> active_;
  std::shared_ptr<const Memtable> frozen_;
  Totals totals_;
};

// The frozen table's content as sorted rows, one vector a set.
std::array<std::vector<storage::Row>, set_count> rows_of(const Memtable& table);

}  // namespace zan::engagement
