#include "storage/append_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace zan::storage {
namespace {

constexpr std::uint64_t zeros_bytes = 256ULL << 10;
constexpr std::uint64_t settle_bytes = 1ULL << 20;
constexpr std::uint64_t top_ups_a_step = 8;

ByteSpan zeros(std::uint64_t count) {
  static const std::array<std::byte, zeros_bytes> block{};
  return ByteSpan(block).first(std::min(count, zeros_bytes));
}

}  // namespace

Result<void> write_zeros(File& file, std::uint64_t offset, std::uint64_t count) {
  while (count > 0) {
    const ByteSpan block = zeros(count);
    ZAN_TRY(file.write_at(offset, block));
    offset += block.size();
    count -= block.size();
  }
  return {};
}

Result<void> settle(File& file, std::uint64_t from, std::uint64_t end) {
  ZAN_ASSIGN(const std::uint64_t size, file.size());
  Bytes buffer(std::min(settle_bytes, end - from));
  for (std::uint64_t at = from; at < end;) {
    const auto block = std::span(buffer).first(std::min<std::uint64_t>(buffer.size(), end - at));
    ZAN_ASSIGN(const std::size_t got, file.read_at(at, block));
    if (got == 0) return unavailable("a file became shorter while it was read");
    ZAN_TRY(file.write_at(at, block.first(got)));
    at += got;
  }
  if (size > end) ZAN_TRY(write_zeros(file, end, size - end));
  return file.sync();
}

AppendFile::AppendFile(std::shared_ptr<File> file, std::string path, std::uint64_t end, std::uint64_t reserved_end,
                       Options options)
    : file_(std::move(file)),
      path_(std::move(path)),
      options_(options),
      end_(end),
      synced_end_(end),
      reserved_end_(reserved_end) {}

Result<AppendFile> AppendFile::adopt(std::shared_ptr<File> file, std::string path, std::uint64_t end, Options options) {
  ZAN_ASSIGN(const std::uint64_t size, file->size());
  return AppendFile(std::move(file), std::move(path), end, size, options);
}

Result<void> AppendFile::append(ByteSpan head, ByteSpan body) {
  ZAN_TRY(usable());
  ZAN_TRY(wipe());
  const std::uint64_t new_end = end_ + head.size() + body.size();
  auto written = body.empty() ? file_->write_at(end_, head) : file_->write_pair_at(end_, head, body);
  if (!written.ok()) {
    dirty_end_ = new_end;
    return written;
  }
  end_ = new_end;
  reserved_end_ = std::max(reserved_end_, end_);
  return {};
}

Result<void> AppendFile::sync() {
  ZAN_TRY(usable());
  if (synced_end_ == end_ && !overwritten_) return {};
  ZAN_TRY(force());
  top_up();
  return {};
}

Result<void> AppendFile::overwrite(std::uint64_t offset, ByteSpan bytes) {
  require(offset + bytes.size() <= end_, "overwrite beyond the end");
  ZAN_TRY(usable());
  overwritten_ = true;
  return file_->write_at(offset, bytes);
}

Result<void> AppendFile::seal() {
  ZAN_TRY(usable());
  ZAN_TRY(file_->truncate(end_));
  reserved_end_ = end_;
  dirty_end_ = 0;
  return force();
}

Result<void> AppendFile::usable() const {
  if (broken_) return unavailable(fmt::format("{}: a sync failed; restart to go on", path_));
  return {};
}

Result<void> AppendFile::force() {
  if (auto synced = file_->sync(); !synced.ok()) {
    broken_ = true;
    return synced;
  }
  synced_end_ = end_;
  overwritten_ = false;
  return {};
}

Result<void> AppendFile::wipe() {
  if (dirty_end_ <= end_) return {};
  ZAN_ASSIGN(const std::uint64_t size, file_->size());
  reserved_end_ = std::max(reserved_end_, size);
  const std::uint64_t dirty_end = std::min(dirty_end_, size);
  if (dirty_end > end_) ZAN_TRY(write_zeros(*file_, end_, dirty_end - end_));
  dirty_end_ = 0;
  return {};
}

void AppendFile::top_up() {
  const std::uint64_t half = options_.step_bytes / 2;
  const std::uint64_t left = reserved_end_ - end_;
  if (left >= half) return;
  const std::uint64_t wanted = end_ + half + options_.step_bytes / top_ups_a_step;
  const std::uint64_t until = std::min(wanted, options_.limit_bytes);
  // No room: then the appends will say so.
  if (until > reserved_end_ && write_zeros(*file_, reserved_end_, until - reserved_end_).ok()) reserved_end_ = until;
}

}  // namespace zan::storage
