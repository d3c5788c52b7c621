#include "support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>

#include "support/outcome.h"

namespace zan::testing_support {
namespace {

using std::chrono::steady_clock;

// Starts a program whose standard output is `out` and whose standard error is appended to `log`.
pid_t spawn(const std::vector<std::string>& arguments, int out, const std::filesystem::path& log) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const int err = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  const pid_t pid = ::fork();
  if (pid != 0) {
    ::close(err);
    return pid;
  }
  ::dup2(out < 0 ? err : out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

struct Started {
  pid_t pid;
  int out;
};

std::vector<std::string> serve_arguments(const std::filesystem::path& zan, const std::filesystem::path& data,
                                         const std::vector<std::string>& more_arguments) {
  std::vector<std::string> arguments = {zan.string(), "serve",       "--data", data.string(),
                                        "--listen",   "127.0.0.1:0", "--demo", "none"};
  arguments.insert(arguments.end(), more_arguments.begin(), more_arguments.end());
  return arguments;
}

Started spawn_server(const std::vector<std::string>& arguments, const std::filesystem::path& log) {
  int pipe_ends[2];
  if (::pipe2(pipe_ends, O_CLOEXEC) != 0) throw Trouble("no pipe");
  const pid_t pid = spawn(arguments, pipe_ends[1], log);
  ::close(pipe_ends[1]);
  return {pid, pipe_ends[0]};
}

// False when `descriptor` had nothing to say within `ms`.
bool readable_within(int descriptor, int ms) {
  pollfd readable{descriptor, POLLIN, 0};
  return ::poll(&readable, 1, ms) > 0;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int exit_code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

std::string tail(const std::filesystem::path& log) {
  constexpr std::size_t shown_bytes_max = 4000;
  const std::string text = read_file(log);
  return text.size() <= shown_bytes_max ? text : "...\n" + text.substr(text.size() - shown_bytes_max);
}

Exit run_program(const std::vector<std::string>& arguments, const std::filesystem::path& log) {
  std::error_code ignored;
  std::filesystem::remove(log, ignored);
  const pid_t pid = spawn(arguments, -1, log);
  int status = 0;
  ::waitpid(pid, &status, 0);
  return {exit_code_of(status), read_file(log)};
}

Server::Server(const std::filesystem::path& zan, const std::filesystem::path& data, const std::filesystem::path& log,
               const std::vector<std::string>& more_arguments)
    : Server(serve_arguments(zan, data, more_arguments), log) {}

Server::Server(const std::vector<std::string>& arguments, const std::filesystem::path& log) : log_(log) {
  const Started started = spawn_server(arguments, log);
  pid_ = started.pid;
  out_ = started.out;
  try {
    wait_until_listening();
    drain_ = std::thread([out = out_] {
      char bytes[4096];
      while (::read(out, bytes, sizeof bytes) > 0) {
      }
    });
  } catch (const Trouble&) {
    kill_hard();
    throw;
  }
}

Server::~Server() {
  kill_hard();
}

void Server::wait_until_listening() {
  constexpr std::string_view announcement = "listening on http://127.0.0.1:";
  const auto deadline = steady_clock::now() + std::chrono::seconds(start_timeout_seconds);
  std::string said;
  for (;;) {
    const auto at = said.find(announcement);
    if (at != std::string::npos && said.find('\n', at) != std::string::npos) {
      const char* digits = said.data() + at + announcement.size();
      std::from_chars(digits, said.data() + said.size(), port_);
      return;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now()).count();
    if (left <= 0 || !readable_within(out_, static_cast<int>(left))) {
      throw Trouble("the server does not listen after " + std::to_string(start_timeout_seconds) + " s; it said:\n" +
                    said + tail(log_));
    }
    char bytes[4096];
    const ssize_t got = ::read(out_, bytes, sizeof bytes);
    if (got <= 0) {
      const int code = reap();
      throw Trouble("the server ended with code " + std::to_string(code) + " before it listened; it said:\n" + said +
                    tail(log_));
    }
    said.append(bytes, static_cast<std::size_t>(got));
  }
}

int Server::reap() {
  int status = 0;
  if (pid_ > 0) ::waitpid(pid_, &status, 0);
  pid_ = -1;
  if (drain_.joinable()) drain_.join();
  if (out_ >= 0) ::close(out_);
  out_ = -1;
  return exit_code_of(status);
}

void Server::kill_hard() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
  reap();
}

Exit Server::stop() {
  if (pid_ > 0) ::kill(pid_, SIGTERM);
  const int code = reap();
  return {code, tail(log_)};
}

void Server::stop_or_kill(int patience_ms) {
  if (pid_ <= 0) return;
  const int ended = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  ::kill(pid_, SIGTERM);
  readable_within(ended, patience_ms);
  ::close(ended);
  kill_hard();
}

void start_and_kill(const std::filesystem::path& zan, const std::filesystem::path& data,
                    const std::filesystem::path& log, const std::vector<std::string>& more_arguments, int life_ms) {
  const Started started = spawn_server(serve_arguments(zan, data, more_arguments), log);
  readable_within(started.out, life_ms);
  ::kill(started.pid, SIGKILL);
  ::waitpid(started.pid, nullptr, 0);
  ::close(started.out);
}

}  // namespace zan::testing_support
