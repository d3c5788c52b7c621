#include "evidence/witness.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "base/require.h"
#include "evidence/cosignature.h"
#include "evidence/text_form.h"

namespace zan::evidence {
namespace {

constexpr std::string_view plain_text = "text/plain; charset=utf-8";

enum Status {
  ok = 200,
  bad_request = 400,
  forbidden = 403,
  unknown = 404,
  wrong_size = 409,
  wrong_proof = 422,
  failed = 500
};

WitnessAnswer answer(int status, std::string_view text) {
  return {status, std::string(plain_text), fmt::format("{}\n", text)};
}

std::string hashed_origin(std::string_view origin) {
  return to_hex(sha256(as_bytes(origin)));
}

Result<void> verify_step(const WitnessedTree& last, const WitnessRequest& request, const Checkpoint& next) {
  if (next.size == 0 && next.root != empty_root())
    return conflict("an empty tree with another root than SHA-256 of nothing");
  if (last.size > 0) return verify_consistency(last.size, next.size, request.proof, last.root, next.root);
  if (!request.proof.empty()) return invalid("a proof from the empty tree");
  return {};
}

}  // namespace

std::optional<WitnessAnswer> decide_cosigning(const WitnessedTree& last, std::span<const VerifierKey> keys,
                                              const WitnessRequest& request, const SignedCheckpoint& checkpoint) {
  const Checkpoint& next = checkpoint.checkpoint;
  if (request.old_size > next.size) return answer(bad_request, "the old size is above that of the checkpoint");
  const auto signers = verify_note(checkpoint.note, keys);
  if (!signers.ok()) return answer(forbidden, signers.error().message);
  if (request.old_size != last.size)
    return WitnessAnswer{wrong_size, std::string(tlog_size_type), fmt::format("{}\n", last.size)};
  const auto verified = verify_step(last, request, next);
  if (!verified.ok()) return answer(wrong_proof, verified.error().message);
  return std::nullopt;
}

Result<std::unique_ptr<Witness>> Witness::open(storage::Disk& disk, std::string folder, SignerKey key,
                                               const std::vector<VerifierKey>& logs) {
  require(key.verifier().type == SignatureType::cosignature_v1, "a witness signs cosignature/v1");
  ZAN_TRY(disk.make_folder(folder));
  ZAN_TRY(disk.sync_folder(""));
  std::unique_ptr<Witness> witness(new Witness(disk, std::move(folder), std::move(key)));
  for (const VerifierKey& log : logs) witness->logs_[log.name].keys.push_back(log);
  for (auto& [origin, known] : witness->logs_) ZAN_TRY(witness->load(origin, known));
  return witness;
}

Result<void> Witness::load(const std::string& origin, Known& known) {
  known.path = folder_ + "/" + hashed_origin(origin);
  ZAN_ASSIGN(const bool there, disk_.exists(known.path));
  if (!there) return {};
  ZAN_ASSIGN(const Bytes bytes, storage::read_file(disk_, known.path));
  // Our own signature covers size and root: a damaged file must not become the state of a log.
  const auto opened = open_checkpoint(as_text(bytes), origin, {&key_.verifier(), 1});
  if (!opened.ok()) return corrupt(fmt::format("{}: {}", known.path, opened.error().message));
  known.last = {opened->checkpoint.size, opened->checkpoint.root};
  known.signed_note = as_text(bytes);
  for (const NoteSignature& signature : opened->note.signatures) {
    if (signature.key_id == key_.verifier().id && signature.key_name == key_.verifier().name)
      known.seconds = cosignature_time(signature.bytes).value_or(0);
  }
  return {};
}

Result<std::string> Witness::remember(Known& known, const SignedCheckpoint& checkpoint, Timestamp now) {
  // A clock that goes back must not make an older statement of a newer one.
  const auto now_seconds = static_cast<std::uint64_t>(std::max<std::int64_t>(1, now.us / us_per_second));
  const std::uint64_t seconds = std::max(known.seconds, now_seconds);
  const NoteSignature cosignature = cosign(key_, checkpoint.note.text, seconds);
  Note note{.text = checkpoint.note.text};
  for (const NoteSignature& signature : checkpoint.note.signatures) {
    const bool by_log = std::ranges::any_of(known.keys, [&](const VerifierKey& key) {
      return key.id == signature.key_id && key.name == signature.key_name;
    });
    if (by_log) note.signatures.push_back(signature);
  }
  note.signatures.push_back(cosignature);
  std::string text = to_text(note);
  ZAN_TRY(storage::write_file(disk_, known.path, as_bytes(text)));
  known.last = {checkpoint.checkpoint.size, checkpoint.checkpoint.root};
  known.seconds = seconds;
  known.signed_note = std::move(text);
  return signature_line(cosignature);
}

WitnessAnswer Witness::add_checkpoint(std::string_view body, Timestamp now) {
  const auto request = parse_witness_request(body);
  if (!request.ok()) return answer(bad_request, request.error().message);
  const auto checkpoint = parse_signed_checkpoint(request->checkpoint);
  if (!checkpoint.ok()) return answer(bad_request, checkpoint.error().message);
  const std::lock_guard lock(mutex_);
  const auto found = logs_.find(checkpoint->checkpoint.origin);
  if (found == logs_.end()) {
    if (request->old_size > checkpoint->checkpoint.size)
      return answer(bad_request, "the old size is above that of the checkpoint");
    return answer(unknown, "no log of this origin is known here");
  }
  Known& known = found->second;
  if (auto refusal = decide_cosigning(known.last, known.keys, *request, *checkpoint)) return *std::move(refusal);
  auto line = remember(known, *checkpoint, now);
  if (!line.ok()) {
    log::error("a cosigned checkpoint could not be stored", {{"cause", line.error().message}});
    return answer(failed, "the checkpoint could not be stored");
  }
  return {ok, std::string(plain_text), *std::move(line)};
}

WitnessAnswer Witness::checkpoint(std::string_view origin_hash) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [origin, known] : logs_) {
    if (hashed_origin(origin) == origin_hash && !known.signed_note.empty())
      return {ok, std::string(plain_text), known.signed_note};
  }
  return answer(unknown, "no checkpoint of such a log");
}

}  // namespace zan::evidence
