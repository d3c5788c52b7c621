// Byte codec: fixed-width little-endian numbers, LEB128 varints, and a reader that never runs past its end.
//
// Every on-disk format of ours is written with these; keys that must sort use big-endian (put_be*).
// Errors: a ByteReader that meets a short or over-long field turns `ok()` false and yields zeros from then on, so a
//         decoder checks once, at its end.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zan {

using Bytes = std::vector<std::byte>;
using ByteSpan = std::span<const std::byte>;

static_assert(std::endian::native == std::endian::little, "formats are little-endian, as is every machine we run on");

inline ByteSpan as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <typename Integer>
void put_fixed(Bytes& out, Integer value) {
  const std::size_t at = out.size();
  out.resize(at + sizeof value);
  std::memcpy(out.data() + at, &value, sizeof value);
}

inline void put_bytes(Bytes& out, ByteSpan bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

inline constexpr std::size_t varint_size_max = 10;

// Writes at `to`, which has room for varint_size_max bytes; returns past the last byte written.
inline std::byte* write_varint(std::byte* to, std::uint64_t value) {
  while (value >= 0x80) {
    *to++ = static_cast<std::byte>(value | 0x80);
    value >>= 7;
  }
  *to++ = static_cast<std::byte>(value);
  return to;
}

inline void put_varint(Bytes& out, std::uint64_t value) {
  std::byte buffer[varint_size_max];
  out.insert(out.end(), buffer, write_varint(buffer, value));
}

inline std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
inline std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

template <typename Integer>
void put_be(std::string& out, Integer value) {
  for (int shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(value >> shift));
}

class ByteReader {
 public:
  explicit ByteReader(ByteSpan bytes) : bytes_(bytes) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool done() const { return bytes_.empty(); }
  [[nodiscard]] std::size_t left() const { return bytes_.size(); }

  template <typename Integer>
  Integer fixed() {
    Integer value{};
    if (bytes_.size() < sizeof value) return fail(), value;
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_ = bytes_.subspan(sizeof value);
    return value;
  }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (bytes_.empty()) return fail(), 0;
      const auto byte = static_cast<std::uint64_t>(bytes_.front());
      bytes_ = bytes_.subspan(1);
      if (shift == 63 && byte > 1) return fail(), 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return fail(), 0;
  }

  // A varint that must fit 32 bits.
  std::uint32_t varint32() {
    const std::uint64_t value = varint();
    if (value > 0xffff'ffffu) return fail(), 0;
    return static_cast<std::uint32_t>(value);
  }

  // The next `count` bytes, viewing the reader's own input.
  ByteSpan take(std::size_t count) {
    if (bytes_.size() < count) return fail(), ByteSpan{};
    const ByteSpan taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }

 private:
  void fail() {
    ok_ = false;
    bytes_ = {};
  }

  ByteSpan bytes_;
  bool ok_ = true;
};

}  // namespace zan
