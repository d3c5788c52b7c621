#include <csignal>
#include <cstdio>
#include <exception>

#include "zan/command_line.h"
#include "zan/exit_code.h"

int main(int argc, char** argv) {
  // A peer that hangs up, or a closed pipe, is an error of that write and nothing more.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return zan::app::run_command_line({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "zan: %s\n", error.what());
    return zan::app::exit_failed;
  }
}
