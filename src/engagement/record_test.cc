#include "engagement/record.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <span>

namespace zan::engagement {
namespace {

constexpr Timestamp group_at{1'700'000'000'123'456};

Verdict any_verdict() {
  return static_cast<Verdict>(*rc::gen::inRange(0, 3));
}

std::uint8_t any_reasons(Reasons& reasons) {
  const auto count = *rc::gen::inRange<std::uint8_t>(0, reasons_max + 1);
  for (std::size_t i = 0; i < count; ++i)
    reasons[i] = {*rc::gen::arbitrary<std::uint8_t>(), *rc::gen::arbitrary<std::uint32_t>()};
  return count;
}

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
    act.before_verdict = any_verdict();
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
  if (*rc::gen::arbitrary<bool>()) {
    act.judgement.judged = true;
    act.judgement.verdict = any_verdict();
    act.judgement.quality = *rc::gen::inRange<std::uint8_t>(0, quality_max + 1);
    act.judgement.reason_count = any_reasons(act.judgement.reasons);
  }
  return act;
}

VerdictRecord any_verdict_record() {
  VerdictRecord record;
  record.what.person = {*rc::gen::inRange<std::uint32_t>(1, 0xffff'ffff)};
  record.what.target = *rc::gen::inRange<std::uint32_t>(1, 0xffff'ffff);
  record.what.type = *rc::gen::element(ActType::like, ActType::dislike, ActType::follow);
  record.what.at = {*rc::gen::inRange<std::int64_t>(0, timestamp_max.us)};
  record.what.verdict = any_verdict();
  record.what.group = *rc::gen::element<std::uint64_t>(0, 1, ~std::uint64_t{0});
  record.what.reason_count = any_reasons(record.what.reasons);
  record.before = any_verdict();
  record.incentivised = *rc::gen::arbitrary<bool>();
  record.creator = {*rc::gen::arbitrary<std::uint32_t>()};
  record.revision = *rc::gen::inRange<std::uint8_t>(1, revision_max + 1);
  return record;
}

Bytes written(const VerdictRecord& record) {
  Bytes bytes(record_head_bytes_max);
  const std::byte* end = write_verdict(bytes.data(), record, group_at);
  bytes.resize(static_cast<std::size_t>(end - bytes.data()));
  return bytes;
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
  RC_ASSERT(read->before_verdict == act.before_verdict);
  RC_ASSERT(read->judgement == act.judgement);
  RC_ASSERT(as_text(read->sealed_text) == text);
}

RC_GTEST_PROP(Record, ACutActIsCorrupt, ()) {
  const Bytes bytes = written(any_act());
  const auto cut = *rc::gen::inRange<std::size_t>(0, bytes.size());
  const Result<RecordedAct> read = read_act(ByteSpan(bytes).first(cut), group_at);
  RC_ASSERT(!read.ok());
  RC_ASSERT(read.error().kind == ErrorKind::corrupt);
}

RC_GTEST_PROP(Record, AVerdictReadsAsItWasWritten, ()) {
  const VerdictRecord record = any_verdict_record();
  const Bytes bytes = written(record);
  const Result<VerdictRecord> read = read_verdict(bytes, group_at);
  RC_ASSERT(read.ok());
  RC_ASSERT(written(*read) == bytes);
  RC_ASSERT(read->what.person == record.what.person);
  RC_ASSERT(read->what.at == record.what.at);
  RC_ASSERT(read->what.verdict == record.what.verdict);
  RC_ASSERT(read->what.group == record.what.group);
  RC_ASSERT(read->what.reasons == record.what.reasons);
  RC_ASSERT(read->before == record.before);
  RC_ASSERT(read->revision == record.revision);
  const auto cut = *rc::gen::inRange<std::size_t>(0, bytes.size());
  RC_ASSERT(!read_verdict(ByteSpan(bytes).first(cut), group_at).ok());
}

// Whatever the bytes are, what is read makes sense.
RC_GTEST_PROP(Record, DamagedRecordsAreRefusedOrMakeSense, ()) {
  const bool of_act = *rc::gen::arbitrary<bool>();
  Bytes bytes = of_act ? written(any_act()) : written(any_verdict_record());
  bytes[*rc::gen::inRange<std::size_t>(1, bytes.size())] = static_cast<std::byte>(*rc::gen::inRange(0, 256));
  if (const Result<RecordedAct> act = read_act(bytes, group_at); act.ok()) {
    RC_ASSERT(static_cast<std::size_t>(act->judgement.verdict) < verdict_count);
    RC_ASSERT(static_cast<std::size_t>(act->before_verdict) < verdict_count);
    RC_ASSERT(act->judgement.reason_count <= reasons_max && act->judgement.quality <= quality_max);
  }
  if (const Result<VerdictRecord> verdict = read_verdict(bytes, group_at); verdict.ok()) {
    RC_ASSERT(static_cast<std::size_t>(verdict->what.verdict) < verdict_count);
    RC_ASSERT(static_cast<std::size_t>(verdict->before) < verdict_count);
    RC_ASSERT(verdict->revision >= 1 && verdict->revision <= revision_max);
    RC_ASSERT(may_be_judged_late(verdict->what.type) && verdict->what.reason_count <= reasons_max);
  }
}

TEST(Record, AnActOfBeforeThereWereVerdictsIsNotJudged) {
  // like, changed, with extras; actor 1, subject 2, creator 3, at the group's time, before: liked and incentivised.
  const std::array<unsigned char, 9> old{0x10, 0xa1, 1, 2, 3, 0, 0x06, 0x01, 9};
  const auto read = read_act(std::as_bytes(std::span(old)), group_at);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_FALSE(read->judgement.judged);
  EXPECT_EQ(read->judgement.verdict, Verdict::genuine);
  EXPECT_EQ(read->before_verdict, Verdict::genuine);
  EXPECT_EQ(read->watch_ms, 9u);
}

TEST(Record, ALikeTakesFewBytes) {
  RecordedAct like;
  like.actor = {1'000'000};
  like.subject = {1'100'000};
  like.at = {group_at.us / us_per_ms * us_per_ms};
  EXPECT_LE(written(like).size(), 12u);
  const std::size_t unjudged = written(like).size();
  like.judgement.judged = true;
  EXPECT_EQ(written(like).size(), unjudged + 3);
}

TEST(Record, OtherRecordsReadAsTheyWereWritten) {
  Bytes bytes;
  put_withdrawal(bytes,
                 {Withdrawn::follow, PersonId{7}, 9, CreatorId{3}, Reaction::liked, true, Timestamp{5}, Verdict::held});
  const auto withdrawal = read_withdrawal(bytes);
  ASSERT_TRUE(withdrawal.ok());
  EXPECT_EQ(withdrawal->what, Withdrawn::follow);
  EXPECT_EQ(withdrawal->person, PersonId{7});
  EXPECT_EQ(withdrawal->target, 9u);
  EXPECT_EQ(withdrawal->creator, CreatorId{3});
  EXPECT_EQ(withdrawal->before, Reaction::liked);
  EXPECT_TRUE(withdrawal->incentivised);
  EXPECT_EQ(withdrawal->before_at, Timestamp{5});
  EXPECT_EQ(withdrawal->verdict, Verdict::held);
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
