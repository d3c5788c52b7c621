#include "accounts/encoding.h"

#include <cstdint>

namespace zan::accounts {
namespace {

constexpr std::string_view base32_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view base64url_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encoded(std::span<const unsigned char> bytes, std::string_view digits, unsigned width) {
  std::string out;
  const std::uint32_t mask = (1U << width) - 1;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const unsigned char byte : bytes) {
    bits = bits << 8 | byte;
    for (count += 8; count >= width; count -= width) out += digits[bits >> (count - width) & mask];
  }
  if (count > 0) out += digits[bits << (width - count) & mask];
  return out;
}

}  // namespace

std::string base32(std::string_view bytes) {
  return encoded({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}, base32_digits, 5);
}

std::string base64url(std::span<const unsigned char> bytes) {
  return encoded(bytes, base64url_digits, 6);
}

std::optional<std::string> base32_decoded(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const std::size_t digit = base32_digits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 5 | static_cast<std::uint32_t>(digit)) & 0xfffU;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xffU);
  }
  if (count >= 5 || (bits & ((1U << count) - 1)) != 0) return std::nullopt;
  return out;
}

}  // namespace zan::accounts
