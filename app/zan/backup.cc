#include <fmt/format.h>

#include <filesystem>

#include "connectors/connectors.h"
#include "engine/engine.h"
#include "zan/commands.h"
#include "zan/exit_code.h"
#include "zan/progress_bar.h"
#include "zan/serve_file.h"

namespace zan::app {
namespace {

struct BackupOptions {
  std::string data;
  std::string to;
  std::string key;
};

Result<void> back_up_through(const ServeFile& server, const std::string& to, const std::string& key) {
  ZAN_ASSIGN(const auto address, connectors::parse_server_url(server.url));
  ZAN_ASSIGN(const auto client, connectors::HttpClient::connect({address, key, "zan-backup"}));
  std::string body = "{\"to\":";
  append_json_string(body, to);
  body += "}";
  ZAN_ASSIGN(const auto answer, client->call({"POST", "/v1/admin/backup", "application/json", body}));
  if (answer.status == 200) return {};
  const std::string said = fmt::format("{}: {} {}", server.url, answer.status, connectors::problem_text(answer.body));
  if (answer.status == 401 || answer.status == 403)
    return Error{ErrorKind::refused, said + "; give an admin key with --key", {}};
  return unavailable(said);
}

Result<void> back_up_folder(const std::string& data, const std::string& to) {
  auto engine = engine::Engine::open({data});
  if (!engine.ok()) return explain_lock(engine.error(), data, "it does not answer yet; try again");
  return (*engine)->backup(to);
}

int run_backup(const BackupOptions& options) {
  const std::string to = std::filesystem::absolute(options.to).lexically_normal().string();
  const auto server = find_server(options.data);
  ProgressBar bar(server ? "backing up through " + server->url : "backing up");
  const Result<void> done = server ? back_up_through(*server, to, options.key) : back_up_folder(options.data, to);
  if (!done.ok()) return fail(done.error());
  bar.finish("done");
  fmt::print("{}\n", to);
  return exit_ok;
}

struct RestoreOptions {
  std::string from;
  std::string data;
  std::string erasures;
};

// A folder in which nobody was ever erased has no such file.
std::string erasures_of(const std::string& file) {
  namespace fs = std::filesystem;
  return !fs::exists(file) && fs::exists(fs::path(file).parent_path() / "FORMAT") ? "none" : file;
}

int run_restore(const RestoreOptions& options) {
  ProgressBar bar("restoring");
  const Result<void> done = engine::restore(options.from, options.data, erasures_of(options.erasures));
  if (!done.ok()) return fail(done.error());
  bar.finish("done");
  fmt::print("{}\n", options.data);
  return exit_ok;
}

}  // namespace

void add_backup(CLI::App& root, Run& chosen) {
  CLI::App* command = root.add_subcommand("backup", "Copy one consistent state of a data folder, served or not");
  const auto options = std::make_shared<BackupOptions>();
  command->add_option("--data", options->data, "Data folder")->required()->check(CLI::ExistingDirectory);
  command->add_option("--to", options->to, "Folder for the copy; must not exist yet")->required();
  command->add_option("--key", options->key, "API key with scope admin, where the server wants one")
      ->envname("ZAN_API_KEY");
  command->footer(
      "A backup holds people's names and keys as they were: who is erased later is still in it. Delete backups after\n"
      "the time you promised (docs/decisions/0001-erasure.md), and restore with the living folder's erasures.");
  command->callback([&chosen, options] { chosen = [options] { return run_backup(*options); }; });
}

void add_restore(CLI::App& root, Run& chosen) {
  CLI::App* command = root.add_subcommand("restore", "Make a data folder from a backup");
  const auto options = std::make_shared<RestoreOptions>();
  command->add_option("--from", options->from, "The backup")->required()->check(CLI::ExistingDirectory);
  command->add_option("--data", options->data, "Data folder to make; must not exist yet")->required();
  command
      ->add_option("--erasures", options->erasures,
                   "The file `erasures` of the folder that was lived in since, so that nobody who was erased comes\n"
                   "back; \"none\" if that folder is lost")
      ->required();
  command->callback([&chosen, options] { chosen = [options] { return run_restore(*options); }; });
}

}  // namespace zan::app
