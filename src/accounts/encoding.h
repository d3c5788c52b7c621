// Bytes as text: base32 (RFC 4648, without padding), which authenticator apps read, and base64url for tokens.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace zan::accounts {

std::string base32(std::string_view bytes);
// Nothing: a character outside the alphabet, or bits left over.
std::optional<std::string> base32_decoded(std::string_view text);

std::string base64url(std::span<const unsigned char> bytes);

}  // namespace zan::accounts
