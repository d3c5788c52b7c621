#include "matching/experiment/experiments.h"

#include <fmt/format.h>

#include <algorithm>

namespace zan::matching {
namespace {

constexpr std::size_t creators_counted_max = 4'000'000;

Result<void> check_name(std::string_view name, const char* field) {
  if (!name.empty() && name.size() <= experiment_name_bytes_max) return {};
  return invalid(fmt::format("1 to {} bytes", experiment_name_bytes_max), field);
}

std::unique_ptr<Report> report_of(const ExperimentStarted& started, std::size_t works_max) {
  ReportOptions options;
  options.shares_bp.push_back(started.control_bp);
  for (const Variant& variant : started.variants) options.shares_bp.push_back(variant.share_bp);
  options.works_max = works_max;
  options.creators_max = creators_counted_max;
  return std::make_unique<Report>(std::move(options));
}

}  // namespace

Result<void> check(const ExperimentStarted& started) {
  ZAN_TRY(check_name(started.name, "name"));
  ZAN_TRY(check_name(started.who, "who"));
  if (started.why.empty() || started.why.size() > rule_text_bytes_max)
    return invalid(fmt::format("1 to {} bytes", rule_text_bytes_max), "why");
  if (started.holdout_bp > whole_bp / 2) return invalid("0 to 0.5", "holdout_share");
  if (started.interleaved() && started.variants.size() > 1)
    return invalid("several arms have something to compare with", "control_share");
  if (started.variants.empty() || started.variants.size() > variants_max)
    return invalid(fmt::format("1 to {} arms", variants_max), "arms");
  std::uint64_t sum = started.control_bp;
  for (std::size_t i = 0; i < started.variants.size(); ++i) {
    const Variant& variant = started.variants[i];
    ZAN_TRY(check_name(variant.name, "arms"));
    if (variant.name == "control" || variant.name == "holdout") return invalid("that name is taken", "arms");
    const auto same = [&](const Variant& other) { return other.name == variant.name; };
    if (std::count_if(started.variants.begin(), started.variants.end(), same) > 1)
      return invalid("two arms have one name", "arms");
    if (variant.share_bp == 0) return invalid("an arm has a share of 0.0001 at least", "arms");
    ZAN_TRY(check(variant.policy));
    sum += variant.share_bp;
  }
  return sum <= whole_bp ? Result<void>() : invalid("the shares of control and arms are more than 1", "arms");
}

Result<void> Experiments::fits_locked(const ExperimentStarted& started) const {
  ZAN_TRY(check(started));
  if (running_ != nullptr) return conflict("an experiment is running; end it first", "id");
  if (known_.size() >= experiments_max) return limited(fmt::format("{} experiments have been made", experiments_max));
  const auto same = [&](const Known& known) { return known.entry.started.id == started.id; };
  return std::any_of(known_.begin(), known_.end(), same) ? conflict("the id is taken", "id") : Result<void>();
}

Result<void> Experiments::fits_locked(const ExperimentEnded& ended) const {
  if (running_ != nullptr && running_->id == ended.id) return {};
  const auto same = [&](const Known& known) { return known.entry.started.id == ended.id; };
  if (std::any_of(known_.begin(), known_.end(), same)) return conflict("it has ended before", "id");
  return not_found("there is no such experiment");
}

Result<void> Experiments::fits(const ExperimentStarted& started) const {
  const std::lock_guard lock(mutex_);
  return fits_locked(started);
}

Result<void> Experiments::fits(const ExperimentEnded& ended) const {
  const std::lock_guard lock(mutex_);
  return fits_locked(ended);
}

Result<void> Experiments::start(const ExperimentStarted& started, Timestamp at) {
  const std::lock_guard lock(mutex_);
  ZAN_TRY(fits_locked(started));
  // One key and no name: the holdout's people are the same in all experiments.
  const Holdout holdout(key_, started.holdout_bp);
  auto running = std::make_shared<Running>(Running{
      started.id, Arms(key_, fmt::format("{:016x}", started.id), holdout), {}, {}, started.interleaved()});
  std::vector<std::uint32_t> shares{started.control_bp};
  for (const Variant& variant : started.variants) {
    shares.push_back(variant.share_bp);
    running->names.push_back(variant.name);
    running->policies.push_back(std::make_shared<const Policy>(variant.policy));
  }
  ZAN_TRY(running->arms.set(shares));
  Known known{{started, at, {}, {}, {}, {}, {}}, nullptr, nullptr};
  if (started.interleaved()) {
    known.preferences = std::make_unique<Preferences>(PreferencesOptions());
  } else {
    known.report = report_of(started, works_max_);
  }
  known_.push_back(std::move(known));
  if (known_.size() > reports_kept) {
    Known& old = known_[known_.size() - reports_kept - 1];
    old.report.reset();
    old.preferences.reset();
  }
  running_ = std::move(running);
  return {};
}

Result<void> Experiments::end(const ExperimentEnded& ended, Timestamp at) {
  const std::lock_guard lock(mutex_);
  ZAN_TRY(fits_locked(ended));
  Entry& entry = known_.back().entry;
  entry.ended_at = at;
  entry.ended_by = ended.who;
  entry.ended_why = ended.why;
  running_.reset();
  return {};
}

Experiments::Assigned Experiments::of(PersonId person) const {
  std::shared_ptr<const Running> running;
  {
    const std::lock_guard lock(mutex_);
    running = running_;
  }
  if (running == nullptr || !person) return {};
  const Arm arm = running->arms.of(Unit::person(person));
  if (arm == arm_none) return {};
  if (arm <= arm_control) return {running->id, arm, arm == arm_control ? "control" : "holdout", nullptr, false, 0};
  const std::size_t variant = arm - arm_control - 1U;
  const std::uint64_t seed = mix64(running->id ^ mix64(person.value));
  return {running->id, arm, running->names[variant], running->policies[variant], running->interleaved, seed};
}

std::vector<Experiments::Entry> Experiments::entries() const {
  const std::lock_guard lock(mutex_);
  std::vector<Entry> entries;
  for (const Known& known : known_) {
    entries.push_back(known.entry);
    if (known.report != nullptr) entries.back().report = known.report->report();
    if (known.preferences != nullptr) entries.back().preferences = known.preferences->report();
  }
  return entries;
}

// A showing of an arm that the person is not in was made for another experiment, and counts for none.
void Experiments::shown(const Shown& shown, const Works& works) {
  if (shown.arm < arm_control || !shown.person) return;
  const std::lock_guard lock(mutex_);
  const Unit unit = Unit::person(shown.person);
  if (running_ == nullptr || running_->arms.of(unit) != shown.arm) return;
  const Known& known = known_.back();
  std::vector<DraftedWork> drafted;
  for (const ShownItem& item : shown.items) {
    if (is_paid(item.source)) continue;
    if (known.preferences != nullptr) {
      if (item.source != SourceKind::pinned) drafted.push_back({item.subject, item.of_rival ? Team::b : Team::a});
    } else if (const WorkRow row = works.row_of(item.subject); row != no_work) {
      const std::uint32_t creator = works.read(row).creator.value;
      known.report->shown({shown.arm, unit.token(), row, creator, item.explored, seconds_of(shown.at)});
    }
  }
  if (known.preferences != nullptr) known.preferences->shown(unit.token(), drafted, seconds_of(shown.at));
}

void Experiments::did(PersonId person, SubjectId subject, Signals fresh, Timestamp at) {
  if (fresh == 0) return;
  const std::lock_guard lock(mutex_);
  if (running_ == nullptr) return;
  const std::uint64_t unit = Unit::person(person).token();
  const Known& known = known_.back();
  if (known.preferences != nullptr) {
    known.preferences->did(unit, subject, fresh, seconds_of(at));
  } else {
    known.report->did(unit, fresh, seconds_of(at));
  }
}

void Experiments::settle(Timestamp now) {
  const std::lock_guard lock(mutex_);
  if (running_ == nullptr) return;
  const Known& known = known_.back();
  if (known.preferences != nullptr) {
    known.preferences->settle(seconds_of(now));
  } else {
    known.report->settle(seconds_of(now));
  }
}

}  // namespace zan::matching
