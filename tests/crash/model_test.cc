#include "model.h"

#include <gtest/gtest.h>

namespace zan::crash {
namespace {

Operation operation(std::uint64_t id, Kind kind, std::int64_t at_ms) {
  return {id, kind, 3, 5, at_ms};
}

void done(Model& model, const Operation& op) {
  model.begin(op);
  model.finish(op);
}

TEST(CrashModel, lets_the_later_time_win_in_any_order) {
  Model model(1);
  done(model, operation(2, Kind::unlike, 20));
  done(model, operation(1, Kind::like, 10));
  EXPECT_EQ(model.subject(5).likes.high, 0);
  done(model, operation(3, Kind::like, 30));
  EXPECT_EQ(model.subject(5).likes.low, 1);
  ASSERT_EQ(model.likers(5).size(), 1U);
  EXPECT_EQ(model.likers(5)[0].at_ms, 30);
  EXPECT_EQ(model.likes_of(3)[0].other, 5);
}

TEST(CrashModel, leaves_open_what_is_pending_and_nothing_else) {
  Model model(1);
  done(model, operation(1, Kind::like, 10));
  done(model, operation(2, Kind::view, 11));
  model.begin(operation(3, Kind::unlike, 12));
  model.begin(operation(4, Kind::view, 13));
  const auto subject = model.subject(5);
  EXPECT_EQ(subject.likes.low, 0);
  EXPECT_EQ(subject.likes.high, 1);
  EXPECT_EQ(subject.views.low, 1);
  EXPECT_EQ(subject.views.high, 2);
  EXPECT_EQ(subject.comments.high, 0);
  EXPECT_FALSE(model.pair(3, 5).reaction_certain);
  EXPECT_TRUE(model.pair(3, 5).viewed_certain);
  model.finish(operation(3, Kind::unlike, 12));
  EXPECT_TRUE(model.pair(3, 5).reaction_certain);
  EXPECT_EQ(model.pair(3, 5).reaction, Reaction::none);
  ASSERT_EQ(model.pending().size(), 1U);
  EXPECT_EQ(model.pending()[0].id, 4U);
}

TEST(CrashModel, counts_an_operation_once_however_often_it_is_sent) {
  Model model(1);
  done(model, operation(1, Kind::view, 10));
  model.finish(operation(1, Kind::view, 10));
  EXPECT_EQ(model.subject(5).views.low, 1);
  EXPECT_EQ(model.answered_count(), 1U);
}

TEST(CrashModel, makes_the_same_stream_from_the_same_seed) {
  Model a(7), b(7);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(to_json(a.make()), to_json(b.make()));
}

}  // namespace
}  // namespace zan::crash
