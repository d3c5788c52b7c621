#include "engine/check_rules.h"

#include "engine/check_evidence.h"

namespace zan::engine {

void RulesChecker::see(ByteSpan record, Timestamp at) {
  if (!changes_rules(record)) return;
  const auto change = integrity::read_rule_change(record);
  const Result<void> taken = change.ok() ? integrity::take_over(told_, *change, at.us) : Result<void>(change.error());
  if (!taken.ok() && wrong_.size() < findings_max) wrong_.push_back({"rules: journal: " + taken.error().message});
}

void RulesChecker::compare(const integrity::rules::RuleBook& have, std::vector<Finding>& findings) const {
  std::vector<Finding> all = wrong_;
  if (have != told_) all.push_back({"rules: the book is not the one that the journal tells of"});
  for (const auto& [id, text] : told_.texts())
    if (integrity::rules::id_of_text(text) != id)
      all.push_back({"rules: version " + integrity::rules::to_text(id) + " has another text than its name says"});
  for (Finding& finding : all)
    if (findings.size() < findings_max) findings.push_back(std::move(finding));
}

}  // namespace zan::engine
