// The bytes of the journal's files; docs/formats/journal.md tells the same in words.
//
//   segment   journal/<first position, 20 digits>.zj: SegmentHeader, groups without gaps, zeros to the end of the file
//   group     GroupHeader, payload
//   payload   (varint length, record)*
//   end       journal/END, only while the journal is closed
//
// Every group's checksum is seeded with that of the group before it, across segments, so that no group can be taken
// out, put in or moved. A header carries its own check, so that lengths can be trusted before the payload is read.
//
// Errors:  corrupt without file and offset, which the caller knows; unsupported for a version of tomorrow.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/journal.h"

namespace zan::storage {

inline constexpr std::string_view journal_folder = "journal";
inline constexpr std::string_view journal_end_path = "journal/END";
inline constexpr std::string_view journal_next_path = "journal/next.tmp";  // a segment that is being made

inline constexpr std::size_t segment_header_bytes = 64;
inline constexpr std::size_t group_header_bytes = 44;
inline constexpr std::size_t journal_end_bytes = 48;
inline constexpr std::uint32_t group_magic = 0x505247ff;  // bytes ff 'G' 'R' 'P': no UTF-8 text can hold them

// What a segment knows of those before it.
struct SegmentHeader {
  Position first;                    // of its first record, whether there is one yet or not
  Position previous_first;           // zero: there is no segment before
  std::uint64_t previous_bytes = 0;  // the whole length of its file
  std::uint64_t chain = 0;           // checksum of the last group before this segment
  Timestamp newest;                  // of all groups before this segment; the clock may have gone back since
};

struct GroupHeader {
  Position first;
  std::uint32_t count = 0;
  std::uint32_t payload_bytes = 0;
  Timestamp at;
  std::uint64_t checksum = 0;  // of the payload, seeded with the checksum of the group before
  std::uint32_t unsynced = 0;  // records before `first` that were not synced when this was written

  [[nodiscard]] Position last() const { return {first.value + count - 1}; }
  [[nodiscard]] std::uint64_t bytes() const { return group_header_bytes + payload_bytes; }
};

// Where a closed journal ends.
struct JournalEnd {
  Position segment_first;
  std::uint64_t segment_bytes = 0;
  Position last;
  std::uint64_t chain = 0;
};

std::string segment_path(Position first);
// The position in a segment's file name (without folder), or zero for any other name.
Position segment_position(std::string_view name);

std::array<std::byte, segment_header_bytes> encode_segment_header(const SegmentHeader& header);
Result<SegmentHeader> decode_segment_header(ByteSpan bytes);

std::array<std::byte, group_header_bytes> encode_group_header(const GroupHeader& header);
// False when the bytes are no group header or one with impossible numbers. Takes at least group_header_bytes.
bool decode_group_header(ByteSpan bytes, GroupHeader& header);

Bytes encode_journal_end(const JournalEnd& end);
Result<JournalEnd> decode_journal_end(ByteSpan bytes);

}  // namespace zan::storage
