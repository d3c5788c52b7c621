// Questions beside the one who observes: of acts that nobody takes back an answer only grows.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>

#include "audience/events/subject_index.h"

namespace zan::audience {
namespace {

TEST(SubjectIndexThreads, answers_beside_acts_only_grow_and_are_whole) {
  SubjectIndex index(0);
  std::atomic<bool> done{false};
  std::atomic<int> asked{0};
  std::vector<std::jthread> readers;
  for (int reader = 0; reader < 2; ++reader) {
    readers.emplace_back([&] {
      std::size_t before = 0;
      do {
        const auto people = index.people(CreatorId{5}, {});
        EXPECT_TRUE(std::adjacent_find(people->begin(), people->end(), std::greater_equal<>()) == people->end());
        EXPECT_GE(people->size(), before);
        before = people->size();
        asked.fetch_add(1);
      } while (!done.load());
    });
  }
  engagement::RecordedAct act;
  act.type = engagement::ActType::share;
  act.creator = {5};
  constexpr std::uint32_t people = 20'000;
  for (std::uint32_t i = 0; i < people || asked.load() < 10; ++i) {
    act.actor = {1000 + i % people};
    act.subject = {10 + i % 200};
    act.at.us += 1'000'000;
    index.observe(act);
    if (i % 1000 == 0) index.erase({7});
  }
  done = true;
  readers.clear();
  EXPECT_EQ(index.people(CreatorId{5}, {})->size(), people);
}

}  // namespace
}  // namespace zan::audience
