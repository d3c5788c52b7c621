#include "engagement/totals.h"

#include "base/require.h"

namespace zan::engagement {

Totals::Row& Totals::row(std::uint32_t entity) {
  const std::size_t chunk = entity / chunk_rows;
  if (chunk >= rows_.size()) rows_.resize(chunk + 1);
  if (rows_[chunk] == nullptr) rows_[chunk] = std::make_unique<std::array<Row, chunk_rows>>();
  return (*rows_[chunk])[entity % chunk_rows];
}

std::uint64_t Totals::carry(std::uint32_t entity) const {
  if (wide_.empty()) return 0;
  const auto found = wide_.find(entity);
  return found == wide_.end() ? 0 : found->second[0] << 32;
}

void Totals::add(std::uint32_t entity, std::uint8_t slot, std::int64_t amount) {
  if (role_of(slot) == Role::subject) {
    if (entity >= is_subject_.size()) is_subject_.resize(entity + entity / 2 + 1024);
    if (!is_subject_[entity]) {
      is_subject_[entity] = true;
      subjects_.push_back(entity);
    }
  }
  const unsigned counter = counter_of(slot);
  if (counter >= tallied_count) {
    auto& wide = wide_[entity][counter];
    wide += static_cast<std::uint64_t>(amount);
    require(static_cast<std::int64_t>(wide) >= 0, "a counter fell below zero");
    return;
  }
  auto& narrow = row(entity)[counter];
  const std::int64_t sum = static_cast<std::int64_t>(narrow) + amount;
  narrow = static_cast<std::uint32_t>(sum);
  if (const std::int64_t carried = sum >> 32; carried != 0) {
    auto& high = wide_[entity][counter];
    high += static_cast<std::uint64_t>(carried);
    require(static_cast<std::int64_t>(high) >= 0, "a counter fell below zero");
  }
}

Tally Totals::get(std::uint32_t entity) const {
  Tally tally;
  if (const Row* narrow = find(entity))
    for (std::size_t i = 0; i < tallied_count; ++i) tally.organic[i] = (*narrow)[i];
  if (wide_.empty()) return tally;
  if (const auto found = wide_.find(entity); found != wide_.end()) {
    for (std::size_t i = 0; i < tallied_count; ++i) {
      tally.organic[i] += found->second[i] << 32;
      tally.incentivised[i] = found->second[tallied_count + i];
    }
    tally.held = found->second[held_counter];
    tally.rejected = found->second[rejected_counter];
  }
  return tally;
}

void Totals::set_creator(SubjectId subject, CreatorId creator) {
  const std::size_t chunk = subject.value / chunk_rows;
  if (chunk >= creators_.size()) creators_.resize(chunk + 1);
  if (creators_[chunk] == nullptr) {
    creators_[chunk] = std::make_unique<std::array<std::uint32_t, chunk_rows>>();
    creators_[chunk]->fill(0);
  }
  (*creators_[chunk])[subject.value % chunk_rows] = creator.value;
}

}  // namespace zan::engagement
