// What tests compare the journal with: a plain vector of what was appended.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "storage/journal.h"

namespace zan::storage {

struct TwinGroup {
  Position first;
  Timestamp at;
  std::vector<std::string> records;

  bool operator==(const TwinGroup&) const = default;
  [[nodiscard]] Position last() const { return {first.value + records.size() - 1}; }
};

inline GroupBuilder build(const std::vector<std::string>& records) {
  GroupBuilder builder;
  for (const std::string& record : records) builder.add(as_bytes(record));
  return builder;
}

inline std::vector<std::string> random_records(Rng& rng, std::size_t count_max, std::size_t bytes_max) {
  std::vector<std::string> records(1 + rng.below(count_max));
  for (std::string& record : records) {
    record.resize(1 + rng.below(bytes_max));
    for (char& byte : record) byte = static_cast<char>(rng.next());
  }
  return records;
}

// The group as a reader sees it.
inline TwinGroup copy(const Group& group) {
  TwinGroup twin{group.first, group.at, {}};
  ByteSpan record;
  for (RecordReader records(group.payload); records.next(record);) twin.records.emplace_back(as_text(record));
  return twin;
}

// Everything a fresh reader gets from `after` on.
inline Result<std::vector<TwinGroup>> read_all(const Journal& journal, Position after = {}) {
  std::vector<TwinGroup> groups;
  ZAN_ASSIGN(const auto reader, journal.read(after));
  for (Group group;;) {
    ZAN_ASSIGN(const bool there, reader->next(group));
    if (!there) return groups;
    groups.push_back(copy(group));
    if (groups.back().records.size() != group.count) return corrupt("the count does not fit the records");
  }
}

// Appends, and keeps the books.
class TwinJournal {
 public:
  explicit TwinJournal(Journal& journal) : journal_(&journal) {}

  Result<Position> append(const std::vector<std::string>& records, Timestamp at) {
    const Position first{journal_->last().value + 1};
    auto last = journal_->append(build(records), at);
    if (last.ok()) groups_.push_back({first, at, records});
    return last;
  }
  [[nodiscard]] const std::vector<TwinGroup>& groups() const { return groups_; }

 private:
  Journal* journal_;
  std::vector<TwinGroup> groups_;
};

}  // namespace zan::storage
