#include "engine/rule_desk.h"

#include <algorithm>
#include <map>

namespace zan::engine {
namespace {

using integrity::RuleChange;
using integrity::rules::Change;
using integrity::rules::ChangeKind;
using integrity::rules::Loaded;
using integrity::rules::RuleBook;
using integrity::rules::Ruleset;
using integrity::rules::RulesetId;

std::vector<std::string> lines_of(const std::vector<integrity::rules::Problem>& problems) {
  std::vector<std::string> lines;
  for (const auto& problem : problems) lines.push_back(integrity::rules::to_text(problem));
  return lines;
}

Result<void> check_names(const std::string& who, const std::string& why) {
  const std::string most = "more than " + std::to_string(integrity::rules::note_bytes_max) + " bytes";
  if (who.empty() || who.size() > integrity::rules::note_bytes_max)
    return invalid("a change needs who makes it", "/by");
  if (why.empty()) return invalid("a change needs a reason", "/why");
  if (why.size() > integrity::rules::note_bytes_max) return invalid(most, "/why");
  return {};
}

Result<Bytes> as_record(const RuleChange& change) {
  Bytes record;
  integrity::put_rule_change(record, change);
  return record;
}

bool is_shadow(const RuleBook& book, RulesetId id) {
  return std::find(book.shadows().begin(), book.shadows().end(), id) != book.shadows().end();
}

RuleVersion version_of(const RuleBook& book, RulesetId id, const Change& added) {
  RuleVersion version;
  version.id = id;
  version.who = added.who;
  version.why = added.why;
  version.at = {added.when_ms * us_per_ms};
  version.text_bytes = book.texts().at(id).size();
  version.active = book.active() == id;
  version.shadow = is_shadow(book, id);
  return version;
}

// Whether it compiles and passes its own tests.
Result<void> sound(std::string_view text) {
  const auto loaded = integrity::load_intake_rules(text);
  return loaded.ok() ? Result<void>() : invalid(loaded.error().message, "/text");
}

RulesetId shipped_id() {
  static const RulesetId id = *integrity::rules::id_of_text(integrity::default_rules);
  return id;
}

RuleVersion shipped_version(const RuleBook& book) {
  RuleVersion version;
  version.id = shipped_id();
  version.who = "zhenzan";
  version.why = "ships with the program";
  version.text_bytes = integrity::default_rules.size();
  version.active = !book.active();
  return version;
}

// What ships comes into service again when nothing else is.
Result<Bytes> record_of_shipped(const RuleBook& book, ChangeKind kind, const std::string& who, const std::string& why) {
  if (kind != ChangeKind::activate)
    return conflict("what ships is in service wherever nothing else is; to go without rules, activate an empty text");
  if (!book.active()) return Bytes();
  return as_record({ChangeKind::deactivate, *book.active(), who, why, {}});
}

}  // namespace

RulesOverview RuleDesk::overview() const {
  const BookPtr book = core_.rules();
  RulesOverview overview;
  overview.in_service = book->active().value_or(shipped_id());
  for (auto entry = book->history().rbegin(); entry != book->history().rend(); ++entry) {
    if (entry->kind == ChangeKind::add) overview.versions.push_back(version_of(*book, entry->id, entry->change));
    if (overview.history.size() < rule_history_max) overview.history.push_back(*entry);
  }
  if (!book->texts().contains(shipped_id())) overview.versions.push_back(shipped_version(*book));
  if (const auto used = sound(integrity::rules_in_service(*book)); !used.ok()) overview.trouble = used.error().message;
  return overview;
}

Result<RuleText> RuleDesk::one(RulesetId id) const {
  const BookPtr book = core_.rules();
  const auto text = book->texts().find(id);
  if (text == book->texts().end() && id != shipped_id()) return not_found("no such version of the rules");
  RuleText one;
  one.version = shipped_version(*book);
  for (const auto& entry : book->history())
    if (entry.kind == ChangeKind::add && entry.id == id) one.version = version_of(*book, id, entry.change);
  one.text = text == book->texts().end() ? std::string(integrity::default_rules) : text->second;
  const Loaded loaded = integrity::rules::load_ruleset(one.text, integrity::intake_environment());
  one.problems = lines_of(loaded.problems);
  if (loaded.ruleset == nullptr) return one;
  one.cost = loaded.ruleset->program.cost();
  for (const auto& rule : loaded.ruleset->program.rules()) one.rules.push_back(rule.name);
  for (const auto& feature : loaded.ruleset->program.features())
    one.features.push_back(integrity::rules::to_text(integrity::intake_catalogue(), feature));
  return one;
}

Result<RuleProposal> RuleDesk::propose(std::string_view text, const std::string& who, const std::string& why) const {
  ZAN_TRY(check_names(who, why));
  ZAN_TRY(sound(text));
  const Loaded loaded = integrity::rules::load_ruleset(text, integrity::intake_environment());
  const auto& ruleset = loaded.ruleset;
  const BookPtr book = core_.rules();
  RuleProposal proposal;
  proposal.id = ruleset->id;
  proposal.cost = ruleset->program.cost();
  proposal.rules = ruleset->program.rules().size();
  proposal.tests = ruleset->tests.size();
  proposal.warnings = lines_of(loaded.problems);
  if (book->texts().contains(ruleset->id)) return proposal;
  if (book->texts().size() >= integrity::rules::versions_max)
    return conflict("the book has " + std::to_string(integrity::rules::versions_max) + " versions, its most");
  ZAN_ASSIGN(proposal.record, as_record({ChangeKind::add, ruleset->id, who, why, std::string(text)}));
  return proposal;
}

Result<Bytes> RuleDesk::record_of(ChangeKind kind, RulesetId id, const std::string& who, const std::string& why) const {
  ZAN_TRY(check_names(who, why));
  const BookPtr book = core_.rules();
  const auto text = book->texts().find(id);
  if (text == book->texts().end() && id == shipped_id()) return record_of_shipped(*book, kind, who, why);
  if (text == book->texts().end()) return not_found("no such version of the rules");
  if (kind == ChangeKind::add) return invalid("a version is added with its text", "/decision");
  const bool active = book->active() == id, shadow = is_shadow(*book, id);
  if ((kind == ChangeKind::activate && active) || (kind == ChangeKind::deactivate && !active) ||
      (kind == ChangeKind::shadow && shadow) || (kind == ChangeKind::unshadow && !shadow))
    return Bytes();
  if (kind == ChangeKind::shadow && book->shadows().size() >= integrity::rules::shadows_max)
    return conflict(std::to_string(integrity::rules::shadows_max) + " versions run in the shadow, the most");
  // What it reads may have changed since it was added.
  if (kind == ChangeKind::activate || kind == ChangeKind::shadow) ZAN_TRY(sound(text->second));
  return as_record({kind, id, who, why, {}});
}

Result<ShadowReport> RuleDesk::shadow(RulesetId id) const {
  const BookPtr book = core_.rules();
  if (!is_shadow(*book, id)) return not_found("this version does not run in the shadow");
  const std::lock_guard lock(mutex_);
  for (const ShadowReport& report : reports_)
    if (report.id == id) return report;
  return unavailable(trouble_.empty() ? "the journal is still being read for the shadow; try again" : trouble_);
}

}  // namespace zan::engine
