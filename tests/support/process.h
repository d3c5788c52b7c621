// Programs started by the tests: `zan serve` until it listens, and short commands until they end.
//
// Their standard error goes to a file, shown when something is wrong. A Server still running at destruction is killed.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace zan::testing_support {

inline constexpr int start_timeout_seconds = 120;

struct Exit {
  int code = 0;        // 128 + signal when killed
  std::string output;  // standard output and error
};

// Runs a program to its end.
Exit run_program(const std::vector<std::string>& arguments, const std::filesystem::path& log);

class Server {
 public:
  // Starts a program and waits for the line "listening on http://127.0.0.1:PORT". Throws Trouble, with what it said, when it
  // ends before or takes longer than start_timeout_seconds.
  Server(const std::vector<std::string>& arguments, const std::filesystem::path& log);
  // `zan serve` on a free port.
  Server(const std::filesystem::path& zan, const std::filesystem::path& data, const std::filesystem::path& log,
         const std::vector<std::string>& more_arguments = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] pid_t pid() const { return pid_; }

  void kill_hard();  // kill -9, and waits until it is gone
  Exit stop();       // SIGTERM, and waits; what an operator's Ctrl-C does
  // SIGTERM, and kill -9 if it has not ended after `patience_ms`.
  void stop_or_kill(int patience_ms);

 private:
  void wait_until_listening();
  int reap();

  pid_t pid_ = -1;
  int out_ = -1;       // its standard output
  std::thread drain_;  // reads it to the end, so that a server with much to say does not wait for us
  std::uint16_t port_ = 0;
  std::filesystem::path log_;
};

// Starts a server and kills it after `life_ms`, or when it listens, whichever comes first: a crash in the middle of recovery.
void start_and_kill(const std::filesystem::path& zan, const std::filesystem::path& data,
                    const std::filesystem::path& log, const std::vector<std::string>& more_arguments, int life_ms);

// The last lines of a log file.
std::string tail(const std::filesystem::path& log);

}  // namespace zan::testing_support
