#include <fmt/format.h>

#include "api/api.h"
#include "storage/storage.h"
#include "zan/commands.h"
#include "zan/exit_code.h"

namespace zan::app {
namespace {

struct Options {
  std::string data;
  std::string name;
  std::string scopes = "ingest,read";
  std::uint32_t rate = 0;
};

int add(const Options& options) {
  // A server that is to listen beyond loopback needs a key before its first start, so the folder may still be absent.
  if (const auto made = storage::open_machine_disk(options.data); !made.ok()) return fail(made.error());
  const auto key = api::add_key(options.data, options.name, options.scopes, options.rate, machine_entropy());
  if (!key.ok()) return fail(key.error());
  fmt::print(stderr, "The key is shown this once and kept nowhere; a running server takes it within a second.\n");
  fmt::print("{}\n", *key);
  return exit_ok;
}

int list(const Options& options) {
  const auto keys = api::load_keys(options.data);
  if (!keys.ok()) return fail(keys.error());
  for (const api::ApiKey& key : *keys)
    fmt::print("{}\t{}\t{}\n", key.name, api::scopes_text(key.scopes),
               key.rate == 0 ? "no limit" : fmt::format("{} a second", key.rate));
  return exit_ok;
}

int revoke(const Options& options) {
  const auto revoked = api::revoke_key(options.data, options.name);
  if (!revoked.ok()) return fail(revoked.error());
  fmt::print("{} is revoked\n", options.name);
  return exit_ok;
}

CLI::App* add_action(CLI::App& parent, const char* name, const char* about, int (*action)(const Options&),
                     const std::shared_ptr<Options>& options, Run& chosen) {
  CLI::App* command = parent.add_subcommand(name, about);
  command->add_option("--data", options->data, "Data folder")->required();
  command->callback([&chosen, options, action] { chosen = [options, action] { return action(*options); }; });
  return command;
}

}  // namespace

void add_key(CLI::App& root, Run& chosen) {
  CLI::App* command = root.add_subcommand("key", "Make, list and revoke API keys");
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  CLI::App* adding = add_action(*command, "add", "Make a key and print it", &add, options, chosen);
  adding->add_option("name", options->name, "A name to list and revoke it by")->required();
  adding->add_option("--scopes", options->scopes, "Of ingest, read, admin, integrity, audience, members")
      ->capture_default_str();
  adding->add_option("--rate", options->rate, "Events or requests a second; 0: no limit")->capture_default_str();
  add_action(*command, "list", "List names, scopes and rates", &list, options, chosen);
  CLI::App* revoking = add_action(*command, "revoke", "Make a key useless, within a second", &revoke, options, chosen);
  revoking->add_option("name", options->name, "The key's name")->required();
}

}  // namespace zan::app
