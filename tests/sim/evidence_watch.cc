#include "sim/evidence_watch.h"

#include <fmt/format.h>

namespace zan::sim {
namespace {

constexpr const char* origin = "sim.example/log";

}  // namespace

void EvidenceWatch::step(engine::Core& core) {
  if (!view_) {
    auto opened = engine::EvidenceView::open(core, entropy_, {.origin = origin});
    if (!opened.ok()) return;
    view_ = std::move(opened).value();
  }
  const Result<bool> stepped = view_->step();
  if (!stepped.ok()) return;
  if (core.clock().now().us % 3 == 0) (void)view_->compact({});
  // What was published once is never unsaid, whatever befalls us afterwards.
  const Result<Bytes> note = view_->file("checkpoint");
  if (!note.ok()) return;
  const auto parsed = evidence::parse_signed_checkpoint(as_text(*note));
  if (parsed.ok() && (seen_.empty() || seen_.back() != parsed->checkpoint)) seen_.push_back(parsed->checkpoint);
}

std::string EvidenceWatch::finish(engine::Core& core) {
  if (!view_) {
    auto opened = engine::EvidenceView::open(core, entropy_, {.origin = origin});
    if (!opened.ok()) return "evidence: " + opened.error().message;
    view_ = std::move(opened).value();
  }
  for (;;) {
    const Result<bool> more = view_->step();
    if (!more.ok()) return "evidence: " + more.error().message;
    if (!*more) break;
  }
  if (std::string wrong = look(); !wrong.empty()) return wrong;
  return compare_with_journal(core);
}

// The log is whole, and continues everything that was ever published.
std::string EvidenceWatch::look() {
  const Result<Bytes> keys = view_->file("log.vkey");
  const Result<Bytes> note = view_->file("checkpoint");
  if (!keys.ok() || !note.ok()) return "evidence: no key or no checkpoint";
  const auto key = evidence::parse_vkey(as_text(*keys).substr(0, as_text(*keys).find('\n')));
  if (!key.ok()) return "evidence: " + key.error().message;
  policy_ = evidence::trust_one_log(*key);
  const auto checkpoint = evidence::open_checkpoint(as_text(*note), origin, {&*key, 1});
  if (!checkpoint.ok()) return "evidence: " + checkpoint.error().message;
  evidence::DiskTiles tiles(disk_, "log");
  auto tree = evidence::TreeReader::open(tiles, checkpoint->checkpoint.size, checkpoint->checkpoint.root);
  if (!tree.ok()) return "evidence: " + tree.error().message;
  if (const auto whole = evidence::verify_all(*tree); !whole.ok()) return "evidence: " + whole.error().message;
  for (const evidence::Checkpoint& seen : seen_) {
    if (seen.size > tree->size()) return fmt::format("evidence: published {}, and now has {}", seen.size, tree->size());
    const auto root = tree->root_at(seen.size);
    if (!root.ok() || *root != seen.root) return fmt::format("evidence: a fork at {}", seen.size);
  }
  return {};
}

std::string EvidenceWatch::compare_with_journal(engine::Core& core) {
  const auto reader = core.journal().read({});
  if (!reader.ok()) return "evidence: " + reader.error().message;
  std::uint64_t index = 0;
  for (storage::Group group;;) {
    const Result<bool> more = (*reader)->next(group);
    if (!more.ok()) return "evidence: " + more.error().message;
    if (!*more) break;
    Position position = group.first;
    ByteSpan record;
    for (storage::RecordReader records(group.payload); records.next(record); ++position.value) {
      const auto said = engine::read_logged(record, position, group.at);
      if (!said.ok()) return "evidence: " + said.error().message;
      if (!*said) continue;
      if (std::string wrong = check_receipt(core, position, (*said)->act.actor, index++); !wrong.empty()) return wrong;
    }
  }
  const engine::EvidenceStatus status = view_->status();
  if (status.entries != index || status.published != index)
    return fmt::format("evidence: {} entries, {} published, and the journal has {} acts to log", status.entries,
                       status.published, index);
  return {};
}

std::string EvidenceWatch::check_receipt(engine::Core& core, Position position, PersonId actor, std::uint64_t index) {
  const std::string event = "@" + std::to_string(position.value);
  const auto answer = view_->receipt(event, "");
  if (core.registry().erased(EntityId{actor.value})) {
    const bool gone = !answer.ok() && answer.error().kind == ErrorKind::expired;
    return gone ? std::string() : "evidence: a receipt of an erased person's " + event;
  }
  if (!answer.ok()) return "evidence: " + event + ": " + answer.error().message;
  if (answer->pending) return "evidence: " + event + " is still pending";
  if (answer->receipt.index != index)
    return fmt::format("evidence: {} is entry {} instead of {}", event, answer->receipt.index, index);
  const auto verified = evidence::verify_receipt(answer->receipt, policy_);
  return verified.ok() ? std::string() : "evidence: " + event + ": " + verified.error().message;
}

}  // namespace zan::sim
