// A server that the benchmark starts and always stops.
// Owns: the process; the destructor ends it (SIGTERM, after ten seconds SIGKILL). If the benchmark
// itself dies the kernel kills the child. Its output goes to a file, so that it never blocks on a
// full pipe. Threads: start() only from the thread that lives as long as the program.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace zan::bench {

struct ChildOptions {
  std::filesystem::path log;     // stdout and stderr, appended
  std::string user;              // run as this user when we are root; empty: as ourselves
  std::filesystem::path folder;  // working folder; empty: ours
};

class Child {
 public:
  Child() = default;
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();

  static Child start(const std::vector<std::string>& arguments, const ChildOptions& options);

  pid_t pid() const { return pid_; }
  bool running();  // false once it has ended by itself

  void stop(int signal_number);  // sends, waits up to ten seconds, then SIGKILL
  void kill_hard();              // SIGKILL at once, waits
  int wait();                    // until it ends by itself; the status as of waitpid

 private:
  pid_t pid_ = -1;
};

// Runs to the end; fails with the tail of the log unless it exits with 0.
void run_to_end(const std::vector<std::string>& arguments, const ChildOptions& options);

// The last bytes of a log, for messages.
std::string log_tail(const std::filesystem::path& log);

}  // namespace zan::bench
