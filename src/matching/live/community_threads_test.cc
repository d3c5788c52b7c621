#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "matching/live/community.h"

namespace zan::matching {
namespace {

// One writes, others read what they find; each count they see is one that was there.
TEST(CommunityThreads, ReadersSeeWholeWorksAndPeople) {
  Community community;
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> torn{0}, read{0};
  const auto look = [&] {
    while (!done.load()) {
      for (WorkRow row = 0; row < community.works().size(); ++row) {
        const WorkView view = community.works().read(row);
        if (!view.subject || community.works().row_of(view.subject) != row) ++torn;
        if (at(view.ever.of, Signal::like) > view.ever.shown) ++torn;
        ++read;
      }
      for (std::uint32_t person = 1; person <= 50; ++person) {
        for (const Taken& taken : community.people().read({person}).recent) torn += taken.weight > 0 ? 0 : 1;
      }
      for (const Standing& one : community.shelves().trending(10, 1'000)) torn += one.work < 1'000 ? 0 : 1;
    }
  };
  {
    std::jthread one(look), other(look);
    for (std::uint32_t i = 0; i < 20'000; ++i) {
      Deed like;
      like.person = {1 + i % 50};
      like.subject = {1 + i % 997};
      like.creator = {5'000 + i % 7};
      like.doing = i % 3 == 0 ? Doing::unlike : Doing::like;
      like.at = {static_cast<std::int64_t>(i) * us_per_second};
      community.take(like);
    }
    done.store(true);
  }
  EXPECT_EQ(torn.load(), 0U);
  EXPECT_GT(read.load(), 0U);
}

}  // namespace
}  // namespace zan::matching
