#include "matching/sources/row_places.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace zan::matching {
namespace {

TEST(RowPlaces, KnowsNothingAtFirst) {
  EXPECT_EQ(RowPlaces().find(0), RowPlaces::none);
  EXPECT_EQ(RowPlaces(0).find(7), RowPlaces::none);
  EXPECT_EQ(RowPlaces(10).find(0), RowPlaces::none);
}

RC_GTEST_PROP(RowPlaces, AnswersAsAMapDoes, (const std::vector<std::uint8_t>& rows)) {
  RowPlaces places(rows.size());
  std::map<std::uint32_t, std::uint32_t> twin;
  for (const std::uint32_t row : rows) {
    const auto next = static_cast<std::uint32_t>(twin.size());
    RC_ASSERT(places.add(row, next) == twin.try_emplace(row, next).first->second);
  }
  for (std::uint32_t row = 0; row < 300; ++row) {
    const auto found = twin.find(row);
    RC_ASSERT(places.find(row) == (found == twin.end() ? RowPlaces::none : found->second));
  }
}

}  // namespace
}  // namespace zan::matching
