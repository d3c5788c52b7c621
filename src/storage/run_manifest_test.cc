#include "storage/run_manifest.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace zan::storage {
namespace {

Manifest sample() {
  return {Position{77},
          1234,
          {{"reactions", 4, 2, true, {{12, 2, 8'000'000, 77'000'000, 0xabc}, {1233, 0, 1, 2, 3}}},
           {"empty", 3, 3, false, {}}}};
}

// The sum is right: whoever wrote it meant it.
void seal(Bytes& bytes) {
  const std::uint64_t sum = checksum64(ByteSpan(bytes).first(bytes.size() - 8));
  std::memcpy(bytes.data() + bytes.size() - 8, &sum, sizeof sum);
}

TEST(RunManifest, ComesBack) {
  const auto parsed = parse_manifest(encode_manifest(sample()), "runs/MANIFEST");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(*parsed, sample());
}

TEST(RunManifest, EveryFlippedBitIsSeen) {
  const Bytes good = encode_manifest(sample());
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    bad[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    const auto parsed = parse_manifest(bad, "runs/MANIFEST");
    ASSERT_FALSE(parsed.ok()) << bit;
    EXPECT_EQ(parsed.error().kind, ErrorKind::corrupt);
  }
}

TEST(RunManifest, CutShortIsSeen) {
  const Bytes good = encode_manifest(sample());
  for (std::size_t size = 0; size < good.size(); ++size) {
    Bytes cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(parse_manifest(cut, "runs/MANIFEST").ok()) << size;
    if (size < 8) continue;
    seal(cut);
    EXPECT_FALSE(parse_manifest(cut, "runs/MANIFEST").ok()) << size;
  }
}

TEST(RunManifest, LaterVersionIsUnsupported) {
  Bytes later = encode_manifest(sample());
  later[8] = std::byte{2};
  seal(later);
  const auto parsed = parse_manifest(later, "runs/MANIFEST");
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().kind, ErrorKind::unsupported);
}

TEST(RunManifest, PathsSortByNumber) {
  EXPECT_EQ(run_path("runs", "likers", 7), "runs/likers-0000000007.run");
  EXPECT_EQ(run_path("runs", "likers", 12345678901), "runs/likers-12345678901.run");
}

}  // namespace
}  // namespace zan::storage
