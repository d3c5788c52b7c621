#include "engagement/seal.h"

#include <sodium.h>

#include <array>

namespace zan::engagement {
namespace {

constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(nonce_bytes + tag_bytes == seal_overhead_bytes);

using SealKey = std::array<unsigned char, crypto_aead_xchacha20poly1305_ietf_KEYBYTES>;

SealKey derive(const storage::PersonKey& key, SealPurpose purpose) {
  const std::array<unsigned char, 10> label{'z', 'a', 'n', ' ', 's',
                                            'e', 'a', 'l', '1', static_cast<unsigned char>(purpose)};
  SealKey derived;
  crypto_generichash(derived.data(), derived.size(), label.data(), label.size(), key.data(), key.size());
  return derived;
}

unsigned char* raw(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string seal(const storage::PersonKey& key, SealPurpose purpose, std::string_view plain, Entropy& entropy) {
  const SealKey derived = derive(key, purpose);
  std::string sealed(nonce_bytes + plain.size() + tag_bytes, '\0');
  entropy.fill({raw(sealed), nonce_bytes});
  crypto_aead_xchacha20poly1305_ietf_encrypt(raw(sealed) + nonce_bytes, nullptr, raw(plain), plain.size(), nullptr, 0,
                                             nullptr, raw(sealed), derived.data());
  return sealed;
}

Result<std::string> unseal(const storage::PersonKey& key, SealPurpose purpose, std::string_view sealed) {
  if (sealed.size() < seal_overhead_bytes) return corrupt("sealed text is too short");
  const SealKey derived = derive(key, purpose);
  std::string plain(sealed.size() - seal_overhead_bytes, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(raw(plain), nullptr, nullptr, raw(sealed) + nonce_bytes,
                                                 sealed.size() - nonce_bytes, nullptr, 0, raw(sealed),
                                                 derived.data()) != 0)
    return corrupt("sealed text does not open under this person's key");
  return plain;
}

}  // namespace zan::engagement
