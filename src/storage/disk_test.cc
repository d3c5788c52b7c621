#include "storage/disk.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "base/scratch_folder.h"
#include "storage/sim_disk.h"

namespace zan::storage {
namespace {

// Both disks must keep the same contract.
class DiskTest : public testing::TestWithParam<bool> {
 protected:
  DiskTest() {
    if (GetParam())
      disk_ = open_machine_disk(folder_.path() + "/data").value();
    else
      disk_ = SimDisk::make(1);
  }
  std::string content(std::string_view path) {
    const auto bytes = read_file(*disk_, path);
    return bytes.ok() ? std::string(as_text(*bytes)) : bytes.error().message;
  }

  ScratchFolder folder_;
  std::unique_ptr<Disk> disk_;
};

INSTANTIATE_TEST_SUITE_P(Both, DiskTest, testing::Bool(),
                         [](const auto& made_for) { return made_for.param ? "machine" : "simulated"; });

TEST_P(DiskTest, opens_in_three_modes) {
  EXPECT_EQ(disk_->open("a", OpenMode::read).error().kind, ErrorKind::not_found);
  EXPECT_EQ(disk_->open("no/such", OpenMode::write).error().kind, ErrorKind::not_found);
  EXPECT_TRUE(disk_->open("a", OpenMode::create).ok());
  EXPECT_EQ(disk_->open("a", OpenMode::create).error().kind, ErrorKind::conflict);
  EXPECT_TRUE(disk_->open("a", OpenMode::write).ok());
  EXPECT_TRUE(disk_->open("a", OpenMode::read).ok());
  EXPECT_TRUE(*disk_->exists("a"));
  EXPECT_FALSE(*disk_->exists("b"));
}

TEST_P(DiskTest, reads_what_was_written) {
  const auto file = disk_->open("a", OpenMode::write).value();
  ASSERT_TRUE(file->write_at(3, as_bytes("defg")).ok());
  ASSERT_TRUE(file->write_pair_at(0, as_bytes("ab"), as_bytes("cD")).ok());
  ASSERT_TRUE(file->sync().ok());
  EXPECT_EQ(*file->size(), 7u);
  Bytes bytes(10);
  EXPECT_EQ(*file->read_at(0, bytes), 7u);
  EXPECT_EQ(as_text(ByteSpan(bytes).first(7)), "abcDefg");
  EXPECT_EQ(*file->read_at(5, bytes), 2u);
  EXPECT_EQ(*file->read_at(7, bytes), 0u);
  EXPECT_EQ(*file->read_at(700, bytes), 0u);
}

TEST_P(DiskTest, leaves_zeros_where_nothing_was_written) {
  const auto file = disk_->open("a", OpenMode::write).value();
  ASSERT_TRUE(file->write_at(2, as_bytes("c")).ok());
  ASSERT_TRUE(file->truncate(5).ok());
  EXPECT_EQ(content("a"), std::string("\0\0c\0\0", 5));
  ASSERT_TRUE(file->truncate(1).ok());
  ASSERT_TRUE(file->truncate(3).ok());
  EXPECT_EQ(content("a"), std::string("\0\0\0", 3));
}

TEST_P(DiskTest, names_move_and_go) {
  ASSERT_TRUE(write_file(*disk_, "a", as_bytes("one")).ok());
  ASSERT_TRUE(write_file(*disk_, "b", as_bytes("two")).ok());
  ASSERT_TRUE(disk_->rename("a", "b").ok());
  EXPECT_EQ(content("b"), "one");
  EXPECT_EQ(disk_->rename("a", "c").error().kind, ErrorKind::not_found);
  EXPECT_TRUE(disk_->remove("b").ok());
  EXPECT_EQ(disk_->remove("b").error().kind, ErrorKind::not_found);
}

TEST_P(DiskTest, lists_names_sorted) {
  ASSERT_TRUE(disk_->make_folder("f").ok());
  ASSERT_TRUE(disk_->make_folder("f").ok());
  ASSERT_TRUE(write_file(*disk_, "f/b", {}).ok());
  ASSERT_TRUE(write_file(*disk_, "f/a", {}).ok());
  ASSERT_TRUE(write_file(*disk_, "z", {}).ok());
  EXPECT_EQ(*disk_->list("f"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(*disk_->list(""), (std::vector<std::string>{"f", "z"}));
  EXPECT_EQ(disk_->list("g").error().kind, ErrorKind::not_found);
  EXPECT_TRUE(disk_->sync_folder("f").ok());
  EXPECT_TRUE(disk_->sync_folder("").ok());
}

TEST_P(DiskTest, folders_go_when_empty) {
  ASSERT_TRUE(disk_->make_folder("f").ok());
  ASSERT_TRUE(disk_->make_folder("f/g").ok());
  ASSERT_TRUE(write_file(*disk_, "f/g/a", as_bytes("one")).ok());
  EXPECT_EQ(disk_->remove_folder("f/g").error().kind, ErrorKind::conflict);
  ASSERT_TRUE(disk_->remove("f/g/a").ok());
  EXPECT_EQ(disk_->remove_folder("f").error().kind, ErrorKind::conflict);
  EXPECT_TRUE(disk_->remove_folder("f/g").ok());
  EXPECT_TRUE(disk_->remove_folder("f").ok());
  EXPECT_EQ(disk_->remove_folder("f").error().kind, ErrorKind::not_found);
  ASSERT_TRUE(write_file(*disk_, "a", as_bytes("one")).ok());
  EXPECT_EQ(disk_->remove_folder("a").error().kind, ErrorKind::unavailable);
  EXPECT_TRUE(disk_->sync_all().ok());
  EXPECT_EQ(content("a"), "one");
}

TEST_P(DiskTest, write_file_replaces_whole) {
  ASSERT_TRUE(write_file(*disk_, "a", as_bytes("a long content")).ok());
  ASSERT_TRUE(write_file(*disk_, "a", as_bytes("short")).ok());
  EXPECT_EQ(content("a"), "short");
  EXPECT_EQ(*disk_->list(""), std::vector<std::string>{"a"});
}

TEST_P(DiskTest, one_lock_at_a_time) {
  auto held = disk_->lock("LOCK");
  ASSERT_TRUE(held.ok());
  const auto second = disk_->lock("LOCK");
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().kind, ErrorKind::conflict);
  held.value().reset();
  EXPECT_TRUE(disk_->lock("LOCK").ok());
}

TEST_P(DiskTest, an_open_file_outlives_its_name) {
  const auto file = disk_->open("a", OpenMode::write).value();
  ASSERT_TRUE(file->write_at(0, as_bytes("abc")).ok());
  ASSERT_TRUE(disk_->remove("a").ok());
  Bytes bytes(3);
  EXPECT_EQ(*file->read_at(0, bytes), 3u);
}

class MachineDiskTest : public testing::Test {
 protected:
  static unsigned mode_of(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777U : 0;
  }
  ScratchFolder folder_;
};

TEST_F(MachineDiskTest, nobody_else_may_look) {
  const std::string path = folder_.path() + "/deep/down/";
  const auto disk = open_machine_disk(path).value();
  ASSERT_TRUE(disk->make_folder("f").ok());
  ASSERT_TRUE(write_file(*disk, "f/a", {}).ok());
  EXPECT_EQ(mode_of(path), 0700u);
  EXPECT_EQ(mode_of(path + "/f"), 0700u);
  EXPECT_EQ(mode_of(path + "/f/a"), 0600u);
  EXPECT_EQ(disk->root(), folder_.path() + "/deep/down");
  EXPECT_TRUE(open_machine_disk(path).ok());
}

TEST_F(MachineDiskTest, survives_a_change_of_folder) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder_.path());
  const auto disk = open_machine_disk("data").value();
  std::filesystem::current_path(before);
  EXPECT_TRUE(write_file(*disk, "a", {}).ok());
  EXPECT_EQ(disk->root(), folder_.path() + "/data");
  EXPECT_TRUE(std::filesystem::exists(folder_.path() + "/data/a"));
}

TEST_F(MachineDiskTest, says_that_there_is_no_space) {
  const auto disk = open_machine_disk(folder_.path()).value();
  std::filesystem::create_symlink("/dev/full", folder_.path() + "/a");
  const auto file = disk->open("a", OpenMode::write).value();
  for (const auto& result : {file->write_at(0, as_bytes("x")), file->write_pair_at(0, as_bytes("x"), as_bytes("y"))}) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(result.error().message, "a: no space left");
  }
}

TEST_F(MachineDiskTest, a_lock_names_its_holder) {
  const auto disk = open_machine_disk(folder_.path()).value();
  const auto held = disk->lock("LOCK");
  ASSERT_TRUE(held.ok());
  const auto message = disk->lock("LOCK").error().message;
  EXPECT_NE(message.find("process " + std::to_string(::getpid())), std::string::npos) << message;
}

TEST_F(MachineDiskTest, knows_how_much_is_free) {
  EXPECT_GT(*open_machine_disk(folder_.path()).value()->free_bytes(), 0u);
}

TEST_F(MachineDiskTest, does_not_hand_files_to_child_processes) {
  const auto disk = open_machine_disk(folder_.path()).value();
  const auto file = disk->open("a", OpenMode::write).value();
  const auto held = disk->lock("LOCK").value();
  std::size_t ours = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code error;
    const auto target = std::filesystem::read_symlink(entry.path(), error);
    if (error || !target.string().starts_with(folder_.path())) continue;
    const int number = std::stoi(entry.path().filename().string());
    EXPECT_NE(::fcntl(number, F_GETFD) & FD_CLOEXEC, 0) << target;
    ++ours;
  }
  EXPECT_EQ(ours, 3u);  // folder, file, lock
}

TEST_F(MachineDiskTest, refuses_a_folder_that_is_a_file) {
  ASSERT_TRUE(write_file(*open_machine_disk(folder_.path()).value(), "a", {}).ok());
  EXPECT_FALSE(open_machine_disk(folder_.path() + "/a").ok());
}

}  // namespace
}  // namespace zan::storage
