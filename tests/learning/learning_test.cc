// From confirmed cases to a model, end to end: what it cannot learn from, that it is trained on what serving sees, and what it is worth
// against attacks that lockstep has not yet taken.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/model_shelf.h"
#include "learning/days.h"

namespace zan::learning {
namespace {

using engine::TrainingOrder;
using engine::TrainingReport;
using testing::HasSubstr;

constexpr std::uint64_t small_intake = 20'000;

TrainingOrder order() {
  TrainingOrder order;
  order.labels.ripe_us = 3 * us_per_hour;
  order.accounts = small_intake;
  order.trees.trees = 40;
  order.trees.depth = 5;
  return order;
}

Result<TrainingReport> train(Life& life, const TrainingOrder& how = order(),
                             const std::optional<integrity::model::Model>& served = std::nullopt) {
  return engine::train_from(life.core().journal(), life.core().secret(), how, served);
}

integrity::model::Model all_inputs() {
  integrity::model::Model model;
  for (const auto& input : integrity::model::like_inputs())
    model.features.push_back(integrity::describe(input.id)->name);
  model.calibration = {{0, 0.5F}};
  return model;
}

// The end of the days that are learned from.
std::size_t last_day(const simulation::Stream& stream, const DaysOptions& options) {
  const std::int64_t begin = (options.days - 1) * us_per_day;
  return static_cast<std::size_t>(
      std::lower_bound(stream.events.begin(), stream.events.end(), begin,
                       [](const simulation::Event& event, std::int64_t at) { return event.at_us < at; }) -
      stream.events.begin());
}

TEST(Learning, FromNothingNothingIsLearned) {
  Life life;
  const auto trained = train(life);
  ASSERT_FALSE(trained.ok());
  EXPECT_THAT(trained.error().message, HasSubstr("0 confirmed cases with 0 likes; 10 cases with 100 likes are needed"));
}

TEST(Learning, FromGenuineLikesAloneNothingIsLearned) {
  const DaysOptions options{.seed = 4, .likes = 4000, .days = 1, .attacks = false};
  const simulation::Stream stream = make_days(options);
  Life life;
  life.live(stream, 0, stream.events.size());
  const auto trained = train(life);
  ASSERT_FALSE(trained.ok());
  EXPECT_EQ(trained.error().kind, ErrorKind::invalid);
  EXPECT_THAT(trained.error().message, HasSubstr("too little to learn from: "));
}

// One life for what follows: it takes a while.
class LearningFromDays : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    stream_ = new simulation::Stream(make_days(options_));
    end_ = last_day(*stream_, options_);
    life_key();
    model_ = all_inputs();
    intake_ = new WatchedIntake(key_, small_intake, &model_);
    life_ = new Life(intake_);
    ASSERT_EQ(life_->core().secret(), key_) << "the judge hashes as the folder does";
    life_->live(*stream_, 0, end_);
  }
  static void TearDownTestSuite() {
    delete life_;
    delete intake_;
    delete stream_;
  }
  // A core's secret is drawn when it is first opened; entropy and disk of a Life are always the same.
  static void life_key() {
    Life first;
    key_ = first.core().secret();
  }

  static inline const DaysOptions options_{.seed = 1, .likes = 160'000};
  static inline simulation::Stream* stream_ = nullptr;
  static inline std::size_t end_ = 0;
  static inline HashKey key_{};
  static inline integrity::model::Model model_;
  static inline WatchedIntake* intake_ = nullptr;
  static inline Life* life_ = nullptr;
};

TEST_F(LearningFromDays, TrainsOnTheVeryRowsThatServingSees) {
  auto labels = engine::Labels::read(life_->core().journal(), order().labels, {});
  ASSERT_TRUE(labels.ok()) << labels.error().message;
  std::vector<integrity::FeatureId> ids;
  for (const auto& input : integrity::model::like_inputs()) ids.push_back(input.id);
  engine::RowGatherer gatherer(key_, small_intake, ids);
  ASSERT_TRUE(gatherer.read(life_->core().journal(), *labels, {}).ok());
  std::size_t rows = 0;
  for (const auto* part : {&gatherer.rows().train, &gatherer.rows().calibrate, &gatherer.rows().judge})
    for (std::size_t i = 0; i < part->size(); ++i, ++rows) ASSERT_TRUE(intake_->has_seen(part->row(i))) << rows;
  EXPECT_GT(rows, 2000U);
}

TEST_F(LearningFromDays, NobodyIsInTwoParts) {
  auto labels = engine::Labels::read(life_->core().journal(), order().labels, {});
  ASSERT_TRUE(labels.ok());
  std::unordered_map<std::uint32_t, std::size_t> part_of;
  std::array<std::array<std::size_t, 2>, engine::label_parts> rows{};
  const auto reader = life_->core().journal().read({});
  storage::Group group;
  while (*(*reader)->next(group)) {
    storage::RecordReader records(group.payload);
    for (ByteSpan record; records.next(record);) {
      if (record.front() != static_cast<std::byte>(engagement::RecordTag::act)) continue;
      const auto act = engagement::read_act(record, group.at);
      const auto label = labels->label(*act);
      if (!label) continue;
      ++rows[label->part][label->fake ? 1 : 0];
      const auto [place, is_new] = part_of.try_emplace(act->actor.value, label->part);
      ASSERT_EQ(place->second, label->part);
      const std::int64_t from[] = {0, labels->cuts()[0].us, labels->cuts()[1].us, INT64_MAX};
      ASSERT_TRUE(act->at.us >= from[label->part] && act->at.us < from[label->part + 1]);
    }
  }
  for (const auto& [genuine, fake] : rows) EXPECT_TRUE(genuine > 100 && fake > 50) << genuine << " " << fake;
}

TEST_F(LearningFromDays, FindsWhatLockstepHasNotYetTaken) {
  const auto trained = train(*life_);
  ASSERT_TRUE(trained.ok()) << trained.error().message;
  EXPECT_FALSE(trained->refused) << trained->why;
  EXPECT_GT(trained->trained.evaluation.auc, 0.9);
  const Judged judged = judge_day(*stream_, end_, trained->trained.model, small_intake);
  EXPECT_GT(judged.not_taken.likes, 500U);
  EXPECT_GT(judged.not_taken.auc, 0.85);
  EXPECT_GT(judged.not_taken_new.auc, 0.75);
  EXPECT_LT(judged.false_holds, 0.01);
  EXPECT_LT(judged.decoys_held, 0.02);
}

TEST_F(LearningFromDays, TheSameJournalGivesTheSameModel) {
  TrainingOrder few = order();
  few.trees.trees = 5;
  const auto once = train(*life_, few), twice = train(*life_, few);
  ASSERT_TRUE(once.ok() && twice.ok());
  EXPECT_EQ(digest_of(once->trained.model), digest_of(twice->trained.model));
}

TEST_F(LearningFromDays, AWorseOneIsRefusedWithTheNumbers) {
  const auto good = train(*life_);
  ASSERT_TRUE(good.ok());
  TrainingOrder poor = order();
  poor.trees.trees = 1;
  poor.trees.depth = 1;
  const auto worse = train(*life_, poor, good->trained.model);
  ASSERT_TRUE(worse.ok()) << worse.error().message;
  EXPECT_TRUE(worse->refused);
  EXPECT_THAT(worse->why, HasSubstr("refused, worse than the model in service: AUC 0."));
}

TEST_F(LearningFromDays, WhatWasRecordedLaterIsNotRead) {
  TrainingOrder early = order();
  early.labels.until = Timestamp{stream_->start.us + us_per_hour};
  const auto trained = train(*life_, early);
  ASSERT_FALSE(trained.ok());
  EXPECT_THAT(trained.error().message, HasSubstr("too little to learn from"));
}

// Last, since they change what was lived.
TEST_F(LearningFromDays, WhoWasErasedAndWhatPeopleOverturnedAreNoFakes) {
  const auto before = engine::Labels::read(life_->core().journal(), order().labels, {});
  ASSERT_TRUE(before.ok());
  const auto page = life_->view().cases(integrity::Standing::confirmed, 1, 0);
  ASSERT_TRUE(page.ok() && !page->cases.empty());
  const auto detail = life_->view().one(page->cases.front().id);
  ASSERT_TRUE(detail.ok());
  life_->erase(detail->members.front());
  life_->decide(page->cases.front().id, integrity::Decision::overturn);
  auto after = engine::Labels::read(life_->core().journal(), order().labels, {});
  ASSERT_TRUE(after.ok());
  EXPECT_LT(after->counts().fakes, before->counts().fakes);
  EXPECT_GT(after->counts().overturned, 0U);
  engine::RowGatherer gatherer(key_, small_intake, {integrity::feature(integrity::Single::account_likes)});
  ASSERT_TRUE(gatherer.read(life_->core().journal(), *after, {}).ok());
  EXPECT_GT(after->counts().of_erased, 0U);
}

TEST_F(LearningFromDays, ADamagedJournalTrainsNothing) {
  auto* disk = &life_->core().disk();
  const auto extents = life_->core().journal().extents();
  ASSERT_TRUE(extents.ok());
  auto file = disk->open(extents->front().path, storage::OpenMode::write);
  ASSERT_TRUE(file.ok());
  const Bytes nonsense(64, std::byte{0x5a});
  ASSERT_TRUE((*file)->write_at(extents->front().bytes / 2, nonsense).ok());
  const auto trained = train(*life_);
  ASSERT_FALSE(trained.ok());
  EXPECT_EQ(trained.error().kind, ErrorKind::corrupt);
}

}  // namespace
}  // namespace zan::learning
