#include "evidence/cosignature.h"

#include <fmt/format.h>

#include <limits>

#include "base/require.h"

namespace zan::evidence {
namespace {

bool is_time(std::uint64_t seconds) {
  return seconds > 0 && seconds <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
}

}  // namespace

std::string cosigned_message(std::uint64_t seconds, std::string_view checkpoint_text) {
  return fmt::format("cosignature/v1\ntime {}\n{}", seconds, checkpoint_text);
}

std::optional<std::uint64_t> cosignature_time(ByteSpan signature) {
  if (signature.size() < cosignature_time_bytes) return std::nullopt;
  std::uint64_t seconds = 0;
  for (std::size_t i = 0; i < cosignature_time_bytes; ++i)
    seconds = seconds << 8 | static_cast<std::uint64_t>(signature[i]);
  return is_time(seconds) ? std::optional(seconds) : std::nullopt;
}

NoteSignature cosign(const SignerKey& key, std::string_view checkpoint_text, std::uint64_t seconds) {
  require(key.verifier().type == SignatureType::cosignature_v1, "a key of another role");
  require(is_time(seconds), "a time that no cosignature can say");
  NoteSignature cosignature{.key_name = key.verifier().name, .key_id = key.verifier().id};
  for (unsigned shift = 64; shift > 0;) cosignature.bytes.push_back(static_cast<std::byte>(seconds >> (shift -= 8)));
  const Ed25519Signature signature = key.sign(as_bytes(cosigned_message(seconds, checkpoint_text)));
  put_bytes(cosignature.bytes, signature);
  return cosignature;
}

}  // namespace zan::evidence
