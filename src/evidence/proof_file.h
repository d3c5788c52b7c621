// .tlog-proof files (C2SP tlog-proof): everything that shows, offline, that an entry is in a log.
//
//   c2sp.org/tlog-proof@v1
//   extra <base64>            of the application; not authenticated by anything here
//   index <decimal>
//   <base64 hash>             of the inclusion proof, the leaf's sibling first
//
//   <checkpoint, with its signatures>
//
// Threads: plain value types.
// Errors:  invalid (not such a file), refused (signatures, policy), conflict (the entry is not there).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/policy.h"

namespace zan::evidence {

inline constexpr std::size_t proof_file_bytes_max = 1 << 20;

struct ProofFile {
  std::optional<Bytes> extra;
  std::uint64_t index = 0;
  std::vector<Hash> proof;
  std::string checkpoint;  // the signed note, verbatim

  bool operator==(const ProofFile&) const = default;
};

std::string to_text(const ProofFile& file);
Result<ProofFile> parse_proof_file(std::string_view text);

// Proves that an entry with this leaf hash is number file.index of the tree that the policy accepts.
Result<PolicyVerdict> verify_proof_file(const ProofFile& file, const Hash& leaf, const Policy& policy);

}  // namespace zan::evidence
