#include "measure/child.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <utility>

#include "measure/clock.h"
#include "measure/fail.h"
#include "measure/scratch.h"

namespace zan::bench {

namespace {

constexpr double kStopSeconds = 10;
constexpr std::size_t kTailBytes = 2000;

// Runs in the forked child: only calls that are safe there.
[[noreturn]] void become(char* const* arguments, int log, const passwd* user, const char* folder) {
  setpgid(0, 0);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  if (user != nullptr && (setgroups(0, nullptr) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) {
    _exit(126);
  }
  if (folder != nullptr && chdir(folder) != 0) _exit(126);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  execvp(arguments[0], arguments);
  _exit(127);
}

}  // namespace

Child::Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}

Child& Child::operator=(Child&& other) noexcept {
  std::swap(pid_, other.pid_);
  return *this;
}

Child::~Child() {
  if (pid_ > 0) stop(SIGTERM);
}

Child Child::start(const std::vector<std::string>& arguments, const ChildOptions& options) {
  std::vector<char*> raw;
  for (const std::string& argument : arguments) raw.push_back(const_cast<char*>(argument.c_str()));
  raw.push_back(nullptr);

  const int log = open(options.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log < 0) fail("cannot write {}", options.log.string());
  const passwd* user = nullptr;
  if (!options.user.empty() && geteuid() == 0) {
    user = getpwnam(options.user.c_str());
    if (user == nullptr) fail("no such user: {}", options.user);
  }
  const char* folder = options.folder.empty() ? nullptr : options.folder.c_str();

  Child child;
  child.pid_ = fork();
  if (child.pid_ == 0) become(raw.data(), log, user, folder);
  close(log);
  if (child.pid_ < 0) fail("fork failed");
  register_child(child.pid_);
  return child;
}

bool Child::running() {
  if (pid_ <= 0) return false;
  if (waitpid(pid_, nullptr, WNOHANG) == 0) return true;
  forget_child(pid_);
  pid_ = -1;
  return false;
}

void Child::stop(int signal_number) {
  if (pid_ <= 0) return;
  kill(pid_, signal_number);
  const Stopwatch waited;
  while (running()) {
    if (waited.seconds() > kStopSeconds) return kill_hard();
    usleep(5'000);
  }
}

void Child::kill_hard() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  forget_child(pid_);
  pid_ = -1;
}

int Child::wait() {
  int status = 0;
  waitpid(pid_, &status, 0);
  forget_child(pid_);
  pid_ = -1;
  return status;
}

void run_to_end(const std::vector<std::string>& arguments, const ChildOptions& options) {
  Child child = Child::start(arguments, options);
  const int status = child.wait();
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    fail("{} failed:\n{}", arguments.at(0), log_tail(options.log));
  }
}

std::string log_tail(const std::filesystem::path& log) {
  std::ifstream file(log, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return text.size() > kTailBytes ? text.substr(text.size() - kTailBytes) : text;
}

}  // namespace zan::bench
