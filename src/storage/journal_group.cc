// GroupBuilder and RecordReader: a payload is (varint length, record)*.

#include <cstring>

#include "base/require.h"
#include "storage/journal.h"

namespace zan::storage {
namespace {

std::size_t varint_size(std::uint64_t value) {
  std::size_t size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

}  // namespace

void GroupBuilder::clear() {
  used_ = 0;
  count_ = 0;
}

std::byte* GroupBuilder::begin_record(std::size_t bytes_max) {
  length_size_ = varint_size(bytes_max);
  const std::size_t needed = used_ + length_size_ + bytes_max;
  if (bytes_.size() < needed) bytes_.resize(std::max(needed, bytes_.size() * 2));
  record_start_ = used_ + length_size_;
  return bytes_.data() + record_start_;
}

void GroupBuilder::commit_record(const std::byte* end) {
  std::byte* const record = bytes_.data() + record_start_;
  require(end > record && end <= bytes_.data() + bytes_.size(), "a record of no bytes, or beyond what was begun");
  const auto length = static_cast<std::size_t>(end - record);
  std::byte* const start = bytes_.data() + used_;
  std::byte* const written = write_varint(start, length);
  // The length took less room than the longest record's would have.
  if (written != record) std::memmove(written, record, length);
  used_ = static_cast<std::size_t>(written - bytes_.data()) + length;
  ++count_;
}

void GroupBuilder::add(ByteSpan record) {
  std::byte* const to = begin_record(record.size());
  std::memcpy(to, record.data(), record.size());
  commit_record(to + record.size());
}

bool RecordReader::next(ByteSpan& record) {
  if (reader_.done()) return false;
  const std::uint64_t length = reader_.varint();
  // No record is empty; asking for more than there is turns the reader bad.
  record = reader_.take(length == 0 ? reader_.left() + 1 : length);
  return reader_.ok();
}

}  // namespace zan::storage
