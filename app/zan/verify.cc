#include <fmt/format.h>

#include <filesystem>

#include "base/json.h"
#include "connectors/connectors.h"
#include "evidence/evidence.h"
#include "zan/commands.h"
#include "zan/exit_code.h"
#include "zan/progress_bar.h"
#include "zan/proof_text.h"
#include "zan/trust.h"

namespace zan::app {
namespace {

struct Options {
  std::string what;
  TrustFiles trust;
  std::string since;
  std::string key;
  bool json = false;
};

struct Proven {
  evidence::PolicyVerdict verdict;
  std::optional<evidence::Receipt> receipt;
  std::optional<std::uint64_t> since;  // size of the older checkpoint
};

// Nobody was found guilty of anything: the proof could not be looked at.
bool could_not_look(const Error& error) {
  return error.kind == ErrorKind::unavailable;
}

int refuse(const Error& error, bool json) {
  if (could_not_look(error)) return fail(error);
  const std::string reason = printable(error.message);
  if (json) {
    std::string out = "{\"proven\":false,\"reason\":";
    append_json_string(out, reason);
    fmt::print("{}}}\n", out);
  }
  fmt::print(stderr, "refused: {}\n", reason);
  return exit_findings;
}

void print_json(const evidence::Policy& policy, const Proven& proven, const std::string& not_proven) {
  std::string out = "{\"proven\":true," + verdict_json(policy, proven.verdict);
  if (proven.since) out += fmt::format(",\"continues_size\":{}", *proven.since);
  if (proven.receipt) {
    out += fmt::format(",\"index\":{},\"event\":", proven.receipt->index);
    evidence::append_event(out, proven.receipt->event);
    out += ",\"user\":";
    if (proven.receipt->identity) {
      append_json_string(out, proven.receipt->identity->user);
    } else {
      out += "null";
    }
  }
  out += ",\"not_proven\":";
  append_json_string(out, not_proven);
  fmt::print("{}}}\n", out);
}

void print_text(const evidence::Policy& policy, const Proven& proven, const std::string& not_proven) {
  const evidence::Checkpoint& checkpoint = proven.verdict.checkpoint;
  const std::string origin = printable(checkpoint.origin);
  const std::string signers = signers_text(policy, proven.verdict);
  if (proven.receipt) {
    fmt::print("proven: {} is entry {} of the log {} with {} entries; {}\n", event_text(*proven.receipt),
               grouped(proven.receipt->index), origin, grouped(checkpoint.size), signers);
    fmt::print("        {}\n", event_details(proven.receipt->event));
  } else {
    fmt::print("proven: all {} entries and tiles of the log {} hash to the root {}; {}\n", grouped(checkpoint.size),
               origin, evidence::to_base64(checkpoint.root), signers);
  }
  if (proven.since) fmt::print("proven: it continues the checkpoint of {} entries\n", grouped(*proven.since));
  fmt::print("not proven: {}\n", not_proven);
}

int report(const evidence::Policy& policy, const Result<Proven>& proven, bool json) {
  if (!proven.ok()) return refuse(proven.error(), json);
  const std::string not_proven = not_proven_text(proven->verdict, proven->receipt.has_value());
  json ? print_json(policy, *proven, not_proven) : print_text(policy, *proven, not_proven);
  return exit_ok;
}

Result<Proven> prove_receipt(const std::string& text, const evidence::Policy& policy) {
  constexpr std::size_t pending_bytes_max = 200;
  if (text.size() < pending_bytes_max && text.find("\"pending\"") != std::string::npos)
    return invalid("this is no receipt yet: the event is not in a published checkpoint; ask for it again");
  ZAN_ASSIGN(evidence::Receipt receipt, evidence::parse_receipt(text));
  auto verdict = evidence::verify_receipt(receipt, policy);
  if (!verdict.ok() && verdict.error().kind == ErrorKind::conflict)
    return conflict("what the receipt says is not what the log holds: " + verdict.error().message);
  if (!verdict.ok()) return verdict.error();
  return Proven{std::move(verdict).value(), std::move(receipt), std::nullopt};
}

Result<Proven> prove_log(connectors::LogSource& source, const evidence::Policy& policy, const std::string& older) {
  ZAN_ASSIGN(const std::string note, source.read_checkpoint());
  ZAN_ASSIGN(const auto checkpoint, evidence::parse_signed_checkpoint(note));
  Proven proven;
  ZAN_ASSIGN(proven.verdict, evidence::check_policy(policy, checkpoint));
  const evidence::Checkpoint& tree = proven.verdict.checkpoint;
  ZAN_ASSIGN(auto reader, evidence::TreeReader::open(source, tree.size, tree.root));
  if (!older.empty()) {
    ZAN_ASSIGN(const auto since, connectors::verify_continues(reader, older, tree.origin, policy));
    proven.since = since.size;
  }
  ProgressBar bar("verifying");
  ZAN_TRY(evidence::verify_all(reader,
                               [&](double share) { bar.update(static_cast<std::uint64_t>(share * 1000), 1000, ""); }));
  bar.finish(grouped(tree.size) + " entries");
  return proven;
}

int verify_receipt_file(const Options& options, const evidence::Policy& policy) {
  if (!options.since.empty()) return fail(invalid("is for a folder or a URL", "--since"));
  const auto text = read_text(options.what, evidence::proof_file_bytes_max);
  if (!text.ok()) return fail(text.error());
  return report(policy, prove_receipt(*text, policy), options.json);
}

int verify_log(const Options& options, const evidence::Policy& policy,
               const Result<std::unique_ptr<connectors::LogSource>>& source) {
  if (!source.ok()) return fail(source.error());
  std::string older;
  if (!options.since.empty()) {
    auto text = read_text(options.since, evidence::note_bytes_max);
    if (!text.ok()) return fail(text.error());
    if (text->empty()) return fail(invalid("is empty", options.since));
    older = std::move(text).value();
  }
  return report(policy, prove_log(**source, policy, older), options.json);
}

int run(const Options& options) {
  const auto policy = load_trust(options.trust);
  if (!policy.ok()) return fail(policy.error());
  if (options.what.find("://") != std::string::npos) {
    const auto url = connectors::parse_log_url(options.what);
    if (!url.ok()) return fail(url.error());
    return verify_log(options, *policy, connectors::open_log_server(*url, options.key));
  }
  if (std::filesystem::is_directory(options.what))
    return verify_log(options, *policy, connectors::open_log_folder(options.what));
  return verify_receipt_file(options, *policy);
}

}  // namespace

void add_verify(CLI::App& root, Run& chosen) {
  CLI::App* command = root.add_subcommand("verify", "Prove a receipt, or a whole log, to whoever wants to know");
  const auto options = std::make_shared<Options>();
  command
      ->add_option("what", options->what,
                   "A receipt (.json or .tlog-proof; - for standard input), offline; or a log: its folder, a data\n"
                   "folder, http://HOST:PORT, or a URL of its own")
      ->required();
  add_trust(*command, options->trust);
  command->add_option("--since", options->since, "Of a log: also that it continues this older signed checkpoint")
      ->check(CLI::ExistingFile);
  command->add_option("--key", options->key, "API key, where the server wants one")->envname("ZAN_API_KEY");
  command->add_flag("--json", options->json, "One JSON object to standard output");
  command->footer(
      "Get the keys from somebody whom you trust, and not with the receipt: a server's own are in /log/log.vkey.\n"
      "Exit codes: 0 proven, 1 it could not be looked at, 3 refused; the reason is on standard error.");
  command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

}  // namespace zan::app
