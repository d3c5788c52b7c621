#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/scratch_folder.h"

namespace zan {
namespace {

TEST(File, AnAbsentOneIsEmptyAndATooLargeOneIsSaid) {
  const ScratchFolder folder;
  EXPECT_EQ(*read_whole(folder.at("none"), 10), "");
  ASSERT_TRUE(replace_file(folder.at("a"), "0123456789").ok());
  EXPECT_EQ(*read_whole(folder.at("a"), 10), "0123456789");
  EXPECT_EQ(read_whole(folder.at("a"), 9).error().kind, ErrorKind::corrupt);
  EXPECT_EQ(read_whole(folder.path(), 9).error().kind, ErrorKind::unavailable);
}

TEST(File, ReplacingLeavesNothingBesideAndOnlyTheOwnerReads) {
  const ScratchFolder folder;
  ASSERT_TRUE(replace_file(folder.at("a"), "one").ok());
  const std::string before = stamp_of(folder.at("a"));
  ASSERT_TRUE(replace_file(folder.at("a"), "two").ok());
  EXPECT_NE(stamp_of(folder.at("a")), before);
  EXPECT_EQ(*read_whole(folder.at("a"), 10), "two");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
  struct stat file {};
  ASSERT_EQ(::stat(folder.at("a").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777U, 0600U);
  EXPECT_EQ(replace_file(folder.at("none/a"), "x").error().kind, ErrorKind::unavailable);
}

TEST(File, MovesOverAnotherAndFromNothing) {
  const ScratchFolder folder;
  ASSERT_TRUE(replace_file(folder.at("a"), "one").ok());
  ASSERT_TRUE(replace_file(folder.at("b"), "two").ok());
  EXPECT_TRUE(move_file(folder.at("a"), folder.at("b")).ok());
  EXPECT_EQ(*read_whole(folder.at("b"), 10), "one");
  EXPECT_TRUE(move_file(folder.at("a"), folder.at("b")).ok());
  EXPECT_EQ(stamp_of(folder.at("a")), "none");
}

TEST(File, GrowsAndIsCut) {
  const ScratchFolder folder;
  {
    auto file = AppendFile::open(folder.at("a"));
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file->append("one").ok());
    ASSERT_TRUE(file->append("two").ok());
    ASSERT_TRUE(file->cut(4).ok());
  }
  auto again = AppendFile::open(folder.at("a"));
  ASSERT_TRUE(again.ok());
  ASSERT_TRUE(again->append("!").ok());
  EXPECT_EQ(*read_whole(folder.at("a"), 10), "onet!");
  EXPECT_EQ(AppendFile::open(folder.at("none/a")).error().kind, ErrorKind::unavailable);
}

TEST(File, ALockIsTakenAgainOnceItWasLetGo) {
  const ScratchFolder folder;
  for (int i = 0; i < 2; ++i) {
    const auto lock = FileLock::take(folder.at("lock"));
    EXPECT_TRUE(lock.ok());
  }
  EXPECT_EQ(FileLock::take(folder.at("none/lock")).error().kind, ErrorKind::unavailable);
}

}  // namespace
}  // namespace zan
