#include "audience/derive/deriver.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "base/random.h"
#include "storage/sim_disk.h"

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

// A random history: acts of ten people, some told late, some paid, some held; and what later verdicts say of likes, dislikes and
// follows that stand.
struct History {
  struct Step {
    engagement::RecordedAct act;
    std::optional<engagement::VerdictRecord> verdict;  // instead of the act
  };
  std::vector<Step> steps;
  std::int64_t end_us = monday_us;

  History(std::uint64_t seed, int count) {
    Rng rng(seed);
    for (int i = 0; i < count; ++i) {
      end_us += static_cast<std::int64_t>(rng.below(60)) * us_per_minute + 12'345;
      if (rng.chance(0.05) && !steps.empty()) {
        judge(rng);
      } else {
        steps.push_back({act(rng), {}});
      }
    }
  }

 private:
  engagement::RecordedAct act(Rng& rng) const {
    engagement::RecordedAct one;
    one.type = static_cast<ActType>(1 + rng.below(10));
    one.actor = {static_cast<std::uint32_t>(1 + rng.below(10))};
    one.subject = {static_cast<std::uint32_t>(95 + rng.below(30))};
    one.at = {end_us - static_cast<std::int64_t>(rng.below(2)) * us_per_hour};
    one.duration_ms = 10'000;
    one.watch_ms = static_cast<std::uint32_t>(rng.below(12'000));
    one.incentivised = rng.chance(0.05);
    one.before = rng.chance(0.3) ? engagement::Reaction::liked : engagement::Reaction::never;
    one.region = {static_cast<std::uint32_t>(rng.chance(0.2) ? 49 + rng.below(4) : 0)};
    if (rng.chance(0.1)) one.judgement.verdict = engagement::Verdict::held;
    return one;
  }
  void judge(Rng& rng) {
    const engagement::RecordedAct& act = steps[rng.below(steps.size())].act;
    if (!engagement::may_be_judged_late(act.type)) return;
    engagement::VerdictRecord record;
    record.what.person = act.actor;
    record.what.target = act.subject.value;
    record.what.type = act.type;
    record.what.at = act.at;
    record.before = act.judgement.verdict;
    record.what.verdict = static_cast<engagement::Verdict>(rng.below(3));
    record.incentivised = act.incentivised;
    steps.push_back({{}, record});
  }
};

class HistoryTest : public DeriverTest {
 protected:
  void put_names(Deriver& deriver) const {
    for (std::uint32_t subject = 100; subject < 120; ++subject)
      ASSERT_TRUE(
          deriver.put_subject({subject}, R"({"tags":[")" + catalogue_->categories()[subject % 7].id + "\"]}").ok());
    deriver.put_term({50}, "cn-bj");
    deriver.put_term({51}, "cn-sh");
    deriver.put_term({52}, "atlantis");
  }
  static void tell(Deriver& deriver, const History::Step& step) {
    step.verdict ? deriver.corrected(*step.verdict) : deriver.observe(step.act);
  }
  void expect_same(const TagStore& one, const TagStore& two) const {
    std::uint64_t set = 0;
    for (std::uint32_t value = 0; value < catalogue_->value_count(); ++value) {
      for (std::uint32_t user = 0; user <= 12; ++user) {
        const bool on = one.contains(user, {value});
        ASSERT_EQ(on, two.contains(user, {value})) << value << " of " << user;
        set += on ? 1 : 0;
      }
    }
    EXPECT_GT(set, 100U);
  }
};

TEST_F(HistoryTest, in_bulk_the_end_is_as_if_every_act_had_been_seen_live_and_all_been_swept) {
  for (const unsigned threads : {0U, 1U, 3U, bulk_threads_max + 1}) {
    const History history(threads, 20'000);
    TagStore live_store, bulk_store;
    Deriver live(catalogue_, live_store), bulk(catalogue_, bulk_store);
    put_names(live);
    put_names(bulk);
    const auto begin = history.steps.size() / 3;
    for (std::size_t i = 0; i < history.steps.size(); ++i) {
      if (i == begin) bulk.begin_bulk(threads);
      tell(live, history.steps[i]);
      tell(bulk, history.steps[i]);
      if (i == 2 * begin) {
        live.erase({3});
        bulk.erase({3});
        ASSERT_TRUE(live.put_user({11}, R"({"age_band":"25-34"})").ok());
        ASSERT_TRUE(bulk.put_user({11}, R"({"age_band":"25-34"})").ok());
      }
    }
    // A moment that is before the last acts, and one after them.
    const Timestamp now{history.end_us + (threads == 1 ? -3 : 5) * us_per_hour};
    EXPECT_TRUE(bulk.in_bulk());
    bulk.end_bulk(now);
    live.sweep(now, 0, live.people_end());
    expect_same(live_store, bulk_store);
    // And it goes on alike.
    const History more(77, 500);
    for (const History::Step& step : more.steps) {
      tell(live, step);
      tell(bulk, step);
    }
    expect_same(live_store, bulk_store);
  }
}

TEST_F(HistoryTest, a_bulk_of_nothing_changes_nothing_and_more_acts_than_are_put_off_are_folded_on_the_way) {
  deriver_.begin_bulk(2);
  deriver_.end_bulk({monday_us});
  EXPECT_EQ(store_.block_count(), 0U);
  deriver_.begin_bulk(2);
  for (int i = 0; i < 600'000; ++i) see(ActType::like, static_cast<std::uint32_t>(i % 5), 100, monday_us);
  deriver_.end_bulk({monday_us});
  EXPECT_TRUE(has(4, "newcomer"));
  EXPECT_EQ(store_.size(catalogue_->known()), 5U);
}

TEST_F(HistoryTest, what_was_saved_goes_on_as_if_nothing_had_been_in_between) {
  for (const bool in_bulk : {false, true}) {
    const History history(5, 3'000);
    const auto disk = storage::SimDisk::make(1);
    TagStore store, loaded_store;
    Deriver deriver(catalogue_, store), loaded(catalogue_, loaded_store);
    put_names(deriver);
    if (in_bulk) deriver.begin_bulk(2);
    for (std::size_t i = 0; i < 2'000; ++i) tell(deriver, history.steps[i]);
    StateWriter writer = StateWriter::create(*disk, "state", {{9}, catalogue_->fingerprint()}).value();
    ASSERT_TRUE(deriver.save(writer).ok() && store.save(writer).ok() && writer.finish().ok());
    StateReader reader = StateReader::open(*disk, "state", catalogue_->fingerprint()).value();
    ASSERT_TRUE(loaded.load(reader).ok() && loaded_store.load(reader).ok() && reader.finish().ok());
    ASSERT_EQ(loaded.in_bulk(), in_bulk);
    ASSERT_EQ(loaded.people_end(), deriver.people_end());
    if (!in_bulk) expect_same(store, loaded_store);
    for (std::size_t i = 2'000; i < history.steps.size(); ++i) {
      tell(deriver, history.steps[i]);
      tell(loaded, history.steps[i]);
    }
    for (Deriver* const one : {&deriver, &loaded}) {
      if (in_bulk) one->end_bulk({history.end_us});
      one->sweep({history.end_us + us_per_day}, 0, one->people_end());
    }
    expect_same(store, loaded_store);
  }
}

// The sums behind the tags, with fakes and verdicts on them, against those of a history that never had the fakes.
TEST(PersonRules, after_verdicts_sums_are_those_of_a_history_without_the_fakes) {
  const PersonRules rules{{}, 8 * us_per_hour};
  Rng rng(21);
  const auto observe = [&](Person& who, const PersonAct& act) {
    rules.observe(who, act);
    rules.observe_category(who, 3, act);
  };
  for (int round = 0; round < 200; ++round) {
    Person judged, honest;
    std::vector<PersonAct> fakes;
    std::int64_t at = monday_us;
    // Every hour has a genuine view, as visits and days cannot be taken back.
    for (int i = 0; i < 300; ++i) {
      at += 10 * us_per_minute;
      const bool fake = rng.chance(0.3);
      const double kind = rng.unit();
      // No dislike at the start: whose points were cut off at zero, nobody knows.
      const ActType type = !fake && kind < 0.5    ? ActType::view
                           : kind < 0.8 || i < 60 ? ActType::like
                           : kind < 0.9           ? ActType::dislike
                                                  : ActType::follow;
      const auto following = static_cast<std::int8_t>(type == ActType::follow ? 1 : 0);
      const PersonAct act{type, following, interest_points(type), at, 0, 0};
      observe(judged, act);
      if (fake) {
        fakes.push_back(act);
      } else {
        observe(honest, act);
      }
      if (!fakes.empty() && rng.chance(0.2)) {
        const std::size_t found = rng.below(fakes.size());
        PersonAct back = fakes[found];
        back.following = static_cast<std::int8_t>(-back.following);
        rules.take_back(judged, back);
        rules.take_back_category(judged, 3, back);
        fakes.erase(fakes.begin() + static_cast<std::ptrdiff_t>(found));
      }
    }
    for (PersonAct back : fakes) {
      back.following = static_cast<std::int8_t>(-back.following);
      rules.take_back(judged, back);
      rules.take_back_category(judged, 3, back);
    }
    // The last act of all may have been a fake: both are looked at from the same moment.
    const Timestamp now{at + us_per_day};
    Condition condition;
    condition.category = 3;
    const auto same = [&](Measure measure, double tolerance) {
      condition.measure = measure;
      ASSERT_NEAR(rules.measure(judged, condition, now), rules.measure(honest, condition, now), tolerance)
          << to_string(measure) << " in round " << round;
    };
    same(Measure::following, 0);
    same(Measure::aversion, 1e-3);
    same(Measure::weekend_share, 1e-2);
    condition.acts = {ActType::like};
    same(Measure::acts, 1e-3);
    condition.among = {ActType::like, ActType::view};
    same(Measure::act_share, 1e-2);
    condition.hour_from = 8;
    condition.hour_to = 12;
    same(Measure::hour_share, 1e-2);
    same(Measure::interest, 1e-2);
  }
}

TEST_F(DeriverTest, a_verdict_takes_a_like_back_and_another_one_puts_it_in_again) {
  ASSERT_TRUE(deriver_.put_subject({100}, R"({"tags":["beauty"]})").ok());
  see(ActType::like, 1, 100, monday_us);
  EXPECT_TRUE(has(1, "interest.beauty", "some"));
  engagement::VerdictRecord record;
  record.what = {{1}, 100, ActType::like, {monday_us}, engagement::Verdict::held, 0, 0, {}};
  deriver_.corrected(record);
  EXPECT_FALSE(has(1, "interest.beauty", "some"));
  // From held to rejected: nothing more.
  record.before = engagement::Verdict::held;
  record.what.verdict = engagement::Verdict::rejected;
  deriver_.corrected(record);
  record.before = engagement::Verdict::rejected;
  record.what.verdict = engagement::Verdict::genuine;
  deriver_.corrected(record);
  EXPECT_TRUE(has(1, "interest.beauty", "some"));
  // Of a paid act, and of somebody who is not there: nothing.
  record.before = engagement::Verdict::genuine;
  record.what.verdict = engagement::Verdict::held;
  record.incentivised = true;
  deriver_.corrected(record);
  EXPECT_TRUE(has(1, "interest.beauty", "some"));
  record.incentivised = false;
  record.what.person = {99};
  deriver_.corrected(record);
  EXPECT_FALSE(store_.contains(99, catalogue_->known()));
}

TEST_F(DeriverTest, who_withdraws_a_like_that_did_not_count_takes_nothing_away) {
  ASSERT_TRUE(deriver_.put_subject({100}, R"({"tags":["beauty"]})").ok());
  see(ActType::like, 1, 100, monday_us);
  engagement::RecordedAct unlike = act(ActType::unlike, 1, 100, monday_us + 1);
  unlike.before = engagement::Reaction::liked;
  unlike.before_verdict = engagement::Verdict::held;
  deriver_.observe(unlike);
  EXPECT_TRUE(has(1, "interest.beauty", "some"));
}

// Followed by a genuine, then by a held act, then left: the number is that of the relations that count.
TEST_F(DeriverTest, following_counts_relations_that_are_held_to_be_genuine) {
  engagement::RecordedAct follow = act(ActType::follow, 3, 0, monday_us);
  deriver_.observe(follow);
  EXPECT_EQ(number(3, "following"), 1U);
  engagement::VerdictRecord record;
  record.what = {{3}, 7, ActType::follow, {monday_us}, engagement::Verdict::rejected, 0, 0, {}};
  deriver_.corrected(record);
  EXPECT_EQ(number(3, "following"), 0U);
  engagement::RecordedAct leave = act(ActType::unfollow, 3, 0, monday_us + 1);
  leave.before = engagement::Reaction::liked;
  leave.before_verdict = engagement::Verdict::rejected;
  deriver_.observe(leave);
  EXPECT_EQ(number(3, "following"), 0U);
  deriver_.observe(follow);
  EXPECT_EQ(number(3, "following"), 1U);
  leave.before_verdict = engagement::Verdict::genuine;
  leave.incentivised = true;
  deriver_.observe(leave);
  EXPECT_EQ(number(3, "following"), 0U) << "the relation is gone, whoever paid for it";
}

TEST_F(DeriverTest, a_state_whose_records_make_no_sense_is_refused) {
  const auto disk = storage::SimDisk::make(1);
  const auto load = [&](const auto& fill) {
    StateWriter writer = StateWriter::create(*disk, "state", {{9}, 1}).value();
    EXPECT_TRUE(writer.begin("deriver").ok());
    EXPECT_TRUE(writer.begin("people").ok());
    fill(writer);
    EXPECT_TRUE(writer.finish().ok());
    TagStore store;
    Deriver deriver(catalogue_, store);
    StateReader reader = StateReader::open(*disk, "state", 1).value();
    return deriver.load(reader).error().kind;
  };
  EXPECT_EQ(load([](StateWriter& writer) { writer.chunk().resize(3); }), ErrorKind::corrupt);
  EXPECT_EQ(load([](StateWriter& writer) { writer.chunk().resize(20, std::byte{0xff}); }), ErrorKind::corrupt);
  EXPECT_EQ(load([](StateWriter& writer) {
              EXPECT_TRUE(writer.begin("categories").ok());
              writer.chunk().resize(12, std::byte{0x7f});
            }),
            ErrorKind::corrupt);
}

}  // namespace
}  // namespace zan::audience
