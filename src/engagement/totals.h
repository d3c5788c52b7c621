// Totals: every counter, in memory, in one flat table indexed by dense id; and each subject's creator.
//
// They are the sum of all tally changes ever recorded: loaded from the set `tallies` at start (a few bytes a counter),
// kept by the writer, flushed as changes. 32 bytes a named thing for the eight organic counters; what is rare (incentivised,
// held, rejected, beyond 2^32) stands in a side map.
//
// Threads: change by the writer under the Store's mutex; read under it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "engagement/events.h"

namespace zan::engagement {

enum class Role : std::uint8_t { person = 0, subject = 1, creator = 2 };

// What a tally row counts: bits 7..6 role, bits 5..0 counter (0-7 organic, 8-15 incentivised, 16 held, 17 rejected).
// Stored in runs: never renumber.
inline constexpr unsigned held_counter = 16;
inline constexpr unsigned rejected_counter = 17;
inline constexpr unsigned counter_count = 18;
constexpr std::uint8_t tally_slot(Role role, Tallied kind, bool incentivised) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(role) << 6 | (incentivised ? tallied_count : 0) |
                                   static_cast<unsigned>(kind));
}
// Where an act is counted that is held to be this; counter_count: nowhere. `held` and `rejected` are of likes alone.
constexpr unsigned counter_for(Tallied kind, bool incentivised, Verdict verdict) {
  if (verdict == Verdict::genuine) return tally_slot(Role::person, kind, incentivised);
  if (kind != Tallied::likes) return counter_count;
  return verdict == Verdict::held ? held_counter : rejected_counter;
}
constexpr std::uint8_t tally_slot(Role role, unsigned counter) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(role) << 6 | counter);
}
constexpr Role role_of(std::uint8_t slot) {
  return static_cast<Role>(slot >> 6);
}
constexpr unsigned counter_of(std::uint8_t slot) {
  return slot & 0x3f;
}

class Totals {
 public:
  void prefetch(std::uint32_t entity) const {
    if (const Row* row = find(entity)) __builtin_prefetch(row);
  }
  // A counter never goes below zero: that would be our own mistake.
  void add(std::uint32_t entity, std::uint8_t slot, std::int64_t amount);
  [[nodiscard]] Tally get(std::uint32_t entity) const;
  [[nodiscard]] std::uint64_t likes(std::uint32_t entity) const {
    const Row* row = find(entity);
    return row == nullptr ? 0 : (*row)[0] + carry(entity);
  }
  // Subjects that were ever counted, in the order they came.
  [[nodiscard]] const std::vector<std::uint32_t>& subjects() const { return subjects_; }

  [[nodiscard]] CreatorId creator_of(SubjectId subject) const {
    const std::size_t chunk = subject.value / chunk_rows;
    if (chunk >= creators_.size() || creators_[chunk] == nullptr) return {};
    return {(*creators_[chunk])[subject.value % chunk_rows]};
  }
  void set_creator(SubjectId subject, CreatorId creator);

 private:
  static constexpr std::size_t chunk_rows = 4096;
  using Row = std::array<std::uint32_t, tallied_count>;
  using Wide = std::array<std::uint64_t, counter_count>;  // organic: the part above 2^32, shifted down

  [[nodiscard]] const Row* find(std::uint32_t entity) const {
    const std::size_t chunk = entity / chunk_rows;
    return chunk < rows_.size() && rows_[chunk] != nullptr ? &(*rows_[chunk])[entity % chunk_rows] : nullptr;
  }
  Row& row(std::uint32_t entity);
  [[nodiscard]] std::uint64_t carry(std::uint32_t entity) const;  // of likes

  std::vector<std::unique_ptr<std::array<Row, chunk_rows>>> rows_;
  std::vector<std::unique_ptr<std::array<std::uint32_t, chunk_rows>>> creators_;
  std::unordered_map<std::uint32_t, Wide> wide_;
  std::vector<std::uint32_t> subjects_;
  std::vector<bool> is_subject_;
};

}  // namespace zan::engagement
