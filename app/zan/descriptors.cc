#include "zan/descriptors.h"

#include <sys/resource.h>

#include "base/log.h"

namespace zan::app {
namespace {

constexpr std::size_t files_of_our_own = 1024;  // runs, journal, RocksDB

}  // namespace

void raise_descriptor_limit(std::size_t connections) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= connections + files_of_our_own) return;
  log::warn("the limit of open files is below what all connections need; raise it (ulimit -n)",
            {{"open_files", limit.rlim_cur}, {"connections", connections}});
}

}  // namespace zan::app
