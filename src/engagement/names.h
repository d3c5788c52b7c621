// Ids back to names, for answers, streams and exports, with a small cache: the same few hundred names come up again and
// again in a page or a chunk.
//
// Threads: one.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engagement/events.h"
#include "engagement/render.h"
#include "storage/storage.h"

namespace zan::engagement {

// A comment's text. corrupt: not sealed under this key.
Result<std::string> open_comment(const storage::PersonKey& key, ByteSpan sealed);
// What was put of a person, as JSON. corrupt: as above.
Result<std::string> open_attributes(const storage::PersonKey& key, ByteSpan sealed);

class Names {
 public:
  explicit Names(const storage::Registry& registry) : registry_(registry), cache_(cache_slots) {}

  // Empty for id zero and for what was erased.
  Result<std::string_view> name(std::uint32_t id);
  // All names of an act; its text is opened where the person's key is still there.
  Result<ActNames> of(const RecordedAct& act);
  Result<ActNames> of(const VerdictRecord& verdict);

 private:
  static constexpr std::size_t cache_slots = 4096;
  struct Slot {
    std::uint32_t id = 0;
    std::string name;
  };
  const storage::Registry& registry_;
  std::vector<Slot> cache_;
};

}  // namespace zan::engagement
