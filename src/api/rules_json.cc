#include "api/rules_json.h"

#include <fmt/format.h>

#include <array>

#include "api/text.h"
#include "base/json.h"

namespace zan::api {
namespace {

namespace rules = integrity::rules;

constexpr std::array<std::string_view, 5> kinds{"add", "activate", "deactivate", "shadow", "unshadow"};

void append_text(std::string& out, std::string_view name, std::string_view text) {
  out += '"';
  out += name;
  out += "\":";
  append_json_string(out, text);
}

void append_count(std::string& out, std::string_view name, std::uint64_t count) {
  out += ",\"";
  out += name;
  out += "\":";
  append_number(out, count);
}

void append_time(std::string& out, std::string_view name, Timestamp at) {
  out += ",\"";
  out += name;
  out += "\":\"";
  append_rfc3339(out, at);
  out += '"';
}

void append_share(std::string& out, std::string_view name, std::optional<double> share) {
  out += ",\"";
  out += name;
  out += share ? fmt::format("\":{:.6g}", *share) : "\":null";
}

void append_list(std::string& out, std::string_view name, const std::vector<std::string>& texts) {
  out += ",\"";
  out += name;
  out += "\":[";
  for (const std::string& text : texts) {
    if (out.back() != '[') out += ',';
    append_json_string(out, text);
  }
  out += ']';
}

void append_version(std::string& out, const engine::RuleVersion& version) {
  append_text(out, "id", rules::to_text(version.id));
  out += ',';
  append_text(out, "by", version.who);
  out += ',';
  append_text(out, "why", version.why);
  // What ships was never added.
  if (version.at.us != 0) append_time(out, "at", version.at);
  append_count(out, "bytes", version.text_bytes);
  out += version.active ? ",\"active\":true" : ",\"active\":false";
  out += version.shadow ? ",\"shadow\":true" : ",\"shadow\":false";
}

void append_change(std::string& out, const rules::HistoryEntry& entry) {
  out += "{\"change\":\"";
  out += to_string(entry.kind);
  out += "\",";
  append_text(out, "id", rules::to_text(entry.id));
  out += ',';
  append_text(out, "by", entry.change.who);
  out += ',';
  append_text(out, "why", entry.change.why);
  append_time(out, "at", {entry.change.when_ms * us_per_ms});
  out += '}';
}

void append_tally(std::string& out, const rules::RuleTally& tally, const rules::ShadowTally& whole) {
  append_count(out, "matched", tally.matched);
  append_count(out, "matched_live", tally.matched_live);
  append_count(out, "matched_rejected", tally.matched_fake);
  append_count(out, "matched_genuine", tally.matched_genuine);
  append_share(out, "precision", precision(tally));
  append_share(out, "recall", recall(tally, whole));
  append_share(out, "overlap", overlap(tally));
}

}  // namespace

std::string_view to_string(rules::ChangeKind kind) {
  return kinds.at(static_cast<std::size_t>(kind));
}

std::optional<rules::ChangeKind> find_rules_decision(std::string_view name) {
  for (std::size_t i = 1; i < kinds.size(); ++i)
    if (kinds[i] == name) return static_cast<rules::ChangeKind>(i);
  return std::nullopt;
}

std::string render_rules(const engine::RulesOverview& overview) {
  std::string out = "{";
  append_text(out, "in_service", rules::to_text(overview.in_service));
  std::vector<std::string> shadow;
  for (const engine::RuleVersion& version : overview.versions)
    if (version.shadow) shadow.push_back(rules::to_text(version.id));
  append_list(out, "shadow", shadow);
  out += ",\"versions\":[";
  for (const engine::RuleVersion& version : overview.versions) {
    out += out.back() == '[' ? "{" : ",{";
    append_version(out, version);
    out += '}';
  }
  out += "],\"history\":[";
  for (const rules::HistoryEntry& entry : overview.history) {
    if (out.back() != '[') out += ',';
    append_change(out, entry);
  }
  out += ']';
  if (!overview.trouble.empty()) {
    out += ',';
    append_text(out, "trouble", overview.trouble);
  }
  return out += "}\n";
}

std::string render_ruleset(const engine::RuleText& ruleset) {
  std::string out = "{";
  append_version(out, ruleset.version);
  out += ',';
  append_text(out, "text", ruleset.text);
  append_count(out, "cost", ruleset.cost);
  append_list(out, "rules", ruleset.rules);
  append_list(out, "features", ruleset.features);
  append_list(out, "problems", ruleset.problems);
  return out += "}\n";
}

std::string render_added(const engine::RuleProposal& proposal, std::optional<Position> position) {
  std::string out = "{";
  append_text(out, "id", rules::to_text(proposal.id));
  if (position) {
    out += ",\"position\":\"";
    append_number(out, position->value);
    out += '"';
  }
  append_count(out, "rules", proposal.rules);
  append_count(out, "tests", proposal.tests);
  append_count(out, "cost", proposal.cost);
  append_list(out, "warnings", proposal.warnings);
  return out += "}\n";
}

std::string render_shadow(const engine::ShadowReport& report) {
  const rules::ShadowTally& tally = report.tally;
  std::string out = "{";
  append_text(out, "id", rules::to_text(report.id));
  append_time(out, "since", report.since);
  out += ",\"position\":\"";
  append_number(out, report.position.value);
  out += report.caught_up ? "\",\"caught_up\":true" : "\",\"caught_up\":false";
  append_count(out, "acts", tally.acts);
  append_count(out, "flagged", tally.shadow_flagged);
  append_count(out, "flagged_live", tally.live_flagged);
  append_count(out, "flagged_both", tally.both_flagged);
  append_count(out, "rejected", tally.fake);
  append_count(out, "genuine", tally.genuine);
  append_count(out, "forgotten", report.forgotten);
  append_share(out, "precision", precision(tally.decision));
  append_share(out, "recall", recall(tally.decision, tally));
  append_share(out, "overlap", overlap(tally.decision));
  out += ",\"rules\":[";
  for (std::size_t i = 0; i < report.rules.size(); ++i) {
    out += i == 0 ? "{" : ",{";
    append_text(out, "rule", report.rules[i]);
    append_tally(out, tally.rules[i], tally);
    out += '}';
  }
  return out += "]}\n";
}

}  // namespace zan::api
