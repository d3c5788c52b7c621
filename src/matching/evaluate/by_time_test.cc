// Judging by time: against counting, and what lists must come to in small cases.
#include "matching/evaluate/by_time.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "matching/ranking/sim_showings.h"

namespace zan::matching {
namespace {

struct One {
  std::uint32_t person;
  WorkRow work;
  bool yes;
};

// A showing a minute.
struct Made {
  Showings showings;
  std::vector<WorkRow> works;
};
Made made_of(const std::vector<One>& all) {
  Harvest harvest;
  Made made;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Timestamp at{static_cast<std::int64_t>(i) * us_per_minute};
    harvest.shown({all[i].person}, all[i].work, empty_row(), at);
    if (all[i].yes) harvest.came({all[i].person}, all[i].work, bit(Signal::click), at);
    made.works.push_back(all[i].work);
  }
  made.showings = harvest.take();
  return made;
}

std::vector<Rates> clicks(const std::vector<float>& scores) {
  std::vector<Rates> said;
  for (const float score : scores) said.push_back({score});
  return said;
}

TEST(ByTime, nothing_to_judge_is_no_judgement) {
  const auto judged = judge_by_time({}, 0, {}, {});
  EXPECT_EQ(judged[0].gauc, 0.5);
  EXPECT_EQ(judged[0].all.rows, 0U);
  EXPECT_EQ(judge_lists({}, {}, 0, {}, Signal::click, 3).lists, 0U);
  EXPECT_EQ(rates_before({}, 0)[0], 0.5F);
}

TEST(ByTime, to_know_who_clicks_much_helps_over_all_and_not_within_a_person) {
  const Made made = made_of({{1, 1, true}, {1, 2, true}, {1, 3, false}, {2, 1, false}, {2, 2, false}, {2, 3, true}});
  const auto said = clicks({0.8F, 0.8F, 0.8F, 0.2F, 0.2F, 0.2F});
  const auto judged = judge_by_time(made.showings, 0, said, {0.5F});
  EXPECT_GT(judged[0].all.auc, 0.6);
  EXPECT_DOUBLE_EQ(judged[0].gauc, 0.5);
  EXPECT_EQ(judged[0].people, 2U);
  EXPECT_NEAR(judged[0].all.constant_log_loss, std::log(2.0), 1e-9);
}

RC_GTEST_PROP(ByTime, gauc_is_what_counting_pairs_gives, ()) {
  std::vector<One> all;
  std::vector<float> scores;
  const int count = *rc::gen::inRange(1, 30);
  for (int i = 0; i < count; ++i) {
    all.push_back({*rc::gen::inRange<std::uint32_t>(1, 4), static_cast<WorkRow>(i), *rc::gen::arbitrary<bool>()});
    scores.push_back(static_cast<float>(*rc::gen::inRange(0, 5)) / 5);
  }
  double sum = 0, weight = 0;
  for (std::uint32_t person = 1; person < 4; ++person) {
    double won = 0, pairs = 0, showings = 0;
    for (std::size_t a = 0; a < all.size(); ++a) {
      if (all[a].person != person) continue;
      showings += 1;
      for (std::size_t b = 0; b < all.size(); ++b) {
        if (all[b].person != person || !all[a].yes || all[b].yes) continue;
        pairs += 1;
        won += scores[a] > scores[b] ? 1 : scores[a] == scores[b] ? 0.5 : 0;
      }
    }
    if (pairs == 0) continue;
    sum += showings * won / pairs;
    weight += showings;
  }
  const auto judged = judge_by_time(made_of(all).showings, 0, clicks(scores), {});
  RC_ASSERT(std::fabs(judged[0].gauc - (weight == 0 ? 0.5 : sum / weight)) < 1e-9);
}

TEST(ByTime, lists_of_the_best) {
  // Before: work 1 thrice, work 2 once. Then two lists of three, two places each.
  const Made made = made_of({{9, 1, false}, {9, 1, false}, {9, 1, false}, {9, 2, false},
                             {1, 1, false}, {1, 2, true}, {1, 3, false},
                             {2, 1, true}, {2, 2, false}, {2, 4, false}});
  const std::vector<float> scores = {0.9F, 0.5F, 0.1F, 0.9F, 0.5F, 0.1F};
  const ListQuality lists = judge_lists(made.showings, made.works, 4, scores, Signal::click, 2);
  EXPECT_EQ(lists.lists, 2U);
  EXPECT_DOUBLE_EQ(lists.ndcg, (1 / std::log2(3.0) + 1) / 2);
  EXPECT_DOUBLE_EQ(lists.gained, 0.5);
  EXPECT_DOUBLE_EQ(lists.coverage, 0.5) << "works 1 and 2 of 1, 2, 3 and 4";
  EXPECT_NEAR(lists.novelty, (-std::log2(3.0 / 5) - std::log2(1.0 / 5)) / 2, 1e-9);
  EXPECT_NEAR(lists.gini, 0.5, 1e-9);
  EXPECT_EQ(judge_lists(made.showings, made.works, 4, scores, Signal::click, 3).lists, 0U) << "nothing to choose";
}

}  // namespace
}  // namespace zan::matching
