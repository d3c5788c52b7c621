// Receipts: answers out of log, index, journal and registry, beside the prover.
//
// Threads: any.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/act_opener.h"
#include "engine/core.h"
#include "engine/evidence.h"

namespace zan::engine {

// `log/retention`: "minimum_index <n>", and where the policy is written. 0 without one.
inline constexpr const char* retention_path = "log/retention";
Result<std::uint64_t> read_minimum_index(storage::Disk& disk);

// The checkpoint that receipts are made for.
struct Published {
  std::string note;
  evidence::Checkpoint checkpoint;
};

class Receipts {
 public:
  // Tiles and bundles that end at `minimum_index` or before are denied.
  Receipts(Core& core, const evidence::EntryIndex& index, std::uint64_t minimum_index)
      : core_(core), index_(index), minimum_index_(minimum_index) {}

  // By the evidence thread: how far the prover is, and how fast.
  struct Progress {
    Position position;
    std::uint64_t entries = 0;
    double entries_per_second = 0;
  };
  Result<void> refresh(const Progress& progress);

  [[nodiscard]] std::shared_ptr<const Published> published() const;
  [[nodiscard]] Progress progress() const;

  Result<ReceiptAnswer> receipt(std::string_view event, std::string_view user) const;
  Result<EvidencePage> of_subject(std::string_view subject, std::size_t limit, std::string_view cursor) const;
  Result<EvidencePage> of_creator(std::string_view creator, std::size_t limit, std::string_view cursor) const;
  Result<EntryRange> received(Timestamp from, Timestamp to) const;
  Result<Bytes> file(std::string_view path) const;

 private:
  using Newest = Result<std::vector<Position>> (evidence::EntryIndex::*)(std::uint32_t, Position, std::size_t) const;
  // An event as the journal and the registry know it. Empty: its person was erased.
  struct Opened {
    OpenedAct act;
    std::string user;
  };
  struct Sought {
    std::optional<Position> position;
    bool known = false;  // it was accepted, if it has no position yet
  };
  Result<Sought> seek(std::string_view event) const;
  [[nodiscard]] ReceiptAnswer pending(Position position) const;
  Result<std::optional<Opened>> open(const evidence::IndexedEntry& entry) const;
  Result<EvidencePage> page(storage::NameKind kind, std::string_view name, Newest newest, std::size_t limit,
                            std::string_view cursor) const;
  Result<std::uint64_t> first_received(Timestamp from, std::uint64_t size) const;

  Core& core_;
  const evidence::EntryIndex& index_;
  const std::uint64_t minimum_index_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Published> published_ = std::make_shared<Published>();
  Progress progress_;
};

}  // namespace zan::engine
