// Checkpoints (C2SP tlog-checkpoint): origin, size and root of a log, as the text of a signed note.
//
// Extension lines are read and ignored, and never written: implementations disagree about what signatures cover of
// them.
//
// Threads: plain value types.
// Errors:  invalid (not a checkpoint), refused (signatures; see note.h), conflict (another origin).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "evidence/merkle.h"
#include "evidence/note.h"

namespace zan::evidence {

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Hash root = empty_root();

  bool operator==(const Checkpoint&) const = default;
};

std::string to_text(const Checkpoint& checkpoint);
// Of a note's text, not of the note.
Result<Checkpoint> parse_checkpoint(std::string_view text);

struct SignedCheckpoint {
  Checkpoint checkpoint;
  Note note;
};

// Parsed only: the signatures are still to be verified.
Result<SignedCheckpoint> parse_signed_checkpoint(std::string_view bytes);
// A checkpoint of `origin` with a signature of one of `keys`.
Result<SignedCheckpoint> open_checkpoint(std::string_view bytes, std::string_view origin,
                                         std::span<const VerifierKey> keys);

}  // namespace zan::evidence
