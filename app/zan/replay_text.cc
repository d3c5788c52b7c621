#include "zan/replay_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "zan/csv_field.h"
#include "zan/progress_bar.h"
#include "zan/proof_text.h"

namespace zan::app {
namespace {

using engagement::Verdict;

std::string share(std::optional<double> value) {
  return value ? fmt::format("{:.4f}", *value) : "-";
}

std::uint64_t moved(const engine::ReplaySummary& summary, Verdict now) {
  std::uint64_t count = 0;
  for (std::size_t then = 0; then < engagement::verdict_count; ++then)
    if (then != static_cast<std::size_t>(now)) count += summary.from_to[then][static_cast<std::size_t>(now)];
  return count;
}

void append_rules(std::string& text, const engine::ReplaySummary& summary) {
  if (summary.rule_names.empty()) return;
  text += fmt::format("\n{:<32} {:>12} {:>12} {:>10} {:>10} {:>10}\n", "rule", "matched", "also then", "overlap",
                      "precision", "recall");
  for (std::size_t i = 0; i < summary.rule_names.size(); ++i) {
    const integrity::rules::RuleTally& rule = summary.tally.rules[i];
    text += fmt::format("{:<32} {:>12} {:>12} {:>10} {:>10} {:>10}\n", summary.rule_names[i], grouped(rule.matched),
                        grouped(rule.matched_live), share(overlap(rule)), share(precision(rule)),
                        share(recall(rule, summary.tally)));
  }
}

}  // namespace

Result<engine::ReplayBound> parse_bound(std::string_view text, const char* option) {
  if (text.empty()) return engine::ReplayBound{};
  std::uint64_t position = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position);
  if (error == std::errc() && end == text.data() + text.size()) return engine::ReplayBound{Position{position}};
  const Result<Timestamp> at = parse_rfc3339(text);
  if (!at.ok()) return invalid(fmt::format("\"{}\" is neither a position nor a time", text), option);
  return engine::ReplayBound{*at};
}

std::string to_csv(const engine::ReplayLine& line) {
  std::string text = fmt::format("{},{},{},", line.position.value, to_rfc3339(line.at), engagement::to_string(line.type));
  append_csv(text, line.actor);
  text += ',';
  append_csv(text, line.subject);
  text += fmt::format(",{},{},{},{},{},", engagement::to_string(line.then), engagement::to_string(line.now),
                      engagement::to_string(line.stands), line.quality_then, line.quality_now);
  append_csv(text, line.reason);
  return text += '\n';
}

std::string to_text(const engine::ReplaySummary& summary) {
  const integrity::rules::ShadowTally& tally = summary.tally;
  std::string text;
  text +=
      fmt::format("rules       {}\nmodel       {}\n", summary.rules, summary.model.empty() ? "none" : summary.model);
  if (!summary.trouble.empty())
    text += fmt::format("left out    a version that does not compile any more: {}\n", printable(summary.trouble));
  text += fmt::format("stretch     positions {} to {}, after {} acts that were only counted\n", summary.first.value,
                      summary.last.value, grouped(summary.warmed));
  text += fmt::format("judged      {} likes, dislikes and follows\n", grouped(summary.judged));
  text += fmt::format("changed     {}: {} newly held, {} newly rejected, {} released\n", grouped(summary.changed),
                      grouped(moved(summary, Verdict::held)), grouped(moved(summary, Verdict::rejected)),
                      grouped(moved(summary, Verdict::genuine)));
  text += fmt::format("as before   {} with another score, {} with other reasons\n", grouped(summary.quality_changed),
                      grouped(summary.reasons_changed));
  text += fmt::format("flagged     {} now, {} then, {} both\n", grouped(tally.shadow_flagged),
                      grouped(tally.live_flagged), grouped(tally.both_flagged));
  text += fmt::format(
      "against     what stands in the journal: {} rejected, {} genuine; precision {}, recall {}, overlap with then "
      "{}\n",
      grouped(tally.fake), grouped(tally.genuine), share(precision(tally.decision)),
      share(recall(tally.decision, tally)), share(overlap(tally.decision)));
  append_rules(text, summary);
  return text;
}

}  // namespace zan::app
