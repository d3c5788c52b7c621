#include "storage/run_block.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

#include "base/random.h"
#include "storage/run_key.h"

namespace zan::storage {
namespace {

constexpr BlockPlace place{7, 3};

struct Encoded {
  Encoded(const std::vector<Row>& rows, unsigned columns) : bytes(block_bytes_max(columns) + pack_slack) {
    size = encode_block(rows, columns, place, bytes.data());
  }
  [[nodiscard]] ByteSpan block() const { return {bytes.data(), size}; }
  std::vector<std::byte> bytes;
  std::size_t size = 0;
};

// Columns of every character: constant, small, milliseconds, anything; around any base, wrapping
// round too.
std::vector<Row> draw_rows(Rng& rng, unsigned columns, unsigned count) {
  std::vector<Row> rows(count);
  for (unsigned c = 0; c < columns; ++c) {
    const std::uint64_t base = rng.next() >> rng.below(64);
    const std::uint64_t bound = rng.next() >> rng.below(64);
    const std::uint64_t step = rng.chance(0.3) ? 1000 : 1;
    for (Row& row : rows) row.column[c] = base + step * rng.below(bound / step + 1);
  }
  return rows;
}

RC_GTEST_PROP(RunBlock, EveryRowComesBack, ()) {
  Rng rng(*rc::gen::arbitrary<std::uint64_t>());
  const unsigned columns = 1 + static_cast<unsigned>(rng.below(row_columns_max));
  const unsigned count = 1 + static_cast<unsigned>(rng.below(row_block_rows));
  const std::vector<Row> rows = draw_rows(rng, columns, count);
  const Encoded encoded(rows, columns);
  RC_ASSERT(encoded.size <= block_bytes_max(columns));
  RC_ASSERT(stored_block_checksum(encoded.block()) == block_checksum(encoded.block(), place));

  BlockView view;
  RC_ASSERT(view.parse(encoded.block(), columns, count));
  for (unsigned i = 0; i < count; ++i) RC_ASSERT(view.row(i) == rows[i]);
  const unsigned from_group = static_cast<unsigned>(rng.below(count)) / pack_group;
  const unsigned to_group = (count + pack_group - 1) / pack_group;
  std::vector<Row> decoded(row_block_rows);
  view.decode(from_group, to_group, decoded.data());
  for (unsigned i = from_group * pack_group; i < count; ++i) RC_ASSERT(decoded[i] == rows[i]);
}

RC_GTEST_PROP(RunBlock, LowerBoundIsThatOfASortedVector, ()) {
  Rng rng(*rc::gen::arbitrary<std::uint64_t>());
  const unsigned key_columns = 1 + static_cast<unsigned>(rng.below(3));
  std::vector<Row> rows(1 + rng.below(row_block_rows));
  for (Row& row : rows)
    for (unsigned c = 0; c < 4; ++c) row.column[c] = rng.below(12);
  const auto less = [&](const Row& a, const Row& b) { return key_less(a, b, key_columns); };
  std::sort(rows.begin(), rows.end(), less);
  const Encoded encoded(rows, 4);
  BlockView view;
  RC_ASSERT(view.parse(encoded.block(), 4, static_cast<unsigned>(rows.size())));
  for (int i = 0; i < 20; ++i) {
    const Row key{{rng.below(13), rng.below(13), rng.below(13)}};
    const auto expected = std::lower_bound(rows.begin(), rows.end(), key, less) - rows.begin();
    RC_ASSERT(view.lower_bound(key, key_columns) == static_cast<unsigned>(expected));
  }
}

TEST(RunBlock, MillisecondsCostTenBitsLess) {
  std::vector<Row> micros(row_block_rows), millis(row_block_rows);
  Rng rng(1);
  for (unsigned i = 0; i < row_block_rows; ++i) {
    const std::uint64_t ms = rng.below(1U << 30);
    millis[i].column[1] = 1'650'000'000'000'000 + ms * 1000;
    micros[i].column[1] = millis[i].column[1] + (i == 200);
  }
  EXPECT_EQ(Encoded(micros, 2).size - Encoded(millis, 2).size, row_block_rows * 10 / 8);
}

TEST(RunBlock, ConstantColumnsCostNothingButTheirHeader) {
  const std::vector<Row> rows(row_block_rows, Row{{1, ~0ULL, 0, 4}});
  EXPECT_EQ(Encoded(rows, 4).size, block_bytes_min(4));
}

TEST(RunBlock, ChecksumKnowsThePlace) {
  const Encoded encoded({Row{{1, 2, 3, 4}}}, 4);
  EXPECT_NE(block_checksum(encoded.block(), {7, 4}), stored_block_checksum(encoded.block()));
  EXPECT_NE(block_checksum(encoded.block(), {8, 3}), stored_block_checksum(encoded.block()));
}

TEST(RunBlock, ParseRefusesOtherShapes) {
  Rng rng(5);
  const std::vector<Row> rows = draw_rows(rng, 4, 100);
  Encoded encoded(rows, 4);
  BlockView view;
  EXPECT_TRUE(view.parse(encoded.block(), 4, 100));
  EXPECT_FALSE(view.parse(encoded.block(), 3, 100));
  EXPECT_FALSE(view.parse(encoded.block(), 4, 92));
  EXPECT_FALSE(view.parse(encoded.block(), 4, 200));
  for (std::size_t size = 0; size < encoded.size; ++size)
    EXPECT_FALSE(view.parse(encoded.block().first(size), 4, 100)) << size;
  for (const unsigned width : {57U, 63U, 65U, 127U}) {
    encoded.bytes[0] = static_cast<std::byte>(width);
    EXPECT_FALSE(view.parse(encoded.block(), 4, 100)) << width;
  }
}

}  // namespace
}  // namespace zan::storage
