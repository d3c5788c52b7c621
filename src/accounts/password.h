// Passwords as Argon2id hashes (RFC 9106, by libsodium), with the salt from the entropy that is handed in.
//
// Threads: any. Cost: what PasswordCost says, of memory and of a processor; never on an io thread.
// Errors:  unavailable: there is no memory for it.
#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"

namespace zan::accounts {

// libsodium's "interactive": some 70 ms of one processor.
struct PasswordCost {
  unsigned long long operations = 2;
  std::size_t memory_bytes = 64 << 20;
};
// The least that libsodium takes, for tests.
inline constexpr PasswordCost least_cost{1, 8192};

inline constexpr std::size_t password_bytes_min = 10, password_bytes_max = 1000;
inline constexpr std::size_t made_password_bytes = 15;  // of entropy, of one that is made for somebody

// invalid: its length.
Result<void> check_password(std::string_view password, std::string_view field);

// "$argon2id$v=19$m=65536,t=2,p=1$<salt>$<hash>"
Result<std::string> hash_password(std::string_view password, const PasswordCost& cost, Entropy& entropy);
// The cost is the hash's own. False as well for what is no hash.
bool fits_password(const std::string& hash, std::string_view password);

// 20 characters of base64url.
std::string make_password(Entropy& entropy);

}  // namespace zan::accounts
