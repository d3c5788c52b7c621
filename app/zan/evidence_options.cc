#include "zan/evidence_options.h"

#include <filesystem>

#include "base/clock.h"
#include "connectors/connectors.h"
#include "zan/trust.h"

namespace zan::app {

void add_evidence_options(CLI::App& command, EvidenceFlags& flags) {
  command
      .add_option("--evidence", flags.evidence,
                  "Whether likes, comments and follows go into the transparency log under /log/")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  command.add_option("--log-origin", flags.origin,
                     "The log's name, for life: its address without the scheme, as example.org/log; made up if not "
                     "given");
  command.add_option("--log-lock", flags.lock_folder,
                     "Folder on another disk for the last signed checkpoint, so that an old data folder that was put "
                     "back signs nothing");
  command.add_option("--witnesses", flags.witnesses,
                     "A policy file (C2SP tlog-policy): witnesses with a URL are asked to cosign each checkpoint");
}

Result<std::unique_ptr<evidence::Cosigners>> open_cosigners(const EvidenceFlags& flags,
                                                            const std::string& data_folder) {
  if (flags.witnesses.empty()) return std::unique_ptr<evidence::Cosigners>();
  ZAN_ASSIGN(const std::string text, read_text(flags.witnesses, evidence::policy_bytes_max));
  ZAN_ASSIGN(evidence::Policy policy, evidence::parse_policy(text));
  // Without our own key nobody could show us that a witness has seen more of this log than there is here.
  const std::string own = data_folder + "/log/log.vkey";
  if (policy.logs.empty() && std::filesystem::exists(own)) {
    ZAN_ASSIGN(const auto keys, read_vkeys(own));
    for (const evidence::VerifierKey& key : keys) policy.logs.push_back({key, {}});
  }
  return connectors::open_witnesses(policy, machine_clock());
}

engine::EvidenceOptions to_options(const EvidenceFlags& flags, evidence::Cosigners* cosigners) {
  return {flags.evidence == "on", flags.origin, flags.lock_folder, cosigners};
}

}  // namespace zan::app
