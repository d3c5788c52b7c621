#include "accounts/password.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "accounts/encoding.h"

namespace zan::accounts {
namespace {

constexpr std::size_t hash_bytes = 32;

template <std::size_t size>
std::string base64(const std::array<unsigned char, size>& bytes) {
  std::array<char, sodium_base64_ENCODED_LEN(size, sodium_base64_VARIANT_ORIGINAL_NO_PADDING)> text;
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
  return text.data();
}

}  // namespace

Result<void> check_password(std::string_view password, std::string_view field) {
  if (password.size() >= password_bytes_min && password.size() <= password_bytes_max) return {};
  return invalid(fmt::format("a password has {} to {} bytes", password_bytes_min, password_bytes_max),
                 std::string(field));
}

// crypto_pwhash_str() would take the salt from the machine; the text is the same.
Result<std::string> hash_password(std::string_view password, const PasswordCost& cost, Entropy& entropy) {
  std::array<unsigned char, crypto_pwhash_SALTBYTES> salt;
  std::array<unsigned char, hash_bytes> hash;
  entropy.fill(salt);
  const int made = crypto_pwhash(hash.data(), hash.size(), password.data(), password.size(), salt.data(),
                                 cost.operations, cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
  if (made != 0) return unavailable("no memory to hash a password with");
  return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", cost.memory_bytes / 1024, cost.operations, base64(salt),
                     base64(hash));
}

bool fits_password(const std::string& hash, std::string_view password) {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (hash.size() >= text.size()) return false;
  std::copy(hash.begin(), hash.end(), text.begin());
  return crypto_pwhash_str_verify(text.data(), password.data(), password.size()) == 0;
}

std::string make_password(Entropy& entropy) {
  std::array<unsigned char, made_password_bytes> bytes;
  entropy.fill(bytes);
  return base64url(bytes);
}

}  // namespace zan::accounts
