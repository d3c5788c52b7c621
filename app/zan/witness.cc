#include <fmt/format.h>
#include <sodium/utils.h>

#include "base/log.h"
#include "connectors/connectors.h"
#include "evidence/evidence.h"
#include "storage/storage.h"
#include "zan/commands.h"
#include "zan/exit_code.h"
#include "zan/interrupts.h"
#include "zan/listen_address.h"
#include "zan/trust.h"
#include "zan/witness_server.h"

namespace zan::app {
namespace {

constexpr std::string_view lock_file = "LOCK";
constexpr std::string_view key_file = "witness.key";
constexpr const char* checkpoints_folder = "checkpoints";

struct Options {
  std::string data;
  std::string name;
  std::string listen = "127.0.0.1:8090";
  std::vector<std::string> logs;
};

Result<evidence::SignerKey> make_key(storage::Disk& disk, const std::string& name) {
  if (!evidence::is_key_name(name))
    return invalid(name.empty() ? "a new witness needs a name" : "no name for a key: no spaces, no +", "--name");
  auto key = evidence::SignerKey::make(name, evidence::SignatureType::cosignature_v1, machine_entropy());
  std::string text = key.to_text() + "\n";
  const auto written = storage::write_file(disk, key_file, as_bytes(text));
  sodium_memzero(text.data(), text.size());
  if (!written.ok()) return written.error();
  return key;
}

Result<evidence::SignerKey> read_key(storage::Disk& disk, const std::string& name) {
  ZAN_ASSIGN(Bytes bytes, storage::read_file(disk, key_file));
  std::string_view text = as_text(bytes);
  const auto line = evidence::next_line(text);
  auto key = evidence::SignerKey::parse(line && text.empty() ? *line : std::string_view());
  sodium_memzero(bytes.data(), bytes.size());
  if (!key.ok()) return corrupt(fmt::format("{}: {}", key_file, key.error().message));
  if (key->verifier().type != evidence::SignatureType::cosignature_v1)
    return corrupt(fmt::format("{}: not a witness's key", key_file));
  if (!name.empty() && key->verifier().name != name)
    return conflict(fmt::format("this witness is called {}, not {}", key->verifier().name, name), "--name");
  return key;
}

Result<evidence::SignerKey> open_key(storage::Disk& disk, const std::string& name) {
  ZAN_ASSIGN(const bool there, disk.exists(key_file));
  return there ? read_key(disk, name) : make_key(disk, name);
}

Result<std::vector<evidence::VerifierKey>> read_logs(const std::vector<std::string>& files) {
  std::vector<evidence::VerifierKey> logs;
  for (const std::string& file : files) {
    ZAN_ASSIGN(const auto keys, read_vkeys(file));
    for (const evidence::VerifierKey& key : keys) {
      if (key.type != evidence::SignatureType::ed25519) return invalid("holds a key that is not a log's", file);
      logs.push_back(key);
    }
  }
  if (logs.empty()) return invalid("no file names a log", "--log");
  return logs;
}

Result<void> serve(const Options& options) {
  Interrupts interrupts;
  ZAN_ASSIGN(const auto address, parse_listen(options.listen));
  ZAN_ASSIGN(const auto logs, read_logs(options.logs));
  ZAN_ASSIGN(const auto disk, storage::open_machine_disk(options.data));
  ZAN_ASSIGN(const auto lock, disk->lock(lock_file));  // two witnesses with one memory would roll each other back
  ZAN_ASSIGN(auto key, open_key(*disk, options.name));
  ZAN_ASSIGN(const auto witness, evidence::Witness::open(*disk, checkpoints_folder, std::move(key), logs));
  ZAN_ASSIGN(const auto server,
             WitnessServer::listen(*witness, machine_clock(), {.host = address.host, .port = address.port}));
  fmt::print("{}\n", evidence::to_vkey(witness->verifier()));
  fmt::print("listening on {}\n", reachable_url({address.host, server->port()}));
  std::fflush(stdout);
  server->run(interrupts.token());
  log::info("stopped");
  return {};
}

int run(const Options& options) {
  const auto served = serve(options);
  return served.ok() ? exit_ok : fail(served.error());
}

}  // namespace

void add_witness(CLI::App& root, Run& chosen) {
  CLI::App* command = root.add_subcommand("witness", "Cosign the checkpoints of logs, each if it continues the last");
  const auto options = std::make_shared<Options>();
  command->add_option("--data", options->data, "Folder for its key and its memory; made if absent")->required();
  command->add_option("--name", options->name, "Name of its key, as a URL without the scheme; for the first start");
  command->add_option("--listen", options->listen, "HOST:PORT; port 0 takes a free one")->capture_default_str();
  command->add_option("--log", options->logs, "File with the keys of a log that it knows, a vkey a line; repeatable")
      ->required()
      ->check(CLI::ExistingFile);
  command->footer(
      "Prints its own vkey, and \"listening on http://HOST:PORT\". Speaks C2SP tlog-witness: POST /add-checkpoint,\n"
      "GET /<hex SHA-256 of an origin>/checkpoint; GET /vkey. Run it on a machine of somebody else than the log's: "
      "one\n"
      "that the same hands hold proves nothing. Never restore its folder from a backup: start a new witness instead.");
  command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

}  // namespace zan::app
