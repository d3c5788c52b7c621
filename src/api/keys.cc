#include "api/keys.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <charconv>

#include "base/file.h"

namespace zan::api {
namespace {

constexpr std::size_t name_bytes_max = 64;
constexpr std::size_t file_bytes_max = 4 << 20;
constexpr std::array<Scope, 6> scopes_known{Scope::ingest,    Scope::read,     Scope::admin,
                                            Scope::integrity, Scope::audience, Scope::members};

bool name_fine(std::string_view name) {
  return !name.empty() && name.size() <= name_bytes_max && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
}

bool parse_hash(std::string_view hex, KeyHash& hash) {
  if (hex.size() != 2 * hash.size()) return false;
  for (std::size_t i = 0; i < hash.size(); ++i) {
    const char* const at = hex.data() + 2 * i;
    if (std::from_chars(at, at + 2, hash[i], 16).ptr != at + 2) return false;
  }
  return true;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Result<ApiKey> parse_line(std::string_view line) {
  const std::vector<std::string_view> parts = split(line, ' ');
  ApiKey key;
  if (parts.size() != 4) return invalid("expected name, hash, scopes and rate");
  if (!name_fine(parts[0])) return invalid("bad name");
  key.name = parts[0];
  if (!parse_hash(parts[1], key.hash)) return invalid("bad hash");
  ZAN_ASSIGN(key.scopes, parse_scopes(parts[2]));
  const char* const end = parts[3].data() + parts[3].size();
  const auto read = std::from_chars(parts[3].data(), end, key.rate);
  if (read.ec != std::errc() || read.ptr != end) return invalid("bad rate");
  return key;
}

std::string base64url(std::span<const unsigned char> bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const unsigned char byte : bytes) {
    bits = bits << 8 | byte;
    for (count += 8; count >= 6; count -= 6) out += digits[bits >> (count - 6) & 63];
  }
  if (count > 0) out += digits[bits << (6 - count) & 63];
  return out;
}

std::string path_of(const std::string& data_folder) {
  return data_folder + "/" + key_file_name;
}

}  // namespace

std::string_view to_string(Scope scope) {
  switch (scope) {
    case Scope::open:
      return "open";
    case Scope::ingest:
      return "ingest";
    case Scope::read:
      return "read";
    case Scope::admin:
      return "admin";
    case Scope::integrity:
      return "integrity";
    case Scope::audience:
      return "audience";
    case Scope::members:
      return "members";
    case Scope::account:
      return "account";
  }
  return "unknown";
}

std::string scopes_text(std::uint8_t scopes) {
  std::string text;
  for (const Scope scope : scopes_known) {
    if ((scopes & static_cast<std::uint8_t>(scope)) == 0) continue;
    if (!text.empty()) text += ',';
    text += to_string(scope);
  }
  return text;
}

Result<std::uint8_t> parse_scopes(std::string_view list) {
  std::uint8_t scopes = 0;
  for (const std::string_view name : split(list, ',')) {
    const auto* const found =
        std::find_if(scopes_known.begin(), scopes_known.end(), [&](Scope scope) { return to_string(scope) == name; });
    if (found == scopes_known.end())
      return invalid("scopes must be some of ingest, read, admin, integrity, audience, members", "scopes");
    scopes = static_cast<std::uint8_t>(scopes | static_cast<std::uint8_t>(*found));
  }
  return scopes;
}

Result<std::vector<ApiKey>> parse_keys(std::string_view file) {
  std::vector<ApiKey> keys;
  std::size_t number = 0;
  for (std::string_view line : split(file, '\n')) {
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    Result<ApiKey> key = parse_line(line);
    if (!key.ok()) return corrupt("api_keys line " + std::to_string(number) + ": " + key.error().message);
    if (keys.size() == keys_max) return corrupt("api_keys: too many keys");
    keys.push_back(std::move(key).value());
  }
  return keys;
}

std::string format_keys(const std::vector<ApiKey>& keys) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out = "# name sha256(key) scopes rate/s; written by `zan key`\n";
  for (const ApiKey& key : keys) {
    out += key.name + ' ';
    for (const unsigned char byte : key.hash) {
      out += hex[byte >> 4];
      out += hex[byte & 15];
    }
    out += ' ' + scopes_text(key.scopes) + ' ' + std::to_string(key.rate) + '\n';
  }
  return out;
}

Result<std::vector<ApiKey>> load_keys(const std::string& data_folder) {
  ZAN_ASSIGN(const std::string file, read_whole(path_of(data_folder), file_bytes_max));
  return parse_keys(file);
}

Result<std::string> add_key(const std::string& data_folder, std::string_view name, std::string_view scopes,
                            std::uint32_t rate, Entropy& entropy) {
  if (!name_fine(name)) return invalid("a key's name is 1 to 64 letters, digits, '.', '_' and '-'", "name");
  ApiKey key{.name = std::string(name), .rate = rate};
  ZAN_ASSIGN(key.scopes, parse_scopes(scopes));
  ZAN_ASSIGN(std::vector<ApiKey> keys, load_keys(data_folder));
  for (const ApiKey& other : keys)
    if (other.name == name) return conflict("there is a key of that name already", "name");
  if (keys.size() == keys_max) return limited("there are too many keys");
  std::array<unsigned char, 32> secret;
  entropy.fill(secret);
  std::string text = "zan_" + base64url(secret);
  key.hash = hash_key(text);
  keys.push_back(std::move(key));
  ZAN_TRY(replace_file(path_of(data_folder), format_keys(keys)));
  return text;
}

Result<void> revoke_key(const std::string& data_folder, std::string_view name) {
  ZAN_ASSIGN(std::vector<ApiKey> keys, load_keys(data_folder));
  if (std::erase_if(keys, [&](const ApiKey& key) { return key.name == name; }) == 0)
    return not_found("there is no key of that name", "name");
  return replace_file(path_of(data_folder), format_keys(keys));
}

KeyHash hash_key(std::string_view key) {
  KeyHash hash;
  SHA256(reinterpret_cast<const unsigned char*>(key.data()), key.size(), hash.data());
  return hash;
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

const ApiKey* find_key(const std::vector<ApiKey>& keys, std::string_view presented) {
  const KeyHash hash = hash_key(presented);
  const ApiKey* found = nullptr;
  for (const ApiKey& key : keys)
    if (CRYPTO_memcmp(key.hash.data(), hash.data(), hash.size()) == 0) found = &key;
  return found;
}

}  // namespace zan::api
