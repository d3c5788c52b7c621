// zan_crash: kills the real server at random moments, or damages its files, and compares what it answers with what it must.

#include <charconv>
#include <cstdio>
#include <exception>
#include <string_view>

#include "rounds.h"
#include "support/outcome.h"

namespace {

constexpr const char* usage =
    "Usage: zan_crash --zan PATH [--rounds N] [--seed S] [--corrupt | --attack] [--keep] [-- ARGUMENTS OF zan "
    "serve...]\n";

template <typename Number>
Number parse_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw zan::testing_support::Trouble("not a number: " + std::string(text));
  }
  return value;
}

int run(int argc, char** argv) {
  zan::crash::Options options;
  bool corrupt = false, attack = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const bool has_value = i + 1 < argc;
    if (argument == "--zan" && has_value) {
      options.zan = argv[++i];
    } else if (argument == "--rounds" && has_value) {
      options.rounds = parse_number<int>(argv[++i]);
    } else if (argument == "--seed" && has_value) {
      options.seed = parse_number<std::uint64_t>(argv[++i]);
    } else if (argument == "--corrupt") {
      corrupt = true;
    } else if (argument == "--attack") {
      attack = true;
    } else if (argument == "--keep") {
      options.keep = true;
    } else if (argument == "--") {
      options.serve_arguments.assign(argv + i + 1, argv + argc);
      break;
    } else {
      std::fputs(usage, stderr);
      return 2;
    }
  }
  if (options.zan.empty()) {
    std::fputs(usage, stderr);
    return 2;
  }
  std::printf("seed %llu\n", static_cast<unsigned long long>(options.seed));
  corrupt  ? zan::crash::run_corrupt_rounds(options)
  : attack ? zan::crash::run_attack_rounds(options)
           : zan::crash::run_kill_rounds(options);
  std::puts("all rounds held");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "FAILED: %s\n", error.what());
    return 1;
  }
}
