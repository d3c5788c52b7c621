#include "integrity/features/feature_store.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "base/hash.h"
#include "base/random.h"
#include "integrity/features/sealed_bytes.h"

namespace zan::integrity {
namespace {

constexpr std::int64_t start_us = 1'700'000'000'000'000;
constexpr std::int64_t second_us = 1'000'000;

FeatureOptions small(std::uint64_t seed = 1) {
  return FeatureOptions::for_accounts(2000, seed);
}

ActView like(std::uint32_t actor, std::uint32_t subject, std::int64_t second, std::uint64_t device = 0) {
  return {.actor = actor, .subject = subject, .device = device, .at_us = start_us + second * second_us};
}

ActView view(std::uint32_t actor, std::uint32_t subject, std::int64_t second, std::uint32_t watch_ms) {
  ActView act = like(actor, subject, second);
  act.kind = ActKind::view;
  act.watch_ms = watch_ms;
  return act;
}

double read_one(const FeatureStore& store, const ActView& act, FeatureId id) {
  double value = -77;
  store.read(act, {&id, 1}, {&value, 1});
  return value;
}

ActView random_act(Rng& rng, std::int64_t at_us) {
  return {.kind = static_cast<ActKind>(rng.below(act_kind_count)),
          .actor = static_cast<std::uint32_t>(rng.below(20)),
          .subject = static_cast<std::uint32_t>(rng.below(20)),
          .creator = static_cast<std::uint32_t>(rng.below(4)),
          .device = rng.below(10),
          .network = rng.below(5),
          .at_us = at_us,
          .watch_ms = static_cast<std::uint32_t>(rng.below(10'000))};
}

using Key = std::tuple<std::uint64_t, std::uint64_t>;

// Zero in either of the two: the key does not apply.
Key key_of(const ActView& act, CountKey key) {
  switch (key) {
    case CountKey::actor:
      return {act.actor, 1};
    case CountKey::subject:
      return {act.subject, 1};
    case CountKey::creator:
      return {act.creator, 1};
    case CountKey::device:
      return {act.device, 1};
    case CountKey::network:
      return {act.network, 1};
    case CountKey::actor_creator:
      return {act.actor, act.creator};
    case CountKey::device_subject:
      return {act.device, act.subject};
    case CountKey::network_subject:
      return {act.network, act.subject};
    default:
      return {act.device, act.network};
  }
}

bool applies(const Key& key) {
  return std::get<0>(key) != 0 && std::get<1>(key) != 0;
}

double count_by_hand(const std::vector<ActView>& acts, const ActView& asked, ActKind kind, CountKey key,
                     std::size_t w) {
  const Key wanted = key_of(asked, key);
  if (!applies(wanted)) return 0;
  const Moment now = Moment::at_us(asked.at_us);
  double count = 0;
  for (const ActView& act : acts) {
    if (act.kind != kind || key_of(act, key) != wanted) continue;
    const std::uint32_t buckets = now.bucket[w] - Moment::at_us(act.at_us).bucket[w];
    if (buckets <= 1) count += buckets == 0 ? 1 : share_of_before(now.second, w);
  }
  return count;
}

RC_GTEST_PROP(FeatureStore, EveryCountIsThatOfAllActs, (std::uint64_t seed)) {
  Rng rng(seed);
  FeatureStore store(FeatureOptions::for_accounts(20'000, seed));  // room for all: nothing is forgotten
  std::vector<ActView> acts;
  std::int64_t at_us = start_us;
  for (int i = 0; i < 150; ++i) {
    at_us += static_cast<std::int64_t>(rng.below(rng.chance(0.02) ? 100'000 : 100)) * second_us;
    const ActView act = random_act(rng, at_us);
    const auto kind = static_cast<ActKind>(rng.below(act_kind_count));
    const auto key = static_cast<CountKey>(rng.below(count_key_count));
    const std::size_t w = rng.below(window_count);
    const double found = read_one(store, act, count_feature(kind, key, static_cast<Window>(w)));
    RC_ASSERT(std::abs(found - count_by_hand(acts, act, kind, key, w)) < 1e-6);
    store.update(act);
    acts.push_back(act);
  }
}

// The same of whatever is read from the tables that are kept, also after somebody was forgotten.
RC_GTEST_PROP(FeatureStore, WithoutTheTablesThatNobodyReadsTheRestIsTheSame, (std::uint64_t seed)) {
  Rng rng(seed);
  std::vector<FeatureId> ids(1 + rng.below(6));
  for (FeatureId& id : ids) id = feature_at(rng.below(feature_count()));
  const FeatureOptions only = small().only(ids);
  RC_ASSERT(only == only.only(ids));
  FeatureStore whole(small()), part(only);
  RC_ASSERT(part.bytes() < whole.bytes());
  std::vector<double> expected(ids.size()), read(ids.size());
  std::int64_t at_us = start_us;
  for (int i = 0; i < 400; ++i) {
    at_us += static_cast<std::int64_t>(rng.below(600)) * second_us;
    const ActView act = random_act(rng, at_us);
    if (rng.below(4) != 0) part.prefetch(random_act(rng, at_us));
    whole.read(act, ids, expected);
    part.read(act, ids, read);
    RC_ASSERT(read == expected);
    whole.update(act);
    part.update(act);
    if (rng.below(50) != 0) continue;
    whole.forget(act.actor);
    part.forget(act.actor);
  }
  Bytes bytes;
  part.save(bytes);
  FeatureStore loaded(only);
  RC_ASSERT(loaded.load(bytes).ok());
  RC_ASSERT(whole.load(bytes).error().kind == ErrorKind::invalid);
}

TEST(FeatureStore, OfTablesThatAreNotKeptNothingWasEverSeen) {
  FeatureStore none(small().only({}));
  for (int i = 0; i < 5; ++i) none.update(like(1, 2, i, 7));
  for (std::size_t i = 0; i < feature_count(); ++i) {
    FeatureStore fresh(small());
    const ActView act = like(1, 2, 9, 7);
    EXPECT_EQ(read_one(none, act, feature_at(i)), read_one(fresh, act, feature_at(i))) << describe(feature_at(i))->name;
  }
}

TEST(FeatureStore, DistinctCountsOfEachRelation) {
  FeatureStore store(small());
  for (std::uint32_t i = 1; i <= 5; ++i) {
    ActView act = like(i, 100, i, 9);
    act.network = 1 + i % 2;
    store.update(act);
    ActView another = like(77, 200 + i, i, 1000 + i % 3);
    another.network = i;
    store.update(another);
  }
  store.update(view(77, 900, 9, 1));
  ActView asked = like(77, 100, 10, 9);
  asked.network = 1;
  const auto distinct = [&](Relation relation) {
    return read_one(store, asked, distinct_feature(relation, Window::h1));
  };
  EXPECT_EQ(distinct(Relation::actors_of_device), 5);
  EXPECT_EQ(distinct(Relation::actors_of_network), 3);
  EXPECT_EQ(distinct(Relation::subjects_of_actor), 5);
  EXPECT_EQ(distinct(Relation::devices_of_actor), 3);
  EXPECT_EQ(distinct(Relation::networks_of_actor), 5);
  EXPECT_EQ(distinct(Relation::actors_of_subject), 5);
}

TEST(FeatureStore, WatchedBeforeLiked) {
  FeatureStore store(small());
  store.update(view(1, 50, 0, 4200));
  const ActView liked = like(1, 50, 5), unseen = like(1, 51, 6);
  EXPECT_EQ(read_one(store, liked, feature(Single::viewed_before)), 1);
  EXPECT_EQ(read_one(store, liked, feature(Single::dwell_ms)), 4200);
  EXPECT_EQ(read_one(store, unseen, feature(Single::viewed_before)), 0);
  EXPECT_EQ(read_one(store, unseen, feature(Single::dwell_ms)), -1);
  store.update(liked);
  store.update(unseen);
  EXPECT_EQ(read_one(store, liked, feature(Single::likes_without_view_share)), 0.5);
  EXPECT_EQ(read_one(store, liked, feature(Single::account_likes)), 2);
  EXPECT_EQ(read_one(store, liked, feature(Single::account_views)), 1);
  for (std::uint32_t i = 0; i < 3; ++i) store.update(view(1, 60 + i, 7, 100 * (i + 1)));
  EXPECT_EQ(read_one(store, liked, feature(Single::dwell_ms)), 4200) << "the fourth last";
  EXPECT_EQ(read_one(store, like(1, 61, 8), feature(Single::dwell_ms)), 200);
  store.update(view(1, 61, 8, 900));
  EXPECT_EQ(read_one(store, liked, feature(Single::dwell_ms)), 4200) << "61 moved to the front";
  EXPECT_EQ(read_one(store, like(1, 61, 8), feature(Single::dwell_ms)), 900);
  store.update(view(1, 70, 9, 1));
  EXPECT_EQ(read_one(store, liked, feature(Single::dwell_ms)), -1);
}

TEST(FeatureStore, AScriptsBeatIsEven) {
  FeatureStore store(small());
  Rng rng(5);
  std::int64_t second = 0;
  for (std::uint32_t i = 0; i < 100; ++i) {
    store.update(like(1, 100 + i, i * 30));
    second += 1 + static_cast<std::int64_t>(std::exp(rng.unit() * 8));
    store.update(like(2, 100 + i, second));
  }
  const ActView script = like(1, 5, 3000), person = like(2, 5, second);
  EXPECT_NEAR(read_one(store, script, feature(Single::like_gap_log_mean)), std::log(30), 1e-3);
  EXPECT_NEAR(read_one(store, script, feature(Single::like_gap_log_deviation)), 0, 1e-3);
  EXPECT_GT(read_one(store, person, feature(Single::like_gap_log_deviation)), 1);
  EXPECT_EQ(read_one(store, script, feature(Single::like_gap_s)), 30);
  store.update(like(1, 5, -1000));
  EXPECT_NEAR(read_one(store, script, feature(Single::like_gap_log_mean)), std::log(30), 1e-3) << "a late one";
}

TEST(FeatureStore, AgeAndIdleness) {
  FeatureStore store(small());
  EXPECT_EQ(read_one(store, like(1, 2, 0), feature(Single::account_idle_s)), -1);
  EXPECT_EQ(read_one(store, like(1, 2, 0), feature(Single::like_gap_s)), -1);
  store.update(like(1, 2, 0));
  store.update(view(1, 2, 100, 5));
  EXPECT_EQ(read_one(store, like(1, 2, 250), feature(Single::account_age_s)), 250);
  EXPECT_EQ(read_one(store, like(1, 2, 250), feature(Single::account_idle_s)), 150);
  EXPECT_EQ(read_one(store, like(1, 2, -50), feature(Single::account_age_s)), 0) << "asked about the past";
}

TEST(FeatureStore, WhatIsNewToAnAccount) {
  FeatureStore store(small());
  for (std::uint64_t device = 1; device <= 10; ++device) store.update(like(1, 2, 0, device));
  EXPECT_EQ(read_one(store, like(1, 2, 1, 10), feature(Single::device_new)), 0);
  EXPECT_EQ(read_one(store, like(1, 2, 1, 1), feature(Single::device_new)), 0);
  EXPECT_EQ(read_one(store, like(1, 2, 1, 11), feature(Single::device_new)), 1);
  EXPECT_EQ(read_one(store, like(1, 2, 1), feature(Single::device_new)), 0) << "no device";
  for (std::uint64_t device = 11; device <= 50; ++device) store.update(like(1, 2, 0, device));
  EXPECT_EQ(read_one(store, like(1, 2, 1, 99), feature(Single::device_new)), 0.5);
}

TEST(FeatureStore, WhatTheActSaysItself) {
  const FeatureStore store(small());
  ActView act = view(1, 2, 0, 3000);
  EXPECT_EQ(read_one(store, act, feature(Single::watch_ms)), 3000);
  EXPECT_EQ(read_one(store, act, feature(Single::watch_share)), 0);
  act.duration_ms = 12'000;
  EXPECT_EQ(read_one(store, act, feature(Single::watch_share)), 0.25);
  EXPECT_EQ(read_one(store, act, FeatureId{0xffff'ffff}), 0);
  EXPECT_EQ(read_one(store, act, FeatureId{0x01ff'ffff}), 0);
  EXPECT_EQ(read_one(store, act, FeatureId{0x02ff'ffff}), 0);
}

double around(const FeatureStore& store, const ActView& act, Around around, Trait trait, bool spread = false) {
  return read_one(store, act, neighbour_feature(around, trait, spread));
}

TEST(FeatureStore, NobodyIsKnownAroundWhatIsNew) {
  FeatureStore store(small());
  store.update(view(1, 50, 0, 4200));
  for (std::uint8_t whose = 0; whose < around_count; ++whose)
    for (const bool spread : {false, true})
      EXPECT_EQ(around(store, like(1, 50, 5, 7), static_cast<Around>(whose), Trait::age, spread), -1)
          << "a view is no like";
  store.update(like(1, 50, 5));
  EXPECT_EQ(around(store, like(2, 50, 6), Around::device, Trait::age), -1) << "an act without a device";
  EXPECT_EQ(around(store, like(2, 50, 6), Around::subject, Trait::age),
            around(store, like(3, 50, 6), Around::subject, Trait::age));
  EXPECT_EQ(read_one(store, like(2, 50, 6), FeatureId{0x0304'0000}), 0);
  EXPECT_EQ(read_one(store, like(2, 50, 6), FeatureId{0x0300'0500}), 0);
  EXPECT_EQ(read_one(store, like(2, 50, 6), FeatureId{0x0300'0002}), 0);
}

// What was known of each account before its like, averaged by hand; up to thirty-two all weigh the same.
TEST(FeatureStore, NeighboursAreWhatTheirAccountsWere) {
  FeatureStore store(small());
  std::vector<double> likes, ages;
  for (std::uint32_t account = 1; account <= 20; ++account) {
    for (std::uint32_t i = 0; i < account; ++i) store.update(like(account, 1000 + account * 50 + i, i, 100 + account));
    store.update(like(account, 5, 300, 9));
    likes.push_back(std::log(1 + account));
    ages.push_back(std::log(301));
  }
  double mean = 0, square = 0;
  for (const double value : likes) mean += value / 20, square += value * value / 20;
  const ActView asked = like(999, 5, 400, 9);
  for (const Around whose : {Around::device, Around::subject}) {
    EXPECT_NEAR(around(store, asked, whose, Trait::likes), mean, 1e-5);
    EXPECT_NEAR(around(store, asked, whose, Trait::likes, true), std::sqrt(square - mean * mean), 1e-4);
    EXPECT_NEAR(around(store, asked, whose, Trait::age), ages.front(), 1e-5);
    EXPECT_NEAR(around(store, asked, whose, Trait::age, true), 0, 1e-3);
    EXPECT_NEAR(around(store, asked, whose, Trait::unviewed), 1, 1e-6);
  }
}

TEST(FeatureStore, WhoeverIsNearNowWeighsMost) {
  FeatureStore store(small());
  for (std::uint32_t account = 1; account <= 500; ++account) store.update(like(account, 5, account));
  EXPECT_NEAR(around(store, like(999, 5, 501), Around::subject, Trait::likes), 0, 1e-9);
  for (std::uint32_t account = 1; account <= 300; ++account) store.update(like(account, 5, 600 + account));
  EXPECT_NEAR(around(store, like(999, 5, 901), Around::subject, Trait::likes), std::log(2), 1e-3);
}

// An account is known by those who like what it likes: the rare things most.
TEST(FeatureStore, RareSubjectsSayMostOfAnAccount) {
  FeatureStore store(small());
  constexpr std::uint32_t rare = 7, popular = 8;
  for (std::uint32_t account = 1; account <= 20; ++account)
    for (std::uint32_t i = 0; i < 30; ++i) store.update(like(account, 2000 + account * 30 + i, i));
  for (std::uint32_t account = 1; account <= 20; ++account) store.update(like(account, rare, 100));
  for (std::uint32_t account = 100; account < 900; ++account) store.update(like(account, popular, 200));
  store.update(like(999, popular, 300));
  EXPECT_NEAR(around(store, like(999, 1, 301), Around::actor, Trait::likes), 0, 1e-3);
  store.update(like(999, rare, 301));
  EXPECT_GT(around(store, like(999, 1, 302), Around::actor, Trait::likes), 0.9 * std::log(31));
  EXPECT_EQ(around(store, like(998, 1, 302), Around::actor, Trait::likes), -1);
}

TEST(FeatureStore, TheDefaultFitsAMillionAccountsIn350Megabytes) {
  const FeatureStore store;
  EXPECT_LT(store.bytes(), 350'000'000U);
}

// A flood of made-up devices and networks: what is counted without them is untouched, memory stands still.
TEST(FeatureStore, AFloodForgetsOnlyItsOwnKind) {
  FeatureStore flooded(small()), calm(small());
  Rng rng(6);
  const std::uint64_t before = flooded.bytes();
  for (std::uint32_t i = 0; i < 100; ++i) {
    const ActView act = like(1 + i % 10, 100 + i % 7, i, 1 + i % 10);
    calm.update(act);
    flooded.update(act);
  }
  for (std::int64_t i = 0; i < 100'000; ++i) {
    ActView act = like(0, 0, 100 + i / 1000, rng.next());
    act.network = rng.next();
    flooded.update(act);
  }
  EXPECT_EQ(flooded.bytes(), before);
  for (std::uint32_t i = 0; i < 70; ++i) {
    const ActView asked = like(1 + i % 10, 100 + i % 7, 200, 1 + i % 10);
    for (const CountKey key : {CountKey::actor, CountKey::subject}) {
      const FeatureId id = count_feature(ActKind::like, key, Window::h1);
      EXPECT_EQ(read_one(flooded, asked, id), read_one(calm, asked, id));
    }
    const FeatureId devices = distinct_feature(Relation::devices_of_actor, Window::d1);
    EXPECT_EQ(read_one(flooded, asked, devices), read_one(calm, asked, devices));
    EXPECT_EQ(read_one(flooded, asked, feature(Single::account_likes)), 10);
    EXPECT_EQ(read_one(flooded, asked, count_feature(ActKind::like, CountKey::device, Window::h1)), 0) << "forgotten";
  }
}

TEST(FeatureStore, AFloodOfAccountsForgetsIdleAccounts) {
  FeatureStore store(small());
  for (std::uint32_t i = 1; i <= 1000; ++i) store.update(like(i, 5, 0));
  for (std::uint32_t i = 0; i < 100'000; ++i) store.update(like(10'000 + i, 6, 10 + i / 100));
  EXPECT_EQ(read_one(store, like(1, 5, 2000), feature(Single::account_idle_s)), -1);
  EXPECT_EQ(read_one(store, like(1, 5, 2000), count_feature(ActKind::like, CountKey::subject, Window::d1)), 1000);
}

Bytes fed(std::uint64_t seed, bool prefetching) {
  FeatureStore store(small());
  Rng rng(seed);
  for (int i = 0; i < 2000; ++i) {
    const ActView act = random_act(rng, start_us + static_cast<std::int64_t>(rng.below(1'000'000)) * second_us);
    if (prefetching) store.prefetch(act);
    store.update(act);
  }
  Bytes bytes;
  store.save(bytes);
  return bytes;
}

TEST(FeatureStore, TheSameActsGiveTheSameBytes) {
  EXPECT_EQ(fed(7, false), fed(7, true));
  EXPECT_NE(fed(7, false), fed(8, false));
}

TEST(FeatureStore, ASavedStoreGoesOnAsIfItHadNotStopped) {
  const Bytes saved = fed(9, false);
  FeatureStore one(small()), two(small());
  ASSERT_TRUE(one.load(saved).ok());
  Bytes again;
  one.save(again);
  EXPECT_EQ(saved, again);
  ASSERT_TRUE(two.load(again).ok());
  Rng rng(10);
  for (int i = 0; i < 100; ++i) {
    const ActView act = random_act(rng, start_us);
    const FeatureId id = feature_at(rng.below(feature_count()));
    EXPECT_EQ(read_one(one, act, id), read_one(two, act, id));
  }
}

TEST(FeatureStore, DamagedStateIsRefusedAndLeavesTheStoreAsItWas) {
  FeatureStore store(FeatureOptions::for_accounts(1));
  store.update(like(1, 2, 3, 4));
  Bytes saved;
  store.save(saved);
  for (std::size_t i = 0; i < saved.size(); ++i) {
    Bytes damaged = saved;
    damaged[i] ^= std::byte{16};
    EXPECT_FALSE(store.load(damaged).ok()) << i;
    EXPECT_FALSE(store.load(ByteSpan(saved).first(i)).ok()) << i;
  }
  EXPECT_EQ(FeatureStore(FeatureOptions::for_accounts(1, 2)).load(saved).error().kind, ErrorKind::invalid);
  Bytes after;
  store.save(after);
  EXPECT_EQ(after, saved);
}

TEST(SealedBytes, AnotherVersionIsUnsupported) {
  Bytes bytes;
  SealedWriter frame(bytes, 1, 2);
  frame.end();
  EXPECT_TRUE(open_sealed(bytes, 1, 2).ok());
  EXPECT_EQ(open_sealed(bytes, 1, 3).error().kind, ErrorKind::unsupported);
  EXPECT_EQ(open_sealed(bytes, 2, 2).error().kind, ErrorKind::corrupt);
}

TEST(Catalogue, NamesFindTheirFeatures) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < feature_count(); ++i) {
    const auto text = describe(feature_at(i));
    ASSERT_TRUE(text.has_value()) << i;
    EXPECT_TRUE(names.insert(text->name).second) << text->name;
    EXPECT_FALSE(text->english.empty() || text->chinese.empty());
  }
  for (const auto* name : {"count(like, device, 1m)", "distinct(device, actor, 1d)", "watch_share",
                           "neighbours(device, age)", "neighbours(actor, likes, spread)"})
    EXPECT_EQ(describe(feature_named(name).value())->name, name);
  EXPECT_EQ(feature_named("count(like,device,1m)"), count_feature(ActKind::like, CountKey::device, Window::m1));
  EXPECT_FALSE(feature_named("distinct(device, actor, 1m)").has_value());
  EXPECT_FALSE(describe({0x0400'0000}).has_value());
  EXPECT_FALSE(describe({0x0300'0002}).has_value());
  EXPECT_FALSE(describe({0x0100'0007}).has_value());
}

}  // namespace
}  // namespace zan::integrity
