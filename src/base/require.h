// require(): stops the process on our own mistakes, in release builds too.
//
// Never for what a client, peer, clock or disk controls: those are Errors (base/result.h).
#pragma once

namespace zan {

[[noreturn]] void require_failed(const char* what, const char* file, int line);

inline void require(bool holds, const char* what, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  if (!holds) [[unlikely]]
    require_failed(what, file, line);
}

}  // namespace zan
