#include "evidence/log_keys.h"

#include <fmt/format.h>
#include <sodium/utils.h>

#include "evidence/text_form.h"

namespace zan::evidence {

Result<LogKeys> LogKeys::open(storage::Disk& disk, std::string path, std::string origin, bool make, Entropy& entropy) {
  LogKeys keys(disk, std::move(path), std::move(origin));
  ZAN_ASSIGN(const bool there, disk.exists(keys.path_));
  if (!there && !make) return not_found(fmt::format("{}: the log's key is not there", keys.path_));
  ZAN_TRY(there ? keys.read() : keys.add(entropy));
  return keys;
}

Result<void> LogKeys::read() {
  ZAN_ASSIGN(Bytes bytes, storage::read_file(*disk_, path_));
  std::string_view text = as_text(bytes);
  while (const auto line = next_line(text)) {
    auto key = SignerKey::parse(*line);
    if (!key.ok()) return corrupt(fmt::format("{}: line {}: {}", path_, keys_.size() + 1, key.error().message));
    if (key->verifier().name != origin_)
      return conflict(fmt::format("{} is of the log {}, not {}", path_, key->verifier().name, origin_));
    if (key->verifier().type != SignatureType::ed25519) return corrupt(fmt::format("{}: a key of another role", path_));
    keys_.push_back(std::move(key).value());
  }
  sodium_memzero(bytes.data(), bytes.size());
  if (!text.empty() || keys_.empty() || keys_.size() > keys_max)
    return corrupt(fmt::format("{}: not a key a line", path_));
  return {};
}

Result<void> LogKeys::write(const std::vector<SignerKey>& keys) const {
  std::string text;
  for (const SignerKey& key : keys) text += key.to_text() + "\n";
  const auto written = storage::write_file(*disk_, path_, as_bytes(text));
  sodium_memzero(text.data(), text.size());
  return written;
}

Result<void> LogKeys::add(Entropy& entropy) {
  if (keys_.size() == keys_max) return limited("too many keys at a time: retire the old ones");
  keys_.insert(keys_.begin(), SignerKey::make(origin_, SignatureType::ed25519, entropy));
  const auto written = write(keys_);
  if (!written.ok()) keys_.erase(keys_.begin());
  return written;
}

Result<void> LogKeys::retire_old() {
  std::vector<SignerKey> newest;
  newest.push_back(std::move(keys_.front()));
  const auto written = write(newest);
  keys_.front() = std::move(newest.front());
  if (written.ok()) keys_.erase(keys_.begin() + 1, keys_.end());
  return written;
}

std::vector<VerifierKey> LogKeys::verifiers() const {
  std::vector<VerifierKey> verifiers;
  for (const SignerKey& key : keys_) verifiers.push_back(key.verifier());
  return verifiers;
}

std::string LogKeys::vkey_lines() const {
  std::string lines;
  for (const SignerKey& key : keys_) lines += to_vkey(key.verifier()) + "\n";
  return lines;
}

Note LogKeys::sign(std::string text) const {
  Note note{.text = std::move(text)};
  for (const SignerKey& key : keys_) note.signatures.push_back(sign_note(key, note.text));
  return note;
}

}  // namespace zan::evidence
