// What `zan serve` is told about the transparency log.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "engine/engine.h"

namespace zan::app {

struct EvidenceFlags {
  std::string evidence = "on";
  std::string origin, lock_folder, witnesses;
};

void add_evidence_options(CLI::App& command, EvidenceFlags& flags);

// The witnesses that --witnesses names; null for none. invalid: not a policy.
Result<std::unique_ptr<evidence::Cosigners>> open_cosigners(const EvidenceFlags& flags, const std::string& data_folder);
engine::EvidenceOptions to_options(const EvidenceFlags& flags, evidence::Cosigners* cosigners);

}  // namespace zan::app
