#include "engine/engine.h"

#include <future>

#include "base/log.h"
#include "engine/model_shelf.h"
#include "engine/threads.h"

namespace zan::engine {
namespace {

// Acts committed together at the most: a group then takes some 10 ms, so that a lone like is not stuck behind more.
constexpr std::uint32_t group_acts_max = 16'384;
// What a record of other things weighs, so that a group stays far below journal_group_bytes_max.
constexpr std::size_t bytes_an_act = 64;
// Runs of one set at which the writer waits for the compactor.
constexpr std::size_t runs_stall = 64;
// How long a failed flush or compaction (a full disk) waits before it tries again.
constexpr std::int64_t retry_us = us_per_second;

std::uint32_t acts_in(const Command& command) {
  std::size_t acts = 1;
  if (const auto* batch = std::get_if<engagement::ActBatch>(&command.body)) acts = batch->acts.size();
  if (const auto* late = std::get_if<JudgeActs>(&command.body)) acts = late->verdicts.size();
  if (const auto* change = std::get_if<ChangeAudience>(&command.body)) acts = change->record.size() / bytes_an_act;
  return static_cast<std::uint32_t>(std::max<std::size_t>(1, acts));
}

// What the command itself got wrong, as against what keeps us from writing.
bool is_refusal(const Error& error) {
  return error.kind == ErrorKind::not_found || error.kind == ErrorKind::invalid || error.kind == ErrorKind::conflict;
}

// An erasure is alone, as is a change of the rules; verdicts come by the thousand, and are applied fastest without acts among them.
bool share_group(const Command& first, const Command& next) {
  const auto alone = [](const Command& command) {
    return std::holds_alternative<EraseUser>(command.body) || std::holds_alternative<ChangeRules>(command.body);
  };
  return !alone(first) && !alone(next) &&
         std::holds_alternative<JudgeActs>(first.body) == std::holds_alternative<JudgeActs>(next.body);
}

// A model that cannot be served is none: likes are judged without one, and check says what is wrong.
std::optional<integrity::model::Model> model_in_service(storage::Disk& disk) {
  const Result<ModelShelf> shelf = ModelShelf::open(disk);
  Result<std::optional<integrity::model::Model>> model =
      shelf.ok() ? shelf->active() : Result<std::optional<integrity::model::Model>>(shelf.error());
  if (model.ok()) return std::move(model).value();
  log::error("likes are judged without the learned model", {{"reason", model.error().message}});
  return std::nullopt;
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::open(EngineOptions options) {
  ZAN_ASSIGN(auto disk, storage::open_machine_disk(options.data_folder));
  CoreOptions core_options;
  core_options.memtable_acts_max = options.memtable_acts_max;
  core_options.fan_in = options.fan_in;
  core_options.judge = options.judge;
  std::unique_ptr<IntakeJudge> intake;
  if (options.judge == nullptr && options.integrity.on && options.integrity.intake.on) {
    IntakeSettings& settings = options.integrity.intake;
    if (!settings.model) settings.model = model_in_service(*disk);
    ZAN_ASSIGN(intake, IntakeJudge::make(settings));
    core_options.judge = intake.get();
    core_options.rules_changed = [judge = intake.get()](const integrity::rules::RuleBook& book) { judge->use(book); };
  }
  ZAN_ASSIGN(auto core, Core::open(*disk, machine_clock(), machine_entropy(), core_options));
  std::unique_ptr<EvidenceView> evidence;
  if (options.evidence.on) {
    ZAN_ASSIGN(evidence, EvidenceView::open(*core, machine_entropy(), options.evidence));
  }
  auto engine =
      std::make_unique<ThreadedEngine>(std::move(disk), std::move(intake), std::move(core), std::move(evidence));
  ZAN_TRY(engine->start_intake());
  if (options.integrity.on) ZAN_TRY(engine->start_integrity(options.integrity));
  if (options.audience.on) ZAN_TRY(engine->start_audience(options.audience));
  if (options.matching.on) engine->start_matching(options.matching);
  if (options.insights.on) {
    const auto& tags = options.audience.catalogue;
    options.insights.zone_us = (tags ? tags : audience::Catalogue::standard())->zone_us();
    engine->start_insights(options.insights);
  }
  return std::unique_ptr<Engine>(std::move(engine));
}

Result<Answer> Engine::submit_and_wait(Command command) {
  std::promise<Result<Answer>> promise;
  auto future = promise.get_future();
  ZAN_TRY(submit(command, [&](Result<Answer> answer) { promise.set_value(std::move(answer)); }));
  return future.get();
}

ThreadedEngine::ThreadedEngine(std::unique_ptr<storage::Disk> disk, std::unique_ptr<IntakeJudge> intake,
                               std::unique_ptr<Core> core, std::unique_ptr<EvidenceView> evidence)
    : disk_(std::move(disk)),
      intake_judge_(std::move(intake)),
      core_(std::move(core)),
      evidence_(std::move(evidence)),
      desk_(*core_),
      intake_(intake_acts_max) {
  writer_ = std::thread([this] { write_loop(); });
  flusher_ = std::jthread([this](std::stop_token stop) { flush_loop(stop); });
  compactor_ = std::jthread([this](std::stop_token stop) { compact_loop(stop); });
  projector_ = std::jthread([this](std::stop_token stop) { project_loop(stop); });
  if (evidence_) evidence_->start();
  desk_.start();
  compact_bell_.ring();
}

ThreadedEngine::~ThreadedEngine() {
  stop();
}

Result<void> ThreadedEngine::start_intake() {
  return intake_judge_ ? intake_judge_->start(*core_) : Result<void>();
}

Result<void> ThreadedEngine::start_integrity(const IntegrityOptions& options) {
  ZAN_ASSIGN(integrity_, IntegrityView::open(*core_, options, [this](JudgeActs verdicts) {
               return submit_and_wait(Command{std::move(verdicts)});
             }));
  integrity_->start();
  return {};
}

Result<void> ThreadedEngine::start_audience(const AudienceOptions& options) {
  ZAN_ASSIGN(audience_, AudienceView::open(*core_, machine_entropy(), options, [this](ChangeAudience change) {
               return submit_and_wait(Command{std::move(change)});
             }));
  audience_->start();
  return {};
}

void ThreadedEngine::start_matching(const MatchingOptions& options) {
  matching_ = std::make_unique<MatchingView>(*core_, machine_entropy(), options, [this](ChangeMatching change) {
    Command command{std::move(change)};
    return submit(command, [](const Result<Answer>&) {}).ok();
  });
  matching_->start();
}

void ThreadedEngine::start_insights(const InsightsOptions& options) {
  insights_ = std::make_unique<InsightsView>(*core_, options);
  insights_->start();
}

void ThreadedEngine::stop() {
  std::call_once(stopped_once_, [this] {
    // It hands commands in, so it ends before commands are refused.
    if (integrity_) integrity_->stop();
    if (audience_) audience_->stop();
    if (matching_) matching_->stop();
    if (insights_) insights_->stop();
    desk_.stop();
    stopping_.store(true);
    intake_.close();
    writer_.join();
    for (std::jthread* thread : {&flusher_, &compactor_, &projector_}) {
      thread->request_stop();
      thread->join();
    }
    if (evidence_) evidence_->stop();
    if (intake_judge_)
      if (const Result<void> saved = intake_judge_->stop(); !saved.ok())
        log::warn("the intake's state was not saved", {{"reason", saved.error().message}});
    // Whether it closes well or not, what was answered is in the journal.
    if (const Result<void> closed = core_->close(); !closed.ok()) set_trouble(closed.error().message);
  });
}

Result<void> ThreadedEngine::submit(Command& command, Done done) {
  if (stopping_.load(std::memory_order_relaxed)) return unavailable("the server is stopping");
  if (core_->broken()) return unavailable(status().reason);
  Waiting waiting{std::move(command), std::move(done), 0};
  waiting.acts = acts_in(waiting.command);
  const std::uint32_t acts = waiting.acts;
  if (intake_.try_push(waiting, acts)) return {};
  command = std::move(waiting.command);
  command = std::move(waiting.command);
  if (stopping_.load(std::memory_order_relaxed)) return unavailable("the server is stopping");
  return limited("too many events are waiting; try again in a second");
}

void ThreadedEngine::write_loop() {
  for (;;) {
    std::vector<Waiting> waiting = intake_.take_all();
    if (waiting.empty()) return;
    std::span<Waiting> rest(waiting);
    while (!rest.empty()) {
      std::size_t count = 1;
      std::uint32_t acts = rest[0].acts;
      while (count < rest.size() && share_group(rest[0].command, rest[count].command) &&
             acts + rest[count].acts <= group_acts_max)
        acts += rest[count++].acts;
      commit_some(rest.first(count));
      rest = rest.subspan(count);
    }
  }
}

void ThreadedEngine::commit_some(std::span<Waiting> group) {
  std::vector<Command> commands;
  commands.reserve(group.size());
  for (Waiting& waiting : group) commands.push_back(std::move(waiting.command));
  std::vector<Result<Answer>> answers = core_->commit(commands);
  const bool stored = answers.front().ok() || is_refusal(answers.front().error());
  set_trouble(stored ? std::string() : answers.front().error().message);
  groups_.fetch_add(1, std::memory_order_relaxed);
  for (std::size_t i = 0; i < group.size(); ++i) {
    count(answers[i]);
    group[i].done(std::move(answers[i]));
  }
  project_bell_.ring();
  if (core_->full()) make_room();
}

// The active table is full: hand it to the flusher. Waits if the flusher still has the last one, or if the compactor is
// far behind; commands meanwhile gather in the intake line, and beyond its limit are refused.
void ThreadedEngine::make_room() {
  while (core_->runs().run_count_max() >= runs_stall && !stopping_.load()) {
    compact_bell_.ring();
    flushed_bell_.wait_for({}, retry_us);
  }
  while (!core_->freeze()) {
    if (stopping_.load()) return;
    flushed_bell_.wait_for({}, retry_us);
  }
  flush_bell_.ring();
}

void ThreadedEngine::flush_loop(std::stop_token stop) {
  while (flush_bell_.wait(stop)) {
    for (;;) {
      const Result<void> flushed = core_->flush();
      if (flushed.ok() || stop.stop_requested()) break;
      set_trouble(flushed.error().message);
      Bell().wait_for(stop, retry_us);
    }
    flushed_bell_.ring();
    compact_bell_.ring();
  }
}

void ThreadedEngine::compact_loop(std::stop_token stop) {
  while (compact_bell_.wait(stop)) {
    for (;;) {
      const std::lock_guard lock(compact_mutex_);
      const Result<bool> more = compact_once(stop);
      if (!more.ok()) {
        set_trouble(more.error().message);
        Bell().wait_for(stop, retry_us);
      } else if (*more) {
        flushed_bell_.ring();
      } else {
        break;
      }
      if (stop.stop_requested()) return;
    }
  }
}

Result<bool> ThreadedEngine::compact_once(const std::stop_token& stop) {
  ZAN_ASSIGN(const bool more, core_->compact(stop));
  return more || !evidence_ ? Result<bool>(more) : evidence_->compact(stop);
}

Result<void> ThreadedEngine::compact() {
  std::unique_lock lock(compact_mutex_);
  return core_->compact_all({});
}

// Follows the journal for the views, and wakes whoever waits for news. On damage it stops: reads that need it would
// otherwise be wrong without saying so.
void ThreadedEngine::project_loop(std::stop_token stop) {
  const Result<Position> from = core_->journal().before({core_->clock().now().us - us_per_day});
  if (!from.ok()) return set_trouble(from.error().message);
  auto reader = core_->journal().read(*from);
  if (!reader.ok()) return set_trouble(reader.error().message);
  do {
    if (const Result<void> projected = project(**reader); !projected.ok())
      return set_trouble(projected.error().message);
    const std::lock_guard lock(listeners_->mutex);
    for (const auto& wake : listeners_->wakes) wake();
  } while (project_bell_.wait(stop));
}

Result<void> ThreadedEngine::project(storage::JournalReader& reader) {
  storage::Group group;
  for (;;) {
    ZAN_ASSIGN(const bool more, reader.next(group));
    if (!more) return {};
    const Timestamp now = core_->clock().now();
    ByteSpan record;
    for (storage::RecordReader records(group.payload); records.next(record);) {
      if (record.empty()) continue;
      if (record.front() == static_cast<std::byte>(engagement::RecordTag::act)) {
        ZAN_ASSIGN(const engagement::RecordedAct act, engagement::read_act(record, group.at));
        core_->trending().add(act, now);
      } else if (record.front() == static_cast<std::byte>(engagement::RecordTag::verdict)) {
        ZAN_ASSIGN(const engagement::VerdictRecord verdict, engagement::read_verdict(record, group.at));
        core_->trending().add(verdict, now);
      }
    }
  }
}

void ThreadedEngine::count(const Result<Answer>& answer) {
  if (!answer.ok()) return;
  accepted_.fetch_add(answer->accepted, std::memory_order_relaxed);
  duplicates_.fetch_add(answer->duplicates, std::memory_order_relaxed);
  rejected_.fetch_add(answer->rejected.size(), std::memory_order_relaxed);
}

void ThreadedEngine::set_trouble(std::string reason) {
  const std::lock_guard lock(trouble_mutex_);
  trouble_ = std::move(reason);
}

Status ThreadedEngine::status() const {
  Status status;
  {
    const std::lock_guard lock(trouble_mutex_);
    status.reason = trouble_;
  }
  status.health = stopping_.load() ? Health::stopping : status.reason.empty() ? Health::ready : Health::read_only;
  status.position = core_->journal().synced();
  status.journal_bytes = core_->journal().bytes();
  status.journal_syncs = core_->journal().syncs();
  status.registry_syncs = core_->registry().syncs();
  status.accepted = accepted_.load(std::memory_order_relaxed);
  status.duplicates = duplicates_.load(std::memory_order_relaxed);
  status.rejected = rejected_.load(std::memory_order_relaxed);
  status.groups = groups_.load(std::memory_order_relaxed);
  status.intake_waiting = intake_.weight();
  status.names = core_->registry().count();
  for (std::size_t set = 0; set < engagement::set_count; ++set) {
    const auto view = core_->runs().view(set);
    status.runs += view->run_count();
    status.run_bytes += view->bytes();
    status.run_rows += view->rows();
  }
  if (intake_judge_) status.intake = intake_judge_->status();
  return status;
}

std::shared_ptr<void> ThreadedEngine::on_progress(std::function<void()> wake) {
  const std::lock_guard lock(listeners_->mutex);
  const auto place = listeners_->wakes.insert(listeners_->wakes.end(), std::move(wake));
  return {nullptr, [listeners = listeners_, place](void*) {
            const std::lock_guard gone(listeners->mutex);
            listeners->wakes.erase(place);
          }};
}

Result<std::unique_ptr<Feed>> ThreadedEngine::feed(Position after) const {
  ZAN_ASSIGN(auto reader, core_->journal().read(after));
  return make_feed(*core_, std::move(reader), after);
}

Result<void> ThreadedEngine::backup(const std::string& folder) {
  return copy_backup(*core_, folder);
}

}  // namespace zan::engine
