#include "matching/facts.h"

namespace zan::matching {

const char* to_string(SourceKind kind) {
  static constexpr const char* names[source_count] = {"unknown",  "similar", "taste", "content", "followed",
                                                      "trending", "scene",   "fresh", "pinned",  "campaign"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace zan::matching
