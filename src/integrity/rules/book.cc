#include "integrity/rules/book.h"

#include <fmt/format.h>

#include <algorithm>

namespace zan::integrity::rules {
namespace {

Result<std::shared_ptr<const Ruleset>> compiled(std::string_view text, const Environment& environment) {
  Loaded loaded = load_ruleset(text, environment);
  if (loaded.ruleset) return std::move(loaded.ruleset);
  std::string lines;
  for (const Problem& problem : loaded.problems) lines += (lines.empty() ? "" : "\n") + to_text(problem);
  return invalid(std::move(lines));
}

}  // namespace

Result<void> RuleBook::check(const Change& change) const {
  if (change.who.empty()) return invalid("a change needs a name of who makes it", "who");
  if (change.why.empty()) return invalid("a change needs a reason", "why");
  if (change.who.size() > note_bytes_max) return invalid(fmt::format("more than {} bytes", note_bytes_max), "who");
  if (change.why.size() > note_bytes_max) return invalid(fmt::format("more than {} bytes", note_bytes_max), "why");
  if (history_.size() >= history_max) return limited(fmt::format("the book has {} changes, its most", history_max));
  return {};
}

Result<RulesetId> RuleBook::add(std::string_view text, const Environment& environment, const Change& change) {
  ZAN_TRY(check(change));
  ZAN_ASSIGN(const auto ruleset, compiled(text, environment));
  if (texts_.contains(ruleset->id)) return ruleset->id;
  if (texts_.size() >= versions_max) return limited(fmt::format("the book has {} versions, its most", versions_max));
  texts_.emplace(ruleset->id, text);
  note(ChangeKind::add, ruleset->id, change);
  return ruleset->id;
}

Result<std::shared_ptr<const Ruleset>> RuleBook::load(RulesetId id, const Environment& environment) const {
  const auto text = texts_.find(id);
  if (text == texts_.end()) return not_found("no such ruleset", to_text(id));
  return compiled(text->second, environment);
}

Result<std::shared_ptr<const Ruleset>> RuleBook::activate(RulesetId id, const Environment& environment,
                                                          const Change& change) {
  ZAN_TRY(check(change));
  ZAN_ASSIGN(auto ruleset, load(id, environment));
  const std::vector<std::string> failed = run_tests(*ruleset);
  std::string failures;
  for (const std::string& failure : failed) failures += (failures.empty() ? "" : "\n") + failure;
  if (!failures.empty()) return Error{ErrorKind::refused, std::move(failures), {}};
  if (active_ == id) return ruleset;
  active_ = id;
  note(ChangeKind::activate, id, change);
  return ruleset;
}

Result<void> RuleBook::deactivate(const Change& change) {
  ZAN_TRY(check(change));
  if (!active_) return conflict("no ruleset is in service");
  note(ChangeKind::deactivate, *active_, change);
  active_.reset();
  return {};
}

Result<std::shared_ptr<const Ruleset>> RuleBook::shadow(RulesetId id, const Environment& environment,
                                                        const Change& change) {
  ZAN_TRY(check(change));
  ZAN_ASSIGN(auto ruleset, load(id, environment));
  if (std::find(shadows_.begin(), shadows_.end(), id) != shadows_.end()) return ruleset;
  if (shadows_.size() >= shadows_max)
    return limited(fmt::format("{} rulesets run in the shadow, the most", shadows_max));
  shadows_.push_back(id);
  note(ChangeKind::shadow, id, change);
  return ruleset;
}

Result<void> RuleBook::unshadow(RulesetId id, const Change& change) {
  ZAN_TRY(check(change));
  if (std::erase(shadows_, id) == 0) return not_found("the ruleset does not run in the shadow", to_text(id));
  note(ChangeKind::unshadow, id, change);
  return {};
}

// What is in service and in the shadow follows from the history.
Result<void> RuleBook::enter(const HistoryEntry& entry) {
  const auto at = std::find(shadows_.begin(), shadows_.end(), entry.id);
  if (!texts_.contains(entry.id)) return corrupt("the history names a ruleset that is not there");
  if (history_.size() >= history_max) return corrupt("the book is too long");
  switch (entry.kind) {
    case ChangeKind::add:
      break;
    case ChangeKind::activate:
      active_ = entry.id;
      break;
    case ChangeKind::deactivate:
      if (active_ != entry.id) return corrupt("what was not in service is taken out of it");
      active_.reset();
      break;
    case ChangeKind::shadow:
      if (at != shadows_.end() || shadows_.size() >= shadows_max) return corrupt("too much in the shadow");
      shadows_.push_back(entry.id);
      break;
    case ChangeKind::unshadow:
      if (at == shadows_.end()) return corrupt("what was not in the shadow is taken out of it");
      shadows_.erase(at);
      break;
  }
  history_.push_back(entry);
  return {};
}

Result<void> RuleBook::take_over(const HistoryEntry& entry, std::string_view text) {
  const bool is_new = entry.kind == ChangeKind::add;
  if (is_new && texts_.size() >= versions_max) return corrupt("the book is too long");
  if (is_new && !texts_.try_emplace(entry.id, text).second) return corrupt("every ruleset is added once");
  const Result<void> entered = enter(entry);
  if (is_new && !entered.ok()) texts_.erase(entry.id);
  return entered;
}

}  // namespace zan::integrity::rules
