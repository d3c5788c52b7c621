#include "engine/insights_view.h"

namespace zan::engine {
namespace {

using engagement::RecordTag;

constexpr std::int64_t period_us = 100'000;
constexpr std::size_t records_a_step = 20'000;
constexpr std::int64_t measure_every_us = 30 * us_per_second;  // bytes: a walk over all works and people

}  // namespace

InsightsView::InsightsView(Core& core, const InsightsOptions& options)
    : core_(core), book_(options.limits, options.zone_us), quiet_(core.journal().last()) {}

void InsightsView::start() {
  const auto tell = [this](const std::string& trouble) {
    const std::lock_guard lock(mutex_);
    status_.trouble = trouble;
  };
  follower_.start([this] { return step(); }, tell, "what creators ask is no longer followed", period_us);
}

void InsightsView::stop() { follower_.stop(); }

Result<bool> InsightsView::step() {
  ZAN_ASSIGN(const bool more, tail_.read(core_.journal(), seen_, records_a_step,
                                         [this](const storage::Group& group) { return read_group(group); }));
  publish(more);
  return more;
}

// A group is seen whole: an erasure never half done.
Result<void> InsightsView::read_group(const storage::Group& group) {
  const std::unique_lock lock(book_mutex_);
  ZAN_TRY(each_record(group, [&](ByteSpan record) { return take(record, group.at); }));
  seen_ = last_of(group);
  return {};
}

Result<void> InsightsView::take(ByteSpan record, Timestamp at) {
  switch (static_cast<RecordTag>(record.front())) {
    case RecordTag::act:
      return take_act(record, at);
    case RecordTag::subject:
      return take_subject(record);
    case RecordTag::withdrawal: {
      ZAN_ASSIGN(const engagement::WithdrawalRecord withdrawal, engagement::read_withdrawal(record));
      book_.take(withdrawal, at);
      return {};
    }
    case RecordTag::erased: {
      ZAN_ASSIGN(const PersonId person, engagement::read_erased(record));
      book_.erased(person);
      return {};
    }
    case RecordTag::verdict: {
      ZAN_ASSIGN(const engagement::VerdictRecord verdict, engagement::read_verdict(record, at));
      book_.take(verdict, at);
      return {};
    }
    default:
      return {};
  }
}

Result<void> InsightsView::take_act(ByteSpan record, Timestamp at) {
  ZAN_ASSIGN(const engagement::RecordedAct act, engagement::read_act(record, at));
  book_.take(act);
  if (act.at.us > newest_us_.load(std::memory_order_relaxed)) newest_us_.store(act.at.us, std::memory_order_relaxed);
  return {};
}

Result<void> InsightsView::take_subject(ByteSpan record) {
  ZAN_ASSIGN(const engagement::SubjectRecord subject, engagement::read_subject(record));
  ZAN_ASSIGN(const Timestamp published, matching::read_publication(subject.json));
  book_.put(subject.subject, subject.creator, published);
  return {};
}

void InsightsView::publish(bool more) {
  if (!more && seen_ >= quiet_) caught_up_.store(true);
  const std::int64_t now_us = core_.clock().monotonic_us();
  const bool measure = caught_up_.load() && (measured_us_ == 0 || now_us >= measured_us_ + measure_every_us);
  InsightsStatus fresh;
  {
    const std::shared_lock lock(book_mutex_);
    fresh.works = book_.works();
    fresh.creators = book_.creators();
    fresh.people = book_.people();
    fresh.left_out = book_.left_out();
    if (measure) fresh.bytes = book_.bytes();
  }
  if (measure) measured_us_ = now_us;
  const std::lock_guard lock(mutex_);
  if (!measure) fresh.bytes = status_.bytes;
  fresh.trouble = status_.trouble;
  fresh.position = seen_;
  fresh.progress = seen_ >= quiet_ ? 1 : static_cast<double>(seen_.value) / static_cast<double>(quiet_.value);
  fresh.caught_up = caught_up_.load();
  status_ = fresh;
}

}  // namespace zan::engine
