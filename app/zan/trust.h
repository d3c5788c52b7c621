// Trust: whose signatures a command believes, out of a file of vkeys or a policy.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "evidence/evidence.h"

namespace zan::app {

struct TrustFiles {
  std::string vkey, policy;  // exactly one is given
};

void add_trust(CLI::App& command, TrustFiles& files);
// invalid: neither, both, or not of their form.
Result<evidence::Policy> load_trust(const TrustFiles& files);

// A vkey a line; empty lines and those that begin with '#' say nothing.
Result<std::vector<evidence::VerifierKey>> read_vkeys(const std::string& file);

// A whole file; "-" is standard input. limited: more than `bytes_max`.
Result<std::string> read_text(const std::string& file, std::size_t bytes_max);

}  // namespace zan::app
