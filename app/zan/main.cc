#include <csignal>
#include <cstdio>
#include <exception>

#include "zan/commands.h"
#include "zan/exit_code.h"

namespace {

int run(int argc, char** argv) {
  using namespace zan::app;
  CLI::App root("Zhenzan: takes in likes, views, comments and follows, and answers who likes what.", "zan");
  root.require_subcommand(1);
  root.footer(
      "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 damage, findings or refused rows, 130 interrupted.\n"
      "Every subcommand explains itself with --help.");
  Run chosen;
  for (const auto add : {add_serve, add_import, add_export, add_check, add_backup, add_restore, add_simulate,
                         add_bench, add_key, add_version})
    add(root, chosen);
  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return root.exit(error) == 0 ? exit_ok : exit_usage;
  }
  return chosen();
}

}  // namespace

int main(int argc, char** argv) {
  // A peer that hangs up, or a closed pipe, is an error of that write and nothing more.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "zan: %s\n", error.what());
    return zan::app::exit_failed;
  }
}
