// Test support: a disk in front of another, whose power goes before the n-th call that changes something. From then on
// every call fails; what the disk behind it keeps is that disk's affair.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/storage.h"

namespace zan::evidence {

class PowerDisk final : public storage::Disk {
 public:
  static constexpr std::uint64_t never = ~std::uint64_t{0};
  using Mode = storage::OpenMode;

  PowerDisk(storage::Disk& disk, std::uint64_t cut_before)
      : disk_(disk), power_(std::make_shared<Power>(Power{cut_before})) {}

  [[nodiscard]] std::uint64_t changes() const { return power_->changes; }
  [[nodiscard]] bool is_off() const { return power_->off; }

  Result<std::unique_ptr<storage::File>> open(std::string_view path, Mode mode) override {
    ZAN_TRY(mode == Mode::read ? power_->look() : power_->change());
    ZAN_ASSIGN(auto file, disk_.open(path, mode));
    return std::unique_ptr<storage::File>(std::make_unique<PowerFile>(std::move(file), power_));
  }
  Result<bool> exists(std::string_view path) override {
    ZAN_TRY(power_->look());
    return disk_.exists(path);
  }
  Result<void> rename(std::string_view from, std::string_view to) override {
    ZAN_TRY(power_->change());
    return disk_.rename(from, to);
  }
  Result<void> remove(std::string_view path) override {
    ZAN_TRY(power_->change());
    return disk_.remove(path);
  }
  Result<std::vector<std::string>> list(std::string_view folder) override {
    ZAN_TRY(power_->look());
    return disk_.list(folder);
  }
  Result<void> make_folder(std::string_view path) override {
    ZAN_TRY(power_->change());
    return disk_.make_folder(path);
  }
  Result<void> remove_folder(std::string_view path) override {
    ZAN_TRY(power_->change());
    return disk_.remove_folder(path);
  }
  Result<void> sync_folder(std::string_view path) override {
    ZAN_TRY(power_->change());
    return disk_.sync_folder(path);
  }
  Result<void> sync_all() override {
    ZAN_TRY(power_->change());
    return disk_.sync_all();
  }
  Result<std::unique_ptr<storage::FolderLock>> lock(std::string_view path) override {
    ZAN_TRY(power_->look());
    return disk_.lock(path);
  }
  Result<std::uint64_t> free_bytes() override { return disk_.free_bytes(); }
  std::string root() const override { return disk_.root(); }

 private:
  // Shared with the open files.
  struct Power {
    std::uint64_t cut_before;
    std::uint64_t changes = 0;
    bool off = false;

    Result<void> look() const {
      if (off) return unavailable("the power is gone");
      return {};
    }
    Result<void> change() {
      off = off || changes++ == cut_before;
      return look();
    }
  };

  class PowerFile final : public storage::File {
   public:
    PowerFile(std::unique_ptr<storage::File> file, std::shared_ptr<Power> power)
        : file_(std::move(file)), power_(std::move(power)) {}
    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> into) const override {
      ZAN_TRY(power_->look());
      return file_->read_at(offset, into);
    }
    Result<void> write_at(std::uint64_t offset, ByteSpan bytes) override {
      ZAN_TRY(power_->change());
      return file_->write_at(offset, bytes);
    }
    Result<void> write_pair_at(std::uint64_t offset, ByteSpan head, ByteSpan body) override {
      ZAN_TRY(power_->change());
      return file_->write_pair_at(offset, head, body);
    }
    Result<void> sync() override {
      ZAN_TRY(power_->change());
      return file_->sync();
    }
    Result<std::uint64_t> size() const override {
      ZAN_TRY(power_->look());
      return file_->size();
    }
    Result<void> truncate(std::uint64_t size) override {
      ZAN_TRY(power_->change());
      return file_->truncate(size);
    }

   private:
    std::unique_ptr<storage::File> file_;
    std::shared_ptr<Power> power_;
  };

  storage::Disk& disk_;
  std::shared_ptr<Power> power_;
};

}  // namespace zan::evidence
