#include <fmt/format.h>

#include "engine/engine.h"
#include "zan/commands.h"
#include "zan/exit_code.h"
#include "zan/progress_bar.h"
#include "zan/serve_file.h"

namespace zan::app {
namespace {

int run(const std::string& data) {
  ProgressBar bar("checking");
  const auto findings =
      engine::check(data, [&](double share) { bar.update(static_cast<std::uint64_t>(share * 1000), 1000, ""); });
  if (!findings.ok()) {
    bar.finish("cannot be checked");
    return fail(explain_lock(findings.error(), data, "check a backup of it instead, or stop it first"));
  }
  bar.finish(findings->empty() ? "nothing is wrong" : grouped(findings->size()) + " findings");
  for (const engine::Finding& finding : *findings) fmt::print("{}\n", finding.what);
  return findings->empty() ? exit_ok : exit_findings;
}

}  // namespace

void add_check(CLI::App& root, Run& chosen) {
  CLI::App* command = root.add_subcommand("check", "Verify every invariant of a data folder that is not being served");
  const auto data = std::make_shared<std::string>();
  command->add_option("--data", *data, "Data folder")->required()->check(CLI::ExistingDirectory);
  command->footer("Findings are printed one a line; exit code 3 if there are any, or if the folder is damaged.");
  command->callback([&chosen, data] { chosen = [data] { return run(*data); }; });
}

}  // namespace zan::app
