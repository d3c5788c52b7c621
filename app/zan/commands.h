// The subcommands of `zan`. Each add_* describes itself to the command line; choosing it sets `chosen`.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace zan::app {

using Run = std::function<int()>;  // returns the exit code

void add_serve(CLI::App& root, Run& chosen);
void add_import(CLI::App& root, Run& chosen);
void add_export(CLI::App& root, Run& chosen);
void add_check(CLI::App& root, Run& chosen);
void add_audience(CLI::App& root, Run& chosen);
void add_backup(CLI::App& root, Run& chosen);
void add_restore(CLI::App& root, Run& chosen);
void add_simulate(CLI::App& root, Run& chosen);
void add_judge(CLI::App& root, Run& chosen);
void add_score(CLI::App& root, Run& chosen);
void add_train(CLI::App& root, Run& chosen);
void add_model(CLI::App& root, Run& chosen);
void add_rules(CLI::App& root, Run& chosen);
void add_replay(CLI::App& root, Run& chosen);
void add_evaluate(CLI::App& root, Run& chosen);
void add_bench(CLI::App& root, Run& chosen);
void add_account(CLI::App& root, Run& chosen);
void add_key(CLI::App& root, Run& chosen);
void add_verify(CLI::App& root, Run& chosen);
void add_audit(CLI::App& root, Run& chosen);
void add_witness(CLI::App& root, Run& chosen);
void add_log(CLI::App& root, Run& chosen);
void add_version(CLI::App& root, Run& chosen);

}  // namespace zan::app
