// Signed notes (C2SP signed-note): a text, an empty line, and lines of the form "<em dash> <key name> <base64>", of
// which the base64 holds a 4-byte key id and a signature of the text.
//
// The text is worth nothing before verify_note() has said whose signature holds.
//
// Threads: plain value types.
// Errors:  invalid (not a note), refused (no known key has signed, or the line of a known key fails).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "evidence/signature.h"

namespace zan::evidence {

inline constexpr std::size_t note_bytes_max = 512 * 1024;
inline constexpr std::size_t note_signatures_max = 100;  // as golang.org/x/mod; a post-quantum line is 3.3 KB

struct NoteSignature {
  std::string key_name;
  std::uint32_t key_id = 0;
  Bytes bytes;  // behind the id; what they mean is the type's affair

  bool operator==(const NoteSignature&) const = default;
};

struct Note {
  std::string text;  // ends in '\n'
  std::vector<NoteSignature> signatures;

  bool operator==(const Note&) const = default;
};

Result<Note> parse_note(std::string_view bytes);
std::string to_text(const Note& note);

// With its '\n'.
std::string signature_line(const NoteSignature& signature);
Result<NoteSignature> parse_signature_line(std::string_view line_without_end);
// Lines only, as a witness answers them; each ends in '\n'.
Result<std::vector<NoteSignature>> parse_signature_lines(std::string_view lines);

// Signs with a key of type ed25519.
NoteSignature sign_note(const SignerKey& key, std::string_view text);

// Which of `keys` have signed, each once, as indexes in the order of the note's lines. Unknown keys are ignored; at
// least one known signature holds and none fails.
Result<std::vector<std::size_t>> verify_note(const Note& note, std::span<const VerifierKey> keys);

}  // namespace zan::evidence
