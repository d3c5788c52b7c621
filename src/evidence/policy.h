// Policies (C2SP tlog-policy): which logs are trusted, which witnesses are known, and how many of them must have
// cosigned.
//
//   log <vkey> [url]
//   witness <name> <vkey> [url]
//   group <name> all|any|<k> <member>...      members: witnesses and groups named before, each a member once
//   quorum <name>|none                        exactly one
//
// Threads: plain value types.
// Errors:  parse_policy: invalid (`field` is "line <n>"), unsupported (a key of a type not spoken here).
//          check_policy: refused (says what is missing), invalid (not a checkpoint).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/checkpoint.h"

namespace zan::evidence {

inline constexpr std::size_t policy_bytes_max = 1 << 20;
inline constexpr std::size_t policy_items_max = 1024;  // logs, witnesses and groups together

struct Policy {
  struct Log {
    VerifierKey key;
    std::string url;
  };
  // A witness, or a group of those before it.
  struct Party {
    std::string name;
    VerifierKey key;                   // of a witness
    std::string url;                   // of a witness
    std::vector<std::size_t> members;  // of a group, as indexes into parties
    std::size_t wanted = 0;            // of a group: so many members

    [[nodiscard]] bool is_group() const { return !members.empty(); }
  };

  std::vector<Log> logs;
  std::vector<Party> parties;
  std::size_t quorum = none;  // index into parties

  static constexpr std::size_t none = ~std::size_t{0};
};

Result<Policy> parse_policy(std::string_view text);
// The policy of those who trust one log key and no witness.
Policy trust_one_log(const VerifierKey& key);

struct PolicyVerdict {
  struct Cosigner {
    std::size_t party = 0;      // index into Policy::parties
    std::uint64_t seconds = 0;  // when it says it has seen the checkpoint; the newest, if it says so twice
  };
  Checkpoint checkpoint;
  std::size_t log = 0;  // index into Policy::logs
  std::vector<Cosigner> cosigners;
};

// The checkpoint is signed by a log of the policy under that log's name, no known key's line fails, and the quorum is
// there.
Result<PolicyVerdict> check_policy(const Policy& policy, const SignedCheckpoint& checkpoint);

}  // namespace zan::evidence
