// Test support: a disk in front of another whose calls fail on command, by number.
//
// Threads: one, as the tests that count calls have one.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/disk.h"

namespace zan::storage {

class TroubleDisk final : public Disk {
 public:
  static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

  explicit TroubleDisk(Disk& disk) : disk_(disk) {}

  // Calls number first .. last of those made from now on fail (the first is number 0).
  void fail(std::uint64_t first, std::uint64_t last) {
    calls_->made = 0;
    calls_->first_bad = first;
    calls_->last_bad = last;
  }
  [[nodiscard]] std::uint64_t calls_made() const { return calls_->made; }

  Result<std::unique_ptr<File>> open(std::string_view path, OpenMode mode) override {
    ZAN_TRY(calls_->count());
    ZAN_ASSIGN(auto file, disk_.open(path, mode));
    return std::unique_ptr<File>(std::make_unique<TroubleFile>(std::move(file), calls_));
  }
  Result<bool> exists(std::string_view path) override {
    ZAN_TRY(calls_->count());
    return disk_.exists(path);
  }
  Result<void> rename(std::string_view from, std::string_view to) override {
    ZAN_TRY(calls_->count());
    return disk_.rename(from, to);
  }
  Result<void> remove(std::string_view path) override {
    ZAN_TRY(calls_->count());
    return disk_.remove(path);
  }
  Result<std::vector<std::string>> list(std::string_view folder) override {
    ZAN_TRY(calls_->count());
    return disk_.list(folder);
  }
  Result<void> make_folder(std::string_view path) override {
    ZAN_TRY(calls_->count());
    return disk_.make_folder(path);
  }
  Result<void> remove_folder(std::string_view path) override {
    ZAN_TRY(calls_->count());
    return disk_.remove_folder(path);
  }
  Result<void> sync_all() override {
    ZAN_TRY(calls_->count());
    return disk_.sync_all();
  }
  Result<void> sync_folder(std::string_view path) override {
    ZAN_TRY(calls_->count());
    return disk_.sync_folder(path);
  }
  Result<std::unique_ptr<FolderLock>> lock(std::string_view path) override { return disk_.lock(path); }
  Result<std::uint64_t> free_bytes() override { return disk_.free_bytes(); }
  std::string root() const override { return disk_.root(); }

 private:
  // Shared with the open files, which may outlive a power cut of the test's making.
  struct Calls {
    std::uint64_t made = 0;
    std::uint64_t first_bad = never;
    std::uint64_t last_bad = never;

    Result<void> count() {
      const std::uint64_t number = made++;
      if (number >= first_bad && number <= last_bad) return unavailable("trouble made by a test");
      return {};
    }
  };

  class TroubleFile final : public File {
   public:
    TroubleFile(std::unique_ptr<File> file, std::shared_ptr<Calls> calls)
        : file_(std::move(file)), calls_(std::move(calls)) {}
    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> into) const override {
      ZAN_TRY(calls_->count());
      return file_->read_at(offset, into);
    }
    Result<void> write_at(std::uint64_t offset, ByteSpan bytes) override {
      ZAN_TRY(calls_->count());
      return file_->write_at(offset, bytes);
    }
    Result<void> write_pair_at(std::uint64_t offset, ByteSpan head, ByteSpan body) override {
      ZAN_TRY(calls_->count());
      return file_->write_pair_at(offset, head, body);
    }
    Result<void> sync() override {
      ZAN_TRY(calls_->count());
      return file_->sync();
    }
    Result<std::uint64_t> size() const override {
      ZAN_TRY(calls_->count());
      return file_->size();
    }
    Result<void> truncate(std::uint64_t size) override {
      ZAN_TRY(calls_->count());
      return file_->truncate(size);
    }

   private:
    std::unique_ptr<File> file_;
    std::shared_ptr<Calls> calls_;
  };

  Disk& disk_;
  std::shared_ptr<Calls> calls_ = std::make_shared<Calls>();
};

}  // namespace zan::storage
