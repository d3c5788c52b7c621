// The learned scorer: its file, that it scores as XGBoost does, its calibration, its metrics, and who may take over.
#include "integrity/model/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "base/random.h"
#include "integrity/model/bounds.h"
#include "integrity/model/train.h"

namespace zan::integrity::model {
namespace {

using testing::HasSubstr;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

// Fakes are those with a high first value, mostly; the second says a little, the third nothing; some values are not
// known.
Rows made_up_rows(std::size_t count, std::uint64_t seed, double noise = 0.2) {
  Rng rng(seed);
  Rows rows;
  rows.features = {"speed", "crowd", "chance"};
  for (std::size_t i = 0; i < count; ++i) {
    const bool fake = rng.chance(0.3);
    const double speed = (fake ? 1 : 0) + (rng.unit() - 0.5) * 2 * (1 + noise);
    const double crowd = (fake ? 0.3 : 0) + rng.unit();
    for (const double value : {speed, crowd, rng.unit()})
      rows.values.push_back(rng.chance(0.05) ? nan : static_cast<float>(value));
    rows.fake.push_back(fake ? 1 : 0);
    rows.times_ms.push_back(static_cast<std::int64_t>(1000 + i / 3));
    rows.groups.push_back(i);
  }
  return rows;
}

Tree any_tree(std::size_t features, unsigned depth) {
  const auto number = [] { return static_cast<float>(*rc::gen::inRange(-8, 9)) / 4; };
  if (depth == 0 || *rc::gen::inRange(0, 3) == 0) return {{true, false, 0, number()}};
  Tree tree = {{false, *rc::gen::arbitrary<bool>(),
                *rc::gen::inRange<std::uint16_t>(0, static_cast<std::uint16_t>(features)), number()}};
  for (int side = 0; side < 2; ++side) {
    const Tree below = any_tree(features, depth - 1);
    tree.insert(tree.end(), below.begin(), below.end());
  }
  return tree;
}

Model any_model() {
  Model model;
  const int features = *rc::gen::inRange(1, 5);
  for (int i = 0; i < features; ++i) model.features.push_back("f" + std::to_string(i));
  model.trained_from_ms = *rc::gen::arbitrary<std::int64_t>();
  model.trained_until_ms = *rc::gen::arbitrary<std::int64_t>();
  model.training_rows = *rc::gen::arbitrary<std::uint64_t>();
  if (*rc::gen::arbitrary<bool>()) model.hold_margin = static_cast<float>(*rc::gen::inRange(-9, 9)) / 2;
  const int points = *rc::gen::inRange(1, 5);
  for (int i = 0; i < points; ++i) model.calibration.push_back({static_cast<float>(i), static_cast<float>(i) / 8});
  const int trees = *rc::gen::inRange(0, 20);
  for (int i = 0; i < trees; ++i) model.trees.push_back(any_tree(model.features.size(), 4));
  return model;
}

// The plain walk over nodes in preorder.
float walk(const Tree& tree, std::size_t& next, const std::vector<float>& row) {
  const Node node = tree[next++];
  if (node.is_leaf) return node.value;
  const float left = walk(tree, next, row);
  const float right = walk(tree, next, row);
  const float value = row[node.feature];
  if (std::isnan(value)) return node.missing_left ? left : right;
  return value < node.value ? left : right;
}

RC_GTEST_PROP(Model, is_read_as_it_was_written, ()) {
  const Model model = any_model();
  RC_ASSERT(check_model(model).ok());
  const Bytes bytes = encode_model(model);
  const auto again = decode_model(bytes);
  RC_ASSERT(again.ok());
  RC_ASSERT(*again == model);
  RC_ASSERT(digest_of(*again) == digest_of(model));
}

RC_GTEST_PROP(Model, scores_as_a_plain_walk_does, ()) {
  const Model model = any_model();
  const Scorer scorer(model);
  const std::vector<float> some = {
      nan, -2, -0.25F, 0, 0.5F, 1, 2, std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()};
  for (int round = 0; round < 10; ++round) {
    std::vector<float> row;
    for (std::size_t i = 0; i < model.features.size(); ++i)
      row.push_back(some[*rc::gen::inRange<std::size_t>(0, some.size())]);
    float sum = 0;
    for (const Tree& tree : model.trees) {
      std::size_t next = 0;
      sum += walk(tree, next, row);
    }
    RC_ASSERT(scorer.margin(row) == sum);
    RC_ASSERT(scorer.probability(row) >= 0 && scorer.probability(row) <= 1);
  }
}

Model small_model() {
  Model model;
  model.features = {"a", "b"};
  model.calibration = {{-1, 0.1F}, {1, 0.9F}};
  model.trees = {{{false, true, 1, 0.5F}, {true, false, 0, -1}, {true, false, 0, 1}}};
  return model;
}

TEST(ModelFile, no_changed_or_missing_byte_gets_through) {
  const Bytes good = encode_model(small_model());
  for (std::size_t i = 0; i < good.size(); ++i) {
    Bytes bad = good;
    bad[i] ^= std::byte{1};
    EXPECT_FALSE(decode_model(bad).ok()) << i;
    EXPECT_FALSE(decode_model(ByteSpan(good).first(i)).ok()) << i;
  }
  EXPECT_EQ(decode_model(Bytes(model_bytes_max + 1)).error().kind, ErrorKind::corrupt);
}

TEST(ModelFile, what_is_well_summed_and_wrong_is_refused_too) {
  const auto refused = [](auto change) {
    Model model = small_model();
    change(model);
    return !check_model(model).ok();
  };
  EXPECT_FALSE(refused([](Model&) {}));
  EXPECT_TRUE(refused([](Model& m) { m.trees[0][0].feature = 2; }));
  EXPECT_TRUE(refused([](Model& m) { m.trees[0][0].value = nan; }));
  EXPECT_TRUE(refused([](Model& m) { m.trees[0].pop_back(); }));
  EXPECT_TRUE(refused([](Model& m) { m.trees[0].push_back({}); }));
  EXPECT_TRUE(refused([](Model& m) { m.trees.emplace_back(); }));
  EXPECT_TRUE(refused([](Model& m) { m.hold_margin = nan; }));
  EXPECT_TRUE(refused([](Model& m) { m.hold_margin = HUGE_VALF; }));
  EXPECT_TRUE(refused([](Model& m) { m.features.clear(); }));
  EXPECT_TRUE(refused([](Model& m) { m.features[0].clear(); }));
  EXPECT_TRUE(refused([](Model& m) { m.calibration.clear(); }));
  EXPECT_TRUE(refused([](Model& m) { m.calibration[1].margin = -1; }));
  EXPECT_TRUE(refused([](Model& m) { m.calibration[1].probability = 0; }));
  EXPECT_TRUE(refused([](Model& m) { m.calibration[1].probability = 1.5F; }));
  EXPECT_TRUE(refused([](Model& m) { m.trees.resize(trees_max + 1, {Node{}}); }));
  EXPECT_TRUE(refused([](Model& m) { m.features.resize(features_max + 1, "x"); }));
  EXPECT_TRUE(refused([](Model& m) {
    Tree deep;
    for (unsigned i = 0; i <= depth_max; ++i) deep.push_back({false, false, 0, 0});
    for (unsigned i = 0; i <= depth_max + 1; ++i) deep.push_back({});
    m.trees = {deep};
  }));
}

TEST(ModelFile, a_model_of_the_first_version_never_holds) {
  Bytes bytes = encode_model(small_model());
  constexpr std::size_t version_at = 8, head = 9 + 1 + 2 * 2 + 3;
  ASSERT_EQ(bytes[head], std::byte{0}) << "it does not hold";
  bytes[version_at] = std::byte{1};
  bytes.erase(bytes.begin() + head);
  bytes.resize(bytes.size() - sizeof(std::uint64_t));
  put_fixed(bytes, checksum64(bytes));
  const auto read = decode_model(bytes);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, small_model());
  EXPECT_FALSE(Scorer(*read).holds(1e30F));
}

TEST(Model, scores_exactly_as_xgboost_does) {
  const Rows rows = made_up_rows(3000, 7);
  std::vector<std::size_t> all(rows.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const trees::RowsView view{rows.features.size(), rows.values, rows.fake, {}};
  const auto grown = trees::boost(view, all, {.min_child_weight = 1}, true);
  ASSERT_TRUE(grown.ok()) << grown.error().message;
  Model model;
  model.features = rows.features;
  model.trees = grown->trees;
  model.calibration = {{0, 0.5F}};
  ASSERT_EQ(model.trees.size(), 100U);
  ASSERT_TRUE(check_model(model).ok());
  const Scorer scorer(*decode_model(encode_model(model)));
  std::size_t different = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) different += scorer.margin(rows.row(i)) == grown->margins[i] ? 0 : 1;
  EXPECT_EQ(different, 0U);
}

TEST(Train, learns_from_the_past_and_is_judged_on_the_last_part) {
  const Rows rows = made_up_rows(6000, 3);
  const auto trained = train(rows, {});
  ASSERT_TRUE(trained.ok()) << trained.error().message;
  EXPECT_EQ(trained->trained_rows + trained->calibrated_rows + trained->evaluation.rows, rows.size());
  EXPECT_EQ(trained->model.trained_from_ms, 1000);
  EXPECT_EQ(trained->model.trained_until_ms, 1000 + 3599 / 3);
  EXPECT_EQ(trained->model.training_rows, 3600U);
  EXPECT_GT(trained->evaluation.auc, 0.8);
  EXPECT_LT(trained->evaluation.calibration_error, 0.05);
  const auto again = train(rows, {});
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(digest_of(again->model), digest_of(trained->model));
}

TEST(Train, whom_it_has_seen_it_is_not_judged_on) {
  Rows rows = made_up_rows(3000, 5);
  for (std::uint64_t& group : rows.groups) group %= 2700;  // the last 300 belong to the first
  const auto trained = train(rows, {});
  ASSERT_TRUE(trained.ok()) << trained.error().message;
  EXPECT_EQ(trained->left_out, 300U);
}

TEST(Train, refuses_rows_that_do_not_fit_together) {
  const auto kind_after = [](auto change) {
    Rows rows = made_up_rows(300, 1);
    change(rows);
    const auto trained = train(rows, {});
    return trained.ok() ? std::string() : trained.error().field + "|" + trained.error().message;
  };
  EXPECT_EQ(kind_after([](Rows&) {}), "");
  EXPECT_THAT(kind_after([](Rows& r) { r.values.pop_back(); }), HasSubstr("values|"));
  EXPECT_THAT(kind_after([](Rows& r) { r.values[0] = HUGE_VALF; }), HasSubstr("values|"));
  EXPECT_THAT(kind_after([](Rows& r) { r.times_ms.pop_back(); }), HasSubstr("times_ms|"));
  EXPECT_THAT(kind_after([](Rows& r) { r.groups.pop_back(); }), HasSubstr("groups|"));
  EXPECT_THAT(kind_after([](Rows& r) { r.weights = {1}; }), HasSubstr("weights|"));
  EXPECT_THAT(kind_after([](Rows& r) { r.weights.assign(300, 0); }), HasSubstr("weights|"));
  EXPECT_THAT(kind_after([](Rows& r) { r.fake[3] = 2; }), HasSubstr("fake|"));
  EXPECT_THAT(kind_after([](Rows& r) { r.fake.assign(300, 1); }), HasSubstr("train|"));
  EXPECT_THAT(kind_after([](Rows& r) { r.times_ms.assign(300, 1); }), HasSubstr("calibrate|"));
  EXPECT_FALSE(grow(made_up_rows(50, 1), {}, {.depth = 9}).ok());
}

TEST(Compare, a_worse_model_is_refused_with_the_numbers) {
  const Rows rows = made_up_rows(4000, 11);
  const auto good = train(rows, {});
  Rows noise = rows;
  for (std::size_t i = 0; i < noise.size(); ++i) noise.fake[i] = static_cast<std::uint8_t>(mix64(i) & 1);
  const auto bad = train(noise, {});
  ASSERT_TRUE(good.ok() && bad.ok());
  const Rows fresh = made_up_rows(2000, 12);
  const auto refused = compare(bad->model, good->model, fresh);
  ASSERT_TRUE(refused.ok());
  EXPECT_TRUE(refused->is_refused);
  EXPECT_THAT(refused->why, HasSubstr("refused, worse than the model in service: AUC 0."));
  EXPECT_FALSE(compare(good->model, bad->model, fresh)->is_refused);
  EXPECT_FALSE(compare(good->model, good->model, fresh)->is_refused);
  Rows other = fresh;
  other.features[0] = "other";
  EXPECT_EQ(compare(good->model, good->model, other).error().kind, ErrorKind::not_found);
}

TEST(Train, holds_few_of_the_genuine_and_says_how_many) {
  const auto trained = train(made_up_rows(30'000, 3, 0.05), {.trees = 30});
  ASSERT_TRUE(trained.ok()) << trained.error().message;
  ASSERT_TRUE(trained->model.hold_margin.has_value());
  const Evaluation& judged = trained->evaluation;
  EXPECT_GT(judged.held_fakes, 0.2);
  EXPECT_LT(judged.false_holds, 0.003) << "asked for 0.001, on rows it has not seen";
  EXPECT_GT(judged.hold_precision, 0.98);
  // Of a few genuine rows nothing can be said about one in a thousand.
  const auto small = train(made_up_rows(3000, 3, 0.05), {.trees = 10});
  ASSERT_TRUE(small.ok());
  EXPECT_FALSE(small->model.hold_margin.has_value());
  EXPECT_EQ(small->evaluation.held_fakes, 0);
}

TEST(Train, more_of_it_never_speaks_against_where_that_was_said) {
  Rows rows = made_up_rows(3000, 9, 1.0);
  for (std::size_t i = 0; i < rows.size(); ++i) rows.fake[i] = mix64(i) % 3 == 0 ? 1 : rows.fake[i];
  std::vector<std::size_t> all(rows.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const auto grown = grow_bounded(rows, all, {.trees = 30}, {.monotone = {1, -1, 0}});
  ASSERT_TRUE(grown.ok()) << grown.error().message;
  const Scorer scorer(*grown);
  Rng rng(4);
  for (int i = 0; i < 500; ++i) {
    std::vector<float> low, high;
    for (int k = 0; k < 3; ++k) low.push_back(static_cast<float>(rng.unit() * 3 - 1));
    high = low;
    high[0] += static_cast<float>(rng.unit());
    high[1] -= static_cast<float>(rng.unit());
    ASSERT_GE(scorer.margin(high), scorer.margin(low) - 1e-5F);
  }
  EXPECT_EQ(grow_bounded(rows, all, {}, {.monotone = {1}}).error().field, "monotone");
}

TEST(Train, what_it_goes_by_is_found_by_taking_it_away) {
  const Rows rows = made_up_rows(4000, 5);
  const auto trained = train(rows, {.trees = 30});
  ASSERT_TRUE(trained.ok());
  const auto found = importance(trained->model, rows, std::array<std::size_t, 3>{7, 8, 9});
  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found->size(), 3U);
  EXPECT_EQ(found->at(0).topic, 7U);
  EXPECT_GT(found->at(0).auc_lost, 0.2);
  EXPECT_EQ(found->at(2).topic, 9U);
  EXPECT_LT(std::fabs(found->at(2).auc_lost), 0.1);
}

}  // namespace
}  // namespace zan::integrity::model
