#include "matching/signal.h"

namespace zan::matching {

const char* to_string(Signal signal) {
  static constexpr const char* names[signal_count] = {"click",   "long_view", "like", "follow",
                                                      "comment", "dislike",   "leave"};
  return names[static_cast<std::size_t>(signal)];
}

}  // namespace zan::matching
