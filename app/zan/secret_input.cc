#include "zan/secret_input.h"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>

namespace zan::app {
namespace {

constexpr std::size_t secret_bytes_max = 4096;

// What is typed does not show while it lives.
class HiddenTyping {
 public:
  HiddenTyping() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    known_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
  }
  ~HiddenTyping() {
    if (known_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  HiddenTyping(const HiddenTyping&) = delete;
  HiddenTyping& operator=(const HiddenTyping&) = delete;

 private:
  termios before_{};
  bool known_ = false;
};

std::string read_line() {
  std::string line;
  char c = 0;
  while (line.size() < secret_bytes_max && ::read(STDIN_FILENO, &c, 1) == 1 && c != '\n') line += c;
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::string ask(const std::string& prompt) {
  fmt::print(stderr, "{}: ", prompt);
  std::fflush(stderr);
  const HiddenTyping hidden;
  std::string line = read_line();
  fmt::print(stderr, "\n");
  return line;
}

}  // namespace

Result<std::string> read_secret(const std::string& prompt) {
  const bool typed = ::isatty(STDIN_FILENO) == 1;
  std::string secret = typed ? ask(prompt) : read_line();
  if (secret.empty()) return invalid("no password was given on standard input");
  if (typed && ask(prompt + ", again") != secret) return invalid("the two differ");
  return secret;
}

}  // namespace zan::app
