#include "evidence/signature.h"

#include <fmt/format.h>
#include <sodium/core.h>
#include <sodium/crypto_sign_ed25519.h>
#include <sodium/utils.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "base/require.h"
#include "evidence/cosignature.h"
#include "evidence/merkle.h"
#include "evidence/text_form.h"

namespace zan::evidence {
namespace {

constexpr std::string_view secret_prefix = "PRIVATE+KEY+";
constexpr std::size_t id_digits = 8;
constexpr std::size_t ed25519_key_bytes = 32;

using Verify = bool (*)(ByteSpan public_key, std::string_view text, ByteSpan signature);

const unsigned char* raw(ByteSpan bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

bool verify_ed25519(ByteSpan public_key, std::string_view text, ByteSpan signature) {
  const ByteSpan message = as_bytes(text);
  return crypto_sign_ed25519_verify_detached(raw(signature), raw(message), message.size(), raw(public_key)) == 0;
}

bool verify_cosignature(ByteSpan public_key, std::string_view text, ByteSpan signature) {
  const auto time = cosignature_time(signature);
  if (!time) return false;
  return verify_ed25519(public_key, cosigned_message(*time, text), signature.subspan(cosignature_time_bytes));
}

struct Scheme {
  SignatureType type;
  std::size_t key_bytes;
  std::size_t signature_bytes;
  Verify verify;
};

constexpr Scheme schemes[] = {
    {SignatureType::ed25519, ed25519_key_bytes, 64, verify_ed25519},
    {SignatureType::cosignature_v1, ed25519_key_bytes, cosignature_time_bytes + 64, verify_cosignature},
};

const Scheme* find_scheme(SignatureType type) {
  const auto* const found = std::ranges::find(schemes, type, &Scheme::type);
  return found == std::end(schemes) ? nullptr : found;
}

std::uint32_t key_id(std::string_view name, ByteSpan type_and_key) {
  Bytes input;
  put_bytes(input, as_bytes(name));
  input.push_back(std::byte{'\n'});
  put_bytes(input, type_and_key);
  const Hash hash = sha256(input);
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < sizeof id; ++i) id = id << 8 | static_cast<std::uint32_t>(hash[i]);
  return id;
}

Bytes with_type(SignatureType type, ByteSpan key) {
  Bytes bytes(1 + key.size());
  bytes[0] = static_cast<std::byte>(type);
  std::ranges::copy(key, bytes.begin() + 1);
  return bytes;
}

// "<name>+<id>+<base64>", the form of both kinds of key.
struct KeyText {
  std::string_view name;
  std::uint32_t id = 0;
  SignatureType type{};
  Bytes key;
};

std::optional<std::uint32_t> parse_id(std::string_view text) {
  if (text.size() != id_digits || text.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return std::nullopt;
  std::uint32_t id = 0;
  for (const char c : text) id = id << 4 | static_cast<std::uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  return id;
}

Result<KeyText> parse_key_text(std::string_view text) {
  const Error refused = invalid("not a key of the form name+id+base64");
  const auto first = text.find('+');
  if (first == std::string_view::npos) return refused;
  const auto second = text.find('+', first + 1);
  if (second == std::string_view::npos) return refused;
  KeyText key{.name = text.substr(0, first)};
  const auto id = parse_id(text.substr(first + 1, second - first - 1));
  auto bytes = parse_base64(text.substr(second + 1));
  if (!is_key_name(key.name) || !id || !bytes || bytes->empty()) return refused;
  key.id = *id;
  key.type = static_cast<SignatureType>(bytes->front());
  const Scheme* const scheme = find_scheme(key.type);
  if (scheme == nullptr)
    return unsupported(fmt::format("keys of type 0x{:02x} are not spoken here", static_cast<unsigned>(key.type)));
  key.key.assign(bytes->begin() + 1, bytes->end());
  sodium_memzero(bytes->data(), bytes->size());
  if (key.key.size() != scheme->key_bytes) return refused;
  return key;
}

}  // namespace

bool is_key_name(std::string_view name) {
  return !name.empty() && name.size() <= key_name_bytes_max && is_utf8(name) && !has_space(name) &&
         std::ranges::none_of(name, [](char c) { return c == '+' || (c >= 0 && c < 0x20); });
}

VerifierKey make_verifier_key(std::string_view name, SignatureType type, ByteSpan public_key) {
  return {std::string(name), key_id(name, with_type(type, public_key)), type,
          Bytes(public_key.begin(), public_key.end())};
}

Result<VerifierKey> parse_vkey(std::string_view text) {
  ZAN_ASSIGN(const KeyText parts, parse_key_text(text));
  VerifierKey key = make_verifier_key(parts.name, parts.type, parts.key);
  if (key.id != parts.id) return invalid("the id of the key is not that of its name and bytes");
  return key;
}

std::string to_vkey(const VerifierKey& key) {
  return fmt::format("{}+{:08x}+{}", key.name, key.id, to_base64(with_type(key.type, key.public_key)));
}

bool verify_signature(const VerifierKey& key, std::string_view text, ByteSpan signature) {
  const Scheme* const scheme = find_scheme(key.type);
  return scheme != nullptr && key.public_key.size() == scheme->key_bytes &&
         signature.size() == scheme->signature_bytes && scheme->verify(key.public_key, text, signature);
}

SignerKey::SignerKey(std::string_view name, SignatureType type, const Seed& seed) {
  require(sodium_init() >= 0, "libsodium could not start");
  std::array<unsigned char, ed25519_key_bytes> public_key{};
  crypto_sign_ed25519_seed_keypair(public_key.data(), secret_.data(), seed.data());
  verifier_ = make_verifier_key(name, type, std::as_bytes(std::span(public_key)));
}

SignerKey::SignerKey(SignerKey&& other) noexcept : secret_(other.secret_), verifier_(std::move(other.verifier_)) {
  other.wipe();
}

SignerKey& SignerKey::operator=(SignerKey&& other) noexcept {
  if (this == &other) return *this;
  secret_ = other.secret_;
  verifier_ = std::move(other.verifier_);
  other.wipe();
  return *this;
}

SignerKey::~SignerKey() {
  wipe();
}

void SignerKey::wipe() {
  sodium_memzero(secret_.data(), secret_.size());
}

SignerKey SignerKey::make(std::string_view name, SignatureType type, Entropy& entropy) {
  require(is_key_name(name), "a key needs a name");
  Seed seed{};
  entropy.fill(seed);
  SignerKey key(name, type, seed);
  sodium_memzero(seed.data(), seed.size());
  return key;
}

Result<SignerKey> SignerKey::parse(std::string_view text) {
  if (!text.starts_with(secret_prefix)) return invalid("not a secret key");
  text.remove_prefix(secret_prefix.size());
  ZAN_ASSIGN(KeyText parts, parse_key_text(text));
  Seed seed{};
  std::memcpy(seed.data(), parts.key.data(), seed.size());
  SignerKey key(parts.name, parts.type, seed);
  sodium_memzero(seed.data(), seed.size());
  sodium_memzero(parts.key.data(), parts.key.size());
  if (key.verifier_.id != parts.id) return invalid("the id of the secret key is not that of its name and bytes");
  return key;
}

std::string SignerKey::to_text() const {
  // The first half of libsodium's secret key is the seed.
  const ByteSpan seed = std::as_bytes(std::span(secret_)).first(sizeof(Seed));
  return fmt::format("{}{}+{:08x}+{}", secret_prefix, verifier_.name, verifier_.id,
                     to_base64(with_type(verifier_.type, seed)));
}

Ed25519Signature SignerKey::sign(ByteSpan message) const {
  Ed25519Signature signature;
  crypto_sign_ed25519_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr, raw(message),
                               message.size(), secret_.data());
  return signature;
}

}  // namespace zan::evidence
