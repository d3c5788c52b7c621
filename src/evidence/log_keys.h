// The keys of a log: `log.key`, the secret ones, newest first, a line each; and `log.vkey`, their public halves, for
// everybody.
//
// A log has one key, but for a rotation: then the new and the old one both sign, until those who trust the old one have
// been told.
//
// Threads: one.
// Errors:  corrupt (a damaged key file), conflict (keys of another origin), unavailable.
// Durable: when a call returns. Files are 0600, as all of a Disk.
#pragma once

#include <string>
#include <vector>

#include "evidence/note.h"
#include "storage/storage.h"

namespace zan::evidence {

class LogKeys {
 public:
  static constexpr std::size_t keys_max = 4;

  // `make`: if there is no key file, make a key. Else not_found.
  static Result<LogKeys> open(storage::Disk& disk, std::string path, std::string origin, bool make, Entropy& entropy);

  // A new key leads. limited: keys_max are there already.
  Result<void> add(Entropy& entropy);
  // All but the newest are gone, for good.
  Result<void> retire_old();

  [[nodiscard]] std::vector<VerifierKey> verifiers() const;
  // One vkey a line, newest first.
  [[nodiscard]] std::string vkey_lines() const;
  // One signature a key, newest first.
  [[nodiscard]] Note sign(std::string text) const;

 private:
  LogKeys(storage::Disk& disk, std::string path, std::string origin)
      : disk_(&disk), path_(std::move(path)), origin_(std::move(origin)) {}

  Result<void> read();
  Result<void> write(const std::vector<SignerKey>& keys) const;

  storage::Disk* disk_;
  std::string path_;
  std::string origin_;
  std::vector<SignerKey> keys_;
};

}  // namespace zan::evidence
