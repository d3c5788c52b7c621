#include "evidence/note.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/require.h"
#include "evidence/text_form.h"

namespace zan::evidence {
namespace {

constexpr std::string_view line_start = "\xe2\x80\x94 ";  // em dash
constexpr std::size_t id_bytes = 4;

bool has_control_bytes(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c >= 0 && c < 0x20 && c != '\n'; });
}

bool is_by(const NoteSignature& signature, const VerifierKey& key) {
  return signature.key_id == key.id && signature.key_name == key.name;
}

}  // namespace

Result<NoteSignature> parse_signature_line(std::string_view line) {
  const Error refused = invalid("not a signature line");
  if (!line.starts_with(line_start)) return refused;
  line.remove_prefix(line_start.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos) return refused;
  NoteSignature signature{.key_name = std::string(line.substr(0, space))};
  const auto bytes = parse_base64(line.substr(space + 1));
  if (!is_key_name(signature.key_name) || !bytes || bytes->size() <= id_bytes) return refused;
  for (std::size_t i = 0; i < id_bytes; ++i)
    signature.key_id = signature.key_id << 8 | static_cast<std::uint32_t>((*bytes)[i]);
  signature.bytes.assign(bytes->begin() + id_bytes, bytes->end());
  return signature;
}

Result<std::vector<NoteSignature>> parse_signature_lines(std::string_view lines) {
  std::vector<NoteSignature> signatures;
  while (!lines.empty()) {
    const auto line = next_line(lines);
    if (!line) return invalid("the last signature line does not end");
    if (signatures.size() == note_signatures_max)
      return invalid(fmt::format("more than {} signatures", note_signatures_max));
    ZAN_ASSIGN(NoteSignature signature, parse_signature_line(*line));
    signatures.push_back(std::move(signature));
  }
  if (signatures.empty()) return invalid("no signature line");
  return signatures;
}

Result<Note> parse_note(std::string_view bytes) {
  if (bytes.size() > note_bytes_max) return invalid(fmt::format("a note of more than {} bytes", note_bytes_max));
  if (!is_utf8(bytes) || has_control_bytes(bytes)) return invalid("a note is UTF-8 without control bytes");
  const auto split = bytes.rfind("\n\n");
  if (split == std::string_view::npos) return invalid("no empty line between text and signatures");
  Note note{.text = std::string(bytes.substr(0, split + 1))};
  ZAN_ASSIGN(note.signatures, parse_signature_lines(bytes.substr(split + 2)));
  return note;
}

std::string signature_line(const NoteSignature& signature) {
  Bytes bytes;
  for (unsigned shift = 32; shift > 0;) bytes.push_back(static_cast<std::byte>(signature.key_id >> (shift -= 8)));
  put_bytes(bytes, signature.bytes);
  return fmt::format("{}{} {}\n", line_start, signature.key_name, to_base64(bytes));
}

std::string to_text(const Note& note) {
  std::string text = note.text + "\n";
  for (const NoteSignature& signature : note.signatures) text += signature_line(signature);
  return text;
}

NoteSignature sign_note(const SignerKey& key, std::string_view text) {
  require(key.verifier().type == SignatureType::ed25519, "a key of another role");
  const Ed25519Signature signature = key.sign(as_bytes(text));
  return {key.verifier().name, key.verifier().id, Bytes(signature.begin(), signature.end())};
}

Result<std::vector<std::size_t>> verify_note(const Note& note, std::span<const VerifierKey> keys) {
  std::vector<std::size_t> signers;
  for (const NoteSignature& signature : note.signatures) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (!is_by(signature, keys[i])) continue;
      if (!verify_signature(keys[i], note.text, signature.bytes))
        return Error{ErrorKind::refused, fmt::format("the signature of {} does not hold", keys[i].name), {}};
      if (std::ranges::find(signers, i) == signers.end()) signers.push_back(i);
    }
  }
  if (signers.empty()) return Error{ErrorKind::refused, "no known key has signed", {}};
  return signers;
}

}  // namespace zan::evidence
