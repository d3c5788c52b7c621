// Logs as we write them, checked by Go's own implementation; and the same logs with one flipped byte, which it must refuse.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "base/random.h"
#include "evidence/evidence.h"
#include "storage/storage.h"
#include "support/process.h"
#include "support/temp_folder.h"

namespace zan {
namespace {

namespace fs = std::filesystem;
using testing_support::Exit;
using testing_support::run_program;
using testing_support::TempFolder;

constexpr const char* go = "/usr/bin/go";
constexpr const char* go_path = "/usr/share/gocode";

class InteropTest : public testing::Test {
 protected:
  // Debian's Go and packages, whatever else is installed; nothing of the caller's environment.
  static void SetUpTestSuite() {
    if (!fs::exists(go) || !fs::exists(fs::path(go_path) / "src/golang.org/x/mod/sumdb/tlog")) return;
    shared_ = std::make_unique<TempFolder>();
    const std::string program = (shared_->path() / "check_log").string();
    const std::string home = shared_->path().string();
    built_ = run_program(
        {"/usr/bin/env", "-i", "PATH=/usr/bin:/bin", "HOME=" + home, "GOCACHE=" + home + "/cache", "GO111MODULE=off",
         std::string("GOPATH=") + go_path, go, "build", "-o", program, ZAN_SOURCE_DIR "/tests/interop/check_log.go"},
        shared_->path() / "build.log");
  }
  static void TearDownTestSuite() { shared_.reset(); }
  void SetUp() override {
    if (!shared_) GTEST_SKIP() << "needs the packages golang-go and golang-golang-x-mod-dev";
    ASSERT_EQ(built_.code, 0) << built_.output;
  }

  // A log that published a checkpoint of each of these sizes, in a folder of its own; 34 bytes an entry, as likes have.
  std::string make_log(const std::string& name, const std::vector<std::size_t>& sizes) {
    const std::string folder = (folder_.path() / name).string();
    auto disk = storage::open_machine_disk(folder).value();
    auto log = evidence::Log::open(*disk, entropy_, {.origin = "example.com/interop"}).value();
    evidence::LogEntry entry;
    for (const std::size_t size : sizes) {
      evidence::EntryBatch batch;
      while (log->size() + batch.count() < size) {
        entropy_.fill({reinterpret_cast<unsigned char*>(entry.data()), entry.size()});
        EXPECT_TRUE(batch.add(entry).ok());
      }
      EXPECT_TRUE(log->integrate(batch).ok());
      EXPECT_TRUE(log->publish().ok());
    }
    return folder + "/log";
  }
  Exit check(const std::string& log) {
    return run_program({(shared_->path() / "check_log").string(), log}, folder_.path() / "check.log");
  }
  static void flip(const fs::path& file, std::uintmax_t at) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(at));
    const int byte = stream.get();
    stream.seekp(static_cast<std::streamoff>(at));
    stream.put(static_cast<char>(byte ^ 0x01));
    ASSERT_TRUE(stream.good());
  }

  static inline std::unique_ptr<TempFolder> shared_;
  static inline Exit built_;
  TempFolder folder_;
  SeededEntropy entropy_{7};
};

TEST_F(InteropTest, go_proves_logs_of_sizes_around_the_edges_of_tiles) {
  for (const std::size_t size : {0, 1, 2, 255, 256, 257, 511, 512, 513, 3'000}) {
    const Exit checked = check(make_log(std::to_string(size), {size}));
    EXPECT_EQ(checked.code, 0) << size << ": " << checked.output;
    EXPECT_THAT(checked.output, testing::HasSubstr(fmt::format("example.com/interop: {} entries", size)));
  }
}

TEST_F(InteropTest, go_proves_a_log_of_three_levels_that_grew_in_steps) {
  const Exit checked = check(make_log("large", {1, 200, 300, 65'535, 65'536, 65'537, 70'000}));
  EXPECT_EQ(checked.code, 0) << checked.output;
  EXPECT_THAT(checked.output, testing::HasSubstr("example.com/interop: 70000 entries"));
}

TEST_F(InteropTest, go_proves_a_log_that_two_keys_sign) {
  const std::string log = make_log("rotated", {300});
  auto disk = storage::open_machine_disk(fs::path(log).parent_path().string()).value();
  auto opened = evidence::Log::open(*disk, entropy_, {.origin = "example.com/interop"}).value();
  ASSERT_TRUE(opened->add_key(entropy_).ok());
  ASSERT_TRUE(opened->publish().ok());
  const Exit both = check(log);
  EXPECT_EQ(both.code, 0) << both.output;
  ASSERT_TRUE(opened->retire_old_keys().ok());
  ASSERT_TRUE(opened->publish().ok());
  const Exit newest = check(log);
  EXPECT_EQ(newest.code, 0) << newest.output;
}

TEST_F(InteropTest, go_refuses_a_log_with_one_flipped_bit) {
  const std::string log = make_log("flipped", {600});
  ASSERT_EQ(check(log).code, 0);
  for (const char* name : {"checkpoint", "log.vkey", "tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2",
                           "tile/entries/000", "tile/entries/001", "tile/entries/002.p/88"}) {
    const fs::path file = fs::path(log) / name;
    const std::uintmax_t size = fs::file_size(file);
    for (const std::uintmax_t at : {std::uintmax_t{0}, size / 3, size - 2}) {
      flip(file, at);
      EXPECT_EQ(check(log).code, 1) << name << " at " << at;
      flip(file, at);
    }
  }
  EXPECT_EQ(check(log).code, 0);
}

}  // namespace
}  // namespace zan
