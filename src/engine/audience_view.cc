#include "engine/audience_view.h"

#include <algorithm>

#include "base/log.h"
#include "base/require.h"

namespace zan::engine {
namespace {

using engagement::RecordTag;

constexpr std::int64_t period_us = 100'000;
constexpr std::size_t records_a_step = 100'000;
constexpr std::uint32_t people_swept_a_step = 20'000;
constexpr std::uint64_t bulk_records_min = 500'000;  // of the journal, that are read without working tags out
constexpr unsigned bulk_threads = 2;
constexpr std::size_t measured_a_step = 20;                    // segments
constexpr std::int64_t measure_every_us = 10 * us_per_second;  // bytes: a walk over all sets

}  // namespace

AudienceView::AudienceView(Core& core, Entropy& entropy, const AudienceOptions& options, Command command)
    : core_(core),
      entropy_(entropy),
      command_(std::move(command)),
      catalogue_(options.catalogue ? options.catalogue : audience::Catalogue::standard()),
      events_(catalogue_->categories().size(), catalogue_->zone_us()),
      subjects_(catalogue_->zone_us()),
      answers_(catalogue_, store_, events_, core.secret(), options.rules),
      suggester_(answers_, subjects_),
      book_(catalogue_),
      imports_(catalogue_, store_),
      watcher_(catalogue_, store_, events_, static_cast<std::uint64_t>(core.clock().now().us)),
      deriver_(catalogue_, store_),
      quiet_(core.journal().last()) {}

Result<std::unique_ptr<AudienceView>> AudienceView::open(Core& core, Entropy& entropy, const AudienceOptions& options,
                                                         Command command) {
  ZAN_TRY(core.disk().make_folder(audience_folder));
  ZAN_TRY(core.disk().sync_folder(""));
  std::unique_ptr<AudienceView> view(new AudienceView(core, entropy, options, command));
  const Result<void> loaded = view->load();
  if (loaded.ok()) return view;
  if (loaded.error().kind == ErrorKind::unavailable) return loaded.error();
  if (loaded.error().kind != ErrorKind::not_found)
    log::warn("the audience is made anew from the journal", {{"reason", loaded.error().message}});
  // Half of it may have been loaded.
  return std::unique_ptr<AudienceView>(new AudienceView(core, entropy, options, std::move(command)));
}

void AudienceView::start() {
  const auto tell = [this](const std::string& trouble) {
    const std::lock_guard lock(mutex_);
    status_.trouble = trouble;
  };
  follower_.start([this] { return step(); }, tell, "the audience is no longer followed", period_us);
}

void AudienceView::stop() {
  if (!follower_.stop()) return;
  if (const Result<void> saved = save(); !saved.ok())
    log::warn("the audience's state was not saved; the next start reads the journal again",
              {{"reason", saved.error().message}});
}

Result<bool> AudienceView::step() {
  if (!tail_.begun() && quiet_.value >= seen_.value + bulk_records_min) begin_bulk();
  ZAN_ASSIGN(const bool more, tail_.read(core_.journal(), seen_, records_a_step,
                                         [this](const storage::Group& group) { return read_group(group); }));
  if (seen_ >= quiet_) {
    if (deriver_.in_bulk() || events_.in_bulk()) end_bulk();
    look_after_days();
    look_after_watched();
  }
  publish(more);
  if (caught_up_.load()) ZAN_TRY(measure_due());
  ZAN_TRY(save_if_due());
  return more || sweep_next_ < deriver_.people_end();
}

Result<void> AudienceView::read_group(const storage::Group& group) {
  ZAN_TRY(each_record(group, [&](ByteSpan record) { return take(record, group.at); }));
  seen_ = last_of(group);
  return {};
}

Result<void> AudienceView::take(ByteSpan record, Timestamp at) {
  switch (static_cast<RecordTag>(record.front())) {
    case RecordTag::act: {
      ZAN_ASSIGN(const engagement::RecordedAct act, engagement::read_act(record, at));
      return take_act(act);
    }
    case RecordTag::verdict: {
      ZAN_ASSIGN(const engagement::VerdictRecord verdict, engagement::read_verdict(record, at));
      return take_verdict(verdict);
    }
    case RecordTag::user: {
      ZAN_ASSIGN(const engagement::UserRecord user, engagement::read_user(record));
      return take_user(user);
    }
    case RecordTag::subject: {
      ZAN_ASSIGN(const engagement::SubjectRecord subject, engagement::read_subject(record));
      return take_subject(subject);
    }
    case RecordTag::erased: {
      ZAN_ASSIGN(const PersonId person, engagement::read_erased(record));
      take_erased(person);
      return forget_saved();
    }
    default:
      return audience::is_audience_change(record) ? take_change(record, at) : Result<void>();
  }
}

Result<void> AudienceView::take_act(const engagement::RecordedAct& act) {
  if (act.effect != engagement::Effect::changed) return {};
  if (act.region && terms_.insert(act.region.value).second) {
    ZAN_ASSIGN(const std::string region, core_.registry().name(EntityId{act.region.value}));
    deriver_.put_term(act.region, region);
  }
  deriver_.observe(act);
  put_right(act.actor, act.at);
  subjects_.observe(act);
  touched_.push_back(act.actor.value);
  if (act.incentivised || act.judgement.verdict != engagement::Verdict::genuine) return {};
  events_.observe(act, deriver_.categories_of(act.subject));
  if (act.at.us > newest_us_.load(std::memory_order_relaxed)) newest_us_.store(act.at.us, std::memory_order_relaxed);
  return {};
}

// Tags are worked out for the time of the act. Where that is before the day for which everybody's are, they are for that day.
void AudienceView::put_right(PersonId person, Timestamp at) {
  if (events_.day_of(at) < swept_day_ && !deriver_.in_bulk()) deriver_.sweep(sweep_at_, person.value, person.value + 1);
}

// What turns out not to be genuine told nothing of the person, nor of the work's audience.
Result<void> AudienceView::take_verdict(const engagement::VerdictRecord& verdict) {
  deriver_.corrected(verdict);
  put_right(verdict.what.person, verdict.what.at);
  subjects_.corrected(verdict);
  const bool of_subject = verdict.what.type != engagement::ActType::follow;
  events_.corrected(verdict, of_subject ? deriver_.categories_of({verdict.what.target}) : audience::SubjectCategories());
  touched_.push_back(verdict.what.person.value);
  return {};
}

// Who was erased since has no key any more; their erasure stands further on in the journal.
Result<void> AudienceView::take_user(const engagement::UserRecord& record) {
  const auto key = core_.registry().key(EntityId{record.user.value});
  if (!key.ok()) return key.error().kind == ErrorKind::not_found ? Result<void>() : key.error();
  ZAN_ASSIGN(const std::string attributes, engagement::open_attributes(*key, record.sealed));
  touched_.push_back(record.user.value);
  return deriver_.put_user(record.user, attributes);
}

Result<void> AudienceView::take_subject(const engagement::SubjectRecord& record) {
  subjects_.put_creator(record.subject, record.creator);
  ZAN_TRY(suggester_.put_subject(record.subject, record.json));
  return deriver_.put_subject(record.subject, record.json);
}

// One that does not fit what was there before it is void, today and at every reading.
Result<void> AudienceView::take_change(ByteSpan record, Timestamp at) {
  ZAN_ASSIGN(const audience::AudienceChange change, audience::read_audience_change(record));
  if (const auto* import = std::get_if<audience::TagImport>(&change)) {
    if (const auto taken = imports_.apply(*import, at); !taken.ok())
      log::warn("an import of tags does not fit", {{"tag", import->tag}, {"reason", taken.error().message}});
    touched_.insert(touched_.end(), import->users.begin(), import->users.end());
    return {};
  }
  if (const auto taken = book_.apply(change, at); !taken.ok())
    log::warn("a change of the saved segments does not fit", {{"reason", taken.error().message}});
  return {};
}

void AudienceView::take_erased(PersonId person) {
  deriver_.erase(person);
  events_.erase(person.value);
  subjects_.erase(person);
  imports_.erase(person);
  book_.erase(person);
  watcher_.erase(person);
  answers_.forget_lists();
}

// The state may have been saved in the middle of one.
void AudienceView::begin_bulk() {
  if (!deriver_.in_bulk()) deriver_.begin_bulk(bulk_threads);
  if (!events_.in_bulk()) events_.begin_bulk(bulk_threads);
}

// What a sweep of everybody would have left.
void AudienceView::end_bulk() {
  sweep_at_ = moment();
  if (events_.in_bulk()) events_.end_bulk();
  if (deriver_.in_bulk()) deriver_.end_bulk(sweep_at_);
  swept_day_ = events_.day_of(sweep_at_);
  sweep_next_ = deriver_.people_end();
  imports_.sweep(sweep_at_);
}

void AudienceView::look_after_days() {
  const Timestamp now = moment();
  if (const std::uint32_t today = events_.day_of(now); today != swept_day_) {
    swept_day_ = today;
    sweep_next_ = 0;
    sweep_at_ = now;
    imports_.sweep(now);
  }
  const std::uint32_t to = std::min(deriver_.people_end(), sweep_next_ + people_swept_a_step);
  deriver_.sweep(sweep_at_, sweep_next_, to);
  sweep_next_ = to;
}

// Whoever has changed is looked at alone; when a day has passed, or a segment means something else, all are.
void AudienceView::look_after_watched() {
  const Timestamp now = moment();
  if (const std::uint64_t names = book_.names_version(); names != watched_names_) {
    watched_names_ = names;
    watcher_.watch(book_.watched(), book_.names(), now);
  }
  std::sort(touched_.begin(), touched_.end());
  touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
  watcher_.touched(touched_, now);
  touched_.clear();
  if (watched_day_ == swept_day_ || sweep_next_ < deriver_.people_end()) return;
  watched_day_ = swept_day_;
  for (const audience::WatchState& one : watcher_.states()) {
    const Result<void> looked = watcher_.refresh(one.id, now);
    require(looked.ok(), "what is watched can be looked at");
  }
}

Result<void> AudienceView::measure_due() {
  const Timestamp now = core_.clock().now();
  std::size_t measured = 0;
  for (const audience::SegmentId id : book_.due(now)) {
    if (measured++ == measured_a_step) break;
    const auto detail = book_.segment(id);
    if (!detail) continue;
    const audience::SegmentVersion& version = detail->info.last;
    const auto segment = book_.names()->segment(version.name);
    const auto purpose = catalogue_->purpose(version.purpose);
    audience::SegmentMeasured said{id, version.number, now, std::nullopt};
    if (segment && purpose) {
      const auto size = count(*segment, {{"sizes of " + audience::to_text(id), false}, *purpose, {}});
      if (size.ok()) said.size = static_cast<std::uint32_t>(std::min<std::uint64_t>(size->count, ~std::uint32_t{0}));
    }
    Bytes record;
    audience::put_audience_change(record, said);
    ZAN_TRY(command_({std::move(record)}));
  }
  return {};
}

void AudienceView::publish(bool more) {
  if (!more && seen_ >= quiet_ && sweep_next_ >= deriver_.people_end()) caught_up_.store(true);
  const std::int64_t now_us = core_.clock().monotonic_us();
  const bool measure = measured_us_ == 0 || now_us >= measured_us_ + measure_every_us;
  if (measure) measured_us_ = now_us;
  AudienceStatus fresh;
  if (measure) {
    fresh.tag_bytes = store_.bytes();
    fresh.event_bytes = events_.bytes();
    fresh.subject_bytes = subjects_.bytes();
    fresh.people = store_.size(catalogue_->known());
  }
  const std::lock_guard lock(mutex_);
  if (!measure) {
    fresh = status_;
  }
  fresh.position = seen_;
  fresh.progress = seen_ >= quiet_ ? 1 : static_cast<double>(seen_.value) / static_cast<double>(quiet_.value);
  fresh.caught_up = caught_up_.load();
  fresh.trouble = status_.trouble;
  status_ = fresh;
  moved_.notify_all();
}

}  // namespace zan::engine
