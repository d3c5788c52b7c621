#include "storage/journal_format.h"

#include <fmt/format.h>

#include <charconv>
#include <cstring>

#include "base/hash.h"

namespace zan::storage {
namespace {

constexpr std::array<char, 8> segment_magic{'Z', 'A', 'N', 'J', 'R', 'N', 'L', '\1'};
constexpr std::array<char, 8> end_magic{'Z', 'A', 'N', 'J', 'E', 'N', 'D', '\1'};
constexpr std::size_t magic_bytes = 7;  // then one byte of version
constexpr std::size_t position_digits = 20;
constexpr std::string_view segment_ending = ".zj";

// Puts numbers behind each other into a buffer of fixed size.
class Writer {
 public:
  explicit Writer(std::byte* to) : to_(to) {}
  template <typename Value>
  Writer& put(const Value& value) {
    std::memcpy(to_, &value, sizeof value);
    to_ += sizeof value;
    return *this;
  }

 private:
  std::byte* to_;
};

template <std::size_t size>
void seal_with_check(std::array<std::byte, size>& bytes) {
  const std::uint64_t check = checksum64(ByteSpan(bytes).first(size - sizeof(std::uint64_t)));
  std::memcpy(bytes.data() + size - sizeof check, &check, sizeof check);
}

// The check first: a flipped bit in the version must not read as a version of tomorrow.
Result<ByteReader> checked(ByteSpan bytes, std::size_t size, const std::array<char, 8>& magic, const char* what) {
  if (bytes.size() < size) return corrupt(fmt::format("{} is cut short", what));
  bytes = bytes.first(size);
  std::uint64_t check = 0;
  std::memcpy(&check, bytes.data() + size - sizeof check, sizeof check);
  if (check != checksum64(bytes.first(size - sizeof check)) ||
      std::memcmp(bytes.data(), magic.data(), magic_bytes) != 0)
    return corrupt(fmt::format("{} fails its check", what));
  if (bytes[magic_bytes] != static_cast<std::byte>(magic[magic_bytes]))
    return unsupported(fmt::format("{} has version {}", what, static_cast<unsigned>(bytes[magic_bytes])));
  return ByteReader(bytes.subspan(magic.size(), size - magic.size() - sizeof check));
}

}  // namespace

std::string segment_path(Position first) {
  return fmt::format("{}/{:0{}}{}", journal_folder, first.value, position_digits, segment_ending);
}

Position segment_position(std::string_view name) {
  if (name.size() != position_digits + segment_ending.size() || !name.ends_with(segment_ending)) return {};
  Position first;
  const char* const end = name.data() + position_digits;
  const auto [stop, error] = std::from_chars(name.data(), end, first.value);
  return error == std::errc() && stop == end ? first : Position{};
}

std::array<std::byte, segment_header_bytes> encode_segment_header(const SegmentHeader& header) {
  std::array<std::byte, segment_header_bytes> bytes{};
  Writer(bytes.data())
      .put(segment_magic)
      .put(header.first.value)
      .put(header.previous_first.value)
      .put(header.previous_bytes)
      .put(header.chain)
      .put(header.newest.us);
  seal_with_check(bytes);
  return bytes;
}

Result<SegmentHeader> decode_segment_header(ByteSpan bytes) {
  ZAN_ASSIGN(ByteReader reader, checked(bytes, segment_header_bytes, segment_magic, "segment header"));
  SegmentHeader header;
  header.first.value = reader.fixed<std::uint64_t>();
  header.previous_first.value = reader.fixed<std::uint64_t>();
  header.previous_bytes = reader.fixed<std::uint64_t>();
  header.chain = reader.fixed<std::uint64_t>();
  header.newest.us = reader.fixed<std::int64_t>();
  return header;
}

std::array<std::byte, group_header_bytes> encode_group_header(const GroupHeader& header) {
  std::array<std::byte, group_header_bytes> bytes{};
  Writer(bytes.data() + 8)
      .put(header.payload_bytes)
      .put(header.count)
      .put(header.first.value)
      .put(header.at.us)
      .put(header.checksum)
      .put(header.unsynced);
  Writer(bytes.data()).put(group_magic).put(checksum32(ByteSpan(bytes).subspan(8)));
  return bytes;
}

bool decode_group_header(ByteSpan bytes, GroupHeader& header) {
  ByteReader reader(bytes.first(group_header_bytes));
  if (reader.fixed<std::uint32_t>() != group_magic) return false;
  if (reader.fixed<std::uint32_t>() != checksum32(bytes.subspan(8, group_header_bytes - 8))) return false;
  header.payload_bytes = reader.fixed<std::uint32_t>();
  header.count = reader.fixed<std::uint32_t>();
  header.first.value = reader.fixed<std::uint64_t>();
  header.at.us = reader.fixed<std::int64_t>();
  header.checksum = reader.fixed<std::uint64_t>();
  header.unsynced = reader.fixed<std::uint32_t>();
  // A record takes two bytes at least: its length and its tag.
  return header.count > 0 && header.payload_bytes / 2 >= header.count &&
         header.payload_bytes <= journal_group_bytes_max && header.first.value > header.unsynced;
}

Bytes encode_journal_end(const JournalEnd& end) {
  std::array<std::byte, journal_end_bytes> bytes{};
  Writer(bytes.data())
      .put(end_magic)
      .put(end.segment_first.value)
      .put(end.segment_bytes)
      .put(end.last.value)
      .put(end.chain);
  seal_with_check(bytes);
  return {bytes.begin(), bytes.end()};
}

Result<JournalEnd> decode_journal_end(ByteSpan bytes) {
  if (bytes.size() != journal_end_bytes) return corrupt("journal/END has a wrong length");
  ZAN_ASSIGN(ByteReader reader, checked(bytes, journal_end_bytes, end_magic, "journal/END"));
  JournalEnd end;
  end.segment_first.value = reader.fixed<std::uint64_t>();
  end.segment_bytes = reader.fixed<std::uint64_t>();
  end.last.value = reader.fixed<std::uint64_t>();
  end.chain = reader.fixed<std::uint64_t>();
  return end;
}

}  // namespace zan::storage
