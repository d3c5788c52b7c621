#include "audience/bitmap/plan.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "audience/bitmap/sim_people.h"
#include "storage/sim_disk.h"

namespace zan::audience {
namespace {

constexpr std::uint32_t users = 150'000, tags = 24;  // three blocks, the last one not full

class PlanTest : public testing::Test {
 protected:
  static const TagStore& people() {
    static const auto* const store = [] {
      auto* made = new TagStore;
      fill_people(*made, users, tags);
      fill_numbers(*made, users, tags);
      return made;
    }();
    return *store;
  }
};

TEST_F(PlanTest, random_expressions_agree_with_looking_at_every_user) {
  Rng rng(7);
  Evaluation evaluation(people());
  const Plan everybody = Plan::of(ValueId{tags});
  for (int i = 0; i < 60; ++i) {
    const auto terms = static_cast<std::uint32_t>(1 + rng.below(8));
    const Plan plan = i % 2 == 0 ? sim_expression(rng, terms, tags) : sim_question(rng, terms, tags);
    std::vector<std::uint32_t> expected, found;
    for (std::uint32_t user = 0; user < users; ++user)
      if (contains(people(), plan, user)) expected.push_back(user);
    evaluation.each_block(plan, everybody,
                          [&](std::uint32_t number, const TagStore::Block&, const SetView& set, auto&) {
                            for_each_user(set, number, [&](std::uint32_t user) { found.push_back(user); });
                          });
    ASSERT_EQ(found, expected);
    ASSERT_EQ(evaluation.count(plan, everybody), expected.size());
    ASSERT_EQ(evaluation.count(plan, everybody, 2), expected.size());
    ASSERT_EQ(evaluation.count(plan, everybody, i % 2 == 0 ? 0 : count_threads_max + 1), expected.size());
    ASSERT_EQ(evaluation.math().buffers_in_use(), 0U);
  }
}

TEST_F(PlanTest, a_negation_is_of_those_it_is_asked_among) {
  Evaluation evaluation(people());
  const Plan nobody = Plan::either({});
  EXPECT_EQ(evaluation.count(Plan::negate(nobody), Plan::of(ValueId{tags})), users);
  EXPECT_EQ(evaluation.count(Plan::both({}), Plan::of(ValueId{3})), people().size({3}));
  EXPECT_EQ(evaluation.count(Plan::of(ValueId{3}), nobody), 0U);
}

TEST_F(PlanTest, lists_of_users_are_sets_like_any_other) {
  Evaluation evaluation(people());
  auto list = std::make_shared<UserList>();
  for (std::uint32_t user = 0; user < users; user += user < 65'536 ? 3 : 7'001) list->push_back(user);
  std::uint64_t expected = 0;
  for (const std::uint32_t user : *list) expected += people().contains(user, {tags - 1}) ? 1 : 0;
  EXPECT_EQ(evaluation.count(Plan::of(list), Plan::of(ValueId{tags})), list->size());
  EXPECT_EQ(evaluation.count(Plan::both([&] {
                               std::vector<Plan> parts;
                               parts.push_back(Plan::of(list));
                               parts.push_back(Plan::of(ValueId{tags - 1}));
                               return parts;
                             }()),
                             Plan::of(ValueId{tags})),
            expected);
}

TEST(Slices, ranges_agree_with_the_numbers_themselves) {
  TagStore store;
  const Slices slices{{0}, 10};
  std::map<std::uint32_t, std::uint64_t> twin;
  Rng rng(9);
  std::vector<Change> changes;
  for (std::uint32_t user = 0; user < 70'000; ++user) {
    if (rng.chance(0.3)) continue;
    // Mostly small, as counts are; some at the ends.
    const std::uint64_t number = rng.chance(0.05) ? (rng.chance(0.5) ? 1023 : 0) : rng.below(1 + rng.below(1024));
    twin[user] = number;
    changes.push_back({user, slices.known(), true});
    for (std::uint32_t i = 0; i < slices.bits; ++i) changes.push_back({user, slices.bit(i), (number >> i & 1) != 0});
  }
  store.apply(changes);
  Evaluation evaluation(store);
  const auto check = [&](std::uint64_t low, std::uint64_t high) {
    std::uint64_t expected = 0;
    for (const auto& [user, number] : twin) expected += number >= low && number <= high ? 1 : 0;
    ASSERT_EQ(evaluation.count(Plan::range(slices, low, high), Plan::of(slices.known())), expected)
        << low << ".." << high;
    ASSERT_EQ(evaluation.math().buffers_in_use(), 0U);
    const Plan plan = Plan::range(slices, low, high);
    for (std::uint32_t user = 0; user < 2000; ++user) {
      const auto number = twin.find(user);
      ASSERT_EQ(contains(store, plan, user), number != twin.end() && number->second >= low && number->second <= high);
    }
  };
  for (int i = 0; i < 40; ++i) check(rng.below(1100), rng.below(2000));
  check(0, 0);
  check(1023, 1023);
  check(0, ~std::uint64_t{0});
  check(1024, ~std::uint64_t{0});
  check(5, 4);
}

TEST(TagStore, changes_and_erasures_agree_with_a_set_of_pairs) {
  TagStore store;
  std::set<std::pair<std::uint32_t, std::uint32_t>> twin;
  Rng rng(11);
  for (int round = 0; round < 200; ++round) {
    std::vector<Change> changes;
    std::size_t changed = 0;
    for (int i = 0; i < 50; ++i) {
      const Change change{static_cast<std::uint32_t>(rng.below(200) * 1001),
                          {static_cast<std::uint32_t>(rng.below(30))},
                          rng.chance(0.7)};
      changes.push_back(change);
      changed += change.on ? (twin.emplace(change.user, change.value.number).second ? 1 : 0)
                           : twin.erase({change.user, change.value.number});
    }
    ASSERT_EQ(store.apply(changes), changed);
    const auto gone = static_cast<std::uint32_t>(rng.below(200) * 1001);
    store.erase(gone);
    std::erase_if(twin, [&](const auto& pair) { return pair.first == gone; });
  }
  for (std::uint32_t value = 0; value < 30; ++value) {
    std::uint64_t expected = 0;
    for (std::uint32_t user = 0; user < 200; ++user) {
      const bool in = twin.contains({user * 1001, value});
      expected += in ? 1 : 0;
      ASSERT_EQ(store.contains(user * 1001, {value}), in);
    }
    ASSERT_EQ(store.size({value}), expected);
  }
}

TEST(TagStore, the_highest_user_and_an_unknown_value_are_no_trouble) {
  TagStore store;
  EXPECT_FALSE(store.contains(0xffff'ffff, {5}));
  store.erase(0xffff'ffff);
  const Change change{0xffff'ffff, {5}, true};
  EXPECT_EQ(store.apply({&change, 1}), 1U);
  EXPECT_EQ(store.apply({&change, 1}), 0U);
  EXPECT_TRUE(store.contains(0xffff'ffff, {5}));
  EXPECT_EQ(store.size({values_max - 1}), 0U);
  Evaluation evaluation(store);
  EXPECT_EQ(evaluation.count(Plan::negate(Plan::of(ValueId{6})), Plan::of(ValueId{5})), 1U);
}

TEST_F(PlanTest, what_was_saved_is_loaded_as_it_was) {
  const auto disk = storage::SimDisk::make(1);
  StateWriter writer = StateWriter::create(*disk, "state", {{9}, 1}).value();
  ASSERT_TRUE(people().save(writer).ok() && writer.finish().ok());
  StateReader reader = StateReader::open(*disk, "state", 1).value();
  TagStore loaded;
  ASSERT_TRUE(loaded.load(reader).ok() && reader.finish().ok());
  EXPECT_EQ(loaded.block_count(), people().block_count());
  EXPECT_GT(loaded.version(), 0U);
  Evaluation one(people()), two(loaded);
  const Plan everybody = Plan::of(ValueId{tags});
  Rng rng(1);
  for (int i = 0; i < 30; ++i) {
    const Plan plan = sim_question(rng, 4, tags);
    ASSERT_EQ(one.count(plan, everybody), two.count(plan, everybody));
  }
  EXPECT_EQ(loaded.apply(std::vector<Change>{{7, {tags}, false}, {7, {tags}, true}}), 2U);
}

TEST(TagStore, a_saved_set_that_is_none_is_refused) {
  const auto disk = storage::SimDisk::make(1);
  const std::vector<std::vector<unsigned>> wrong = {
      {0},                                       // cut off
      {0, 5, 2 * 2, 9, 0, 9, 0},                 // somebody twice
      {0, 5, 2 * 2, 9, 0, 8, 0},                 // descending
      {0, 5, 2 * 2, 9, 0},                       // too short
      {0, 5, 0x82, 0x80, 0x40},                  // a list that is too long
      {0, 0x80, 0x80, 0x80, 0x01, 2, 1, 0},      // no such value
      {0x80, 0x80, 0x80, 0x01, 5, 2 * 1, 1, 0},  // no such block
      {0, 5, 2 * 3 + 1},                         // words that are not there
  };
  for (const auto& record : wrong) {
    StateWriter writer = StateWriter::create(*disk, "state", {{9}, 1}).value();
    ASSERT_TRUE(writer.begin("tags").ok());
    for (const unsigned byte : record) writer.chunk().push_back(static_cast<std::byte>(byte));
    ASSERT_TRUE(writer.finish().ok());
    StateReader reader = StateReader::open(*disk, "state", 1).value();
    TagStore store;
    const auto loaded = store.load(reader);
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.error().kind, ErrorKind::corrupt);
  }
}

}  // namespace
}  // namespace zan::audience
