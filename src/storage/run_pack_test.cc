#include "storage/run_pack.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/random.h"

namespace zan::storage {
namespace {

// Exactly as large as the contract asks for, so that a sanitizer sees a step too far.
struct Packed {
  Packed(unsigned width, const std::vector<std::uint64_t>& values)
      : bytes(packed_bytes(width, static_cast<unsigned>(values.size())) + pack_slack) {
    pack(width, values.data(), static_cast<unsigned>(values.size() / pack_group), bytes.data());
  }
  std::vector<std::byte> bytes;
};

TEST(RunPack, EveryWidthComesBack) {
  Rng rng(3);
  for (unsigned width = 0; width <= 64; ++width) {
    if (!pack_width_valid(width)) continue;
    for (const unsigned groups : {1U, 2U, 31U, 32U}) {
      std::vector<std::uint64_t> values(std::size_t{groups} * pack_group);
      for (std::uint64_t& value : values) value = (rng.chance(0.1) ? ~0ULL : rng.next()) & pack_mask(width);
      const Packed packed(width, values);
      std::vector<std::uint64_t> decoded(values.size() * unpack_stride);
      unpack(width, packed.bytes.data(), groups, 7, 1000, decoded.data());
      for (unsigned i = 0; i < values.size(); ++i) {
        ASSERT_EQ(decoded[i * unpack_stride], 7 + 1000 * values[i]) << "width " << width << " value " << i;
        ASSERT_EQ(packed_at(width, pack_mask(width), packed.bytes.data(), i), values[i]);
      }
    }
  }
}

TEST(RunPack, WidthIsTheLeastThatFits) {
  EXPECT_EQ(pack_width(0), 0U);
  EXPECT_EQ(pack_width(1), 1U);
  EXPECT_EQ(pack_width(255), 8U);
  EXPECT_EQ(pack_width(256), 9U);
  EXPECT_EQ(pack_width((1ULL << 56) - 1), 56U);
  EXPECT_EQ(pack_width(1ULL << 56), 64U);
  EXPECT_EQ(pack_width(~0ULL), 64U);
}

}  // namespace
}  // namespace zan::storage
