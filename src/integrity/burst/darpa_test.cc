// The detector against labelled attacks. Needs the dataset: $ZAN_DATASETS/darpa/darpa_original.zip, or
// ../shared/datasets beside the source folder; says so where it is not there.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "integrity/burst/burst_detector.h"
#include "integrity/burst/darpa_stream.h"

namespace zan::integrity {
namespace {

std::string darpa_path() {
  const char* given = std::getenv("ZAN_DATASETS");
  const std::filesystem::path root = given != nullptr ? given : ZAN_SOURCE_DIR "/../shared/datasets";
  return (root / "darpa" / "darpa_original.zip").string();
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

double auc_of(const DarpaStream& stream, const BurstOptions& options) {
  BurstDetector detector(options);
  std::vector<float> scores(stream.size());
  for (std::size_t i = 0; i < scores.size(); ++i)
    scores[i] = static_cast<float>(detector.score(stream.source[i], stream.target[i], stream.tick[i]));
  return area_under_curve(scores, stream.attack);
}

TEST(Darpa, AttacksScoreAboveTheRestWhateverTheHashes) {
  const std::string path = darpa_path();
  const std::string zip = read_file(path);
  if (zip.empty())
    GTEST_SKIP() << "no DARPA stream at " << path << "; set ZAN_DATASETS to the folder that holds darpa/";
  const DarpaStream stream = DarpaReader::read(as_bytes(zip));
  ASSERT_EQ(stream.size(), 4'554'344U);
  EXPECT_EQ(stream.tick.back(), 46'572U);
  EXPECT_GE(auc_of(stream, {.seed = 1}), 0.98);
  EXPECT_GE(auc_of(stream, {.columns = 4096, .seed = 2}), 0.98);
}

TEST(Darpa, AreaUnderCurve) {
  EXPECT_DOUBLE_EQ(area_under_curve({1, 2, 3, 4}, {0, 0, 1, 1}), 1);
  EXPECT_DOUBLE_EQ(area_under_curve({1, 2, 3, 4}, {1, 0, 1, 0}), 0.25);
  EXPECT_DOUBLE_EQ(area_under_curve({1, 1, 1, 1}, {1, 0, 1, 0}), 0.5);
}

}  // namespace
}  // namespace zan::integrity
