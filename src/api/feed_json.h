// Answers of matching as JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"

namespace zan::api {

std::string render_feed(const engine::NamedFeed& feed, std::string_view viewer);
std::string render_similar(std::string_view subject, const std::vector<engine::NamedSimilar>& similar);
std::string render_foretold(std::string_view viewer, const std::vector<engine::NamedForetold>& foretold);
// Not `named`: nobody's name is in it.
std::string render_match(std::string_view subject, const std::vector<engine::NamedMatch>& match, bool named);
std::string render_assumed(std::string_view user, const engine::Assumed& assumed);
std::string render_policy(const matching::Policy& policy);
std::string render_feed_rules(const std::vector<engine::NamedRuleEntry>& rules);
std::string render_feed_models(const engine::FeedModelList& list);
std::string render_experiments(const std::vector<matching::Experiments::Entry>& experiments);
std::string rule_id(std::uint64_t id);  // 16 hex digits

}  // namespace zan::api
