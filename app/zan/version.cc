#include "zan/version.h"

#include <fmt/format.h>

#include "zan/commands.h"
#include "zan/exit_code.h"

namespace zan::app {

void add_version(CLI::App& root, Run& chosen) {
  CLI::App* command = root.add_subcommand("version", "Print the program's version and the formats it reads");
  command->callback([&chosen] {
    chosen = [] {
      fmt::print("zan {}\ndata folder format 1, backup format 1\n", version);
      return exit_ok;
    };
  });
}

}  // namespace zan::app
