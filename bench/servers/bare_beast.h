// The rival of the `single` problem: a Beast server that reads each request and answers a fixed
// JSON body, after the library's own asynchronous example (one session object per connection, a
// strand each, a deadline per read). It parses no JSON and stores nothing: it is what HTTP alone
// costs with this library.
#pragma once

#include <filesystem>

#include "measure/child.h"

namespace zan::bench {

// Serves until killed; says on stdout where it listens.
void serve_bare_beast(int threads);

// The same in a process of its own: `self` is this program, which has a hidden subcommand for it.
class BareBeast {
 public:
  BareBeast(const std::filesystem::path& self, const std::filesystem::path& folder, int threads);
  std::uint16_t port() const { return port_; }
  pid_t pid() const { return child_.pid(); }

 private:
  Child child_;
  std::uint16_t port_ = 0;
};

}  // namespace zan::bench
