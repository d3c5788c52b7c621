#include "storage/kv_rocks.h"

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/log.h"
#include "base/require.h"

namespace zan::storage {
namespace {

constexpr std::size_t block_cache_bytes = 32 << 20;
constexpr std::size_t write_buffer_bytes = 4 << 20;        // a family's memtable
constexpr std::size_t all_write_buffers_bytes = 32 << 20;  // beyond this a flush starts
constexpr int open_files_max = 256;
constexpr double filter_bits_a_key = 10;
constexpr int flush_attempts = 3;
constexpr std::string_view position_key{"position"};  // the only key of the default family: u64, little-endian

// RocksDB compares by memcmp, to which an empty view's null pointer must not be passed.
rocksdb::Slice slice(std::string_view text) {
  return {text.empty() ? "" : text.data(), text.size()};
}
std::string_view text(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

Error failure(std::string_view action, const rocksdb::Status& status) {
  const std::string message = fmt::format("kv: {}: {}", action, status.ToString());
  if (status.IsNoSpace()) return unavailable(fmt::format("kv: {}: no space left", action));
  if (status.IsCorruption()) return corrupt(message);
  if (status.IsInvalidArgument() && message.find("olumn famil") != std::string::npos)
    return corrupt(message);  // the store has a family that was not named
  if (status.IsNotSupported()) return unsupported(message);
  return unavailable(message);
}

Result<void> checked(std::string_view action, const rocksdb::Status& status) {
  if (status.ok()) return {};
  return failure(action, status);
}

// RocksDB tells its life story otherwise. What it calls an error goes to our log.
class ErrorLogger final : public rocksdb::Logger {
 public:
  ErrorLogger() : rocksdb::Logger(rocksdb::InfoLogLevel::ERROR_LEVEL) {}
  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    std::array<char, 512> line{};
    std::vsnprintf(line.data(), line.size(), format, arguments);
    log::error("rocksdb", {{"said", std::string_view(line.data())}});
  }
};

// After a full disk RocksDB polls in a thread of its own and answers "busy" meanwhile. The next write or flush of ours
// tries at once instead.
class NoAutomaticRecovery final : public rocksdb::EventListener {
 public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status, bool* automatic) override {
    *automatic = false;
  }
};

// The first key behind all that start with `prefix`; empty when there is none.
std::string prefix_end(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xff) prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(prefix.back() + 1);
  return prefix;
}

rocksdb::ColumnFamilyOptions family_options(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;  // bounded by the cache
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(filter_bits_a_key));
  table.format_version = 5;
  table.checksum = rocksdb::kXXH3;
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = write_buffer_bytes;
  options.compression = rocksdb::kLZ4Compression;
  options.level_compaction_dynamic_level_bytes = true;
  return options;
}

rocksdb::DBOptions store_options(rocksdb::Env* env) {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.atomic_flush = true;  // no log of its own: all families must be as of one position
  options.paranoid_checks = true;
  options.db_write_buffer_size = all_write_buffers_bytes;
  options.max_open_files = open_files_max;
  options.max_background_jobs = 2;
  options.stats_dump_period_sec = 0;
  options.max_bgerror_resume_count = 0;
  options.listeners = {std::make_shared<NoAutomaticRecovery>()};
  options.avoid_flush_during_shutdown = true;  // what is not flushed comes again from the journal
  options.info_log = std::make_shared<ErrorLogger>();
  options.info_log_level = rocksdb::InfoLogLevel::ERROR_LEVEL;
  if (env != nullptr) options.env = env;
  return options;
}

class RocksKv final : public Kv {
 public:
  ~RocksKv() override {
    if (!db_) return;
    rocksdb::CancelAllBackgroundWork(db_.get(), /*wait=*/true);
    for (rocksdb::ColumnFamilyHandle* handle : handles_) db_->DestroyColumnFamilyHandle(handle);
  }

  Result<void> open(const std::string& path, const std::vector<std::string>& families, rocksdb::Env* env) {
    std::error_code error;
    std::filesystem::create_directory(path, error);  // spares RocksDB a complaint; a real failure shows in Open
    const auto cache = rocksdb::NewLRUCache(block_cache_bytes);
    std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
    descriptors.emplace_back(rocksdb::kDefaultColumnFamilyName, family_options(cache));
    for (const std::string& name : families) descriptors.emplace_back(name, family_options(cache));
    rocksdb::DB* db = nullptr;
    ZAN_TRY(checked("open", rocksdb::DB::Open(store_options(env), path, descriptors, &handles_, &db)));
    db_.reset(db);
    ZAN_ASSIGN(position_, durable_position());
    return {};
  }

  Result<std::optional<std::string>> get(Family family, std::string_view key) const override {
    std::string value;
    const auto status = db_->Get({}, of(family), slice(key), &value);
    if (status.IsNotFound()) return std::optional<std::string>{};
    if (!status.ok()) return failure("get", status);
    return std::optional(std::move(value));
  }

  Result<void> scan(Family family, std::string_view prefix, std::string_view from,
                    const std::function<bool(std::string_view, std::string_view)>& each) const override {
    const std::string end = prefix_end(std::string(prefix));
    const rocksdb::Slice upper = end;
    rocksdb::ReadOptions options;
    if (!end.empty()) options.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(options, of(family)));
    for (at->Seek(slice(std::max(prefix, from))); at->Valid(); at->Next()) {
      if (!at->key().starts_with(slice(prefix))) break;
      if (!each(text(at->key()), text(at->value()))) return {};
    }
    return checked("scan", at->status());
  }

  Result<void> write(const WriteTxn& txn, Position at) override {
    if (at <= position()) return {};
    rocksdb::WriteBatch batch;
    for (const auto& [family, prefix] : txn.prefixes()) ZAN_TRY(remove_prefix(batch, of(family), prefix));
    for (const auto& op : txn.ops()) {
      const auto status = op.put ? batch.Put(of(op.family), op.key, op.value) : batch.Delete(of(op.family), op.key);
      ZAN_TRY(checked("write", status));
    }
    std::array<char, sizeof at.value> position{};
    std::memcpy(position.data(), &at.value, position.size());
    ZAN_TRY(checked("write", batch.Put(slice(position_key), {position.data(), position.size()})));
    rocksdb::WriteOptions options;
    options.disableWAL = true;
    auto status = db_->Write(options, &batch);
    // After a failed flush RocksDB refuses writes until it is told to go on.
    if (!status.ok() && db_->Resume().ok()) status = db_->Write(options, &batch);
    ZAN_TRY(checked("write", status));
    position_ = at.value;
    return {};
  }

  Position position() const override { return {position_.load()}; }

  Result<void> flush() override {
    const std::uint64_t wanted = position_.load();
    for (int attempt = 0; attempt < flush_attempts; ++attempt) {
      const auto status = db_->Flush(rocksdb::FlushOptions(), handles_);
      if (!status.ok()) {
        // RocksDB stays stopped after a failure until it is told to go on.
        if (!db_->Resume().ok()) return failure("flush", status);
        continue;
      }
      ZAN_ASSIGN(std::uint64_t durable, durable_position());
      if (durable >= wanted) return {};
      // Once it has recovered from a full disk, RocksDB 7.8 answers before the flush has happened (facebook/rocksdb
      // issue 8046): wait for what it has scheduled.
      ZAN_TRY(checked("flush", db_->PauseBackgroundWork()));
      ZAN_TRY(checked("flush", db_->ContinueBackgroundWork()));
      ZAN_ASSIGN(durable, durable_position());
      if (durable >= wanted) return {};
    }
    return unavailable("kv: flush: RocksDB does not bring the last writes to the disk");
  }

  Result<void> compact() override {
    ZAN_TRY(flush());
    rocksdb::CompactRangeOptions options;
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
    for (rocksdb::ColumnFamilyHandle* handle : handles_)
      ZAN_TRY(checked("compact", db_->CompactRange(options, handle, nullptr, nullptr)));
    return {};
  }

  Result<void> verify() const override { return checked("verify", db_->VerifyChecksum()); }

  Result<void> checkpoint(const std::string& absolute_path) override {
    ZAN_TRY(flush());
    rocksdb::Checkpoint* made = nullptr;
    ZAN_TRY(checked("checkpoint", rocksdb::Checkpoint::Create(db_.get(), &made)));
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
    return checked("checkpoint", checkpoint->CreateCheckpoint(absolute_path));
  }

 private:
  rocksdb::ColumnFamilyHandle* of(Family family) const {
    require(family + 1U < handles_.size(), "no such family");
    return handles_[family + 1U];
  }

  Result<void> remove_prefix(rocksdb::WriteBatch& batch, rocksdb::ColumnFamilyHandle* handle,
                             const std::string& prefix) {
    const std::string end = prefix_end(prefix);
    if (!end.empty()) return checked("write", batch.DeleteRange(handle, prefix, end));
    // No key bounds them from above: one by one.
    const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}, handle));
    for (at->Seek(prefix); at->Valid(); at->Next()) ZAN_TRY(checked("write", batch.Delete(handle, at->key())));
    return checked("write", at->status());
  }

  // The position of what is in files, memtables left out.
  Result<std::uint64_t> durable_position() const {
    rocksdb::ReadOptions options;
    options.read_tier = rocksdb::kPersistedTier;
    std::string value;
    const auto status = db_->Get(options, slice(position_key), &value);
    if (status.IsNotFound()) return std::uint64_t{0};
    if (!status.ok()) return failure("read the position", status);
    std::uint64_t position = 0;
    if (value.size() != sizeof position) return corrupt("kv: the position is malformed");
    std::memcpy(&position, value.data(), sizeof position);
    return position;
  }

  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;  // the default family, then ours in order
  std::atomic<std::uint64_t> position_ = 0;
};

}  // namespace

Result<std::unique_ptr<Kv>> open_rocks_kv(const std::string& path, const std::vector<std::string>& families,
                                          rocksdb::Env* env) {
  auto kv = std::make_unique<RocksKv>();
  ZAN_TRY(kv->open(path, families, env));
  return std::unique_ptr<Kv>(std::move(kv));
}

}  // namespace zan::storage
