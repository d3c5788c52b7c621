// The proof's own parts, and the bar it holds the ranker to, where the data set is there.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "matching/evaluate/by_time.h"
#include "ranking/kuairand.h"
#include "ranking/picture.h"
#include "ranking/rivals.h"

namespace zan::ranking_proof {
namespace {

using matching::Signal;

std::string dataset_folder() {
  const char* given = std::getenv("ZAN_DATASETS");
  const std::filesystem::path root = given != nullptr ? given : ZAN_SOURCE_DIR "/../shared/datasets";
  return (root / "kuairand").string();
}

TEST(KuaiRandReader, says_what_is_not_there) {
  const auto read = read_kuairand("/nowhere");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().kind, ErrorKind::not_found);
}

TEST(Picture, of_nothing_and_of_certainty_is_a_picture) {
  EXPECT_TRUE(picture_of({}).ends_with("</svg>\n"));
  const Curve curve{"click", {{0, 0}, {1, 1}}};
  const std::string picture = picture_of({curve});
  EXPECT_NE(picture.find("<circle"), std::string::npos);
  EXPECT_EQ(picture.find("nan"), std::string::npos);
}

// Without what people have in common and with half the trees, so that it is done in a minute; docs/matching_ranking.md
// has the whole.
TEST(RankingProof, foretells_better_than_xgboost_popularity_and_alike_works) {
  const auto data = read_kuairand(dataset_folder());
  if (!data.ok()) GTEST_SKIP() << "no data set: " << data.error().message;
  matching::Replay replay({.limits = {20'000, 100'000}, .raw_count = raw_columns, .learn_every_us = 0}, raw_of(*data));
  std::size_t begin = 0;
  std::vector<matching::Pair> taken;
  ASSERT_TRUE(play(*data, replay, begin, taken).ok());
  const matching::Showings all = replay.harvest().take();
  ASSERT_EQ(all.size() - begin, 134'403U) << "from the first showing of the test split on";
  matching::RankerOptions options{.trees = 80, .learning_rate = 0.12, .threads = 2};
  options.fit_share = 0.8 * static_cast<double>(begin) / static_cast<double>(all.size());
  options.calibrate_share = options.fit_share / 4;
  const auto trained = train_ranker(all, options);
  ASSERT_TRUE(trained.ok()) << trained.error().message;
  ASSERT_LE(trained->ranker.parts().training_rows, begin) << "nothing of the test";
  const auto rival = xgboost(all, begin, person_columns + video_columns, true, 2);
  ASSERT_TRUE(rival.ok()) << rival.error().message;
  const auto learned = matching::rates_before(all, begin);
  const auto theirs = judge_by_time(all, begin, rival->said, learned);
  const auto popular = judge_by_time(all, begin, popularity(all, replay.works_shown(), begin), learned);
  const auto ours = judge_ranker(trained->ranker, all, begin);
  for (const Signal signal : {Signal::click, Signal::long_view, Signal::like}) {
    const auto k = static_cast<std::size_t>(signal);
    EXPECT_GT(ours[k].auc, theirs[k].all.auc + 0.03) << to_string(signal);
    EXPECT_GT(ours[k].auc, popular[k].all.auc + 0.03) << to_string(signal);
    EXPECT_LT(ours[k].calibration_error, 0.03) << to_string(signal);
  }
}

}  // namespace
}  // namespace zan::ranking_proof
