#include "integrity/features/set_table.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/hash.h"
#include "base/random.h"

namespace zan::integrity {
namespace {

struct Note {
  std::array<std::uint64_t, 8> words{};
  [[nodiscard]] bool valid(std::uint32_t) const { return words[7] == 0; }
};

TEST(SetTable, KeepsWhatFits) {
  SetTable<Note> table(100'000);
  for (std::uint64_t key = 1; key <= 5'000; ++key) table.touch(mix64(key), 5).payload->words[0] = key;
  for (std::uint64_t key = 1; key <= 5'000; ++key) {
    const auto known = table.find(mix64(key));
    ASSERT_TRUE(known);
    EXPECT_EQ(known.payload->words[0], key);
    EXPECT_EQ(known.last, 5U);
  }
  EXPECT_FALSE(table.find(mix64(5'001)));
}

// P(Poisson(load) <= 6): the promise of the header.
double survival(double load) {
  double term = std::exp(-load), sum = 0;
  for (int i = 0; i <= 6; ++i, term *= load / i) sum += term;
  return sum;
}

TEST(SetTable, AFloodForgetsAsManyAsStated) {
  for (const double share : {2.0 / 7, 4.0 / 7, 1.0}) {
    SetTable<Note> table(70'000);
    Rng rng(3);
    constexpr std::uint64_t watched = 1000;
    for (int i = 0; i < 200'000; ++i) table.touch(rng.next(), 1);  // as full as it gets
    for (std::uint64_t key = 0; key < watched; ++key) table.touch(mix64(key + 7), 2);
    const auto flood = static_cast<std::uint64_t>(share * static_cast<double>(table.entries()));
    for (std::uint64_t i = 0; i < flood; ++i) table.touch(rng.next(), 3 + static_cast<std::uint32_t>(i / 1000));
    double kept = 0;
    for (std::uint64_t key = 0; key < watched; ++key) kept += static_cast<bool>(table.find(mix64(key + 7)));
    EXPECT_NEAR(kept / watched, survival(share * set_ways), 0.05) << share;
  }
}

TEST(SetTable, SavedAndLoadedIsTheSame) {
  SetTable<Note> table(100), other(100);
  Rng rng(4);
  for (int i = 0; i < 150; ++i) table.touch(rng.next(), static_cast<std::uint32_t>(i)).payload->words[1] = rng.next();
  Bytes saved, again;
  table.save(saved);
  ByteReader reader(saved);
  ASSERT_TRUE(other.load(reader).ok());
  EXPECT_TRUE(reader.done());
  other.save(again);
  EXPECT_EQ(saved, again);
}

TEST(SetTable, RefusesImpossiblePayloads) {
  SetTable<Note> table(7), other(7);
  table.touch(1, 1).payload->words[7] = 1;
  Bytes saved;
  table.save(saved);
  ByteReader reader(saved);
  EXPECT_EQ(other.load(reader).error().kind, ErrorKind::corrupt);
}

}  // namespace
}  // namespace zan::integrity
