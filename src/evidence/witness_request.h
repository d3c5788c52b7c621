// What a log and a witness say to each other (C2SP tlog-witness, add-checkpoint), without the HTTP around it.
//
//   request   old <size>\n, hashes of the consistency proof, an empty line, the signed checkpoint
//   answer    200: signature lines; 409: "<size>\n", as text/x.tlog.size
//
// Threads: plain value types.
// Errors:  invalid (not of this form).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/checkpoint.h"

namespace zan::evidence {

inline constexpr std::string_view tlog_size_type = "text/x.tlog.size";
inline constexpr std::size_t witness_request_bytes_max = note_bytes_max + 4096;

struct WitnessRequest {
  std::uint64_t old_size = 0;
  std::vector<Hash> proof;
  std::string checkpoint;  // the signed note, verbatim

  bool operator==(const WitnessRequest&) const = default;
};

std::string to_text(const WitnessRequest& request);
Result<WitnessRequest> parse_witness_request(std::string_view body);

// The body of a 409: what the witness has seen.
Result<std::uint64_t> parse_witness_size(std::string_view body);

// The lines of a 200 that are cosignatures of `checkpoint` by keys of `witnesses`; lines of unknown keys are left out,
// as are those that do not hold. invalid: not signature lines. refused: none is left.
Result<std::vector<NoteSignature>> accept_cosignatures(std::string_view body, std::string_view checkpoint_text,
                                                       std::span<const VerifierKey> witnesses);

}  // namespace zan::evidence
