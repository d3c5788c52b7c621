#include "evidence/log.h"

#include <fmt/format.h>

namespace zan::evidence {

Result<void> Log::usable() const {
  if (broken_) return unavailable("the log met an error that it cannot go on after: open it again");
  return {};
}

// Marks the log as broken by an error.
Result<void> Log::unbroken(Result<void> result) {
  if (!result.ok()) broken_ = true;
  return result;
}

Result<void> Log::integrate(const EntryBatch& batch) {
  ZAN_TRY(usable());
  if (batch.empty()) return {};
  ZAN_TRY(make_room(batch));
  std::vector<Hash> leaves;
  leaves.reserve(batch.count());
  Frontier next = frontier_;
  for (ByteSpan rest = batch.bytes(); !rest.empty();) {
    leaves.push_back(leaf_hash(take_entry(rest).subspan(entry_length_bytes)));
    next.append(leaves.back());
  }
  const Hash root = next.root();
  ZAN_TRY(stage({size(), static_cast<std::uint32_t>(batch.count()), root, batch.bytes()}));
  ZAN_TRY(unbroken(check_stored(root)));
  ZAN_TRY(unbroken(sign(next.size(), root)));
  ZAN_TRY(unbroken(writer_.extend(batch.bytes(), leaves)));
  frontier_ = next;
  return {};
}

Result<void> Log::make_room(const EntryBatch& batch) {
  const bool staging_is_full =
      staging_->has_batches() && staging_->bytes() + batch.bytes().size() > options_.staging_bytes_max;
  if (!staging_is_full && writer_.partial_files() < options_.partial_files_max) return {};
  return settle();
}

Result<void> Log::stage(const StagedBatch& batch) {
  bool file_is_known = true;
  const auto staged = staging_->append(batch, file_is_known);
  if (!staged.ok() && !file_is_known) broken_ = true;
  return staged;
}

// A second computation, over what the disk gives back and another way through the tree than the one that is about to be
// signed: a flipped bit in memory or file must not become part of the log.
Result<void> Log::check_stored(const Hash& root) const {
  ZAN_ASSIGN(const Bytes stored, staging_->read_back());
  Frontier tree = frontier_;
  for (ByteSpan rest = stored; !rest.empty();) {
    if (rest.size() < entry_length_bytes) return corrupt("staging: not the entries that were staged");
    const std::size_t length = static_cast<std::size_t>(rest[0]) << 8 | static_cast<std::size_t>(rest[1]);
    if (rest.size() - entry_length_bytes < length) return corrupt("staging: not the entries that were staged");
    tree.append(leaf_hash(take_entry(rest).subspan(entry_length_bytes)));
  }
  if (tree.root() != root) return corrupt("staging: what was stored does not hash to what was to be signed");
  return {};
}

// Compare and swap: the lock file must hold what we signed last, or somebody else signs this log too.
Result<void> Log::sign(std::uint64_t size, const Hash& root) {
  const std::string path = own(log_files::last_signed);
  if (!lock_text_.empty()) {
    ZAN_ASSIGN(const Bytes held, storage::read_file(lock_disk(), path));
    if (as_text(held) != lock_text_)
      return conflict(fmt::format("{} does not hold what this process signed last: it is not alone", path));
  }
  SignedCheckpoint next{{options_.origin, size, root}, {}};
  next.note = keys_.sign(to_text(next.checkpoint));
  std::string text = to_text(next.note);
  ZAN_TRY(storage::write_file(lock_disk(), path, as_bytes(text)));
  lock_text_ = std::move(text);
  signed_ = std::move(next);
  return {};
}

Result<void> Log::publish(std::span<const NoteSignature> cosignatures) {
  ZAN_TRY(usable());
  // Ours first: there are readers who look at no other line.
  Note note = signed_.note;
  note.signatures.insert(note.signatures.end(), cosignatures.begin(), cosignatures.end());
  // An older one may come back when power is lost: what was signed is published again by the next start.
  ZAN_TRY(storage::replace_file(disk_, shared(log_files::checkpoint), as_bytes(to_text(note))));
  if (published_size_ == size()) return {};
  published_before_ = published_size_;
  published_size_ = size();
  return {};
}

Result<void> Log::settle() {
  ZAN_TRY(usable());
  ZAN_TRY(unbroken(disk_.sync_all()));
  const StagingBase base{size(), signed_.checkpoint.root, writer_.litter()};
  auto started = Staging::start(disk_, own(log_files::staging), base);
  if (!started.ok()) return unbroken(started.error());
  staging_.emplace(std::move(started).value());
  return writer_.clean(published_before_);
}

Result<TreeReader> Log::reader() {
  return TreeReader::open(tiles_, size(), signed_.checkpoint.root);
}

Result<void> Log::check_seen(const Checkpoint& seen) {
  if (seen.origin != options_.origin) return conflict(fmt::format("a checkpoint of another log, {}", seen.origin));
  if (seen.size > size())
    return conflict(fmt::format("the log was signed up to {}, and holds {}: a backup was restored", seen.size, size()));
  ZAN_ASSIGN(TreeReader tree, reader());
  ZAN_ASSIGN(const Hash root, tree.root_at(seen.size));
  if (root != seen.root)
    return conflict(fmt::format("a checkpoint of size {} has another root than the log: a fork", seen.size));
  return {};
}

Result<void> Log::verify(const std::function<void(double)>& progress) {
  ZAN_ASSIGN(TreeReader tree, reader());
  return verify_all(tree, progress);
}

Result<void> Log::resign() {
  ZAN_TRY(unbroken(sign(size(), signed_.checkpoint.root)));
  ZAN_TRY(show_keys());
  return publish();
}

Result<void> Log::add_key(Entropy& entropy) {
  ZAN_TRY(usable());
  ZAN_TRY(keys_.add(entropy));
  return resign();
}

// The newest key must have signed what lies in the files before the others are forgotten, or nothing could be verified
// any more.
Result<void> Log::retire_old_keys() {
  ZAN_TRY(usable());
  ZAN_TRY(resign());
  ZAN_TRY(keys_.retire_old());
  return resign();
}

}  // namespace zan::evidence
