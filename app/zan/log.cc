// zan log: what an operator does to the transparency log of a folder that is not being served.
#include <fmt/format.h>

#include "engine/engine.h"
#include "zan/commands.h"
#include "zan/exit_code.h"
#include "zan/serve_file.h"
#include "zan/trust.h"

namespace zan::app {
namespace {

struct Options {
  std::string data;
  std::string newest;
  bool nothing_newer = false;
  std::uint64_t minimum_index = 0;
  std::string policy;
};

int refuse(const Error& error, const Options& options) {
  return fail(explain_lock(error, options.data, "stop it first"));
}

int reindex(const Options& options) {
  const auto entries = engine::reindex_log(options.data);
  if (!entries.ok()) return refuse(entries.error(), options);
  fmt::print("{} entries are indexed\n", *entries);
  return exit_ok;
}

int add_key(const Options& options) {
  const auto lines = engine::add_log_key(options.data);
  if (!lines.ok()) return refuse(lines.error(), options);
  fmt::print(stderr,
             "Both keys sign from now on. Tell everybody who trusts the old one of the new, then: zan log "
             "retire-keys\n");
  fmt::print("{}", *lines);
  return exit_ok;
}

int retire_keys(const Options& options) {
  const auto lines = engine::retire_log_keys(options.data);
  if (!lines.ok()) return refuse(lines.error(), options);
  fmt::print("{}", *lines);
  return exit_ok;
}

int resume(const Options& options) {
  std::optional<std::string> newest;
  if (options.newest.empty() == !options.nothing_newer)
    return fail(invalid("give the newest checkpoint that is known with --newest, or say --nothing-newer", "--newest"));
  if (!options.newest.empty()) {
    auto text = read_text(options.newest, evidence::note_bytes_max);
    if (!text.ok()) return fail(text.error());
    newest = std::move(text).value();
  }
  if (const auto resumed = engine::resume_log(options.data, newest); !resumed.ok())
    return refuse(resumed.error(), options);
  fmt::print("the log goes on where it is\n");
  return exit_ok;
}

int abandon(const Options& options) {
  const auto where = engine::abandon_log(options.data);
  if (!where.ok()) return refuse(where.error(), options);
  fmt::print("the log lies in {} now; start the next one under another name: zan serve --log-origin\n", *where);
  return exit_ok;
}

int retain(const Options& options) {
  if (const auto done = engine::retain_log(options.data, options.minimum_index, options.policy); !done.ok())
    return refuse(done.error(), options);
  fmt::print("full tiles and bundles below {} are not served any more\n", options.minimum_index);
  return exit_ok;
}

CLI::App* add_action(CLI::App& parent, const char* name, const char* about, int (*action)(const Options&),
                     const std::shared_ptr<Options>& options, Run& chosen) {
  CLI::App* command = parent.add_subcommand(name, about);
  command->add_option("--data", options->data, "Data folder")->required()->check(CLI::ExistingDirectory);
  command->callback([&chosen, options, action] { chosen = [options, action] { return action(*options); }; });
  return command;
}

}  // namespace

void add_log(CLI::App& root, Run& chosen) {
  CLI::App* command = root.add_subcommand("log", "Tend the transparency log of a data folder that is not being served");
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  add_action(*command, "reindex", "Make the index beside the log again, from the journal", &reindex, options, chosen);
  add_action(*command, "add-key", "Make a new key that signs beside the old one; prints the vkeys", &add_key, options,
             chosen);
  add_action(*command, "retire-keys", "Let the newest key sign alone", &retire_keys, options, chosen);
  CLI::App* resuming = add_action(*command, "resume", "Let a restored folder sign again", &resume, options, chosen);
  resuming->add_option("--newest", options->newest,
                       "File with the newest checkpoint that anybody has, of a witness or an auditor; - is standard "
                       "input");
  resuming->add_flag("--nothing-newer", options->nothing_newer,
                     "You know that nothing was signed since the backup was made");
  add_action(*command, "abandon", "Put a log aside that cannot go on, so that another one begins", &abandon, options,
             chosen);
  CLI::App* retaining =
      add_action(*command, "retain", "Serve no tiles of old entries any more", &retain, options, chosen);
  retaining->add_option("--from", options->minimum_index, "The first entry that stays")->required();
  retaining->add_option("--policy", options->policy, "Where the retention policy is written down: an address")
      ->required();
}

}  // namespace zan::app
