#include "base/bytes.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

namespace zan {
namespace {

Bytes bytes_of(std::initializer_list<int> values) {
  Bytes bytes;
  for (const int value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

TEST(Bytes, fixed_numbers_are_little_endian) {
  Bytes out;
  put_fixed(out, std::uint32_t{0x01020304});
  put_fixed(out, std::uint8_t{5});
  EXPECT_EQ(out, bytes_of({4, 3, 2, 1, 5}));
  ByteReader reader(out);
  EXPECT_EQ(reader.fixed<std::uint32_t>(), 0x01020304u);
  EXPECT_EQ(reader.fixed<std::uint8_t>(), 5u);
  EXPECT_TRUE(reader.ok() && reader.done());
}

TEST(Bytes, varints_are_leb128) {
  const auto encoded = [](std::uint64_t value) {
    Bytes out;
    put_varint(out, value);
    return out;
  };
  EXPECT_EQ(encoded(0), bytes_of({0}));
  EXPECT_EQ(encoded(127), bytes_of({0x7f}));
  EXPECT_EQ(encoded(128), bytes_of({0x80, 1}));
  EXPECT_EQ(encoded(300), bytes_of({0xac, 2}));
  EXPECT_EQ(encoded(std::numeric_limits<std::uint64_t>::max()),
            bytes_of({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}));
}

RC_GTEST_PROP(Bytes, varints_come_back, (std::vector<std::uint64_t> values, unsigned shift)) {
  Bytes out;
  for (std::uint64_t& value : values) put_varint(out, value >>= shift % 64);
  ByteReader reader(out);
  for (const std::uint64_t value : values) RC_ASSERT(reader.varint() == value);
  RC_ASSERT(reader.ok() && reader.done());
}

RC_GTEST_PROP(Bytes, zigzag_comes_back, (std::int64_t value)) {
  RC_ASSERT(unzigzag(zigzag(value)) == value);
}

TEST(Bytes, zigzag_keeps_small_numbers_small) {
  EXPECT_EQ(zigzag(0), 0u);
  EXPECT_EQ(zigzag(-1), 1u);
  EXPECT_EQ(zigzag(1), 2u);
  EXPECT_EQ(unzigzag(zigzag(std::numeric_limits<std::int64_t>::min())), std::numeric_limits<std::int64_t>::min());
}

// Keys sort as the numbers they hold.
RC_GTEST_PROP(Bytes, big_endian_sorts, (std::uint32_t a, std::uint32_t b)) {
  std::string of_a;
  std::string of_b;
  put_be(of_a, a);
  put_be(of_b, b);
  RC_ASSERT((a < b) == (of_a < of_b));
}

TEST(ByteReader, a_short_or_long_field_turns_it_bad_for_good) {
  const auto bad = [](const Bytes& bytes, auto read) {
    ByteReader reader(bytes);
    EXPECT_EQ(read(reader), 0u);
    EXPECT_FALSE(reader.ok());
    EXPECT_TRUE(reader.done());
    EXPECT_EQ(reader.template fixed<std::uint8_t>(), 0u);
    EXPECT_FALSE(reader.ok());
  };
  bad(bytes_of({1, 2, 3}), [](ByteReader& r) { return r.fixed<std::uint32_t>(); });
  bad({}, [](ByteReader& r) { return r.varint(); });
  bad(bytes_of({0x80, 0x80}), [](ByteReader& r) { return r.varint(); });
  bad(bytes_of({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2}), [](ByteReader& r) { return r.varint(); });
  bad(bytes_of({0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0}),
      [](ByteReader& r) { return r.varint(); });
  bad(bytes_of({0xff, 0xff, 0xff, 0xff, 0x10}), [](ByteReader& r) { return r.varint32(); });
  bad(bytes_of({1, 2}), [](ByteReader& r) { return r.take(3).size(); });
}

TEST(ByteReader, takes_views_of_its_input) {
  const Bytes bytes = bytes_of({1, 2, 3});
  ByteReader reader(bytes);
  EXPECT_EQ(reader.take(2).data(), bytes.data());
  EXPECT_EQ(reader.left(), 1u);
  EXPECT_TRUE(reader.take(0).empty());
  EXPECT_EQ(reader.take(1).front(), std::byte{3});
  EXPECT_TRUE(reader.ok() && reader.done());
}

}  // namespace
}  // namespace zan
