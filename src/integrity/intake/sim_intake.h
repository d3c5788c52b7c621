// What tests of the intake share: an intake on little memory, and acts in few words.
#pragma once

#include <cstdint>

#include "base/require.h"
#include "integrity/intake/intake.h"

namespace zan::integrity {

inline IntakeOptions small_intake(std::uint64_t accounts = 2000) {
  IntakeOptions options = IntakeOptions::for_folder({1, 2, 3}, accounts);
  options.marked_accounts = 700;
  return options;
}

inline std::unique_ptr<Intake> make_intake(std::string_view rules = default_rules,
                                           const IntakeOptions& options = small_intake(),
                                           const model::Model* model = nullptr) {
  // No text: no rules.
  auto made = rules.empty() ? Intake::make(std::shared_ptr<const rules::Ruleset>(), model, options)
                            : Intake::make(rules, model, options);
  require(made.ok(), "rules of a test compile");
  return std::move(*made);
}

struct SimAct {
  std::uint32_t actor = 1, subject = 1000;
  std::int64_t at_s = 1'700'000'000;
  std::uint64_t device = 0, network = 0;
  engagement::ActType type = engagement::ActType::like;
  bool incentivised = false;
  std::uint32_t watch_ms = 0, duration_ms = 0;
  std::uint32_t creator = 0;
};

inline engagement::RecordedAct recorded(const SimAct& said) {
  engagement::RecordedAct act;
  act.type = said.type;
  act.actor = {said.actor};
  act.subject = {said.subject};
  act.creator = {said.creator};
  act.at = {said.at_s * us_per_second};
  act.device = said.device;
  act.network = said.network;
  act.incentivised = said.incentivised;
  act.watch_ms = said.watch_ms;
  act.duration_ms = said.duration_ms;
  return act;
}

inline engagement::VerdictRecord found_out(const SimAct& said, engagement::Verdict before,
                                           engagement::Verdict verdict) {
  engagement::VerdictRecord record;
  record.what.person = {said.actor};
  record.what.target = said.subject;
  record.what.type = said.type;
  record.what.at = {said.at_s * us_per_second};
  record.what.verdict = verdict;
  record.before = before;
  record.incentivised = said.incentivised;
  return record;
}

inline Bytes saved(const Intake& intake) {
  Bytes bytes;
  intake.save(bytes);
  return bytes;
}

}  // namespace zan::integrity
