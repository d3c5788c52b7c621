// Who did what, on disk: section "events", a record a day of a log: block, log, day, the users as they came.
#include <algorithm>
#include <cstring>
#include <mutex>
#include <shared_mutex>

#include "audience/events/event_index.h"
#include "base/require.h"

namespace zan::audience {

Result<void> EventIndex::save(StateWriter& writer) {
  fold_pending();
  ZAN_TRY(writer.begin("events"));
  for (std::uint32_t number = 0; number < blocks_max; ++number) {
    const Block* const block = blocks_[number].load(std::memory_order_acquire);
    if (block == nullptr) continue;
    const std::shared_lock lock(block->mutex);
    for (std::size_t log = 0; log < block->logs.size(); ++log) {
      for (const Day& day : block->logs[log]) {
        for (const std::uint64_t head : {std::uint64_t{number}, std::uint64_t{log}, std::uint64_t{day.day},
                                         std::uint64_t{day.users.size()}})
          put_varint(writer.chunk(), head);
        put_bytes(writer.chunk(), std::as_bytes(std::span(day.users)));
        ZAN_TRY(writer.spill());
      }
    }
  }
  return {};
}

bool EventIndex::load_day(ByteReader& chunk) {
  const std::uint32_t number = chunk.varint32();
  const std::uint64_t log = chunk.varint();
  const std::uint32_t day = chunk.varint32(), count = chunk.varint32();
  const ByteSpan bytes = chunk.take(std::size_t{count} * sizeof(std::uint16_t));
  if (!chunk.ok() || number >= blocks_max || log >= logs()) return false;
  Block& here = block(number);
  const std::unique_lock lock(here.mutex);
  std::vector<Day>& days = here.logs[log];
  if (!days.empty() && days.back().day >= day) return false;
  std::vector<std::uint16_t>& users = days.emplace_back(Day{day, {}}).users;
  users.resize(count);
  if (count != 0) std::memcpy(users.data(), bytes.data(), bytes.size());
  newest_ = std::max(newest_, day);
  return true;
}

Result<void> EventIndex::load(StateReader& reader) {
  require(newest_ == 0, "events are loaded into an empty index");
  ZAN_TRY(reader.begin("events"));
  while (true) {
    ZAN_ASSIGN(ByteReader chunk, reader.next());
    if (chunk.done()) return {};
    while (!chunk.done())
      if (!load_day(chunk)) return reader.damaged();
  }
}

}  // namespace zan::audience
