// RuleDesk's thread: the shadow, as a view of the journal.
#include <algorithm>

#include "base/log.h"
#include "engine/rule_desk.h"

namespace zan::engine {
namespace {

using integrity::rules::ChangeKind;

constexpr std::int64_t period_us = 250'000;
constexpr std::size_t records_a_step = 100'000;

}  // namespace

void RuleDesk::start() {
  const auto tell = [this](const std::string& trouble) {
    const std::lock_guard lock(mutex_);
    trouble_ = trouble;
  };
  follower_.start([this] { return step(); }, tell, "rules in the shadow are no longer followed", period_us);
}

void RuleDesk::stop() {
  follower_.stop();
}

Result<bool> RuleDesk::step() {
  if (core_.rules()->shadows().empty()) {
    intake_.reset();
    tail_.reset();
    shades_.clear();
    publish();
    return false;
  }
  if (intake_ == nullptr) {
    book_ = {};
    seen_ = {};
    tail_.reset();
    ZAN_ASSIGN(intake_, integrity::Intake::make(std::shared_ptr<const integrity::rules::Ruleset>(), nullptr,
                                                integrity::IntakeOptions::for_folder(core_.secret(), accounts_)));
  }
  ZAN_ASSIGN(const bool more, tail_.read(core_.journal(), seen_, records_a_step,
                                         [this](const storage::Group& group) { return read_group(group); }));
  publish();
  return more;
}

Result<void> RuleDesk::read_group(const storage::Group& group) {
  ByteSpan record;
  storage::RecordReader records(group.payload);
  while (records.next(record)) {
    if (changes_rules(record)) {
      ZAN_TRY(take_change(record, group.at));
      continue;
    }
    switch (static_cast<engagement::RecordTag>(record.front())) {
      case engagement::RecordTag::act: {
        ZAN_ASSIGN(const engagement::RecordedAct act, engagement::read_act(record, group.at));
        if (act.effect == engagement::Effect::changed) take_act(act);
        break;
      }
      case engagement::RecordTag::verdict: {
        ZAN_ASSIGN(const engagement::VerdictRecord verdict, engagement::read_verdict(record, group.at));
        for (Shade& shade : shades_) shade.watch.corrected(verdict);
        intake_->corrected(verdict);
        break;
      }
      case engagement::RecordTag::erased: {
        ZAN_ASSIGN(const PersonId person, engagement::read_erased(record));
        intake_->erased(person);
        break;
      }
      default:
        break;
    }
  }
  if (!records.ok()) return corrupt("a journal group is malformed");
  seen_ = last_of(group);
  return {};
}

Result<void> RuleDesk::take_change(ByteSpan record, Timestamp at) {
  ZAN_ASSIGN(const integrity::RuleChange change, integrity::read_rule_change(record));
  ZAN_TRY(integrity::take_over(book_, change, at.us));
  if (change.kind == ChangeKind::unshadow) shades_.remove_if([&](const Shade& shade) { return shade.id == change.id; });
  if (change.kind != ChangeKind::shadow) return {};
  // What does not compile any more is passed over: its report says so by not being there.
  const auto ruleset = integrity::load_intake_rules(book_.texts().at(change.id));
  if (ruleset.ok()) shades_.emplace_back(change.id, at, *ruleset);
  if (!ruleset.ok()) log::warn("rules in the shadow do not compile any more", {{"reason", ruleset.error().message}});
  return {};
}

void RuleDesk::take_act(const engagement::RecordedAct& act) {
  const bool judged = engagement::may_be_judged_late(act.type) && !act.incentivised;
  for (Shade& shade : shades_)
    if (judged) shade.watch.judged(act, intake_->look(shade.onlooker, act));
  intake_->observe(act);
}

void RuleDesk::publish() {
  std::vector<ShadowReport> reports;
  const bool caught_up = tail_.begun() && seen_ >= core_.journal().synced();
  for (const Shade& shade : shades_) {
    ShadowReport report;
    report.id = shade.id;
    report.since = shade.since;
    report.position = seen_;
    report.caught_up = caught_up;
    report.tally = shade.watch.tally();
    report.forgotten = shade.watch.forgotten();
    for (const auto& rule : shade.watch.ruleset().program.rules()) report.rules.push_back(rule.name);
    reports.push_back(std::move(report));
  }
  const std::lock_guard lock(mutex_);
  reports_ = std::move(reports);
}

}  // namespace zan::engine
