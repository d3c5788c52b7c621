// The ranker: it learns what is there, says it with honest probabilities, and is the same bytes again.
#include "matching/ranking/ranker.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/hash.h"
#include "matching/ranking/sim_showings.h"

namespace zan::matching {
namespace {

RankerOptions quick() { return {.trees = 60, .depth = 3, .learning_rate = 0.15}; }

const TrainedRanker& trained() {
  static const auto made = train_ranker(sim_showings(12'000, 1), quick());
  return made.value();
}

FeatureRow row_of(float taste, float similar) {
  FeatureRow row = empty_row();
  at(row, Feature::taste) = taste;
  at(row, Feature::similar) = similar;
  return row;
}

TEST(Ranker, before_anything_is_learned_it_says_its_rates) {
  const Rates rates = {0.4F, 0.3F, 0.02F, 0, 0, 0, 1};
  EXPECT_EQ(Ranker::of_rates(rates).predict(empty_row()), rates);
  EXPECT_TRUE(Ranker::decode(Ranker::of_rates(rates).encode()).ok());
}

TEST(Ranker, finds_what_decides_and_its_probabilities_hold) {
  const Judgement& click = trained().judged[static_cast<std::size_t>(Signal::click)];
  EXPECT_EQ(click.rows, 1'800U);
  EXPECT_GT(click.auc, 0.75);
  EXPECT_LT(click.log_loss, click.constant_log_loss - 0.05);
  EXPECT_LT(click.calibration_error, 0.06);
  EXPECT_GT(trained().judged[static_cast<std::size_t>(Signal::like)].auc, 0.55);
  const Ranker& ranker = trained().ranker;
  EXPECT_GT(at(ranker.predict(row_of(0.9F, 0.5F)), Signal::click), 0.6F);
  EXPECT_LT(at(ranker.predict(row_of(-0.9F, 0.5F)), Signal::click), 0.3F);
}

TEST(Ranker, a_signal_that_was_never_seen_is_a_small_constant) {
  const SignalTrees& follow = trained().ranker.parts().signals[static_cast<std::size_t>(Signal::follow)];
  EXPECT_TRUE(follow.trees.empty());
  EXPECT_GT(follow.rate, 0);
  EXPECT_LT(follow.rate, 0.001F);
}

TEST(Ranker, standing_first_is_not_a_merit) {
  const auto made = train_ranker(sim_showings(12'000, 3, true), quick());
  ASSERT_TRUE(made.ok()) << made.error().message;
  FeatureRow first = row_of(0.5F, 0.5F), last = first;
  at(last, Feature::place) = 9;
  EXPECT_EQ(made->ranker.predict(first), made->ranker.predict(last)) << "asked, it does not look at the place";
}

TEST(Ranker, is_the_same_again_for_any_number_of_threads) {
  RankerOptions two = quick();
  two.threads = 2;
  const auto again = train_ranker(sim_showings(12'000, 1), two);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->ranker.encode(), trained().ranker.encode());
}

TEST(Ranker, many_rows_at_once_are_as_one_by_one) {
  std::vector<FeatureRow> rows;
  for (int i = 0; i < 20; ++i) rows.push_back(row_of(static_cast<float>(i) / 10 - 1, 0.3F));
  std::vector<Rates> rates(rows.size());
  trained().ranker.predict(rows, rates);
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rates[i], trained().ranker.predict(rows[i]));
  trained().ranker.predict({}, {});
}

TEST(RankerFile, is_read_as_it_was_written) {
  const auto again = Ranker::decode(trained().ranker.encode());
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again->parts(), trained().ranker.parts());
  EXPECT_EQ(again->predict(row_of(0.3F, 0.1F)), trained().ranker.predict(row_of(0.3F, 0.1F)));
}

TEST(RankerFile, no_changed_or_missing_byte_gets_through) {
  const Bytes good = trained().ranker.encode();
  for (std::size_t i = 0; i < good.size(); i += 1 + i / 50) {
    Bytes bad = good;
    bad[i] ^= std::byte{4};
    EXPECT_FALSE(Ranker::decode(bad).ok()) << i;
    EXPECT_FALSE(Ranker::decode(ByteSpan(good).first(i)).ok()) << i;
  }
  EXPECT_EQ(Ranker::decode(Bytes(ranker_bytes_max + 1)).error().kind, ErrorKind::corrupt);
}

Error after(const auto& change) {
  Bytes bytes = Ranker::of_rates({}).encode();
  bytes.resize(bytes.size() - sizeof(std::uint64_t));
  change(bytes);
  put_fixed(bytes, checksum64(bytes));
  const auto read = Ranker::decode(bytes);
  return read.ok() ? Error{ErrorKind::conflict, "it was taken", ""} : read.error();
}

TEST(RankerFile, other_versions_and_other_features_are_told_apart_from_damage) {
  EXPECT_EQ(after([](Bytes&) {}).message, "it was taken");
  EXPECT_EQ(after([](Bytes& b) { b[8] = std::byte{9}; }).kind, ErrorKind::unsupported);
  EXPECT_EQ(after([](Bytes& b) { b[9] ^= std::byte{1}; }).kind, ErrorKind::unsupported);
  EXPECT_EQ(after([](Bytes& b) { b[12] ^= std::byte{1}; }).kind, ErrorKind::unsupported);
  EXPECT_EQ(after([](Bytes& b) { b.push_back({}); }).kind, ErrorKind::corrupt);
  EXPECT_EQ(after([](Bytes& b) { b[b.size() - 2] = std::byte{0x7f}; }).kind, ErrorKind::corrupt) << "a rate of 1e38";
}

TEST(Ranker, parts_that_could_not_be_written_are_refused) {
  const auto refused = [](const auto& change) {
    RankerParts parts = trained().ranker.parts();
    change(parts.signals[0]);
    return !Ranker::of_parts(parts).ok();
  };
  EXPECT_FALSE(refused([](SignalTrees&) {}));
  EXPECT_TRUE(refused([](SignalTrees& s) { s.rate = std::nanf(""); }));
  EXPECT_TRUE(refused([](SignalTrees& s) { s.rate = -0.1F; }));
  EXPECT_TRUE(refused([](SignalTrees& s) { s.calibration.clear(); }));
  EXPECT_TRUE(refused([](SignalTrees& s) { s.trees.clear(); }));
  EXPECT_TRUE(refused([](SignalTrees& s) { s.trees[0].pop_back(); }));
  EXPECT_TRUE(refused([](SignalTrees& s) { s.trees[0][0].feature = row_width; }));
}

TEST(TrainRanker, refuses_what_it_cannot_learn_from) {
  EXPECT_EQ(train_ranker({}, {}).error().kind, ErrorKind::limited);
  EXPECT_EQ(train_ranker(sim_showings(ranker_rows_min - 1, 1), {}).error().kind, ErrorKind::limited);
  const auto refused = [](const auto& change) {
    Showings rows = sim_showings(1'000, 1);
    change(rows);
    const auto made = train_ranker(rows, quick());
    return !made.ok() && made.error().kind == ErrorKind::invalid;
  };
  EXPECT_FALSE(refused([](Showings&) {}));
  EXPECT_TRUE(refused([](Showings& rows) { rows.values.pop_back(); }));
  EXPECT_TRUE(refused([](Showings& rows) { rows.values[3] = HUGE_VALF; }));
  EXPECT_TRUE(refused([](Showings& rows) { rows.weights[0] = 0; }));
  EXPECT_TRUE(refused([](Showings& rows) { rows.times_us[5] = rows.times_us[6] + 1; }));
  EXPECT_TRUE(refused([](Showings& rows) { rows.raw_count = raw_max + 1; }));
  RankerOptions none = quick();
  none.calibrate_share = 0;
  EXPECT_EQ(train_ranker(sim_showings(1'000, 1), none).error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace zan::matching
