#include "zan/exit_code.h"

#include <fmt/format.h>

#include <cstdio>

namespace zan::app {

int fail(const Error& error) {
  const char* separator = error.field.empty() ? "" : ": ";
  fmt::print(stderr, "zan: {}{}{}\n", error.field, separator, error.message);
  switch (error.kind) {
    case ErrorKind::corrupt:
      return exit_findings;
    case ErrorKind::invalid:
    case ErrorKind::unsupported:
      return exit_usage;
    default:
      return exit_failed;
  }
}

}  // namespace zan::app
