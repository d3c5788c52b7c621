// The kinds of runs: killing the server at random moments, damaging its files, and killing it while it looks for attacks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace zan::crash {

struct Options {
  std::filesystem::path zan;
  int rounds = 5;
  std::uint64_t seed = 1;
  bool keep = false;                         // the folder, also when all is well
  std::vector<std::string> serve_arguments;  // handed on to `zan serve`
};

// Loads, kills, reopens, compares; throws testing_support::Trouble with what went wrong.
void run_kill_rounds(const Options& options);

// Damages one file a round and looks whether the damage is named, or harmless; a wrong answer is never right.
void run_corrupt_rounds(const Options& options);

// Attacks a server that is killed on the way, and compares what it made of them with a twin that is not.
void run_attack_rounds(const Options& options);

}  // namespace zan::crash
