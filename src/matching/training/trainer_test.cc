#include "matching/training/trainer.h"

#include <gtest/gtest.h>

#include "matching/retrieval/model_file.h"

namespace zan::matching {
namespace {

constexpr std::uint32_t people = 120, works = 60, days = 12;

// People of two tastes see works of two tags, some of each a day, and watch through those of their own mostly.
struct Past {
  double own = 0.8, other = 0.1;
  bool shown = true;
  SourceKind source = SourceKind::unknown;
  std::uint64_t seed = 1;

  void tell(Trainer& trainer) const {
    for (std::uint32_t work = 0; work < works; ++work) {
      WorkFacts facts;
      facts.subject = {1'000 + work};
      facts.creator = {2'000 + work % 10};
      facts.tags = {1 + work % 2};
      facts.duration_ms = 30'000;
      trainer.put(facts, {us_per_second});
    }
    Rng rng(seed);
    for (std::uint32_t day = 1; day <= days; ++day) {
      for (std::uint32_t person = 1; person <= people; ++person) tell_day(trainer, rng, day, person);
    }
  }

 private:
  void tell_day(Trainer& trainer, Rng& rng, std::uint32_t day, std::uint32_t person) const {
    const Timestamp at{(day * us_per_day) + (person * us_per_minute)};
    Shown page;
    page.person = {person};
    page.at = at;
    for (int i = 0; i < 6; ++i) page.items.push_back({{1'000 + static_cast<std::uint32_t>(rng.below(works))}, source});
    if (shown) trainer.take(page);
    for (const ShownItem& item : page.items) {
      const bool mine = item.subject.value % 2 == person % 2;
      Deed view;
      view.person = {person};
      view.subject = item.subject;
      view.at = {at.us + us_per_second};
      view.duration_ms = 30'000;
      if (!rng.chance(mine ? own : other)) continue;
      view.watch_ms = rng.chance(0.8) ? 25'000 : 1'000;
      trainer.take(view);
    }
  }
};

TrainingOptions quick() {
  TrainingOptions options;
  options.limits = {10'000, 10'000};
  options.collaborative.dimension = 16;
  options.collaborative.seconds_max = 5;
  options.collaborative.threads = 1;
  options.ranker.trees = 30;
  options.ranker.depth = 3;
  options.shown_rows_min = 1'000;
  return options;
}

Result<Trained> train(const Past& past, const TrainingOptions& options, const Ranker* serving = nullptr) {
  Trainer trainer(options);
  past.tell(trainer);
  ZAN_TRY(trainer.begin_rows());
  past.tell(trainer);
  return trainer.finish(serving);
}

TEST(Trainer, OfNothingNothingIsLearnt) {
  Trainer trainer(quick());
  EXPECT_EQ(trainer.begin_rows().error().kind, ErrorKind::limited);
}

TEST(Trainer, LearnsWhoTakesToWhat) {
  const auto trained = train({}, quick());
  ASSERT_TRUE(trained.ok()) << trained.error().message;
  EXPECT_TRUE(trained->rows_of_feeds);
  ASSERT_NE(trained->ranker, nullptr);
  const Judgement& click = trained->judged[static_cast<std::size_t>(Signal::click)];
  EXPECT_GT(click.auc, 0.8);
  EXPECT_LT(click.log_loss, click.constant_log_loss);
  EXPECT_EQ(trained->collaborative->size(), works);
  EXPECT_TRUE(compare(*trained).better);
}

TEST(Trainer, TheSamePastGivesTheSameModels) {
  const auto one = train({}, quick()), other = train({}, quick());
  ASSERT_TRUE(one.ok() && other.ok());
  EXPECT_EQ(one->ranker->encode(), other->ranker->encode());
  const auto bytes_of = [](const Collaborative& model) {
    Bytes bytes;
    const auto sink = [&bytes](ByteSpan more) {
      put_bytes(bytes, more);
      return Result<void>();
    };
    EXPECT_TRUE(write_model(model, sink).ok());
    return bytes;
  };
  EXPECT_EQ(bytes_of(*one->collaborative), bytes_of(*other->collaborative));
}

TEST(Trainer, WithoutShowingsDeedsStandForThem) {
  Past past;
  past.shown = false;
  const auto trained = train(past, quick());
  ASSERT_TRUE(trained.ok()) << trained.error().message;
  EXPECT_FALSE(trained->rows_of_feeds);
  EXPECT_GT(trained->rows, 1'000U);
}

TEST(Trainer, WhatWasPaidForTeachesNothing) {
  Past past;
  past.source = SourceKind::campaign;
  EXPECT_EQ(train(past, quick()).error().kind, ErrorKind::limited);
}

TEST(Trainer, RowsAreEvenlyFewerThanTheirLimit) {
  TrainingOptions options = quick();
  options.rows_max = 2'000;
  const auto trained = train({}, options);
  ASSERT_TRUE(trained.ok());
  EXPECT_GT(trained->rows, 1'700U);
  EXPECT_LT(trained->rows, 2'300U);
}

TEST(Trainer, WhatIsWorseThanWhatServesIsRefusedWithTheNumbers) {
  // The past of now has no likings; a ranker that says so is better at it than one that is told too little.
  Past even;
  even.own = even.other = 0.4;
  const auto serving = train(even, quick());
  ASSERT_TRUE(serving.ok());
  auto fresh = train(even, quick(), serving->ranker.get());
  ASSERT_TRUE(fresh.ok() && fresh->serving);
  EXPECT_TRUE(compare(*fresh).better);
  fresh->judged[static_cast<std::size_t>(Signal::long_view)].log_loss *= 1.05;
  const Comparison comparison = compare(*fresh);
  EXPECT_FALSE(comparison.better);
  EXPECT_NE(comparison.why.find("long_view: log loss"), std::string::npos) << comparison.why;
}

TEST(Trainer, WhoIsErasedTeachesNothing) {
  Trainer trainer(quick());
  Past past;
  past.tell(trainer);
  for (std::uint32_t person = 1; person <= people; ++person) trainer.erase({person});
  EXPECT_EQ(trainer.begin_rows().error().kind, ErrorKind::limited);
}

}  // namespace
}  // namespace zan::matching
