// How the benchmark dies: a wrong answer, a refused connection or a missing program ends the run
// loudly. A benchmark has no caller who could act on an error, so this is an exception that only
// main() catches.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace zan::bench {

class BenchFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

template <typename... Args>
[[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) {
  throw BenchFailure(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace zan::bench
