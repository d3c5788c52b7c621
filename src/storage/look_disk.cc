#include "storage/look_disk.h"

#include <algorithm>
#include <cstring>

namespace zan::storage {
namespace {

constexpr std::uint64_t piece_bytes = 64 << 10;

Error only_looked_at(std::string_view path) {
  return unavailable(std::string(path) + ": the folder is only looked at");
}

class LookFile final : public File {
 public:
  LookFile(std::unique_ptr<File> file, std::string path, std::uint64_t size)
      : file_(std::move(file)), path_(std::move(path)), tail_from_(size), size_(size) {}

  // Copies the end; REQUIRES: nothing was read yet.
  Result<void> copy_tail() {
    tail_from_ = size_ - std::min(size_, look_tail_bytes);
    tail_.resize(size_ - tail_from_);
    for (std::uint64_t end = size_; end > tail_from_;) {
      const std::uint64_t start = std::max(tail_from_, end - std::min(end, piece_bytes));
      const std::span<std::byte> piece = std::span(tail_).subspan(start - tail_from_, end - start);
      ZAN_ASSIGN(const std::size_t got, file_->read_at(start, piece));
      if (got != piece.size()) return unavailable(path_ + ": became shorter while it was read");
      end = start;
    }
    return {};
  }

  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> into) const override {
    if (offset >= size_) return std::size_t{0};
    into = into.first(std::min<std::uint64_t>(into.size(), size_ - offset));
    std::size_t got = 0;
    if (offset < tail_from_) {
      const std::size_t before = std::min<std::uint64_t>(into.size(), tail_from_ - offset);
      ZAN_ASSIGN(got, file_->read_at(offset, into.first(before)));
      if (got < before) return got;
    }
    const std::size_t rest = into.size() - got;
    if (rest > 0) std::memcpy(into.data() + got, tail_.data() + (offset + got - tail_from_), rest);
    return into.size();
  }
  Result<void> write_at(std::uint64_t offset, ByteSpan bytes) override {
    if (offset < tail_from_) return only_looked_at(path_);
    size_ = std::max(size_, offset + bytes.size());
    tail_.resize(size_ - tail_from_);
    if (!bytes.empty()) std::memcpy(tail_.data() + (offset - tail_from_), bytes.data(), bytes.size());
    return {};
  }
  Result<void> write_pair_at(std::uint64_t offset, ByteSpan head, ByteSpan body) override {
    ZAN_TRY(write_at(offset, head));
    return write_at(offset + head.size(), body);
  }
  Result<void> sync() override { return {}; }
  Result<std::uint64_t> size() const override { return size_; }
  Result<void> truncate(std::uint64_t size) override {
    if (size < tail_from_) return only_looked_at(path_);
    size_ = size;
    tail_.resize(size_ - tail_from_);
    return {};
  }

 private:
  std::unique_ptr<File> file_;
  std::string path_;
  std::uint64_t tail_from_;
  std::uint64_t size_;
  Bytes tail_;
};

class LookDisk final : public Disk {
 public:
  explicit LookDisk(Disk& disk) : disk_(disk) {}

  Result<std::unique_ptr<File>> open(std::string_view path, OpenMode mode) override {
    if (mode == OpenMode::create) return only_looked_at(path);
    auto opened = disk_.open(path, OpenMode::read);
    const bool made = mode == OpenMode::write && !opened.ok() && opened.error().kind == ErrorKind::not_found;
    if (made) return only_looked_at(path);
    if (!opened.ok()) return opened.error();
    std::unique_ptr<File> file = std::move(opened).value();
    ZAN_ASSIGN(const std::uint64_t size, file->size());
    auto look = std::make_unique<LookFile>(std::move(file), std::string(path), size);
    if (mode == OpenMode::write) ZAN_TRY(look->copy_tail());
    return std::unique_ptr<File>(std::move(look));
  }
  Result<bool> exists(std::string_view path) override { return disk_.exists(path); }
  Result<void> rename(std::string_view, std::string_view to) override { return only_looked_at(to); }
  Result<void> remove(std::string_view path) override { return only_looked_at(path); }
  Result<std::vector<std::string>> list(std::string_view folder) override { return disk_.list(folder); }
  Result<void> make_folder(std::string_view path) override {
    ZAN_ASSIGN(const bool there, disk_.exists(path));
    return there ? Result<void>() : only_looked_at(path);
  }
  Result<void> remove_folder(std::string_view path) override { return only_looked_at(path); }
  Result<void> sync_folder(std::string_view) override { return {}; }
  Result<void> sync_all() override { return {}; }
  Result<std::unique_ptr<FolderLock>> lock(std::string_view path) override { return only_looked_at(path); }
  Result<std::uint64_t> free_bytes() override { return disk_.free_bytes(); }
  std::string root() const override { return disk_.root(); }

 private:
  Disk& disk_;
};

}  // namespace

std::unique_ptr<Disk> look_at(Disk& disk) {
  return std::make_unique<LookDisk>(disk);
}

}  // namespace zan::storage
