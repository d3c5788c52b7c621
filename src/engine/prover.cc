#include "engine/prover.h"

#include <algorithm>

namespace zan::engine {
namespace {

// Entries that go into the log together: enough to share the syncs, few enough to be done in a fraction of a second.
constexpr std::size_t batch_entries_target = 64 * 1024;
// Acts that are looked up together.
constexpr std::size_t acts_at_once = 4096;
// While there is more to log a checkpoint is published this often.
constexpr std::int64_t publish_us = 500'000;
// Rows that wait because the index cannot be written; then nothing is logged until it can.
constexpr std::size_t stalled_rows = 4 * evidence::waiting_rows_max;

}  // namespace

Prover::Prover(const ProverRooms& rooms, std::string origin)
    : rooms_(rooms), origin_(std::move(origin)), opener_(rooms.registry), cache_(rooms.registry) {}

Result<void> PersonCache::find(std::span<const JournalAct> acts, std::vector<storage::Registry::Person>& out) {
  out.resize(acts.size());
  missing_.clear();
  places_.clear();
  for (std::size_t i = 0; i < acts.size(); ++i) {
    const PersonId id = acts[i].act.actor;
    const Slot& slot = slots_[id.value % slot_count];
    if (slot.id == id && !registry_.erased(EntityId{id.value})) {
      out[i] = slot.person;
    } else {
      missing_.push_back(id);
      places_.push_back(i);
    }
  }
  ZAN_TRY(registry_.persons(missing_, found_));
  for (std::size_t i = 0; i < missing_.size(); ++i) {
    out[places_[i]] = found_[i];
    slots_[missing_[i].value % slot_count] = {missing_[i], found_[i]};
  }
  return {};
}

Result<void> Prover::resume() {
  log_.reset();
  ZAN_ASSIGN(log_,
             evidence::Log::open(rooms_.disk, rooms_.entropy, {.origin = origin_, .lock_disk = rooms_.lock_disk}));
  batch_.clear();
  new_entries_.clear();
  acts_.clear();
  next_index_ = rooms_.index.entries();
  processed_ = gathered_ = rooms_.index.position();
  if (next_index_ > log_->size())
    return conflict("the log has " + std::to_string(log_->size()) + " entries, and had " + std::to_string(next_index_) +
                    " once: an old one was put back");
  if (processed_ > rooms_.journal.synced())
    return conflict("the log was made from a longer journal than this one: an old one was put back");
  ZAN_ASSIGN(reader_, rooms_.journal.read(processed_));
  records_ = storage::RecordReader{ByteSpan{}};
  // Witnesses may have seen more of this log than there is here: asked before anything is signed.
  if (rooms_.cosigners != nullptr) ZAN_TRY(publish());
  // Entries that are logged and not indexed.
  while (next_index_ < log_->size()) {
    ZAN_TRY(gather());
    if (new_entries_.empty())
      return conflict("the log has " + std::to_string(log_->size()) + " entries, and the journal makes only " +
                      std::to_string(next_index_) + ": an old journal was put back");
    ZAN_TRY(commit());
  }
  return {};
}

Result<bool> Prover::step() {
  ZAN_TRY(gather());
  const bool more = batch_.count() >= batch_entries_target;
  ZAN_TRY(commit());
  const bool due = rooms_.clock.monotonic_us() - published_at_us_ >= publish_us;
  if (log_->published_size() != log_->size() && (!more || due)) ZAN_TRY(publish());
  if (rooms_.index.full()) {
    const Result<void> flushed = rooms_.index.flush();
    if (!flushed.ok() && rooms_.index.waiting() >= stalled_rows) return flushed.error();
  }
  return more;
}

// Until a batch is full or the journal has no more.
Result<void> Prover::gather() {
  while (new_entries_.size() < batch_entries_target) {
    ZAN_ASSIGN(const bool more, next_acts());
    ZAN_TRY(add_acts());
    if (!more) return {};
  }
  return {};
}

// The next acts of one group, as their texts lie in its bytes. False: the journal has no more.
Result<bool> Prover::next_acts() {
  acts_.clear();
  ByteSpan record;
  while (acts_.size() < acts_at_once) {
    if (!records_.next(record)) {
      if (!records_.ok()) return corrupt("a journal group is malformed");
      if (!acts_.empty()) return true;
      ZAN_ASSIGN(const bool more, reader_->next(group_));
      if (!more) return false;
      records_ = storage::RecordReader(group_.payload);
      at_ = group_.first;
      continue;
    }
    const Position position{at_.value++};
    if (position <= gathered_) continue;
    gathered_ = position;
    ZAN_ASSIGN(const std::optional<JournalAct> said, read_logged(record, position, group_.at));
    if (said) acts_.push_back(*said);
  }
  return true;
}

Result<void> Prover::add_acts() {
  // An entry that is in the log already is only indexed.
  const std::size_t known = std::min<std::uint64_t>(acts_.size(), log_->size() - std::min(log_->size(), next_index_));
  ZAN_TRY(cache_.find(std::span(acts_).subspan(known), persons_));
  for (std::size_t i = 0; i < acts_.size(); ++i) {
    const JournalAct& said = acts_[i];
    new_entries_.push_back({{said.position, next_index_++, group_.lead},
                            said.act.subject.value,
                            said.act.creator.value,
                            said.act.has_id ? std::optional(said.act.id) : std::nullopt});
    if (i < known) continue;
    const storage::Registry::Person& person = persons_[i - known];
    if (person.name.empty()) {
      evidence::Hash random;
      rooms_.entropy.fill({reinterpret_cast<unsigned char*>(random.data()), random.size()});
      ZAN_TRY(batch_.add(evidence::make_entry(event_type(said), random)));
      continue;
    }
    ZAN_TRY(opener_.open(said, person, opened_));
    ZAN_TRY(batch_.add(evidence::entry_of(opened_.event, opened_.secrets.opening)));
  }
  return {};
}

Result<void> Prover::commit() {
  if (!batch_.empty()) ZAN_TRY(log_->integrate(batch_));
  for (const auto& entry : new_entries_) rooms_.index.add(entry);
  rooms_.index.reached(gathered_);
  processed_ = gathered_;
  batch_.clear();
  new_entries_.clear();
  return {};
}

Result<void> Prover::publish() {
  std::vector<evidence::NoteSignature> cosignatures;
  if (rooms_.cosigners != nullptr) {
    ZAN_ASSIGN(evidence::TreeReader tree, log_->reader());
    cosignatures = rooms_.cosigners->cosign(log_->signed_checkpoint(), tree, cosigning_us_max);
    if (const auto alarm = rooms_.cosigners->alarm()) return conflict(*alarm);
  }
  ZAN_TRY(log_->publish(cosignatures));
  published_at_us_ = rooms_.clock.monotonic_us();
  return {};
}

Result<void> Prover::close() {
  if (!log_) return {};
  ZAN_TRY(rooms_.index.flush());
  return log_->settle();
}

}  // namespace zan::engine
