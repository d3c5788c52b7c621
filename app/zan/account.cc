#include <fmt/format.h>

#include "accounts/accounts.h"
#include "storage/storage.h"
#include "zan/commands.h"
#include "zan/exit_code.h"
#include "zan/secret_input.h"

namespace zan::app {
namespace {

struct Options {
  std::string data;
  std::string name, role, user, creator;
  bool make_password = false;
};

Result<std::unique_ptr<accounts::Accounts>> open(const Options& options) {
  // Somebody must be able to sign in at the first start, so the folder may still be absent.
  ZAN_ASSIGN(const auto disk, storage::open_machine_disk(options.data));
  accounts::AccountsOptions account_options;
  account_options.data_folder = options.data;
  return accounts::Accounts::open(std::move(account_options));
}

void say_password(const accounts::Changed& changed) {
  if (changed.made_password.empty()) return;
  fmt::print(stderr, "The password is shown this once and kept nowhere.\n");
  fmt::print("{}\n", changed.made_password);
}

Result<void> add(const Options& options) {
  accounts::NewAccount account{options.name, *accounts::find_role(options.role), options.user, options.creator, {}};
  if (!options.make_password) {
    ZAN_ASSIGN(account.password, read_secret("Password of " + options.name));
  }
  ZAN_ASSIGN(const auto accounts, open(options));
  ZAN_ASSIGN(const accounts::Changed changed, accounts->add(account));
  fmt::print(stderr, "{} may sign in as {}; a running server that takes accounts knows within a second\n",
             changed.account.name, to_string(changed.account.role));
  say_password(changed);
  return {};
}

Result<void> list(const Options& options) {
  ZAN_ASSIGN(const auto accounts, open(options));
  for (const accounts::AccountSummary& account : accounts->list())
    fmt::print("{}\t{}\t{}\tuser={}\tcreator={}\t{}\n", account.name, to_string(account.role),
               account.disabled ? "disabled" : "on", account.user, account.creator,
               account.totp ? "second factor" : "password only");
  return {};
}

Result<void> set_disabled(const Options& options, bool disabled) {
  ZAN_ASSIGN(const auto accounts, open(options));
  ZAN_TRY(accounts->change(options.name, {.disabled = disabled}));
  fmt::print("{} {}\n", options.name, disabled ? "is disabled and signed out" : "may sign in again");
  return {};
}
Result<void> disable(const Options& options) {
  return set_disabled(options, true);
}
Result<void> enable(const Options& options) {
  return set_disabled(options, false);
}

// Whoever can write the folder may: the old password is not asked for, and a lost second factor goes with it.
Result<void> set_password(const Options& options) {
  accounts::AccountChange change;
  change.end_totp = true;
  change.reset_password = options.make_password;
  if (!options.make_password) {
    ZAN_ASSIGN(change.password, read_secret("New password of " + options.name));
  }
  ZAN_ASSIGN(const auto accounts, open(options));
  ZAN_ASSIGN(const accounts::Changed changed, accounts->change(options.name, change));
  fmt::print(stderr, "{} has a new password, no second factor, and is signed out\n", options.name);
  say_password(changed);
  return {};
}

using Action = Result<void> (*)(const Options&);

CLI::App* add_action(CLI::App& parent, const char* name, const char* about, Action action, Run& chosen) {
  CLI::App* command = parent.add_subcommand(name, about);
  const auto options = std::make_shared<Options>();
  command->add_option("--data", options->data, "Data folder")->required();
  if (action != &list) command->add_option("name", options->name, "The account's name")->required();
  if (action == &add || action == &set_password)
    command->add_flag("--make-password", options->make_password, "Make one and print it, instead of asking");
  if (action == &add) {
    std::vector<std::string> roles;
    for (const accounts::Role role : accounts::all_roles) roles.emplace_back(to_string(role));
    command->add_option("--role", options->role, "What they may do")->required()->check(CLI::IsMember(roles));
    command->add_option("--user", options->user, "Who of the community they are; a viewer must be somebody");
    command->add_option("--creator", options->creator, "Which creator they are; a creator must be one");
  }
  command->callback([&chosen, options, action] {
    chosen = [options, action] {
      const Result<void> done = action(*options);
      return done.ok() ? exit_ok : fail(done.error());
    };
  });
  return command;
}

}  // namespace

void add_account(CLI::App& root, Run& chosen) {
  CLI::App* command = root.add_subcommand("account", "Who may sign in to the console, and as what");
  command->require_subcommand(1);
  add_action(*command, "add", "Let somebody in", &add, chosen);
  add_action(*command, "list", "List names, roles and whether they may sign in", &list, chosen);
  add_action(*command, "disable", "Sign somebody out for good", &disable, chosen);
  add_action(*command, "enable", "Let somebody in again", &enable, chosen);
  add_action(*command, "password", "Give a new password, and end the second factor", &set_password, chosen);
  command->footer(
      "Passwords are typed at the terminal without showing, or are the first line of standard input; never arguments.");
}

}  // namespace zan::app
