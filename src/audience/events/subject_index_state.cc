// The subject index in the room's state file (docs/formats/audience_state.md).
//
//   subjects   first the newest day; then of every log in pieces: target, how many words, the words as differences
//   creators   creator, subject, in the order in which a creator's came
// All numbers are varints. A log that is longer than a piece goes on in the next record of that target.
#include <algorithm>
#include <unordered_set>

#include "audience/events/subject_index.h"

namespace zan::audience {
namespace {

constexpr std::size_t piece_words = 1U << 16;

}  // namespace

Result<void> SubjectIndex::save(StateWriter& writer) const {
  ZAN_TRY(writer.begin("subjects"));
  put_varint(writer.chunk(), newest_.load(std::memory_order_relaxed));
  for (std::uint32_t i = 0; i < stripes; ++i) {
    for (std::size_t slot = 0; slot < stripes_[i].logs.size(); ++slot) {
      if (stripes_[i].logs[slot] == nullptr) continue;
      Log log = *stripes_[i].logs[slot];
      settle(log, oldest_day());
      std::erase_if(log.words, [](Word one) { return (one & 1) != 0; });
      for (std::size_t from = 0; from < log.words.size(); from += piece_words) {
        const std::size_t to = std::min(log.words.size(), from + piece_words);
        put_varint(writer.chunk(), slot * stripes + i);
        put_varint(writer.chunk(), to - from);
        Word before = 0;
        for (std::size_t at = from; at < to; ++at) {
          put_varint(writer.chunk(), log.words[at] - before);
          before = log.words[at];
        }
        ZAN_TRY(writer.spill());
      }
    }
  }
  return save_creators(writer);
}

Result<void> SubjectIndex::save_creators(StateWriter& writer) const {
  ZAN_TRY(writer.begin("creators"));
  const auto put = [&](std::uint32_t creator, std::uint32_t subject) {
    put_varint(writer.chunk(), creator);
    put_varint(writer.chunk(), subject);
    return writer.spill();
  };
  std::unordered_set<std::uint32_t> listed;
  for (const auto& [creator, subjects] : subjects_of_) {
    for (const std::uint32_t subject : subjects) {
      ZAN_TRY(put(creator, subject));
      if (subjects.size() == creator_subjects_max) listed.insert(subject);
    }
  }
  // Those for which a creator's list had no room.
  for (std::uint32_t subject = 0; subject < creator_of_.size(); ++subject) {
    const std::uint32_t creator = creator_of_[subject];
    if (creator != 0 && subjects_of_.at(creator).size() == creator_subjects_max && !listed.contains(subject))
      ZAN_TRY(put(creator, subject));
  }
  return {};
}

bool SubjectIndex::load_log(ByteReader& chunk) {
  const std::uint32_t target = chunk.varint32();
  const std::uint64_t count = chunk.varint();
  if (!chunk.ok() || target == 0 || count == 0 || count > piece_words) return false;
  Stripe& stripe = stripes_[target % stripes];
  const std::size_t slot = target / stripes;
  if (slot >= stripe.logs.size()) stripe.logs.resize(slot + 1);
  if (stripe.logs[slot] == nullptr) stripe.logs[slot] = std::make_unique<Log>();
  Log& log = *stripe.logs[slot];
  log.words.reserve(log.words.size() + count);
  Word before = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const Word one = before + chunk.varint();
    const bool ascends = one > (i == 0 && !log.words.empty() ? log.words.back() : before);
    if (!chunk.ok() || !ascends || (one & 1) != 0 || (one >> 33 & 7) >= role_count ||
        one >> 36 > newest_.load(std::memory_order_relaxed))
      return false;
    log.words.push_back(one);
    before = one;
  }
  log.sorted = static_cast<std::uint32_t>(log.words.size());
  return true;
}

Result<void> SubjectIndex::load_creators(StateReader& reader) {
  ZAN_TRY(reader.begin("creators"));
  while (true) {
    ZAN_ASSIGN(ByteReader chunk, reader.next());
    if (chunk.done()) return {};
    while (!chunk.done()) {
      const std::uint32_t creator = chunk.varint32(), subject = chunk.varint32();
      if (!chunk.ok() || creator == 0 || subject == 0) return reader.damaged();
      put_creator({subject}, {creator});
    }
  }
}

Result<void> SubjectIndex::load(StateReader& reader) {
  ZAN_TRY(reader.begin("subjects"));
  ZAN_ASSIGN(ByteReader chunk, reader.next());
  const std::uint32_t newest = chunk.varint32();
  if (!chunk.ok() || newest > 0xffff) return reader.damaged();
  newest_.store(newest, std::memory_order_relaxed);
  while (true) {
    while (!chunk.done())
      if (!load_log(chunk)) return reader.damaged();
    ZAN_ASSIGN(chunk, reader.next());
    if (chunk.done()) return load_creators(reader);
  }
}

}  // namespace zan::audience
