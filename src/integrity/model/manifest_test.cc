#include "integrity/model/manifest.h"

#include <gtest/gtest.h>

namespace zan::integrity::model {
namespace {

Manifest two() {
  Manifest manifest;
  manifest.versions = {{1, {1, 2}, 1000, -5, 900, 77, 50, 10, 987'654, 12'345, "ann"},
                       {2, {~0ULL, 0}, 2000, 0, 1900, 88, 60, 11, 1'000'000, 0, ""}};
  manifest.activations = {{1, 1001, "ann"}, {2, 2001, "bob the operator"}};
  return manifest;
}

TEST(Manifest, IsReadAsItWasWritten) {
  for (const Manifest& manifest : {Manifest{}, two()}) {
    const auto again = decode_manifest(encode_manifest(manifest));
    ASSERT_TRUE(again.ok()) << encode_manifest(manifest);
    EXPECT_EQ(*again, manifest);
  }
}

TEST(Manifest, NoChangedOrMissingByteGetsThrough) {
  const std::string good = encode_manifest(two());
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    EXPECT_FALSE(decode_manifest(bad).ok()) << i;
    EXPECT_FALSE(decode_manifest(good.substr(0, i)).ok()) << i;
  }
  EXPECT_FALSE(decode_manifest(good + "\n").ok());
}

TEST(Manifest, WhatIsWellSummedAndWrongIsRefusedToo) {
  const auto refused = [](auto change) {
    Manifest manifest = two();
    change(manifest);
    return !decode_manifest(encode_manifest(manifest)).ok();
  };
  EXPECT_FALSE(refused([](Manifest&) {}));
  EXPECT_TRUE(refused([](Manifest& m) { m.activations[0].version = 3; })) << "no such model";
  EXPECT_TRUE(refused([](Manifest& m) { m.versions[1].version = 3; }));
  EXPECT_TRUE(refused([](Manifest& m) { m.versions[1].by = "two\nlines"; }));
  EXPECT_TRUE(refused([](Manifest& m) { m.activations[1].by = std::string(by_bytes_max + 1, 'x'); }));
  EXPECT_TRUE(refused([](Manifest& m) { m.activations.resize(activations_max + 1); }));
  EXPECT_TRUE(refused([](Manifest& m) {
    while (m.versions.size() <= versions_max) {
      m.versions.push_back(m.versions.front());
      m.versions.back().version = static_cast<std::uint32_t>(m.versions.size());
    }
  }));
}

TEST(Manifest, KnowsWhatServedBefore) {
  Manifest manifest = two();
  EXPECT_EQ(manifest.active(), 2U);
  EXPECT_EQ(manifest.before_active(), 1U);
  manifest.activations.push_back({2, 2002, "again"});
  EXPECT_EQ(manifest.before_active(), 1U);
  manifest.activations.push_back({0, 2003, "off"});
  EXPECT_EQ(manifest.active(), 0U);
  EXPECT_EQ(manifest.before_active(), 2U);
  EXPECT_EQ(Manifest{}.active(), 0U);
  EXPECT_EQ(Manifest{}.before_active(), 0U);
}

TEST(Manifest, NamesAreMadeToFit) {
  EXPECT_EQ(fit_name("a\nb\x7f\x01"), "ab");
  EXPECT_EQ(fit_name(std::string(200, 'y')).size(), by_bytes_max);
}

}  // namespace
}  // namespace zan::integrity::model
