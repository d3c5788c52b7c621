// Cosigners: who is asked to cosign a checkpoint before it is published.
//
// Threads: one at a time.
#pragma once

#include <cstdint>
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
};

}  // namespace zan::evidence
