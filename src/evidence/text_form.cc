#include "evidence/text_form.h"

#include <sodium/utils.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/require.h"

namespace zan::evidence {
namespace {

constexpr int variant = sodium_base64_VARIANT_ORIGINAL;
constexpr std::string_view base64_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

// The code point at the start of `text`, and how many bytes it takes; zero bytes: none.
struct CodePoint {
  std::uint32_t value = 0;
  std::size_t bytes = 0;
};

CodePoint first_code_point(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {};
  std::uint32_t value = lead & (0x7fU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3fU);
  }
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < least[bytes] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return {};
  return {value, bytes};
}

bool is_space(std::uint32_t code_point) {
  constexpr std::uint32_t spaces[] = {0x20, 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000};
  return (code_point >= 0x09 && code_point <= 0x0d) || (code_point >= 0x2000 && code_point <= 0x200a) ||
         std::find(std::begin(spaces), std::end(spaces), code_point) != std::end(spaces);
}

}  // namespace

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  std::uint64_t value = 0;
  const auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto value = parse_decimal(text);
  if (value && *value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
  return value;
}

std::string to_base64(ByteSpan bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    variant);
  text.pop_back();  // its zero
  return text;
}

std::optional<Bytes> parse_base64(std::string_view text) {
  if (text.empty()) return Bytes{};
  // libsodium 1.0.18 takes some bytes with the high bit for the characters below them.
  if (text.size() % 4 != 0 || text.find_first_not_of(base64_characters) != std::string_view::npos) return std::nullopt;
  Bytes bytes(text.size() / 4 * 3);
  std::size_t count = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(), nullptr,
                        &count, nullptr, variant) != 0)
    return std::nullopt;
  bytes.resize(count);
  return bytes;
}

std::optional<Hash> parse_base64_hash(std::string_view text) {
  const auto bytes = parse_base64(text);
  if (!bytes || bytes->size() != sizeof(Hash)) return std::nullopt;
  Hash hash;
  std::copy(bytes->begin(), bytes->end(), hash.begin());
  return hash;
}

std::string to_hex(ByteSpan bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  text.pop_back();
  return text;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const CodePoint first = first_code_point(text);
    if (first.bytes == 0) return false;
    text.remove_prefix(first.bytes);
  }
  return true;
}

bool has_space(std::string_view text) {
  while (!text.empty()) {
    const CodePoint first = first_code_point(text);
    require(first.bytes > 0, "text that is no UTF-8");
    if (is_space(first.value)) return true;
    text.remove_prefix(first.bytes);
  }
  return false;
}

std::optional<std::string_view> next_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace zan::evidence
