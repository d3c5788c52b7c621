// Rules as JSON: versions, what is in service, how the shadow does.
//
// Threads: any; pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/engine.h"

namespace zan::api {

std::string_view to_string(integrity::rules::ChangeKind kind);
// Not `add`: that is a call of its own.
std::optional<integrity::rules::ChangeKind> find_rules_decision(std::string_view name);

std::string render_rules(const engine::RulesOverview& overview);
std::string render_ruleset(const engine::RuleText& ruleset);
// `position`: of its record; nothing: it was there already.
std::string render_added(const engine::RuleProposal& proposal, std::optional<Position> position);
std::string render_shadow(const engine::ShadowReport& report);

}  // namespace zan::api
