#include "accounts/totp.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "accounts/encoding.h"
#include "base/require.h"

namespace zan::accounts {
namespace {

constexpr std::size_t sha1_bytes = 20;

}  // namespace

std::uint64_t totp_step_at(Timestamp at) {
  return static_cast<std::uint64_t>(at.us / totp_step_us);
}

std::string totp_code(std::string_view secret, std::uint64_t step, unsigned digits) {
  std::array<unsigned char, 8> counter;
  for (std::size_t i = 0; i < counter.size(); ++i) counter.at(i) = static_cast<unsigned char>(step >> (56 - 8 * i));
  std::array<unsigned char, sha1_bytes> mac;
  unsigned bytes = 0;
  const auto* const made = HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(),
                                counter.size(), mac.data(), &bytes);
  require(made != nullptr && bytes == mac.size(), "HMAC-SHA-1 is there");
  const std::size_t at = mac.back() & 0x0fU;  // RFC 4226, 5.3
  const std::uint32_t number = (mac.at(at) & 0x7fU) << 24 | mac.at(at + 1) << 16 | mac.at(at + 2) << 8 | mac.at(at + 3);
  std::uint32_t bound = 1;
  for (unsigned i = 0; i < digits; ++i) bound *= 10;
  return fmt::format("{:0{}}", number % bound, digits);
}

std::optional<std::uint64_t> totp_match(std::string_view secret, std::string_view code, Timestamp at,
                                        std::uint64_t last) {
  std::optional<std::uint64_t> found;
  const std::uint64_t now = totp_step_at(at);
  for (std::uint64_t step = now - std::min(now, totp_steps_off); step <= now + totp_steps_off; ++step) {
    const std::string expected = totp_code(secret, step);
    const bool same = code.size() == expected.size() && CRYPTO_memcmp(code.data(), expected.data(), code.size()) == 0;
    if (same && step > last && !found) found = step;
  }
  return found;
}

std::string make_totp_secret(Entropy& entropy) {
  std::array<unsigned char, totp_secret_bytes> bytes;
  entropy.fill(bytes);
  return {bytes.begin(), bytes.end()};
}

std::string otpauth_uri(std::string_view account, std::string_view secret) {
  return fmt::format("otpauth://totp/Zhenzan:{}?secret={}&issuer=Zhenzan", account, base32(secret));
}

}  // namespace zan::accounts
