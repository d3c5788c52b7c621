#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <set>

#include "integrity/integrity.h"
#include "zan/commands.h"
#include "zan/exit_code.h"
#include "zan/rules_file.h"

namespace zan::app {
namespace {

namespace rules = integrity::rules;

// A line for each problem, with the file before its place, as compilers do.
void print_problems(const std::string& path, const std::vector<rules::Problem>& problems) {
  for (const rules::Problem& problem : problems) fmt::print("{}:{}\n", path, rules::to_text(problem));
}

int check_one(const std::string& path) {
  const Result<std::string> text = read_rules_file(path);
  if (!text.ok()) return fail(text.error());
  const rules::Loaded loaded = rules::load_ruleset(*text, integrity::intake_environment());
  print_problems(path, loaded.problems);
  if (loaded.ruleset == nullptr) return exit_findings;
  // What only the server's intake asks for, beside the language.
  const auto taken = integrity::load_intake_rules(*text);
  if (!taken.ok() && taken.error().kind == ErrorKind::invalid) {
    fmt::print("{}: error: {}\n", path, taken.error().message);
    return exit_findings;
  }
  fmt::print("{}: {}: {} rules, {} tests, cost {} of {}\n", path, rules::to_text(loaded.ruleset->id),
             loaded.ruleset->program.rules().size(), loaded.ruleset->tests.size(), loaded.ruleset->program.cost(),
             rules::Limits{}.cost);
  return exit_ok;
}

int test_one(const std::string& path) {
  const Result<std::string> text = read_rules_file(path);
  if (!text.ok()) return fail(text.error());
  const rules::Loaded loaded = rules::load_ruleset(*text, integrity::intake_environment());
  if (loaded.ruleset == nullptr) {
    print_problems(path, loaded.problems);
    return exit_findings;
  }
  const std::vector<std::string> failures = rules::run_tests(*loaded.ruleset);
  for (const std::string& failure : failures) fmt::print("{}: {}\n", path, failure);
  std::set<std::uint16_t> tested;
  for (const rules::CompiledTest& test : loaded.ruleset->tests) tested.insert(test.rule);
  fmt::print("{}: {} tests of {} of {} rules, {} expectations failed\n", path, loaded.ruleset->tests.size(),
             tested.size(), loaded.ruleset->program.rules().size(), failures.size());
  return failures.empty() ? exit_ok : exit_findings;
}

template <typename One>
int each(const std::vector<std::string>& paths, One&& one) {
  int worst = exit_ok;
  for (const std::string& path : paths) worst = std::max(worst, one(path));
  return worst;
}

std::string windows_of(rules::Windows windows) {
  std::string text;
  for (std::size_t i = 0; i < rules::window_count; ++i)
    if ((windows >> i & 1) != 0) text += (text.empty() ? "" : " ") + std::string(rules::window_names[i]);
  return text;
}

int show(bool shipped) {
  if (shipped) {
    fmt::print("{}", integrity::default_rules);
    return exit_ok;
  }
  const rules::Catalogue& catalogue = integrity::intake_catalogue();
  fmt::print("{:<28} {:<10} {:>4}  {}\n", "feature", "type", "cost", "meaning");
  for (const rules::FeatureInfo& feature : catalogue.features)
    fmt::print("{:<28} {:<10} {:>4}  {}{}\n", feature.name, rules::to_string(feature.type), feature.cost,
               feature.english, feature.unit.empty() ? "" : ", in " + feature.unit);
  fmt::print("\n{:<36} {:>4}  {}\n", "counter", "cost", "windows");
  for (const rules::CounterInfo& counter : catalogue.counters)
    fmt::print("{:<36} {:>4}  {}\n",
               fmt::format("{}({}, {}, ...)", counter.form == rules::CounterForm::count ? "count" : "distinct",
                           counter.word, rules::to_string(counter.keys)),
               counter.cost, windows_of(counter.windows));
  fmt::print(
      "\nA counter is a whole number, of what came before the act. A ruleset may cost {} in all: each of these "
      "once,\nand one for every operation and rule. docs/rules.md has the language.\n",
      rules::Limits{}.cost);
  return exit_ok;
}

}  // namespace

Result<std::string> read_rules_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return not_found("cannot be opened", path);
  // One byte more than is allowed, so that the language says that it is too long.
  std::string text(rules::Limits{}.text_bytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return unavailable(path + ": cannot be read");
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

void add_rules(CLI::App& root, Run& chosen) {
  CLI::App* command = root.add_subcommand("rules", "Check and test files of rules; show what rules can read");
  command->require_subcommand(1);
  const auto paths = std::make_shared<std::vector<std::string>>();
  CLI::App* check = command->add_subcommand("check", "Read and compile files of rules");
  check->add_option("files", *paths, "Files of rules")->required();
  check->footer("Problems are printed one a line with file, line and column; exit code 3 if there are any.");
  check->callback([paths, &chosen] { chosen = [paths] { return each(*paths, check_one); }; });
  CLI::App* test = command->add_subcommand("test", "Run the tests that stand beside the rules");
  test->add_option("files", *paths, "Files of rules")->required();
  test->footer("Exit code 3 if one fails, or if the rules do not compile.");
  test->callback([paths, &chosen] { chosen = [paths] { return each(*paths, test_one); }; });
  const auto shipped = std::make_shared<bool>(false);
  CLI::App* show_command = command->add_subcommand("show", "List the features and counters that rules can read");
  show_command->add_flag("--shipped", *shipped, "Instead: the rules that ship, to start from");
  show_command->callback([shipped, &chosen] { chosen = [shipped] { return show(*shipped); }; });
}

}  // namespace zan::app
