#include "engine/matching_view.h"

#include <algorithm>

#include "base/log.h"

namespace zan::engine {
namespace {

constexpr std::int64_t period_us = 20'000;
constexpr std::size_t records_a_step = 20'000;
constexpr std::int64_t exposure_every_us = 60 * us_per_second;
constexpr float crowding_step = 0.2F;
constexpr std::int64_t measure_every_us = 10 * us_per_second;  // bytes: a walk over all people

}  // namespace

MatchingView::MatchingView(Core& core, Entropy& entropy, const MatchingOptions& options, Command command)
    : core_(core),
      entropy_(entropy),
      command_(std::move(command)),
      options_(options),
      live_(options.limits),
      feeds_(live_),
      experiments_(core.secret(), options.limits.works_max),
      facts_(core.registry(), core.secret(), tags_, options_.attributes),
      quiet_(core.journal().last()),
      trainer_(core, tags_, options_, feeds_, [this] { return progress(); }) {
  trainer_.load();
}

FeedTrainer::Progress MatchingView::progress() const {
  const std::lock_guard lock(mutex_);
  return {status_.position, status_.deeds, status_.caught_up};
}

void MatchingView::start() {
  const auto tell = [this](const std::string& trouble) {
    const std::lock_guard lock(mutex_);
    status_.trouble = trouble;
  };
  follower_.start([this] { return step(); }, tell, "matching is no longer followed", period_us);
  trainer_.start();
}

void MatchingView::stop() {
  trainer_.stop();
  follower_.stop();
}

Result<bool> MatchingView::step() {
  const auto read_group = [this](const storage::Group& group) -> Result<void> {
    ZAN_TRY(facts_.read(group, *this));
    seen_ = last_of(group);
    return {};
  };
  ZAN_ASSIGN(const bool more, tail_.read(core_.journal(), seen_, records_a_step, read_group));
  publish(more);
  if (caught_up_.load() && !more) look_at_exposure();
  return more;
}

// Integral control: as long as the most shown tenth has more than the policy's share, a little more is held back.
void MatchingView::look_at_exposure() {
  const std::int64_t now_us = core_.clock().monotonic_us();
  if (exposure_us_ != 0 && now_us < exposure_us_ + exposure_every_us) return;
  exposure_us_ = now_us;
  const matching::Works& works = live_.works();
  matching::Exposure exposure(works.size());
  const std::uint32_t now_s = matching::seconds_of(moment());
  for (matching::WorkRow row = 0; row < works.size(); ++row) {
    const float shown = matching::faded(works.read(row), now_s).shown;
    if (shown >= 0.5F) exposure.add(row, static_cast<std::uint32_t>(shown + 0.5F));
  }
  const matching::Evenness evenness = exposure.summary(works.size());
  const auto over = static_cast<float>(evenness.top_share) - feeds_.policy()->top_share_max;
  if (evenness.impressions > 0) crowding_ = std::clamp(crowding_ + crowding_step * over, 0.0F, 1.0F);
  const auto mean = static_cast<float>(evenness.impressions) / static_cast<float>(std::max<std::size_t>(1, works.size()));
  feeds_.set_crowding(crowding_, mean);
  const std::lock_guard lock(mutex_);
  status_.gini = evenness.gini;
  status_.top_share = evenness.top_share;
  status_.crowding = crowding_;
}

void MatchingView::shown(const matching::Shown& told) {
  const matching::Shown shown = live_.untold(told);
  if (shown.items.empty()) return;
  if (caught_up_.load(std::memory_order_relaxed)) matching::learn_online(live_, *feeds_.models(), shown);
  live_.take(shown);
  experiments_.shown(shown, live_.works());
}

void MatchingView::erased(PersonId person) {
  live_.erase(person);
  if (const auto online = feeds_.models()->online) online->erase(person);
}

void MatchingView::deed(const matching::Deed& deed) {
  const matching::Heard heard = live_.take(deed);
  if (caught_up_.load(std::memory_order_relaxed)) matching::learn_online(live_, *feeds_.models(), deed, heard);
  experiments_.did(deed.person, deed.subject, heard.fresh, deed.at);
  ++deeds_;
  if (deed.at.us > newest_us_.load(std::memory_order_relaxed)) newest_us_.store(deed.at.us, std::memory_order_relaxed);
}

// One that does not fit what was there before it is void, today and at every reading.
void MatchingView::rule(const matching::FeedRule& rule, Timestamp at) {
  auto rules = std::make_shared<matching::FeedRules>(*feeds_.rules());
  if (const Result<void> added = rules->add(rule, at); !added.ok()) {
    log::warn("a rule of feeds does not fit", {{"reason", added.error().message}});
    return;
  }
  feeds_.set(std::move(rules));
}

void MatchingView::ended(const matching::RuleEnded& ended, Timestamp at) {
  auto rules = std::make_shared<matching::FeedRules>(*feeds_.rules());
  if (rules->end(ended, at).ok()) feeds_.set(std::move(rules));
}

void MatchingView::started(const matching::ExperimentStarted& experiment, Timestamp at) {
  if (const Result<void> begun = experiments_.start(experiment, at); !begun.ok())
    log::warn("an experiment of feeds does not fit", {{"reason", begun.error().message}});
}

void MatchingView::ended(const matching::ExperimentEnded& experiment, Timestamp at) {
  if (const Result<void> done = experiments_.end(experiment, at); !done.ok())
    log::warn("the end of an experiment of feeds does not fit", {{"reason", done.error().message}});
}

void MatchingView::policy(const matching::PolicySet& set) {
  feeds_.set(std::make_shared<const matching::Policy>(set.policy));
}

void MatchingView::publish(bool more) {
  if (!more && seen_ >= quiet_) caught_up_.store(true);
  const std::int64_t now_us = core_.clock().monotonic_us();
  const bool measure = caught_up_.load() && (measured_us_ == 0 || now_us >= measured_us_ + measure_every_us);
  std::size_t bytes = 0;
  if (measure) {
    measured_us_ = now_us;
    bytes = live_.works().bytes() + live_.people().bytes();
    experiments_.settle(moment());
  }
  const std::lock_guard lock(mutex_);
  status_.position = seen_;
  status_.deeds = deeds_;
  status_.progress = seen_ >= quiet_ ? 1 : static_cast<double>(seen_.value) / static_cast<double>(quiet_.value);
  status_.caught_up = caught_up_.load();
  if (measure) status_.bytes = bytes;
  moved_.notify_all();
}

}  // namespace zan::engine
