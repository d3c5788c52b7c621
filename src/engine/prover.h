// Prover: follows the journal and puts its likes, comments and follows, and late verdicts on them, into the log, each once
// and in order.
//
// Which entry an event is follows from the journal alone: entry i is of the i-th record that is logged. So nothing ties log and
// journal together on disk: a start asks the log for its size, the index for where it stopped, and counts on from there.
//
// Threads: one (the evidence thread); the log's files and the index are read beside it.
// Errors:  unavailable: nothing is lost, call resume() and go on. conflict, corrupt: nothing is signed any more.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/act_opener.h"
#include "engine/evidence.h"
#include "evidence/evidence.h"
#include "storage/storage.h"

namespace zan::engine {

// What the prover reads and writes; all of it outlives the prover.
struct ProverRooms {
  storage::Disk& disk;
  storage::Disk* lock_disk = nullptr;
  const storage::Journal& journal;
  const storage::Registry& registry;
  evidence::EntryIndex& index;
  Entropy& entropy;
  const Clock& clock;
  evidence::Cosigners* cosigners = nullptr;
};

// Names and keys of the persons who acted last: a community's busy members come again and again.
class PersonCache {
 public:
  explicit PersonCache(const storage::Registry& registry) : registry_(registry), slots_(slot_count) {}
  // The persons of these acts, in their order. Without a name: erased.
  Result<void> find(std::span<const JournalAct> acts, std::vector<storage::Registry::Person>& out);

 private:
  static constexpr std::size_t slot_count = 32 * 1024;
  struct Slot {
    PersonId id;
    storage::Registry::Person person;
  };
  const storage::Registry& registry_;
  std::vector<Slot> slots_;
  std::vector<PersonId> missing_;
  std::vector<std::size_t> places_;  // of the missing, in `out`
  std::vector<storage::Registry::Person> found_;
};

class Prover {
 public:
  Prover(const ProverRooms& rooms, std::string origin);

  // Opens the log, and finds the place in the journal. REQUIRES: before step(), and after an error of one.
  Result<void> resume();
  // Logs what the journal has, as much as one batch holds; publishes when all is logged or it is time. False: there is
  // nothing more for now.
  Result<bool> step();
  // Moves everything to where the next start finds it without work.
  Result<void> close();

  [[nodiscard]] std::uint64_t entries() const { return log_ ? log_->size() : 0; }
  [[nodiscard]] Position position() const { return processed_; }
  [[nodiscard]] std::uint64_t published() const { return log_ ? log_->published_size() : 0; }

 private:
  Result<void> gather();
  Result<bool> next_acts();
  Result<void> add_acts();
  Result<void> commit();
  Result<void> publish();

  ProverRooms rooms_;
  const std::string origin_;
  std::unique_ptr<evidence::Log> log_;
  ActOpener opener_;
  PersonCache cache_;

  // Of the journal:
  std::unique_ptr<storage::JournalReader> reader_;
  storage::Group group_;
  storage::RecordReader records_{ByteSpan{}};
  Position at_;         // the next record of group_
  Position processed_;  // all up to here is in log and index

  // Gathered, and not in the log yet:
  std::vector<JournalAct> acts_;
  std::vector<storage::Registry::Person> persons_;
  OpenedAct opened_;
  evidence::EntryBatch batch_;
  std::vector<evidence::EntryIndex::NewEntry> new_entries_;
  std::uint64_t next_index_ = 0;
  Position gathered_;
  std::int64_t published_at_us_ = 0;
};

}  // namespace zan::engine
