#include "evidence/witness_request.h"

#include <fmt/format.h>

#include <algorithm>

#include "evidence/text_form.h"

namespace zan::evidence {
namespace {

constexpr std::string_view old_start = "old ";

}  // namespace

std::string to_text(const WitnessRequest& request) {
  std::string text = fmt::format("{}{}\n", old_start, request.old_size);
  for (const Hash& hash : request.proof) text += to_base64(hash) + "\n";
  return text + "\n" + request.checkpoint;
}

Result<WitnessRequest> parse_witness_request(std::string_view body) {
  if (body.size() > witness_request_bytes_max)
    return invalid(fmt::format("a request of more than {} bytes", witness_request_bytes_max));
  const auto old_line = next_line(body);
  if (!old_line || !old_line->starts_with(old_start)) return invalid("no line with the old size");
  const auto old_size = parse_size(old_line->substr(old_start.size()));
  if (!old_size) return invalid("the old size is no number");
  WitnessRequest request{.old_size = *old_size};
  for (;;) {
    const auto line = next_line(body);
    if (!line) return invalid("no empty line behind the hashes of the proof");
    if (line->empty()) break;
    const auto hash = parse_base64_hash(*line);
    if (!hash) return invalid("a line of the proof is no hash");
    if (request.proof.size() == proof_hashes_max)
      return invalid(fmt::format("more than {} hashes in the proof", proof_hashes_max));
    request.proof.push_back(*hash);
  }
  request.checkpoint = body;
  ZAN_TRY(parse_signed_checkpoint(request.checkpoint));
  return request;
}

Result<std::uint64_t> parse_witness_size(std::string_view body) {
  const auto line = next_line(body);
  const auto size = line && body.empty() ? parse_size(*line) : std::nullopt;
  if (!size) return invalid("not a size and a line end");
  return *size;
}

Result<std::vector<NoteSignature>> accept_cosignatures(std::string_view body, std::string_view checkpoint_text,
                                                       std::span<const VerifierKey> witnesses) {
  if (body.size() > note_bytes_max) return invalid(fmt::format("an answer of more than {} bytes", note_bytes_max));
  if (!is_utf8(body)) return invalid("the answer is no UTF-8");
  ZAN_ASSIGN(std::vector<NoteSignature> lines, parse_signature_lines(body));
  std::erase_if(lines, [&](const NoteSignature& line) {
    return std::ranges::none_of(witnesses, [&](const VerifierKey& key) {
      return key.type == SignatureType::cosignature_v1 && key.id == line.key_id && key.name == line.key_name &&
             verify_signature(key, checkpoint_text, line.bytes);
    });
  });
  if (lines.empty()) return Error{ErrorKind::refused, "no cosignature of a known witness", {}};
  return lines;
}

}  // namespace zan::evidence
