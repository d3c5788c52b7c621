// What all texts of the C2SP family are made of: decimals, base64 and lines. One way to write each, no other is read.
//
// Threads: plain functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "evidence/merkle.h"

namespace zan::evidence {

// Digits without leading zeros, below 2^64.
std::optional<std::uint64_t> parse_decimal(std::string_view text);
// The same below 2^63: a tree size or a time, which other implementations hold in a signed number.
std::optional<std::uint64_t> parse_size(std::string_view text);

// Standard alphabet, padded (RFC 4648 section 4); no white space, no bits that the padding hides.
std::string to_base64(ByteSpan bytes);
std::optional<Bytes> parse_base64(std::string_view text);
std::optional<Hash> parse_base64_hash(std::string_view text);

std::string to_hex(ByteSpan bytes);  // lowercase

// No truncated, overlong or surrogate sequence (RFC 3629).
bool is_utf8(std::string_view text);
// Whether there is a code point with Unicode's White_Space property. REQUIRES: is_utf8.
bool has_space(std::string_view text);

// Takes the next line, without its '\n', off the front. Empty: the text does not start with a whole line.
std::optional<std::string_view> next_line(std::string_view& text);

}  // namespace zan::evidence
