// EvidenceView: log, index, prover and receipts of one data folder, and the thread that keeps them going.
//
// It never stands in a like's way: it follows the journal at a lower priority, and what it cannot do (a full disk, a log that
// was put back from a backup) it says in status(), while likes go on.
//
// Threads: start/stop by the owner; compact by one thread; Evidence's questions from any.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include "engine/core.h"
#include "engine/follower.h"
#include "engine/prover.h"
#include "engine/receipts.h"

namespace zan::engine {

inline constexpr const char* evidence_folder = "evidence";
// In a folder that was restored: nothing is signed until an operator has looked (log_admin.h). Holds the checkpoint.
inline constexpr const char* restored_path = "evidence/restored";

// The log's name in a folder that has a log already; else `wanted`, or one made of random digits. conflict: another name is
// wanted than the log has.
Result<std::string> choose_origin(storage::Disk& disk, Entropy& entropy, const std::string& wanted);

// Removes the index; the next step makes it again from the journal. REQUIRES: no view is open.
Result<void> forget_index(storage::Disk& disk);

class EvidenceView final : public Evidence {
 public:
  // The core outlives it. unavailable, corrupt, conflict (origin): the log as such is opened by step(), whose troubles are
  // status().trouble.
  static Result<std::unique_ptr<EvidenceView>> open(Core& core, Entropy& entropy, const EvidenceOptions& options);

  void start();
  void stop();
  // One step of the prover, as the thread does them. False: there is nothing to do for now.
  Result<bool> step();
  // After the last step.
  Result<void> close();
  Result<bool> compact(std::stop_token stop) { return index_->compact(stop); }
  [[nodiscard]] const evidence::EntryIndex& index() const { return *index_; }

  EvidenceStatus status() const override;
  Result<ReceiptAnswer> receipt(std::string_view event, std::string_view user) const override;
  Result<EvidencePage> of_subject(std::string_view subject, std::size_t limit, std::string_view cursor) const override {
    return receipts_.of_subject(subject, limit, cursor);
  }
  Result<EvidencePage> of_creator(std::string_view creator, std::size_t limit, std::string_view cursor) const override {
    return receipts_.of_creator(creator, limit, cursor);
  }
  Result<EntryRange> received(Timestamp from, Timestamp to) const override { return receipts_.received(from, to); }
  Result<Bytes> file(std::string_view path) const override { return receipts_.file(path); }

 private:
  EvidenceView(Core& core, Entropy& entropy, std::unique_ptr<storage::Disk> lock_disk,
               std::unique_ptr<evidence::EntryIndex> index, const std::string& origin, evidence::Cosigners* cosigners,
               std::uint64_t minimum_index);
  Result<bool> try_step();
  void set_trouble(std::string trouble);
  [[nodiscard]] std::string trouble() const;

  Core& core_;
  const Clock& clock_;
  const std::string origin_;
  std::unique_ptr<storage::Disk> lock_disk_;
  std::unique_ptr<evidence::EntryIndex> index_;
  Prover prover_;
  Receipts receipts_;
  bool running_ = false;  // the prover is open and well
  std::int64_t rate_from_us_ = 0;
  std::uint64_t rate_from_entries_ = 0;
  double rate_ = 0;
  mutable std::mutex trouble_mutex_;
  std::string trouble_;
  Follower follower_;
};

}  // namespace zan::engine
