#include "storage/run_filter.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/random.h"

namespace zan::storage {
namespace {

std::vector<std::uint64_t> hashes_of_grid(std::uint64_t side, std::uint64_t offset) {
  std::vector<std::uint64_t> hashes;
  for (std::uint64_t a = 0; a < side; ++a)
    for (std::uint64_t b = 0; b < side; ++b) hashes.push_back(filter_hash(a, b + offset));
  return hashes;
}

TEST(RunFilter, NeverDeniesWhatWasAdded) {
  for (const std::size_t keys : {1U, 31U, 32U, 33U, 5000U}) {
    Rng rng(keys);
    std::vector<std::uint64_t> hashes(keys);
    for (std::uint64_t& hash : hashes) hash = filter_hash(rng.next(), rng.next());
    Filter filter(Filter::lines_for(keys));
    filter.add(hashes);
    for (const std::uint64_t hash : hashes) EXPECT_TRUE(filter.view().may_contain(hash));
  }
}

// Small dense ids are the usual keys, and the hardest for a weak hash.
TEST(RunFilter, DeniesNearlyAllOthers) {
  const auto added = hashes_of_grid(500, 0);
  Filter filter(Filter::lines_for(added.size()));
  filter.add(added);
  const auto others = hashes_of_grid(500, 500);
  std::size_t wrong = 0;
  for (const std::uint64_t hash : others) wrong += filter.view().may_contain(hash);
  EXPECT_LT(wrong, others.size() * 7 / 1000);
}

TEST(RunFilter, TakesTwelveBitsAKey) {
  EXPECT_EQ(Filter::lines_for(0), 0U);
  EXPECT_EQ(Filter::lines_for(1), 1U);
  EXPECT_EQ(Filter::lines_for(1'000'000) * filter_line_bytes, 1'500'032U);
}

}  // namespace
}  // namespace zan::storage
