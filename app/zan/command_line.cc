#include "zan/command_line.h"

#include <algorithm>

#include "zan/commands.h"
#include "zan/exit_code.h"

namespace zan::app {

int run_command_line(std::vector<std::string> arguments) {
  CLI::App root("Zhenzan: takes in likes, views, comments and follows, and answers who likes what.", "zan");
  root.require_subcommand(1);
  root.footer(
      "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 damage, findings or refused rows, 4 a log that\n"
      "contradicts itself, 130 interrupted.\n"
      "Every subcommand explains itself with --help.");
  Run chosen;
  for (const auto add :
       {add_serve, add_import, add_export, add_check, add_audience, add_backup, add_restore, add_simulate, add_judge,
        add_score, add_rules, add_replay, add_train, add_model, add_evaluate, add_bench, add_account, add_key, add_log, add_verify,
        add_audit, add_witness, add_version})
    add(root, chosen);
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    root.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    return root.exit(error) == 0 ? exit_ok : exit_usage;
  }
  return chosen();
}

}  // namespace zan::app
