#include "storage/look_disk.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "storage/journal_twin.h"
#include "storage/sim_disk.h"

namespace zan::storage {
namespace {

constexpr JournalOptions small{.segment_bytes = 2000, .reserve_bytes = 800};

void say(Journal& journal, int from, int to) {
  for (int i = from; i < to; ++i) {
    ASSERT_TRUE(journal.append(build({"record " + std::to_string(i)}), {i}).ok());
    ASSERT_TRUE(journal.sync().ok());
  }
}

TEST(LookDisk, NothingReachesTheFolder) {
  const auto disk = SimDisk::make(1);
  ASSERT_TRUE(write_file(*disk, "a", as_bytes("hello")).ok());
  ASSERT_TRUE(disk->make_folder("f").ok());
  const auto look = look_at(*disk);
  EXPECT_EQ(look->open("new", OpenMode::create).error().kind, ErrorKind::unavailable);
  EXPECT_EQ(look->open("new", OpenMode::write).error().kind, ErrorKind::unavailable);
  EXPECT_EQ(look->open("new", OpenMode::read).error().kind, ErrorKind::not_found);
  EXPECT_EQ(look->rename("a", "b").error().kind, ErrorKind::unavailable);
  EXPECT_EQ(look->remove("a").error().kind, ErrorKind::unavailable);
  EXPECT_EQ(look->make_folder("g").error().kind, ErrorKind::unavailable);
  EXPECT_TRUE(look->make_folder("f").ok());
  EXPECT_EQ(look->remove_folder("f").error().kind, ErrorKind::unavailable);
  EXPECT_EQ(look->lock("LOCK").error().kind, ErrorKind::unavailable);
  EXPECT_EQ(write_file(*look, "a", as_bytes("other")).error().kind, ErrorKind::unavailable);

  const auto file = look->open("a", OpenMode::write).value();
  ASSERT_TRUE(file->write_pair_at(3, as_bytes("p"), as_bytes("less")).ok());
  ASSERT_TRUE(file->sync().ok());
  Bytes seen(20);
  ASSERT_EQ(file->read_at(0, seen).value(), 8u);
  EXPECT_EQ(as_text(ByteSpan(seen).first(8)), "helpless");
  ASSERT_TRUE(file->truncate(4).ok());
  EXPECT_EQ(file->size().value(), 4u);
  EXPECT_EQ(file->read_at(4, seen).value(), 0u);
  EXPECT_EQ(as_text(read_file(*disk, "a").value()), "hello");
}

TEST(LookDisk, WhatLiesBeforeTheEndIsReadThroughAndNeverWritten) {
  const auto disk = SimDisk::make(1);
  Bytes content(look_tail_bytes + 100);
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<std::byte>(i * 7 + i / 1000);
  ASSERT_TRUE(write_file(*disk, "long", content).ok());
  const auto look = look_at(*disk);
  const auto file = look->open("long", OpenMode::write).value();
  EXPECT_EQ(file->write_at(99, as_bytes("x")).error().kind, ErrorKind::unavailable);
  EXPECT_EQ(file->truncate(99).error().kind, ErrorKind::unavailable);
  EXPECT_TRUE(file->write_at(100, ByteSpan(content).subspan(100, 1)).ok());
  Bytes seen(content.size());
  ASSERT_EQ(file->read_at(0, seen).value(), content.size());
  EXPECT_EQ(seen, content);
}

TEST(LookDisk, AJournalIsSeenAsItStoodBesideItsWriter) {
  const auto disk = SimDisk::make(1);
  const auto journal = Journal::open(*disk, small).value();
  say(*journal, 1, 100);
  const auto look = look_at(*disk);
  const auto seen = Journal::open(*look, small).value();
  say(*journal, 100, 200);
  EXPECT_EQ(seen->synced().value, 99u);
  EXPECT_EQ(read_all(*seen).value().size(), 99u);
  EXPECT_TRUE(seen->verify().ok());
  EXPECT_EQ(read_all(*journal).value().size(), 199u);
  EXPECT_TRUE(journal->verify().ok());
}

TEST(LookDisk, ATornEndIsCutOffInTheCopyAlone) {
  const auto disk = SimDisk::make(1);
  std::string last;
  {
    const auto journal = Journal::open(*disk, JournalOptions{.segment_bytes = 1 << 16, .reserve_bytes = 800}).value();
    say(*journal, 1, 10);
    last = journal->extents()->back().path;
    // Written, and torn before it was synced.
    ASSERT_TRUE(disk->open(last, OpenMode::write)
                    .value()
                    ->write_at(journal->extents()->back().bytes, as_bytes("\xffGRP torn"))
                    .ok());
  }
  const Bytes before = read_file(*disk, last).value();
  const auto look = look_at(*disk);
  const auto seen = Journal::open(*look, small);
  ASSERT_TRUE(seen.ok()) << seen.error().message;
  EXPECT_EQ(read_all(**seen).value().size(), 9u);
  EXPECT_EQ(read_file(*disk, last).value(), before);
}

}  // namespace
}  // namespace zan::storage
