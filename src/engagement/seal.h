// Sealing: what a person wrote or told us is encrypted under that person's key before it touches the journal or the
// key-value store, so that deleting the key closes every copy at once (docs/decisions/0001).
//
// XChaCha20-Poly1305 (libsodium), random nonce, key = BLAKE2b-256 of the person key under a label for the purpose.
// Format: 24 bytes nonce, ciphertext, 16 bytes tag.
#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "storage/storage.h"

namespace zan::engagement {

inline constexpr std::size_t seal_overhead_bytes = 24 + 16;

enum class SealPurpose : unsigned char { comment = 1, attributes = 2 };

std::string seal(const storage::PersonKey& key, SealPurpose purpose, std::string_view plain, Entropy& entropy);
// corrupt: another key, another purpose, or damaged bytes.
Result<std::string> unseal(const storage::PersonKey& key, SealPurpose purpose, std::string_view sealed);

}  // namespace zan::engagement
