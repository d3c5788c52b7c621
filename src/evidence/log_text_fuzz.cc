// Every decoder of foreign bytes in this room. The first byte says which one; whatever is taken must be written back as
// it was.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/require.h"
#include "evidence/cosignature.h"
#include "evidence/entry_batch.h"
#include "evidence/policy.h"
#include "evidence/proof_file.h"
#include "evidence/staging.h"
#include "evidence/text_form.h"
#include "evidence/witness.h"

namespace zan::evidence {
namespace {

const SignerKey& a_key(SignatureType type) {
  static SeededEntropy entropy(1);
  static const SignerKey log = SignerKey::make("example.com/log", SignatureType::ed25519, entropy);
  static const SignerKey witness = SignerKey::make("example.com/w", SignatureType::cosignature_v1, entropy);
  return type == SignatureType::ed25519 ? log : witness;
}

void try_note(std::string_view text) {
  const auto note = parse_note(text);
  if (!note.ok()) return;
  require(to_text(*note) == text, "a note is written as it was read");
  const VerifierKey keys[] = {a_key(SignatureType::ed25519).verifier(),
                              a_key(SignatureType::cosignature_v1).verifier()};
  const auto signers = verify_note(*note, keys);
  require(!signers.ok() || !signers->empty(), "somebody has signed");
}

void try_checkpoint(std::string_view text) {
  const auto checkpoint = parse_checkpoint(text);
  if (!checkpoint.ok()) return;
  require(text.starts_with(to_text(*checkpoint)), "a checkpoint is written as it was read");
  (void)parse_signed_checkpoint(text).ok();
}

void try_policy(std::string_view text) {
  const auto policy = parse_policy(text);
  if (!policy.ok()) return;
  for (std::size_t i = 0; i < policy->parties.size(); ++i) {
    for (const std::size_t member : policy->parties[i].members) require(member < i, "members stand before their group");
  }
  const std::string checkpoint = to_text(Checkpoint{"example.com/log", 0});
  const Note note{checkpoint,
                  {sign_note(a_key(SignatureType::ed25519), checkpoint),
                   cosign(a_key(SignatureType::cosignature_v1), checkpoint, 1)}};
  (void)check_policy(*policy, {{"example.com/log", 0}, note}).ok();
}

void try_proof_file(std::string_view text) {
  const auto file = parse_proof_file(text);
  if (!file.ok()) return;
  require(to_text(*file) == text, "a proof is written as it was read");
  const Policy policy = trust_one_log(a_key(SignatureType::ed25519).verifier());
  (void)verify_proof_file(*file, empty_root(), policy).ok();
}

void try_tile_path(std::string_view text) {
  const auto tile = parse_tile_path(text);
  if (tile.ok()) require(tile_path(*tile) == text, "a path is written as it was read");
}

void try_witness_request(std::string_view text) {
  const auto request = parse_witness_request(text);
  if (!request.ok()) return;
  require(to_text(*request) == text, "a request is written as it was read");
  const auto checkpoint = parse_signed_checkpoint(request->checkpoint);
  require(checkpoint.ok(), "a request holds a checkpoint");
  const VerifierKey key = a_key(SignatureType::ed25519).verifier();
  for (const std::uint64_t size : {std::uint64_t{0}, request->old_size})
    (void)decide_cosigning({size, empty_root()}, {&key, 1}, *request, *checkpoint).has_value();
}

void try_keys_and_answers(std::string_view text) {
  const auto key = parse_vkey(text);
  if (key.ok()) require(to_vkey(*key) == text, "a key is written as it was read");
  const auto secret = SignerKey::parse(text);
  if (secret.ok()) require(secret->to_text() == text, "a secret key is written as it was read");
  const VerifierKey witness = a_key(SignatureType::cosignature_v1).verifier();
  (void)accept_cosignatures(text, "o\n", {&witness, 1}).ok();
  (void)parse_witness_size(text).ok();
  const auto bytes = parse_base64(text);
  if (bytes) require(to_base64(*bytes) == text, "base64 is written as it was read");
}

void try_bundle_and_staging(std::string_view text) {
  const ByteSpan bytes = as_bytes(text);
  for (const unsigned count : {1U, 3U, 256U}) {
    const auto entries = parse_bundle(bytes, count);
    if (!entries.ok()) continue;
    Bytes again;
    for (const ByteSpan entry : *entries) put_entry(again, entry);
    require(as_text(again) == text, "a bundle is written as it was read");
  }
  auto staged = StagingReader::open(bytes);
  if (!staged.ok()) return;
  while (const auto batch = staged->next()) {
    std::size_t count = 0;
    for (ByteSpan rest = batch->entries; !rest.empty(); ++count) take_entry(rest);
    require(count == batch->count, "a batch has as many entries as it says");
  }
}

}  // namespace
}  // namespace zan::evidence

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zan::evidence;
  using Try = void (*)(std::string_view);
  static constexpr Try tries[] = {try_note,      try_checkpoint,      try_policy,           try_proof_file,
                                  try_tile_path, try_witness_request, try_keys_and_answers, try_bundle_and_staging};
  if (size == 0) return 0;
  tries[data[0] % std::size(tries)]({reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}
