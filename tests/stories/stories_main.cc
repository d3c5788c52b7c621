// Every *.story file as one GoogleTest test against the real binary. Usage: stories [--gtest_filter=...]

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "runner.h"
#include "story.h"
#include "support/outcome.h"

namespace {

namespace fs = std::filesystem;

class StoryTest : public testing::Test {
 public:
  explicit StoryTest(fs::path file) : file_(std::move(file)) {}
  void TestBody() override {
    try {
      zan::stories::run_story_on_zan(zan::stories::load_story(file_), ZAN_BINARY);
    } catch (const zan::testing_support::Trouble& trouble) {
      FAIL() << file_.filename().string() << ": " << trouble.what();
    }
  }

 private:
  fs::path file_;
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(ZAN_STORIES)) {
    if (entry.path().extension() == ".story") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    testing::RegisterTest("Story", file.stem().c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [file]() -> testing::Test* { return new StoryTest(file); });
  }
  return RUN_ALL_TESTS();
}
