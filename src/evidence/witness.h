// A witness (C2SP tlog-witness, server side, without HTTP): cosigns the checkpoints of the logs that it knows, if each
// continues the one it cosigned before.
//
// decide_cosigning() is the whole rule and pure. Witness adds what must be remembered: of each log the last cosigned
// checkpoint, in a file of its own, durable before the answer. Comparing and storing are one step, or two requests at a
// time could roll a witness back.
//
// Another root for the size it has seen is answered with 422, as the protocol has it since July 2026 (C2SP/C2SP pull request
// 280); older texts and witnesses say 409 without a size.
//
// Owns:    `<folder>/<hex SHA-256 of the origin>`: the checkpoint with the log's and our signatures, as anybody may
//          read it.
// Threads: any; one request at a time.
// Errors:  open: corrupt (a remembered checkpoint is not what we signed), unavailable. Requests are answered with a
//          status.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "evidence/witness_request.h"
#include "storage/storage.h"

namespace zan::evidence {

// What a witness remembers of a log.
struct WitnessedTree {
  std::uint64_t size = 0;  // 0: never cosigned
  Hash root = empty_root();
};

// An HTTP answer, but for the framing.
struct WitnessAnswer {
  int status = 500;
  std::string content_type;
  std::string body;
};

// Empty: cosign. Else the answer that refuses: 400, 403, 409 or 422. `keys`: of the request's origin.
std::optional<WitnessAnswer> decide_cosigning(const WitnessedTree& last, std::span<const VerifierKey> keys,
                                              const WitnessRequest& request, const SignedCheckpoint& checkpoint);

class Witness {
 public:
  // `key`: of type cosignature_v1. `logs`: a log may have several keys; the key's name is its origin. The folder is
  // made if absent.
  static Result<std::unique_ptr<Witness>> open(storage::Disk& disk, std::string folder, SignerKey key,
                                               const std::vector<VerifierKey>& logs);

  WitnessAnswer add_checkpoint(std::string_view body, Timestamp now);

  // The monitoring answer: 200 with the last checkpoint and the signatures, or 404. `origin_hash`: lowercase hex
  // SHA-256 of the origin.
  WitnessAnswer checkpoint(std::string_view origin_hash) const;

  [[nodiscard]] const VerifierKey& verifier() const { return key_.verifier(); }

 private:
  struct Known {
    std::vector<VerifierKey> keys;
    std::string path;
    WitnessedTree last;
    std::uint64_t seconds = 0;  // of the last cosignature
    std::string signed_note;    // empty: none yet
  };

  Witness(storage::Disk& disk, std::string folder, SignerKey key)
      : disk_(disk), folder_(std::move(folder)), key_(std::move(key)) {}

  Result<void> load(const std::string& origin, Known& known);
  Result<std::string> remember(Known& known, const SignedCheckpoint& checkpoint, Timestamp now);

  storage::Disk& disk_;
  const std::string folder_;
  const SignerKey key_;
  mutable std::mutex mutex_;                        // of what follows
  std::map<std::string, Known, std::less<>> logs_;  // by origin
};

}  // namespace zan::evidence
