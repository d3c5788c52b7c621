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

// Whichever way a batch is tested on this machine, it is what single tests say.
TEST(RunFilter, ABatchSaysWhatSingleTestsSay) {
  const auto added = hashes_of_grid(100, 0);
  Filter filter(Filter::lines_for(added.size()));
  filter.add(added);
  Rng rng(9);
  for (const std::size_t size : {0U, 1U, 7U, 256U}) {
    std::vector<std::uint64_t> hashes(size);
    for (std::uint64_t& hash : hashes) hash = rng.chance(0.5) ? added[rng.below(added.size())] : rng.next();
    std::vector<std::uint8_t> expected, passed(filter_batch_max);
    for (std::size_t i = 0; i < size; ++i)
      if (filter.view().may_contain(hashes[i])) expected.push_back(static_cast<std::uint8_t>(i));
    passed.resize(filter.view().test(hashes, passed.data()));
    EXPECT_EQ(passed, expected);
  }
}

TEST(RunFilter, TakesTwelveBitsAKey) {
  EXPECT_EQ(Filter::lines_for(0), 0U);
  EXPECT_EQ(Filter::lines_for(1), 1U);
  EXPECT_EQ(Filter::lines_for(1'000'000) * filter_line_bytes, 1'500'032U);
}

}  // namespace
}  // namespace zan::storage
