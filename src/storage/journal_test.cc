#include "storage/journal.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstring>
#include <map>
#include <set>

#include "base/hash.h"
#include "base/scratch_folder.h"
#include "storage/journal_format.h"
#include "storage/journal_twin.h"
#include "storage/sim_disk.h"

namespace zan::storage {
namespace {

constexpr JournalOptions small{.segment_bytes = 2000, .reserve_bytes = 800};

std::unique_ptr<Journal> open(Disk& disk, JournalOptions options = small) {
  auto journal = Journal::open(disk, options);
  EXPECT_TRUE(journal.ok()) << (journal.ok() ? "" : journal.error().message);
  return std::move(journal).value();
}

void fill(Disk& disk, std::size_t groups, bool close, std::uint64_t seed = 1) {
  const auto journal = open(disk);
  Rng rng(seed);
  for (std::size_t i = 0; i < groups; ++i) {
    ASSERT_TRUE(journal->append(build(random_records(rng, 5, 30)), {static_cast<std::int64_t>(i)}).ok());
    ASSERT_TRUE(journal->sync().ok());
  }
  if (close) {
    ASSERT_TRUE(journal->close().ok());
  }
}

TEST(GroupBuilder, keeps_records_in_order_whatever_room_was_asked_for) {
  GroupBuilder builder;
  std::vector<std::string> expected;
  for (const std::size_t length : {1u, 2u, 127u, 128u, 200u, 16383u, 16384u}) {
    for (const std::size_t room : {length, length + 1, length * 200}) {
      expected.emplace_back(length, static_cast<char>('a' + expected.size()));
      std::byte* const to = builder.begin_record(room);
      std::memcpy(to, expected.back().data(), length);
      builder.commit_record(to + length);
    }
  }
  std::vector<std::string> got;
  ByteSpan record;
  RecordReader reader(builder.payload());
  while (reader.next(record)) got.emplace_back(as_text(record));
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(got, expected);
  EXPECT_EQ(builder.count(), expected.size());
  builder.clear();
  EXPECT_EQ(builder.count(), 0u);
  EXPECT_TRUE(builder.payload().empty());
}

TEST(GroupBuilder, a_record_that_was_begun_again_is_not_there) {
  GroupBuilder builder;
  builder.begin_record(1000);
  builder.add(as_bytes("x"));
  builder.begin_record(50);
  EXPECT_EQ(as_text(builder.payload()), "\1x");
}

TEST(RecordReader, notices_what_is_malformed) {
  ByteSpan record;
  for (const std::string_view bytes : {std::string_view("\0", 1), std::string_view("\5abc"), std::string_view("\x80"),
                                       std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\1")}) {
    RecordReader reader(as_bytes(bytes));
    EXPECT_FALSE(reader.next(record));
    EXPECT_FALSE(reader.ok());
  }
  EXPECT_FALSE(RecordReader(ByteSpan{}).next(record));
  EXPECT_TRUE(RecordReader(ByteSpan{}).ok());
}

TEST(JournalFormat, headers_come_back) {
  const SegmentHeader segment{{7}, {3}, 1234, 0xabcdef, {-5}};
  const auto again = decode_segment_header(encode_segment_header(segment)).value();
  EXPECT_EQ(again.first, segment.first);
  EXPECT_EQ(again.previous_first, segment.previous_first);
  EXPECT_EQ(again.previous_bytes, segment.previous_bytes);
  EXPECT_EQ(again.chain, segment.chain);
  EXPECT_EQ(again.newest, segment.newest);
  GroupHeader group;
  ASSERT_TRUE(decode_group_header(encode_group_header({{9}, 2, 4, {8}, 77, 3}), group));
  EXPECT_EQ(group.first, Position{9});
  EXPECT_EQ(group.count, 2u);
  EXPECT_EQ(group.payload_bytes, 4u);
  EXPECT_EQ(group.at, Timestamp{8});
  EXPECT_EQ(group.checksum, 77u);
  EXPECT_EQ(group.unsynced, 3u);
}

TEST(JournalFormat, refuses_impossible_groups) {
  GroupHeader group;
  EXPECT_FALSE(decode_group_header(encode_group_header({{9}, 0, 4, {}, 0, 0}), group));  // no records
  EXPECT_FALSE(decode_group_header(encode_group_header({{9}, 3, 4, {}, 0, 0}), group));  // more than fit
  EXPECT_FALSE(decode_group_header(encode_group_header({{9}, 1, 4, {}, 0, 9}), group));  // before the first
  EXPECT_FALSE(decode_group_header(
      encode_group_header({{9}, 1, static_cast<std::uint32_t>(journal_group_bytes_max) + 1, {}, 0, 0}), group));
}

TEST(JournalFormat, tells_a_version_of_tomorrow_from_damage) {
  auto bytes = encode_segment_header({{1}, {}, 0, 0, {}});
  bytes[7] = std::byte{2};
  EXPECT_EQ(decode_segment_header(bytes).error().kind, ErrorKind::corrupt);
  const std::uint64_t check = checksum64(ByteSpan(bytes).first(56));
  std::memcpy(bytes.data() + 56, &check, 8);
  EXPECT_EQ(decode_segment_header(bytes).error().kind, ErrorKind::unsupported);
}

TEST(JournalFormat, segment_names_sort_as_their_positions) {
  EXPECT_EQ(segment_path({42}), "journal/00000000000000000042.zj");
  EXPECT_EQ(segment_position("00000000000000000042.zj"), Position{42});
  for (const char* name :
       {"END", "next.tmp", "0000000000000000004x.zj", "42.zj", "00000000000000000042.zjx", "99999999999999999999.zj"})
    EXPECT_EQ(segment_position(name), Position{}) << name;
}

class JournalTest : public testing::TestWithParam<bool> {
 protected:
  JournalTest() {
    if (GetParam())
      disk_ = open_machine_disk(folder_.path()).value();
    else
      disk_ = SimDisk::make(1);
  }
  ScratchFolder folder_;
  std::unique_ptr<Disk> disk_;
};

INSTANTIATE_TEST_SUITE_P(Both, JournalTest, testing::Bool(),
                         [](const auto& made_for) { return made_for.param ? "machine" : "simulated"; });

TEST_P(JournalTest, an_empty_one_reads_as_empty) {
  const auto journal = open(*disk_);
  EXPECT_EQ(journal->last(), Position{});
  EXPECT_EQ(journal->synced(), Position{});
  EXPECT_EQ(journal->bytes(), 0u);
  EXPECT_TRUE(read_all(*journal).value().empty());
  EXPECT_EQ(*journal->before({5}), Position{});
  EXPECT_TRUE(journal->verify().ok());
  EXPECT_EQ(journal->read({1}).error().kind, ErrorKind::not_found);
}

TEST_P(JournalTest, gives_back_what_was_synced_and_no_more) {
  const auto journal = open(*disk_);
  TwinJournal twin(*journal);
  EXPECT_EQ(*twin.append({"a", "b"}, {10}), Position{2});
  EXPECT_TRUE(read_all(*journal).value().empty());
  EXPECT_EQ(journal->synced(), Position{});
  ASSERT_TRUE(journal->sync().ok());
  EXPECT_EQ(read_all(*journal).value(), twin.groups());
  EXPECT_EQ(journal->synced(), Position{2});
  const auto reader = journal->read({}).value();
  Group group;
  EXPECT_TRUE(*reader->next(group));
  EXPECT_FALSE(*reader->next(group));
  EXPECT_EQ(*twin.append({"c"}, {11}), Position{3});
  EXPECT_FALSE(*reader->next(group));
  ASSERT_TRUE(journal->sync().ok());
  ASSERT_TRUE(*reader->next(group));
  EXPECT_EQ(copy(group), twin.groups().back());
}

TEST_P(JournalTest, a_sync_without_news_does_not_ask_the_disk) {
  const auto journal = open(*disk_);
  ASSERT_TRUE(journal->append(build({"x"}), {}).ok());
  ASSERT_TRUE(journal->sync().ok());
  ASSERT_TRUE(journal->sync().ok());
  EXPECT_EQ(journal->syncs(), 1u);
}

TEST_P(JournalTest, goes_on_over_many_segments_and_starts) {
  std::vector<TwinGroup> expected;
  Rng rng(3);
  for (int start = 0; start < 6; ++start) {
    const auto journal = open(*disk_);
    ASSERT_EQ(read_all(*journal).value(), expected) << start;
    TwinJournal twin(*journal);
    for (int i = 0; i < 40; ++i) {
      ASSERT_TRUE(twin.append(random_records(rng, 6, 40), {1000 * start + i}).ok());
      if (rng.chance(0.4)) {
        ASSERT_TRUE(journal->sync().ok());
      }
    }
    ASSERT_TRUE(journal->sync().ok());
    expected.insert(expected.end(), twin.groups().begin(), twin.groups().end());
    ASSERT_EQ(read_all(*journal).value(), expected);
    ASSERT_TRUE(journal->verify().ok());
    if (start % 2 == 0) {
      ASSERT_TRUE(journal->close().ok());
    }
  }
  EXPECT_GT(disk_->list("journal")->size(), 5u);
}

TEST_P(JournalTest, reads_from_any_position) {
  fill(*disk_, 60, false);
  const auto journal = open(*disk_);
  const auto all = read_all(*journal).value();
  for (std::uint64_t after = 0; after <= journal->last().value; ++after) {
    const auto some = read_all(*journal, {after}).value();
    const auto first = std::find_if(all.begin(), all.end(), [&](const auto& g) { return g.last().value > after; });
    ASSERT_EQ(some, std::vector<TwinGroup>(first, all.end())) << after;
  }
  EXPECT_EQ(journal->read({journal->last().value + 1}).error().kind, ErrorKind::not_found);
}

TEST_P(JournalTest, reads_near_a_place_as_it_reads_from_the_start) {
  fill(*disk_, 150, false);
  const auto journal = open(*disk_);
  const auto reader = journal->read({}).value();
  std::set<std::uint64_t> leads;
  for (Group group; reader->next(group).value();) {
    const TwinGroup expected = copy(group);
    leads.insert(group.lead.offset);
    for (Position after{expected.first.value - 1}; after < expected.last(); ++after.value) {
      Group found;
      const auto near = journal->read_near(after, group.lead).value();
      ASSERT_TRUE(near->next(found).value());
      ASSERT_EQ(copy(found), expected);
      ASSERT_EQ(found.lead, group.lead);
    }
  }
  EXPECT_GT(leads.size(), 20U);
  EXPECT_EQ(journal->read_near({1}, {{2}, segment_header_bytes + 1}).error().kind, ErrorKind::corrupt);
  EXPECT_EQ(journal->read_near({1}, {{2}, 1'000'000'000}).error().kind, ErrorKind::corrupt);
  EXPECT_EQ(journal->read_near({1'000'000}, {{1}, segment_header_bytes}).error().kind, ErrorKind::not_found);
}

TEST_P(JournalTest, knows_what_was_before_a_time) {
  const auto journal = open(*disk_);
  TwinJournal twin(*journal);
  Rng rng(4);
  std::int64_t clock = 1000;
  for (int i = 0; i < 120; ++i) {
    clock += static_cast<std::int64_t>(rng.below(20));
    if (i == 60) clock += 500;  // and back
    if (i == 64) clock -= 600;
    ASSERT_TRUE(twin.append(random_records(rng, 4, 40), {clock}).ok());
    ASSERT_TRUE(journal->sync().ok());
  }
  for (std::int64_t at = 900; at < clock + 700; at += 7) {
    Position expected = twin.groups().back().last();
    for (const auto& group : twin.groups()) {
      if (group.at.us < at) continue;
      expected = {group.first.value - 1};
      break;
    }
    ASSERT_EQ(*journal->before({at}), expected) << at;
  }
}

TEST_P(JournalTest, a_group_larger_than_a_segment_has_one_for_itself) {
  const auto journal = open(*disk_);
  TwinJournal twin(*journal);
  ASSERT_TRUE(twin.append({"small"}, {1}).ok());
  ASSERT_TRUE(twin.append({std::string(10'000, 'x')}, {2}).ok());
  ASSERT_TRUE(twin.append({"small"}, {3}).ok());
  ASSERT_TRUE(journal->sync().ok());
  EXPECT_EQ(read_all(*journal).value(), twin.groups());
  EXPECT_EQ(disk_->list("journal")->size(), 3u);
}

TEST_P(JournalTest, a_group_larger_than_the_window_is_read) {
  const auto journal = open(*disk_, {});
  TwinJournal twin(*journal);
  ASSERT_TRUE(twin.append({"small"}, {1}).ok());
  ASSERT_TRUE(twin.append({std::string(3 << 20, 'x'), "y"}, {2}).ok());
  ASSERT_TRUE(twin.append({"small"}, {3}).ok());
  ASSERT_TRUE(journal->sync().ok());
  EXPECT_EQ(read_all(*journal).value(), twin.groups());
  EXPECT_EQ(open(*disk_, {})->last(), journal->last());
}

TEST_P(JournalTest, counts_its_bytes) {
  std::uint64_t payload = 0;
  std::uint64_t groups = 0;
  {
    const auto journal = open(*disk_);
    Rng rng(5);
    for (int i = 0; i < 50; ++i) {
      const GroupBuilder group = build(random_records(rng, 5, 60));
      ASSERT_TRUE(journal->append(group, {}).ok());
      payload += group.payload().size();
      ++groups;
    }
    EXPECT_EQ(journal->bytes(), payload + groups * group_header_bytes);
    ASSERT_TRUE(journal->sync().ok());
  }
  EXPECT_EQ(open(*disk_)->bytes(), payload + groups * group_header_bytes);
}

TEST_P(JournalTest, extents_copied_elsewhere_are_the_journal) {
  const auto journal = open(*disk_);
  TwinJournal twin(*journal);
  Rng rng(6);
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(twin.append(random_records(rng, 5, 60), {i}).ok());
  ASSERT_TRUE(journal->sync().ok());
  ASSERT_TRUE(journal->append(build({"not synced"}), {}).ok());
  const auto copy_disk = SimDisk::make(9);
  ASSERT_TRUE(copy_disk->make_folder("journal").ok());
  const auto extents = journal->extents().value();
  for (const auto& [path, bytes] : extents) {
    const Bytes content = read_file(*disk_, path).value();
    ASSERT_TRUE(write_file(*copy_disk, path, ByteSpan(content).first(bytes)).ok());
  }
  const auto restored = open(*copy_disk);
  EXPECT_EQ(read_all(*restored).value(), twin.groups());
  EXPECT_TRUE(restored->verify().ok());
}

TEST_P(JournalTest, is_closed_once_and_for_all) {
  {
    const auto journal = open(*disk_);
    ASSERT_TRUE(journal->append(build({"x"}), {}).ok());
    ASSERT_TRUE(journal->close().ok());
    ASSERT_TRUE(journal->close().ok());
    EXPECT_EQ(journal->append(build({"y"}), {}).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(journal->synced(), Position{1});
    EXPECT_EQ(read_all(*journal)->size(), 1u);
  }
  EXPECT_TRUE(*disk_->exists("journal/END"));
  {
    const auto journal = open(*disk_);
    EXPECT_EQ(journal->last(), Position{1});
    EXPECT_TRUE(*disk_->exists("journal/END"));
    ASSERT_TRUE(journal->append(build({"y"}), {}).ok());
    EXPECT_FALSE(*disk_->exists("journal/END"));
    ASSERT_TRUE(journal->close().ok());
  }
  const auto journal = open(*disk_);
  EXPECT_EQ(journal->last(), Position{2});
  ASSERT_TRUE(journal->close().ok());
  EXPECT_EQ(open(*disk_)->last(), Position{2});
}

TEST_P(JournalTest, a_reader_may_outlive_the_journal) {
  auto journal = open(*disk_);
  ASSERT_TRUE(journal->append(build({"x"}), {}).ok());
  ASSERT_TRUE(journal->sync().ok());
  const auto reader = journal->read({}).value();
  journal.reset();
  Group group;
  EXPECT_TRUE(*reader->next(group));
  EXPECT_FALSE(*reader->next(group));
}

// Opens and verifies; what a damaged journal may answer.
Result<std::vector<TwinGroup>> open_and_read(Disk& disk) {
  ZAN_ASSIGN(const auto journal, Journal::open(disk, small));
  ZAN_TRY(journal->verify());
  return read_all(*journal);
}

std::vector<std::string> segments(Disk& disk) {
  std::vector<std::string> paths;
  const auto names = disk.list("journal").value();
  for (const std::string& name : names) {
    if (segment_position(name).value != 0) paths.push_back("journal/" + name);
  }
  return paths;
}

TEST(JournalDamage, every_flipped_bit_of_a_closed_journal_is_named) {
  const auto disk = SimDisk::make(1);
  fill(*disk, 40, true);
  const auto whole = open_and_read(*disk).value();
  auto paths = segments(*disk);
  ASSERT_GE(paths.size(), 2u);
  paths.push_back("journal/END");
  for (const std::string& path : paths) {
    const std::size_t size = read_file(*disk, path)->size();
    for (std::size_t offset = 0; offset < size; ++offset) {
      const auto bit = static_cast<unsigned>(offset % 8);
      ASSERT_TRUE(disk->flip(path, offset, bit).ok());
      const auto read = open_and_read(*disk);
      ASSERT_FALSE(read.ok()) << path << " " << offset;
      ASSERT_EQ(read.error().kind, ErrorKind::corrupt) << path << " " << offset << " " << read.error().message;
      ASSERT_NE(read.error().message.find("journal/"), std::string::npos) << read.error().message;
      ASSERT_TRUE(disk->flip(path, offset, bit).ok());
    }
  }
  EXPECT_EQ(open_and_read(*disk).value(), whole);
}

TEST(JournalDamage, a_flipped_bit_of_a_crashed_journal_is_named_or_cuts_the_last_group) {
  const auto disk = SimDisk::make(1);
  fill(*disk, 40, false);
  const auto whole = open_and_read(*disk).value();
  std::map<std::string, Bytes> files;
  for (const std::string& path : segments(*disk)) files[path] = read_file(*disk, path).value();
  std::size_t cut = 0;
  for (const auto& [path, content] : files) {
    for (std::size_t offset = 0; offset < content.size(); ++offset) {
      ASSERT_TRUE(disk->flip(path, offset, static_cast<unsigned>(offset % 8)).ok());
      const auto read = open_and_read(*disk);
      if (read.ok()) {
        ASSERT_EQ(path, files.rbegin()->first);
        if (*read != whole) {
          ASSERT_EQ(*read, std::vector<TwinGroup>(whole.begin(), whole.end() - 1)) << offset;
          ++cut;
        }
      } else {
        ASSERT_EQ(read.error().kind, ErrorKind::corrupt) << path << " " << offset;
      }
      ASSERT_TRUE(write_file(*disk, path, content).ok());
    }
  }
  EXPECT_EQ(cut, build(whole.back().records).payload().size() + group_header_bytes);
}

TEST(JournalDamage, a_cut_at_every_byte_of_the_last_group_costs_that_group_only) {
  const auto disk = SimDisk::make(1);
  fill(*disk, 5, false);
  const auto whole = open_and_read(*disk).value();
  const std::string path = segments(*disk).back();
  const Bytes content = read_file(*disk, path).value();
  const std::uint64_t end = open(*disk)->extents().value().back().bytes;
  const std::uint64_t start = end - build(whole.back().records).payload().size() - group_header_bytes;
  for (const bool zeros_behind : {false, true}) {
    for (std::uint64_t length = start; length < end; ++length) {
      Bytes torn(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(length));
      if (zeros_behind) torn.resize(content.size());
      ASSERT_TRUE(write_file(*disk, path, torn).ok());
      auto read = open_and_read(*disk).value();
      if (zeros_behind && read == whole) continue;  // the byte cut off was a zero
      ASSERT_EQ(read, std::vector<TwinGroup>(whole.begin(), whole.end() - 1)) << length;
      // What comes next must not meet what was left over.
      const auto journal = open(*disk);
      TwinJournal twin(*journal);
      ASSERT_TRUE(twin.append({"n"}, {9}).ok());
      ASSERT_TRUE(journal->sync().ok());
      read.push_back(twin.groups().back());
      ASSERT_EQ(open_and_read(*disk).value(), read) << length;
    }
  }
}

TEST(JournalDamage, a_missing_file_is_named) {
  for (const bool close : {false, true}) {
    const auto disk = SimDisk::make(1);
    fill(*disk, 120, close);
    const auto paths = segments(*disk);
    ASSERT_GE(paths.size(), 4u);
    for (std::size_t i = 0; i < paths.size(); ++i) {
      const Bytes content = read_file(*disk, paths[i]).value();
      ASSERT_TRUE(disk->remove(paths[i]).ok());
      const auto opened = Journal::open(*disk, small);
      // The last one of a journal that was not closed may never have been: its end is not written down.
      if (!close && i + 1 == paths.size()) {
        EXPECT_TRUE(opened.ok());
      } else {
        ASSERT_FALSE(opened.ok()) << paths[i];
        EXPECT_EQ(opened.error().kind, ErrorKind::corrupt) << paths[i];
      }
      ASSERT_TRUE(write_file(*disk, paths[i], content).ok());
    }
  }
}

TEST(JournalDamage, truncation_is_named_at_start) {
  const auto disk = SimDisk::make(1);
  fill(*disk, 120, true);
  for (const std::string& path : segments(*disk)) {
    const Bytes content = read_file(*disk, path).value();
    for (const std::size_t length : {content.size() - 1, content.size() / 2, segment_header_bytes, std::size_t{10}}) {
      ASSERT_TRUE(write_file(*disk, path, ByteSpan(content).first(length)).ok());
      const auto opened = Journal::open(*disk, small);
      ASSERT_FALSE(opened.ok()) << path << " " << length;
      EXPECT_EQ(opened.error().kind, ErrorKind::corrupt);
    }
    ASSERT_TRUE(write_file(*disk, path, content).ok());
  }
}

TEST(JournalDamage, groups_of_another_journal_do_not_fit) {
  const auto disk = SimDisk::make(1);
  const auto other = SimDisk::make(2);
  fill(*disk, 6, false, 1);
  fill(*other, 6, false, 1);
  // The same shape, another content of the second group: the chain breaks at the third.
  const std::string path = segments(*disk).front();
  const auto ours = open_and_read(*disk).value();
  Bytes mixed = read_file(*disk, path).value();
  const auto third = segment_header_bytes + 2 * group_header_bytes + build(ours[0].records).payload().size() +
                     build(ours[1].records).payload().size();
  ASSERT_TRUE(other->flip(path, third - 1, 0).ok());  // content ...
  const Bytes theirs = read_file(*other, path).value();
  const auto second = segment_header_bytes + group_header_bytes + build(ours[0].records).payload().size();
  GroupHeader header;
  ASSERT_TRUE(decode_group_header(ByteSpan(theirs).subspan(second), header));
  header.checksum = checksum64(ByteSpan(theirs).subspan(second + group_header_bytes, header.payload_bytes), [&] {
    GroupHeader before;
    EXPECT_TRUE(decode_group_header(ByteSpan(theirs).subspan(segment_header_bytes), before));
    return before.checksum;
  }());
  const auto bytes = encode_group_header(header);  // ... and a header that fits it
  std::copy(bytes.begin(), bytes.end(), mixed.begin() + static_cast<std::ptrdiff_t>(second));
  mixed[third - 1] = theirs[third - 1];
  ASSERT_TRUE(write_file(*disk, path, mixed).ok());
  const auto read = open_and_read(*disk);
  ASSERT_FALSE(read.ok());
  EXPECT_NE(read.error().message.find("offset " + std::to_string(third)), std::string::npos) << read.error().message;
}

}  // namespace
}  // namespace zan::storage
