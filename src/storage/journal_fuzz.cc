// Foreign bytes as a journal. The first byte chooses how the rest is used:
//   0  as the groups behind a sound segment header
//   1  as patches (offset, byte) to a sound journal of three segments, not closed
//   2  the same, closed
//   3  as journal/END beside a sound journal
//   4  as a segment header, a group header and a payload, decoded alone
// Whatever opens must read through to its end or say corrupt, take one more group, and open again
// with it.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "storage/journal.h"
#include "storage/journal_format.h"
#include "storage/sim_disk.h"

namespace zan::storage {
namespace {

constexpr JournalOptions small{.segment_bytes = 600, .reserve_bytes = 400};

void expect(bool holds) {
  if (!holds) std::abort();
}

void put(Disk& disk, const std::string& path, ByteSpan content) {
  expect(write_file(disk, path, content).ok());
}

GroupBuilder group_of(std::string_view text) {
  GroupBuilder group;
  group.add(as_bytes(text));
  group.add(as_bytes("second"));
  return group;
}

void make_journal(Disk& disk, bool close) {
  const auto journal = Journal::open(disk, small).value();
  for (int i = 0; i < 12; ++i) {
    expect(journal->append(group_of(std::string(static_cast<std::size_t>(20 + i), 'x')), {i}).ok());
    expect(journal->sync().ok());
  }
  if (close) expect(journal->close().ok());
}

void patch(Disk& disk, ByteSpan patches) {
  const auto names = disk.list(journal_folder).value();
  for (std::size_t i = 0; i + 4 <= patches.size(); i += 4) {
    const std::string path = "journal/" + names[static_cast<std::size_t>(patches[i]) % names.size()];
    Bytes content = read_file(disk, path).value();
    const auto offset = static_cast<std::size_t>(patches[i + 1]) << 8 | static_cast<std::size_t>(patches[i + 2]);
    content[offset % content.size()] = patches[i + 3];
    put(disk, path, content);
  }
}

// Position of the last group read; aborts on anything but a good end or corrupt.
bool read_through(const Journal& journal, Position& last) {
  const auto reader = journal.read({});
  if (!reader.ok()) return expect(reader.error().kind == ErrorKind::corrupt), false;
  for (Group group;;) {
    const auto there = reader.value()->next(group);
    if (!there.ok()) return expect(there.error().kind == ErrorKind::corrupt), false;
    if (!*there) return true;
    expect(group.first.value == last.value + 1 && group.count > 0);
    last = {group.first.value + group.count - 1};
    ByteSpan record;
    for (RecordReader records(group.payload); records.next(record);) expect(!record.empty());
  }
}

void use(Disk& disk) {
  Position last;
  {
    const auto opened = Journal::open(disk, small);
    if (!opened.ok()) return expect(opened.error().kind != ErrorKind::unavailable);
    Journal& journal = *opened.value();
    const bool whole = read_through(journal, last);
    if (!whole) return expect(!journal.verify().ok());
    expect(last == journal.last() && journal.synced() == last);
    if (!journal.before({5}).ok()) std::abort();
    expect(journal.append(group_of("one more"), {99}).ok());
    expect(journal.sync().ok());
    last = journal.last();
  }
  Position again;
  const auto opened = Journal::open(disk, small);
  expect(opened.ok() && read_through(*opened.value(), again) && again == last);
}

void decode_alone(ByteSpan bytes) {
  (void)decode_segment_header(bytes).ok();
  (void)decode_journal_end(bytes).ok();
  if (bytes.size() >= group_header_bytes) {
    GroupHeader header;
    if (decode_group_header(bytes, header)) expect(header.count > 0 && header.payload_bytes <= journal_group_bytes_max);
  }
  ByteSpan record;
  for (RecordReader records(bytes); records.next(record);) expect(!record.empty());
}

}  // namespace
}  // namespace zan::storage

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zan;
  using namespace zan::storage;
  if (size == 0 || size > 4096) return 0;
  const ByteSpan rest{reinterpret_cast<const std::byte*>(data) + 1, size - 1};
  const auto disk = SimDisk::make(1);
  switch (data[0] % 5) {
    case 0: {
      expect(disk->make_folder(journal_folder).ok());
      const auto header = encode_segment_header({.first = {1}});
      Bytes content(header.begin(), header.end());
      put_bytes(content, rest);
      put(*disk, segment_path({1}), content);
      break;
    }
    case 1:
    case 2:
      make_journal(*disk, data[0] % 5 == 2);
      patch(*disk, rest);
      break;
    case 3:
      make_journal(*disk, false);
      put(*disk, std::string(journal_end_path), rest);
      break;
    default:
      decode_alone(rest);
      return 0;
  }
  use(*disk);
  return 0;
}
