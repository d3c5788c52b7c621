// API keys: who may call what, and how much. The file `api_keys` of the data folder, one key a
// line:
//
//   <name> <SHA-256 of the key, 64 hex digits> <scopes, comma separated> <events or requests a
//   second, 0: no limit>
//
// The key itself is shown once, when it is made, and kept nowhere. Lines that are empty or start
// with '#' are skipped.
//
// Threads: values; functions touch only the file they are given.
// Errors:  corrupt names the line that cannot be read. unavailable: the file cannot be read or
// written.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"

namespace zan::api {

// account: a person who is signed in, which no key is.
// audience: may ask about segments, in numbers that hide people. members: exact numbers, and who is in a segment.
enum class Scope : std::uint8_t { open = 0, ingest = 1, read = 2, admin = 4, integrity = 8, audience = 16, members = 32, account = 64 };
inline constexpr std::uint8_t scopes_of_keys = 63;
std::string_view to_string(Scope scope);
// "ingest,read" of bits.
std::string scopes_text(std::uint8_t scopes);

using KeyHash = std::array<unsigned char, 32>;

struct ApiKey {
  std::string name;  // letters, digits, '.', '_', '-'; at most 64
  KeyHash hash{};
  std::uint8_t scopes = 0;  // Scope bits
  std::uint32_t rate = 0;   // a second; zero: no limit

  [[nodiscard]] bool may(Scope scope) const {
    return scope == Scope::open || (scopes & static_cast<std::uint8_t>(scope)) != 0;
  }
  bool operator==(const ApiKey&) const = default;
};

inline constexpr const char* key_file_name = "api_keys";
inline constexpr std::size_t keys_max = 10'000;

Result<std::vector<ApiKey>> parse_keys(std::string_view file);
std::string format_keys(const std::vector<ApiKey>& keys);

// "ingest,read" to bits. invalid: unknown or no scope.
Result<std::uint8_t> parse_scopes(std::string_view list);

// No file is no keys.
Result<std::vector<ApiKey>> load_keys(const std::string& data_folder);

// Makes a key, adds it to the file and returns it: "zan_" and 43 characters of base64url, 256 bits
// of entropy. conflict: there is a key of that name. invalid: name or scopes.
Result<std::string> add_key(const std::string& data_folder, std::string_view name, std::string_view scopes,
                            std::uint32_t rate, Entropy& entropy);
// not_found: no key of that name.
Result<void> revoke_key(const std::string& data_folder, std::string_view name);

KeyHash hash_key(std::string_view key);
// In a time that does not tell where they differ.
bool same_secret(std::string_view a, std::string_view b);
// The key that hashes to `presented`, or null. Looks at all of them in constant time each.
const ApiKey* find_key(const std::vector<ApiKey>& keys, std::string_view presented);

}  // namespace zan::api
