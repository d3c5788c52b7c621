#include "audience/derive/deriver.h"

#include <gtest/gtest.h>

#include <map>

#include "base/random.h"

namespace zan::audience {
namespace {

using engagement::ActType;

constexpr std::int64_t monday_us = 1'700'438'400'000'000;  // 2023-11-20 08:00 in UTC+8

class DeriverTest : public testing::Test {
 protected:
  engagement::RecordedAct act(ActType type, std::uint32_t user, std::uint32_t subject, std::int64_t at_us) {
    engagement::RecordedAct out;
    out.type = type;
    out.actor = {user};
    out.subject = {subject};
    out.at = {at_us};
    return out;
  }
  void see(ActType type, std::uint32_t user, std::uint32_t subject, std::int64_t at_us) {
    deriver_.observe(act(type, user, subject, at_us));
  }
  [[nodiscard]] bool has(std::uint32_t user, std::string_view tag, std::string_view value = {}) const {
    const Tag* found = catalogue_->find(tag);
    if (found == nullptr) {
      ADD_FAILURE() << "no tag " << tag;
      return false;
    }
    const auto index = value.empty() ? std::optional<std::uint32_t>(0) : found->find_value(value);
    EXPECT_TRUE(index) << tag << " = " << value;
    return index && store_.contains(user, found->value(*index));
  }
  [[nodiscard]] std::optional<std::uint64_t> number(std::uint32_t user, std::string_view tag) const {
    const Slices slices = catalogue_->find(tag)->slices();
    if (!store_.contains(user, slices.known())) return std::nullopt;
    std::uint64_t out = 0;
    for (std::uint32_t i = 0; i < slices.bits; ++i)
      out |= std::uint64_t{store_.contains(user, slices.bit(i)) ? 1U : 0U} << i;
    return out;
  }

  std::shared_ptr<const Catalogue> catalogue_ = Catalogue::standard();
  TagStore store_;
  Deriver deriver_{catalogue_, store_};
};

TEST_F(DeriverTest, interest_grows_with_likes_and_fades_with_time) {
  ASSERT_TRUE(deriver_.put_subject({100}, R"({"tags":["beauty","nonsense","美食"]})").ok());
  see(ActType::like, 1, 100, monday_us);
  EXPECT_TRUE(has(1, "interest.beauty", "some"));
  EXPECT_TRUE(has(1, "interest.food", "some"));
  EXPECT_FALSE(has(1, "interest.pets", "some"));
  see(ActType::like, 1, 100, monday_us + us_per_hour);
  see(ActType::like, 1, 100, monday_us + 2 * us_per_hour);
  EXPECT_TRUE(has(1, "interest.beauty", "clear"));
  EXPECT_FALSE(has(1, "interest.beauty", "some"));
  EXPECT_TRUE(has(1, "likes.beauty"));
  // Nine points halve in 30 days to 4.5, and in 90 to 1.1.
  deriver_.sweep({monday_us + 30 * us_per_day}, 0, deriver_.people_end());
  EXPECT_TRUE(has(1, "interest.beauty", "some"));
  EXPECT_FALSE(has(1, "likes.beauty"));
  deriver_.sweep({monday_us + 90 * us_per_day}, 0, deriver_.people_end());
  EXPECT_FALSE(has(1, "interest.beauty", "some"));
}

TEST_F(DeriverTest, a_like_taken_back_and_a_dislike_count_against) {
  ASSERT_TRUE(deriver_.put_subject({100}, R"({"tags":["beauty"]})").ok());
  see(ActType::like, 1, 100, monday_us);
  see(ActType::unlike, 1, 100, monday_us + 1);
  EXPECT_FALSE(has(1, "interest.beauty", "some"));
  see(ActType::dislike, 1, 100, monday_us + 2);
  EXPECT_FALSE(has(1, "dislikes.beauty"));
  see(ActType::dislike, 1, 100, monday_us + 3);
  EXPECT_TRUE(has(1, "dislikes.beauty"));
}

TEST_F(DeriverTest, paid_acts_and_acts_that_are_not_genuine_tell_nothing) {
  ASSERT_TRUE(deriver_.put_subject({100}, R"({"tags":["beauty"]})").ok());
  engagement::RecordedAct paid = act(ActType::like, 1, 100, monday_us);
  paid.incentivised = true;
  deriver_.observe(paid);
  engagement::RecordedAct fake = act(ActType::like, 1, 100, monday_us);
  fake.judgement.verdict = engagement::Verdict::held;
  deriver_.observe(fake);
  EXPECT_FALSE(has(1, "interest.beauty", "some"));
  EXPECT_EQ(number(1, "like_recently"), std::nullopt);
  EXPECT_TRUE(store_.contains(1, catalogue_->known()));
}

TEST_F(DeriverTest, days_visits_hours_and_rates_come_from_the_acts) {
  for (int day = 0; day < 10; ++day) {
    const std::int64_t at = monday_us + day * us_per_day + 11 * us_per_hour;  // 19:00
    for (int i = 0; i < 4; ++i) see(ActType::view, 7, 5, at + i * 5 * us_per_minute);
    see(ActType::like, 7, 5, at + 20 * us_per_minute);
  }
  EXPECT_EQ(number(7, "active_days"), 10U);
  EXPECT_EQ(number(7, "active_days_week"), 7U);
  EXPECT_TRUE(has(7, "regular"));
  EXPECT_FALSE(has(7, "newcomer"));
  EXPECT_TRUE(has(7, "hours.evening"));
  EXPECT_FALSE(has(7, "hours.morning"));
  EXPECT_TRUE(has(7, "visit_length", "long"));  // 20 minutes each
  EXPECT_TRUE(has(7, "visits", "some"));
  EXPECT_TRUE(has(7, "like_rate", "often"));
  EXPECT_TRUE(has(7, "comment_rate", "rarely"));
  EXPECT_EQ(number(7, "last_active"), static_cast<std::uint64_t>((monday_us + 8 * us_per_hour) / us_per_day + 9));
  const Timestamp later{monday_us + 30 * us_per_day};
  deriver_.sweep(later, 0, deriver_.people_end());
  EXPECT_EQ(number(7, "idle_days"), 21U);
  EXPECT_TRUE(has(7, "lapsing"));
  EXPECT_FALSE(has(7, "regular"));
  see(ActType::view, 7, 5, monday_us + 60 * us_per_day);
  EXPECT_TRUE(has(7, "returning"));
  EXPECT_FALSE(has(7, "lapsing"));
  deriver_.sweep({monday_us + 300 * us_per_day}, 0, deriver_.people_end());
  EXPECT_FALSE(has(7, "lapsed")) << "nothing is said of somebody who has been away for longer than tags are kept";
}

TEST_F(DeriverTest, follows_are_counted_as_they_stand) {
  engagement::RecordedAct follow = act(ActType::follow, 3, 0, monday_us);
  deriver_.observe(follow);
  follow.before = engagement::Reaction::liked;  // once more: no further creator
  deriver_.observe(follow);
  EXPECT_EQ(number(3, "following"), 1U);
  engagement::RecordedAct leave = act(ActType::unfollow, 3, 0, monday_us + 1);
  leave.before = engagement::Reaction::liked;
  deriver_.observe(leave);
  EXPECT_EQ(number(3, "following"), 0U);
}

TEST_F(DeriverTest, what_is_declared_replaces_what_was_declared_before) {
  ASSERT_TRUE(deriver_
                  .put_user({4}, R"({"age_band":"25-34","region":"cn-sh","custom":{"consent.targeting":true,
      "creator":true,"gender":"woman"}})")
                  .ok());
  EXPECT_TRUE(has(4, "age_band", "25-34"));
  EXPECT_TRUE(has(4, "region", "cn-sh"));
  EXPECT_TRUE(has(4, "creator"));
  EXPECT_TRUE(store_.contains(4, catalogue_->adult()));
  const Plan targeting = catalogue_->eligible(*catalogue_->purpose("targeting"));
  EXPECT_TRUE(contains(store_, targeting, 4));
  ASSERT_TRUE(deriver_.put_user({4}, R"({"age_band":"14-17","custom":{"consent.targeting":true}})").ok());
  EXPECT_FALSE(has(4, "age_band", "25-34"));
  EXPECT_FALSE(has(4, "region", "cn-sh"));
  EXPECT_FALSE(store_.contains(4, catalogue_->adult()));
  EXPECT_FALSE(contains(store_, targeting, 4));
  EXPECT_FALSE(deriver_.put_user({4}, "[]").ok());
  EXPECT_FALSE(deriver_.put_user({4}, "{").ok());
}

TEST_F(DeriverTest, reports_count_whoever_has_not_refused_and_targeting_whoever_has_agreed) {
  const Plan reports = catalogue_->eligible(*catalogue_->purpose("reports"));
  const Plan targeting = catalogue_->eligible(*catalogue_->purpose("targeting"));
  see(ActType::view, 9, 5, monday_us);
  EXPECT_TRUE(contains(store_, reports, 9));
  EXPECT_FALSE(contains(store_, targeting, 9));
  ASSERT_TRUE(
      deriver_.put_user({9}, R"({"age_band":"18-24","custom":{"consent.reports":false,"consent.targeting":true}})")
          .ok());
  EXPECT_FALSE(contains(store_, reports, 9));
  EXPECT_TRUE(contains(store_, targeting, 9));
}

TEST_F(DeriverTest, nothing_is_left_of_somebody_who_is_erased) {
  ASSERT_TRUE(deriver_.put_user({4}, R"({"age_band":"25-34","custom":{"consent.targeting":true}})").ok());
  see(ActType::like, 4, 5, monday_us);
  deriver_.erase({4});
  deriver_.erase({400'000});
  deriver_.sweep({monday_us}, 0, deriver_.people_end());
  for (std::uint32_t value = 0; value < catalogue_->value_count(); ++value) EXPECT_FALSE(store_.contains(4, {value}));
}

TEST_F(DeriverTest, regions_of_acts_are_known_by_name) {
  deriver_.put_term({50}, "cn-bj");
  deriver_.put_term({51}, "atlantis");
  engagement::RecordedAct one = act(ActType::view, 2, 5, monday_us);
  one.region = {50};
  deriver_.observe(one);
  EXPECT_TRUE(has(2, "seen_in", "cn-bj"));
  one.region = {51};
  deriver_.observe(one);
  EXPECT_FALSE(has(2, "seen_in", "cn-bj"));
}

// Tags are a function of the acts and of the moment: not of how often they were worked out on the way.
TEST_F(DeriverTest, live_tags_agree_with_those_of_a_deriver_that_never_swept_before) {
  TagStore other_store;
  Deriver other(catalogue_, other_store);
  for (std::uint32_t subject = 100; subject < 120; ++subject) {
    const std::string json = R"({"tags":[")" + catalogue_->categories()[subject % 7].id + "\"]}";
    ASSERT_TRUE(deriver_.put_subject({subject}, json).ok());
    ASSERT_TRUE(other.put_subject({subject}, json).ok());
  }
  Rng rng(3);
  std::int64_t at = monday_us;
  for (int i = 0; i < 3000; ++i) {
    at += static_cast<std::int64_t>(rng.below(60)) * us_per_minute;
    engagement::RecordedAct one =
        act(static_cast<ActType>(1 + rng.below(10)), static_cast<std::uint32_t>(1 + rng.below(10)),
            static_cast<std::uint32_t>(95 + rng.below(30)), at - static_cast<std::int64_t>(rng.below(2)) * us_per_hour);
    one.duration_ms = 10'000;
    one.watch_ms = static_cast<std::uint32_t>(rng.below(12'000));
    deriver_.observe(one);
    other.observe(one);
    if (i % 40 == 0) deriver_.sweep({at}, 0, deriver_.people_end());
  }
  deriver_.sweep({at}, 0, deriver_.people_end());
  other.sweep({at}, 0, other.people_end());
  std::uint64_t set = 0;
  for (std::uint32_t value = 0; value < catalogue_->value_count(); ++value) {
    for (std::uint32_t user = 1; user <= 10; ++user) {
      const bool on = store_.contains(user, {value});
      ASSERT_EQ(on, other_store.contains(user, {value})) << value;
      set += on ? 1 : 0;
    }
  }
  EXPECT_GT(set, 100U);
}

}  // namespace
}  // namespace zan::audience
