// SimRules: a book of rules in memory, for tests of the server alone. A version in the shadow has seen ten acts.
//
// Threads: any.
#pragma once

#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>

#include "engine/engine.h"

namespace zan::api {

class SimRules final : public engine::Rules {
 public:
  static constexpr Timestamp changed{1'650'899'141'436'000};

  Result<void> take(ByteSpan record) {
    const std::lock_guard lock(mutex_);
    ZAN_ASSIGN(const integrity::RuleChange change, integrity::read_rule_change(record));
    const Result<void> taken = integrity::take_over(book_, change, changed.us);
    return taken.ok() ? taken : conflict(taken.error().message);
  }
  integrity::rules::RuleBook book() const {
    const std::lock_guard lock(mutex_);
    return book_;
  }

  engine::RulesOverview overview() const override {
    const integrity::rules::RuleBook book = this->book();
    engine::RulesOverview overview;
    overview.in_service = book.active().value_or(*integrity::rules::id_of_text(integrity::default_rules));
    for (const auto& [id, text] : book.texts()) overview.versions.push_back(version(book, id));
    overview.versions.push_back({.id = *integrity::rules::id_of_text(integrity::default_rules), .who = "zhenzan"});
    overview.history = {book.history().rbegin(), book.history().rend()};
    if (trouble_) overview.trouble = "1:2: error: \"gone\"";
    return overview;
  }
  Result<engine::RuleText> one(integrity::rules::RulesetId id) const override {
    const integrity::rules::RuleBook book = this->book();
    if (!book.texts().contains(id)) return not_found("no such version of the rules");
    return engine::RuleText{version(book, id), book.texts().at(id), 12, {"fast"}, {"is_like"}, {"1:1: warning: \"x\""}};
  }
  Result<engine::RuleProposal> propose(std::string_view text, const std::string& who,
                                       const std::string& why) const override {
    const auto loaded = integrity::load_intake_rules(text);
    if (!loaded.ok()) return invalid(loaded.error().message, "/text");
    engine::RuleProposal proposal{.id = (*loaded)->id, .record = {}, .cost = 12, .rules = 1, .warnings = {"a warning"}};
    if (book().texts().contains(proposal.id)) return proposal;
    integrity::put_rule_change(proposal.record,
                               {integrity::rules::ChangeKind::add, proposal.id, who, why, std::string(text)});
    return proposal;
  }
  Result<Bytes> record_of(integrity::rules::ChangeKind kind, integrity::rules::RulesetId id, const std::string& who,
                          const std::string& why) const override {
    const integrity::rules::RuleBook book = this->book();
    if (!book.texts().contains(id)) return not_found("no such version of the rules");
    Bytes record;
    if (kind == integrity::rules::ChangeKind::activate && book.active() == id) return record;
    integrity::put_rule_change(record, {kind, id, who, why, {}});
    return record;
  }
  Result<engine::ShadowReport> shadow(integrity::rules::RulesetId id) const override {
    if (!in_shadow(book(), id)) return not_found("this version does not run in the shadow");
    engine::ShadowReport report;
    report.id = id;
    report.since = changed;
    report.position = {77};
    report.caught_up = true;
    report.tally = integrity::rules::ShadowTally(1);
    report.tally.acts = 10;
    report.tally.shadow_flagged = 4;
    report.tally.live_flagged = 3;
    report.tally.both_flagged = 2;
    report.tally.fake = 3;
    report.tally.genuine = 6;
    report.tally.decision = report.tally.rules[0] = {4, 2, 3, 1};
    report.rules = {"fast"};
    return report;
  }
  void set_trouble(bool trouble) { trouble_ = trouble; }

 private:
  static bool in_shadow(const integrity::rules::RuleBook& book, integrity::rules::RulesetId id) {
    return std::find(book.shadows().begin(), book.shadows().end(), id) != book.shadows().end();
  }
  static engine::RuleVersion version(const integrity::rules::RuleBook& book, integrity::rules::RulesetId id) {
    engine::RuleVersion version{.id = id, .who = "ops", .why = "why \"so\"", .at = changed};
    version.text_bytes = book.texts().at(id).size();
    version.active = book.active() == id;
    version.shadow = in_shadow(book, id);
    return version;
  }

  mutable std::mutex mutex_;
  integrity::rules::RuleBook book_;
  std::atomic<bool> trouble_ = false;
};

}  // namespace zan::api
