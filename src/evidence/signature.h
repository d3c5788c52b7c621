// Keys and signatures of signed notes, by the type byte that C2SP signed-note gives each algorithm.
//
// A type is one row of a table in signature.cc: how long its keys and signatures are and how one is verified. Nothing
// else knows an algorithm.
//
// A vkey is "<name>+<8 hex of the key id>+<base64 of type byte and public key>"; a secret key, as golang.org/x/mod
// writes it, "PRIVATE+KEY+<name>+<hex>+<base64 of type byte and seed>".
//
// Threads: plain value types.
// Errors:  invalid (not a key), unsupported (a type that is not in the table).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"

namespace zan::evidence {

enum class SignatureType : unsigned char {
  ed25519 = 0x01,         // of the note's text
  cosignature_v1 = 0x04,  // of a time and a checkpoint: evidence/cosignature.h
};

inline constexpr std::size_t key_name_bytes_max = 256;

// Non-empty UTF-8 without white space, control bytes and '+'.
bool is_key_name(std::string_view name);

struct VerifierKey {
  std::string name;
  std::uint32_t id = 0;
  SignatureType type = SignatureType::ed25519;
  Bytes public_key;

  bool operator==(const VerifierKey&) const = default;
};

VerifierKey make_verifier_key(std::string_view name, SignatureType type, ByteSpan public_key);
Result<VerifierKey> parse_vkey(std::string_view text);
std::string to_vkey(const VerifierKey& key);

// `signature`: what follows the key id. False also for one of a wrong length.
bool verify_signature(const VerifierKey& key, std::string_view text, ByteSpan signature);

using Ed25519Signature = std::array<std::byte, 64>;

// An Ed25519 key in the role that its type gives it. Wiped when destroyed.
class SignerKey {
 public:
  static SignerKey make(std::string_view name, SignatureType type, Entropy& entropy);
  static Result<SignerKey> parse(std::string_view text);
  SignerKey(SignerKey&& other) noexcept;
  SignerKey& operator=(SignerKey&& other) noexcept;
  ~SignerKey();

  // For a file that only its owner reads.
  [[nodiscard]] std::string to_text() const;
  [[nodiscard]] const VerifierKey& verifier() const { return verifier_; }
  [[nodiscard]] Ed25519Signature sign(ByteSpan message) const;

 private:
  using Seed = std::array<unsigned char, 32>;
  using Secret = std::array<unsigned char, 64>;
  SignerKey(std::string_view name, SignatureType type, const Seed& seed);
  void wipe();

  Secret secret_{};
  VerifierKey verifier_;
};

}  // namespace zan::evidence
