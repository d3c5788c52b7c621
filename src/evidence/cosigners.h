// Cosigners: who is asked to cosign a checkpoint before it is published.
//
// Threads: one at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evidence/note.h"
#include "evidence/tree_reader.h"

namespace zan::evidence {

class Cosigners {
 public:
  virtual ~Cosigners() = default;
  // What valid cosignatures of this signed checkpoint came within the time; fewer, or none, is no error. `tree`: of that
  // checkpoint, for proofs that it continues what a witness has seen.
  virtual std::vector<NoteSignature> cosign(const std::string& signed_checkpoint, TreeReader& tree,
                                            std::int64_t timeout_us) = 0;
  // What somebody holds that our own log has signed and that does not fit the tree we have: an old backup was restored, or
  // the log was forked. Who signs on makes it worse.
  [[nodiscard]] virtual std::optional<std::string> alarm() const { return std::nullopt; }
};

}  // namespace zan::evidence
