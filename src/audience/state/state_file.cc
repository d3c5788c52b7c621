#include "audience/state/state_file.h"

#include <utility>

#include "base/hash.h"
#include "base/require.h"

namespace zan::audience {
namespace {

constexpr std::uint64_t magic = 0x0a31'6475'616e'617aULL;  // "zanaud1\n"
constexpr std::size_t head_bytes = 8 + 4 + 8 + 8 + 8;
constexpr std::size_t frame_head_bytes = 1 + 4;
constexpr std::size_t sum_bytes = 8;

enum FrameKind : std::uint8_t { section_frame = 1, chunk_frame = 2, end_frame = 3 };

std::uint64_t sum_of(std::uint64_t before, std::uint8_t kind, ByteSpan content) {
  return checksum64(content, mix64(before ^ (std::uint64_t{kind} << 56) ^ content.size()));
}

std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

Result<void> remove_if_there(storage::Disk& disk, const std::string& path) {
  auto removed = disk.remove(path);
  if (!removed.ok() && removed.error().kind == ErrorKind::not_found) return {};
  return removed;
}

}  // namespace

Result<StateWriter> StateWriter::create(storage::Disk& disk, std::string path, const StateHead& head) {
  ZAN_ASSIGN(auto file, disk.open(path + ".tmp", storage::OpenMode::write));
  ZAN_TRY(file->truncate(0));
  StateWriter writer(disk, std::move(path), std::move(file));
  Bytes out;
  put_fixed(out, magic);
  put_fixed(out, state_version);
  put_fixed(out, head.position.value);
  put_fixed(out, head.catalogue);
  writer.sum_ = checksum64(out);
  put_fixed(out, writer.sum_);
  ZAN_TRY(writer.file_->write_at(0, out));
  writer.end_ = out.size();
  return writer;
}

Result<void> StateWriter::write_frame(std::uint8_t kind, ByteSpan content) {
  require(content.size() <= state_chunk_bytes_max, "a record of the state fits a chunk");
  Bytes head, tail;
  put_fixed(head, kind);
  put_fixed(head, static_cast<std::uint32_t>(content.size()));
  sum_ = sum_of(sum_, kind, content);
  put_fixed(tail, sum_);
  ZAN_TRY(file_->write_pair_at(end_, head, content));
  ZAN_TRY(file_->write_at(end_ + head.size() + content.size(), tail));
  end_ += head.size() + content.size() + tail.size();
  return {};
}

Result<void> StateWriter::write_chunk() {
  if (chunk_.empty()) return {};
  ZAN_TRY(write_frame(chunk_frame, chunk_));
  chunk_.clear();
  return {};
}

Result<void> StateWriter::begin(std::string_view section) {
  require(!section.empty() && section.size() <= section_name_max, "a section has a short name");
  ZAN_TRY(write_chunk());
  return write_frame(section_frame, as_bytes(section));
}

Result<void> StateWriter::finish() {
  ZAN_TRY(write_chunk());
  ZAN_TRY(write_frame(end_frame, {}));
  ZAN_TRY(file_->sync());
  file_.reset();
  ZAN_TRY(disk_->rename(path_ + ".tmp", path_));
  return disk_->sync_folder(folder_of(path_));
}

Result<StateReader> StateReader::open(storage::Disk& disk, std::string path, std::uint64_t catalogue) {
  ZAN_ASSIGN(auto file, disk.open(path, storage::OpenMode::read));
  StateReader reader(std::move(path), std::move(file));
  ZAN_ASSIGN(reader.size_, reader.file_->size());
  ZAN_TRY(reader.read_head(catalogue));
  return reader;
}

Error StateReader::damaged() const {
  return corrupt(path_ + ": damaged");
}

Result<ByteSpan> StateReader::read(std::size_t bytes) {
  if (bytes > size_ - at_) return damaged();
  if (buffer_.size() < bytes) buffer_.resize(bytes);
  ZAN_ASSIGN(const std::size_t count, file_->read_at(at_, std::span(buffer_).first(bytes)));
  if (count != bytes) return damaged();
  at_ += bytes;
  return ByteSpan(buffer_).first(bytes);
}

Result<void> StateReader::read_head(std::uint64_t catalogue) {
  ZAN_ASSIGN(const ByteSpan head, read(head_bytes));
  ByteReader reader(head);
  if (reader.fixed<std::uint64_t>() != magic) return damaged();
  const auto version = reader.fixed<std::uint32_t>();
  position_.value = reader.fixed<std::uint64_t>();
  const auto of = reader.fixed<std::uint64_t>();
  sum_ = reader.fixed<std::uint64_t>();
  if (sum_ != checksum64(head.first(head_bytes - sum_bytes))) return damaged();
  if (version != state_version) return unsupported(path_ + ": of version " + std::to_string(version));
  if (of != catalogue) return unsupported(path_ + ": of another catalogue");
  return {};
}

// The next frame into content_ and kind_, unless the last one was not taken.
Result<void> StateReader::read_frame() {
  if (kind_ != 0) return {};
  ZAN_ASSIGN(const ByteSpan head, read(frame_head_bytes));
  ByteReader reader(head);
  const auto kind = reader.fixed<std::uint8_t>();
  const std::size_t length = reader.fixed<std::uint32_t>();
  if (length > state_chunk_bytes_max) return damaged();
  ZAN_ASSIGN(const ByteSpan body, read(length + sum_bytes));
  content_ = body.first(length);
  sum_ = sum_of(sum_, kind, content_);
  if (ByteReader(body.subspan(length)).fixed<std::uint64_t>() != sum_) return damaged();
  if (kind < section_frame || kind > end_frame) return damaged();
  kind_ = kind;
  return {};
}

Result<void> StateReader::begin(std::string_view section) {
  ZAN_TRY(read_frame());
  if (kind_ != section_frame || as_text(content_) != section)
    return unsupported(path_ + ": has no section " + std::string(section) + " here");
  kind_ = 0;
  return {};
}

Result<ByteReader> StateReader::next() {
  ZAN_TRY(read_frame());
  if (kind_ != chunk_frame) return ByteReader({});
  kind_ = 0;
  return ByteReader(content_);
}

Result<void> StateReader::finish() {
  ZAN_TRY(read_frame());
  if (kind_ != end_frame || at_ != size_) return damaged();
  return {};
}

Result<void> remove_state(storage::Disk& disk, const std::string& path) {
  ZAN_TRY(remove_if_there(disk, path));
  ZAN_TRY(remove_if_there(disk, path + ".tmp"));
  return disk.sync_folder(folder_of(path));
}

}  // namespace zan::audience
