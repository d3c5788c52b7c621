// Questions while somebody changes: every user is seen whole.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "audience/bitmap/plan.h"
#include "base/random.h"

namespace zan::audience {
namespace {

constexpr std::uint32_t users = 140'000, values = 4;

// Everybody always has exactly one of the values.
TEST(TagStoreThreads, a_user_who_moves_is_never_seen_twice_or_not_at_all) {
  TagStore store;
  std::vector<std::uint32_t> all(users), at(users, 0);
  for (std::uint32_t i = 0; i < users; ++i) all[i] = i;
  store.assign({0}, all);
  store.assign({values}, all);
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> asked{0};
  std::vector<std::jthread> readers;
  for (int reader = 0; reader < 2; ++reader) {
    readers.emplace_back([&] {
      std::vector<Plan> any, none;
      for (std::uint32_t value = 0; value < values; ++value) {
        any.push_back(Plan::of(ValueId{value}));
        for (std::uint32_t other = 0; other < value; ++other) {
          std::vector<Plan> pair;
          pair.push_back(Plan::of(ValueId{value}));
          pair.push_back(Plan::of(ValueId{other}));
          none.push_back(Plan::both(std::move(pair)));
        }
      }
      const Plan one = Plan::either(std::move(any)), two = Plan::either(std::move(none));
      const Plan everybody = Plan::of(ValueId{values});
      Evaluation evaluation(store);
      do {
        EXPECT_EQ(evaluation.count(one, everybody), users);
        EXPECT_EQ(evaluation.count(two, everybody), 0U);
        asked.fetch_add(1);
      } while (!done.load());
    });
  }
  Rng rng(5);
  for (int i = 0; i < 20'000 || asked.load() < 10; ++i) {
    const auto user = static_cast<std::uint32_t>(rng.below(users));
    const auto to = static_cast<std::uint32_t>(rng.below(values));
    const Change move[2] = {{user, {at[user]}, false}, {user, {to}, true}};
    store.apply(move);
    at[user] = to;
  }
  done = true;
  readers.clear();
  for (std::uint32_t value = 0; value < values; ++value)
    EXPECT_EQ(store.size({value}), static_cast<std::uint64_t>(std::count(at.begin(), at.end(), value)));
}

TEST(TagStoreThreads, new_blocks_and_new_values_appear_beside_questions) {
  TagStore store;
  std::atomic<bool> done{false};
  std::jthread reader([&] {
    Evaluation evaluation(store);
    std::uint64_t before = 0;
    while (!done.load()) {
      const std::uint64_t now = evaluation.count(Plan::both({}), Plan::of(ValueId{0}));
      EXPECT_GE(now, before);
      before = now;
    }
  });
  for (std::uint32_t i = 0; i < 400; ++i) {
    const Change changes[2] = {{i * 30'011, {0}, true}, {i * 30'011, {i % values_max}, true}};
    store.apply(changes);
  }
  done = true;
  reader.join();
  EXPECT_EQ(store.size({0}), 400U);
}

}  // namespace
}  // namespace zan::audience
