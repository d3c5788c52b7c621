#include "engagement/record.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace zan::engagement {
namespace {

constexpr Timestamp group_at{1'700'000'000'123'456};

RecordedAct any_act() {
  RecordedAct act;
  act.type = static_cast<ActType>(*rc::gen::inRange(1, 11));
  act.incentivised = *rc::gen::arbitrary<bool>();
  act.effect = *rc::gen::arbitrary<bool>() ? Effect::changed : Effect::none;
  act.actor = {*rc::gen::inRange<std::uint32_t>(1, 0xffff'ffff)};
  act.subject = {*rc::gen::arbitrary<std::uint32_t>()};
  act.creator = {*rc::gen::arbitrary<std::uint32_t>()};
  act.at = {*rc::gen::inRange<std::int64_t>(0, timestamp_max.us)};
  if (*rc::gen::arbitrary<bool>()) act.at.us -= act.at.us % us_per_ms;
  const bool relation = act.type <= ActType::dislike || act.type == ActType::follow || act.type == ActType::unfollow;
  if (relation) {
    act.before = static_cast<Reaction>(*rc::gen::inRange(0, 4));
    act.before_incentivised = *rc::gen::arbitrary<bool>();
    if (act.before == Reaction::liked) act.before_at = {*rc::gen::inRange<std::int64_t>(0, timestamp_max.us)};
  }
  act.watch_ms = *rc::gen::arbitrary<std::uint32_t>();
  act.duration_ms = *rc::gen::arbitrary<std::uint32_t>();
  act.device = *rc::gen::arbitrary<std::uint64_t>();
  act.network = *rc::gen::arbitrary<std::uint64_t>();
  act.region = {*rc::gen::inRange<std::uint32_t>(0, 3)};
  act.surface = {*rc::gen::inRange<std::uint32_t>(0, 3)};
  act.has_id = *rc::gen::arbitrary<bool>();
  if (act.has_id) {
    act.id = {*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<std::uint64_t>()};
    act.digest = *rc::gen::arbitrary<std::uint64_t>();
  }
  return act;
}

Bytes written(const RecordedAct& act) {
  Bytes bytes(record_head_bytes_max + act.sealed_text.size());
  const std::byte* end = write_act(bytes.data(), act, group_at);
  bytes.resize(static_cast<std::size_t>(end - bytes.data()));
  return bytes;
}

RC_GTEST_PROP(Record, AnActReadsAsItWasWritten, ()) {
  RecordedAct act = any_act();
  const auto text = *rc::gen::arbitrary<std::string>();
  act.sealed_text = as_bytes(text);
  const Bytes bytes = written(act);
  const Result<RecordedAct> read = read_act(bytes, group_at);
  RC_ASSERT(read.ok());
  RC_ASSERT(written(*read) == bytes);
  RC_ASSERT(read->actor == act.actor);
  RC_ASSERT(read->at == act.at);
  RC_ASSERT(read->before_at == act.before_at);
  RC_ASSERT(as_text(read->sealed_text) == text);
}

RC_GTEST_PROP(Record, ACutActIsCorrupt, ()) {
  const Bytes bytes = written(any_act());
  const auto cut = *rc::gen::inRange<std::size_t>(0, bytes.size());
  const Result<RecordedAct> read = read_act(ByteSpan(bytes).first(cut), group_at);
  RC_ASSERT(!read.ok());
  RC_ASSERT(read.error().kind == ErrorKind::corrupt);
}

TEST(Record, ALikeTakesFewBytes) {
  RecordedAct like;
  like.actor = {1'000'000};
  like.subject = {1'100'000};
  like.at = {group_at.us / us_per_ms * us_per_ms};
  EXPECT_LE(written(like).size(), 12u);
}

TEST(Record, OtherRecordsReadAsTheyWereWritten) {
  Bytes bytes;
  put_withdrawal(bytes, {Withdrawn::follow, PersonId{7}, 9, CreatorId{3}, Reaction::liked, true, Timestamp{5}});
  const auto withdrawal = read_withdrawal(bytes);
  ASSERT_TRUE(withdrawal.ok());
  EXPECT_EQ(withdrawal->what, Withdrawn::follow);
  EXPECT_EQ(withdrawal->person, PersonId{7});
  EXPECT_EQ(withdrawal->target, 9u);
  EXPECT_EQ(withdrawal->creator, CreatorId{3});
  EXPECT_EQ(withdrawal->before, Reaction::liked);
  EXPECT_TRUE(withdrawal->incentivised);
  EXPECT_EQ(withdrawal->before_at, Timestamp{5});
  bytes.push_back(std::byte{0});
  EXPECT_FALSE(read_withdrawal(bytes).ok());

  bytes.clear();
  put_subject(bytes, {SubjectId{4}, CreatorId{5}, "{}"});
  EXPECT_EQ(read_subject(bytes)->json, "{}");
  bytes.clear();
  put_user(bytes, {PersonId{4}, as_bytes("sealed")});
  EXPECT_EQ(as_text(read_user(bytes)->sealed), "sealed");
  EXPECT_FALSE(read_erased(bytes).ok());
  bytes.clear();
  put_erased(bytes, PersonId{8});
  EXPECT_EQ(*read_erased(bytes), PersonId{8});
}

}  // namespace
}  // namespace zan::engagement
