// SimLog: a transparency log on a simulated disk, that a test lets grow, fork, and read as others would.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "connectors/log_source.h"
#include "evidence/evidence.h"
#include "storage/sim_disk.h"

namespace zan::connectors {

class SimLog final : public LogSource {
 public:
  static constexpr const char* origin = "example.com/log";

  // Logs of one seed have one key.
  explicit SimLog(std::uint64_t seed = 1) : entropy_(seed), log_(open()), tiles_(*disk_, "log") {}

  // Entries that depend on `content` and their index alone.
  void grow(std::uint64_t count, std::uint8_t content = 0) {
    evidence::EntryBatch batch;
    for (std::uint64_t i = 0; i < count; ++i) {
      Bytes entry(evidence::log_entry_bytes, std::byte{content});
      put_fixed(entry, log_->size() + i);
      require(batch.add(entry).ok(), "a test's batch is small");
    }
    put(batch);
  }
  void put(const evidence::EntryBatch& batch) {
    require(log_->integrate(batch).ok() && log_->publish().ok(), "a simulated disk without faults");
  }

  evidence::Log& log() { return *log_; }
  storage::SimDisk& disk() { return *disk_; }
  [[nodiscard]] evidence::Policy policy() const { return evidence::trust_one_log(log_->verifiers().front()); }

  Result<Bytes> read_tile(const evidence::TileId& tile) override { return tiles_.read_tile(tile); }
  Result<std::string> read_checkpoint() override {
    ZAN_ASSIGN(const Bytes bytes, storage::read_file(*disk_, "log/checkpoint"));
    return std::string(as_text(bytes));
  }

 private:
  std::unique_ptr<evidence::Log> open() { return evidence::Log::open(*disk_, entropy_, {.origin = origin}).value(); }

  std::unique_ptr<storage::SimDisk> disk_ = storage::SimDisk::make(1);
  SeededEntropy entropy_;
  std::unique_ptr<evidence::Log> log_;
  evidence::DiskTiles tiles_;
};

}  // namespace zan::connectors
