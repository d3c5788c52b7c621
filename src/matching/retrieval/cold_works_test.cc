#include "matching/retrieval/cold_works.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace zan::matching {
namespace {

TEST(ColdWorks, FindsWhatWasPutAndNothingElse) {
  ColdWorks works(2, 10);
  std::vector<Ranked> best;
  works.nearest(std::vector<float>{1, 0}, 5, best);
  EXPECT_TRUE(best.empty());
  works.put(7, std::vector<float>{1, 0});
  works.put(8, std::vector<float>{-1, 0});
  works.put(9, std::vector<float>{2, 0});
  works.nearest(std::vector<float>{1, 0}, 5, best);
  ASSERT_EQ(best.size(), 2U);
  EXPECT_EQ(best[0].item, 9U);
  EXPECT_EQ(best[1].item, 7U);
  works.put(7, std::vector<float>{3, 0});
  works.nearest(std::vector<float>{1, 0}, 1, best);
  EXPECT_EQ(best.at(0).item, 7U);
  works.remove(7);
  works.remove(7);
  works.nearest(std::vector<float>{1, 0}, 1, best);
  EXPECT_EQ(best.at(0).item, 9U);
  EXPECT_EQ(works.size(), 2U);
}

RC_GTEST_PROP(ColdWorks, KeepsTheYoungestAsAListWould, ()) {
  constexpr std::size_t works_max = 5;
  ColdWorks works(1, works_max);
  std::vector<std::pair<std::uint32_t, float>> twin;  // oldest first; nothing where one was removed
  const auto steps = *rc::gen::container<std::vector<std::pair<int, bool>>>(
      rc::gen::pair(rc::gen::inRange(0, 12), rc::gen::arbitrary<bool>()));
  float value = 1;
  for (const auto& [number, removes] : steps) {
    const auto id = static_cast<std::uint32_t>(number);
    const auto known = std::find_if(twin.begin(), twin.end(), [&](const auto& e) { return e.second > 0 && e.first == id; });
    if (removes) {
      works.remove(id);
      if (known != twin.end()) known->second = 0;
      continue;
    }
    works.put(id, std::vector<float>{++value});
    if (known != twin.end()) {
      known->second = value;
      continue;
    }
    if (twin.size() == works_max) twin.erase(twin.begin());
    twin.emplace_back(id, value);
  }
  std::map<float, std::uint32_t, std::greater<>> wanted;
  for (const auto& [id, worth] : twin) {
    if (worth > 0) wanted[worth] = id;
  }
  std::vector<Ranked> best;
  works.nearest(std::vector<float>{1}, 100, best);
  RC_ASSERT(best.size() == wanted.size() && works.size() == wanted.size());
  std::size_t at = 0;
  for (const auto& [worth, id] : wanted) {
    RC_ASSERT(best[at].item == id && best[at].score == worth);
    ++at;
  }
}

}  // namespace
}  // namespace zan::matching
