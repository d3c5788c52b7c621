#include "base/result.h"

#include <cstdio>
#include <cstdlib>

namespace zan {

void require_failed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: requirement broken: %s\n", file, line, what);
  std::abort();
}

const char* to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid:
      return "invalid";
    case ErrorKind::not_found:
      return "not_found";
    case ErrorKind::conflict:
      return "conflict";
    case ErrorKind::refused:
      return "refused";
    case ErrorKind::limited:
      return "limited";
    case ErrorKind::expired:
      return "expired";
    case ErrorKind::unavailable:
      return "unavailable";
    case ErrorKind::corrupt:
      return "corrupt";
    case ErrorKind::unsupported:
      return "unsupported";
  }
  return "unknown";
}

}  // namespace zan
