// The command line of `zan`, without the process around it.
#pragma once

#include <string>
#include <vector>

namespace zan::app {

// Runs what the arguments (without the program's name) ask for; returns the exit code.
int run_command_line(std::vector<std::string> arguments);

}  // namespace zan::app
