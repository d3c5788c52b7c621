#include "base/bounded_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

namespace zan {
namespace {

TEST(BoundedQueue, gives_back_in_order) {
  BoundedQueue<int> queue(10);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(queue.try_push(i));
  EXPECT_EQ(queue.take_all(), (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(queue.weight(), 0u);
}

TEST(BoundedQueue, is_full_at_its_limit_and_leaves_the_item_alone) {
  BoundedQueue<std::unique_ptr<int>> queue(5);
  auto item = std::make_unique<int>(1);
  EXPECT_TRUE(queue.try_push(item, 3));
  item = std::make_unique<int>(2);
  EXPECT_FALSE(queue.try_push(item, 3));
  ASSERT_NE(item, nullptr);
  EXPECT_TRUE(queue.try_push(item, 2));
  EXPECT_EQ(queue.weight(), 5u);
}

TEST(BoundedQueue, an_item_above_the_limit_enters_an_empty_queue) {
  BoundedQueue<int> queue(5);
  int item = 1;
  EXPECT_TRUE(queue.try_push(item, 100));
  EXPECT_FALSE(queue.try_push(item, 1));
  (void)queue.take_all();
  EXPECT_TRUE(queue.try_push(item, 100));
}

TEST(BoundedQueue, closed_it_takes_nothing_and_gives_what_it_has) {
  BoundedQueue<int> queue(5);
  int item = 1;
  EXPECT_TRUE(queue.try_push(item));
  queue.close();
  EXPECT_FALSE(queue.try_push(item));
  EXPECT_EQ(queue.take_all(), std::vector<int>{1});
  EXPECT_TRUE(queue.take_all().empty());
}

TEST(BoundedQueue, close_wakes_who_waits) {
  BoundedQueue<int> queue(5);
  std::jthread waiting([&] { EXPECT_TRUE(queue.take_all().empty()); });
  queue.close();
}

TEST(BoundedQueue, loses_nothing_between_threads) {
  constexpr int producers = 4;
  constexpr int each = 5000;
  BoundedQueue<int> queue(64);
  std::vector<int> taken;
  std::jthread consumer([&] {
    for (std::vector<int> some = queue.take_all(); !some.empty(); some = queue.take_all())
      taken.insert(taken.end(), some.begin(), some.end());
  });
  {
    std::vector<std::jthread> threads;
    for (int p = 0; p < producers; ++p) {
      threads.emplace_back([&, p] {
        for (int i = 0; i < each; ++i) {
          int item = p * each + i;
          while (!queue.try_push(item)) std::this_thread::yield();
        }
      });
    }
  }
  queue.close();
  consumer.join();
  ASSERT_EQ(taken.size(), static_cast<std::size_t>(producers * each));
  // Everything of one producer in its order.
  std::vector<int> last(producers, -1);
  for (const int item : taken) {
    ASSERT_GT(item % each, last[static_cast<std::size_t>(item / each)]);
    last[static_cast<std::size_t>(item / each)] = item % each;
  }
}

}  // namespace
}  // namespace zan
