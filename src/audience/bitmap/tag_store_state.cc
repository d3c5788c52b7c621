// The tags on disk: section "tags", a record a set that is not empty: block, value, content.
#include "audience/bitmap/tag_store.h"
#include "base/require.h"

namespace zan::audience {

Result<void> TagStore::save(StateWriter& writer) const {
  ZAN_TRY(writer.begin("tags"));
  Result<void> written;
  for (std::uint32_t number = 0; number < block_count() && written.ok(); ++number) {
    with_block(number, [&](const Block& block) {
      for (std::uint32_t value = 0; value < block.sets_.size() && written.ok(); ++value) {
        if (block.sets_[value].size() == 0) continue;
        put_varint(writer.chunk(), number);
        put_varint(writer.chunk(), value);
        block.sets_[value].put(writer.chunk());
        written = writer.spill();
      }
    });
  }
  return written;
}

bool TagStore::load_set(ByteReader& chunk) {
  const std::uint32_t number = chunk.varint32(), value = chunk.varint32();
  if (number >= blocks_max || value >= values_max) return false;
  BlockSet set;
  if (!set.take(chunk)) return false;
  Block& here = block(number);
  const std::unique_lock lock(here.mutex_);
  here.set({value}) = std::move(set);
  return true;
}

Result<void> TagStore::load(StateReader& reader) {
  require(block_count() == 0, "tags are loaded into an empty store");
  ZAN_TRY(reader.begin("tags"));
  while (true) {
    ZAN_ASSIGN(ByteReader chunk, reader.next());
    if (chunk.done()) break;
    while (!chunk.done())
      if (!load_set(chunk)) return reader.damaged();
  }
  version_.fetch_add(1, std::memory_order_release);
  return {};
}

}  // namespace zan::audience
