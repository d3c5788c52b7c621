#include "connectors/log_follower.h"

#include <fmt/format.h>

namespace zan::connectors {
namespace {

using evidence::Checkpoint;
using evidence::TreeReader;

// Signed by a log of the policy under its own name; the quorum is not asked for.
Result<Checkpoint> open_signed(std::string_view note, const evidence::Policy& policy) {
  evidence::Policy logs_only;
  logs_only.logs = policy.logs;
  ZAN_ASSIGN(const auto checkpoint, evidence::parse_signed_checkpoint(note));
  ZAN_ASSIGN(const auto verdict, evidence::check_policy(logs_only, checkpoint));
  return verdict.checkpoint;
}

Error fork(const Checkpoint& older, const Checkpoint& newer) {
  return conflict(
      fmt::format("the log was forked: its tree of {} entries does not continue the one of {} entries that it signed "
                  "before",
                  newer.size, older.size));
}

Result<void> check_continues(TreeReader& tree, const Checkpoint& older, const Checkpoint& newer) {
  if (older.size > newer.size)
    return conflict(
        fmt::format("the log was rolled back: it has {} entries, and had signed {}", newer.size, older.size));
  ZAN_ASSIGN(const evidence::Hash root, tree.root_at(older.size));
  if (root != older.root) return fork(older, newer);
  return {};
}

}  // namespace

Result<Checkpoint> verify_continues(TreeReader& reader, std::string_view older_checkpoint, const std::string& origin,
                                    const evidence::Policy& policy) {
  ZAN_ASSIGN(Checkpoint older, open_signed(older_checkpoint, policy));
  if (older.origin != origin)
    return conflict(fmt::format("the older checkpoint is of the log {}, not of {}", older.origin, origin));
  ZAN_TRY(check_continues(reader, older, {origin, reader.size(), reader.root()}));
  return older;
}

Result<void> LogFollower::remember(std::string_view signed_checkpoint) {
  ZAN_ASSIGN(last_, open_signed(signed_checkpoint, policy_));
  note_ = signed_checkpoint;
  return {};
}

// What needs no tile: the reason is then not one of tiles that are missing.
Result<void> LogFollower::check_step(const Checkpoint& next) const {
  if (!last_) return {};
  if (next.origin != last_->origin)
    return conflict(fmt::format("this is the log {}, and {} was looked at before", next.origin, last_->origin));
  if (next.size < last_->size)
    return conflict(
        fmt::format("the log was rolled back: it has {} entries, and had signed {}", next.size, last_->size));
  if (next.size == last_->size && next.root != last_->root)
    return conflict(fmt::format("the log was forked: it has signed two trees of {} entries", next.size));
  return {};
}

Result<void> LogFollower::read_new(TreeReader& tree, const std::function<void(double)>& progress) const {
  const std::uint64_t size = tree.size();
  const std::uint64_t from = last_ ? last_->size : 0;
  if (from == size) return {};
  for (std::uint64_t bundle = from / evidence::tile_width; bundle * evidence::tile_width < size; ++bundle) {
    ZAN_TRY(tree.bundle(bundle));
    const std::uint64_t done = bundle * evidence::tile_width;
    if (progress && done > from) progress(static_cast<double>(done - from) / static_cast<double>(size - from));
  }
  return {};
}

Result<LogFollower::Look> LogFollower::look(const std::function<void(double)>& progress) {
  ZAN_ASSIGN(std::string note, source_.read_checkpoint());
  ZAN_ASSIGN(const auto checkpoint, evidence::parse_signed_checkpoint(note));
  ZAN_ASSIGN(evidence::PolicyVerdict verdict, evidence::check_policy(policy_, checkpoint));
  const Checkpoint& next = verdict.checkpoint;
  ZAN_TRY(check_step(next));
  ZAN_ASSIGN(TreeReader tree, TreeReader::open(source_, next.size, next.root));
  if (last_) ZAN_TRY(check_continues(tree, *last_, next));
  ZAN_TRY(read_new(tree, progress));
  const std::uint64_t new_entries = next.size - (last_ ? last_->size : 0);
  last_ = next;
  note_ = std::move(note);
  tree_ = std::move(tree);
  return Look{std::move(verdict), new_entries};
}

}  // namespace zan::connectors
