#include "engine/intake_judge.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "engine/integrity_view.h"

namespace zan::engine {
namespace {

using engagement::Judgement;
using engagement::RecordTag;
using engagement::Verdict;
using integrity::Intake;

constexpr std::uint64_t file_magic = 0x314b544e494e415a;  // "ZANINTK1"
constexpr std::size_t head_bytes = 24;
// While the journal is read: accounts that the small intake knows, and records that are left to the writer at the end.
constexpr std::uint64_t small_accounts = 50'000;
constexpr std::uint64_t left_to_writer = 16'384;
// A disk that refuses group after group does not have the journal read all the time.
constexpr std::int64_t read_again_every_us = 600 * us_per_second;

struct IntakeFile {
  Bytes content;
  Position position;
  [[nodiscard]] ByteSpan state() const { return ByteSpan(content).subspan(head_bytes); }
};

// Whether there is a table for each.
bool has_all(const integrity::FeatureOptions& kept, std::span<const integrity::FeatureId> features) {
  const integrity::FeatureOptions read = integrity::FeatureOptions{}.only(features);
  const auto each = [](const auto& tables, const auto& wanted) {
    return std::equal(tables.begin(), tables.end(), wanted.begin(),
                      [](std::uint64_t have, std::uint64_t want) { return have != 0 || want == 0; });
  };
  return each(kept.counts, read.counts) && each(kept.distinct, read.distinct) &&
         each(kept.neighbours, read.neighbours) && (kept.accounts != 0 || read.accounts == 0);
}

Result<Position> read_head(ByteSpan content, Position journal_end) {
  ByteReader reader(content);
  const auto magic = reader.fixed<std::uint64_t>();
  const Position position{reader.fixed<std::uint64_t>()};
  const auto checksum = reader.fixed<std::uint64_t>();
  if (!reader.ok() || magic != file_magic) return corrupt(std::string(intake_path) + ": not a saved intake");
  if (checksum != checksum64(content.first(head_bytes - sizeof checksum)))
    return corrupt(std::string(intake_path) + ": its head does not match its checksum");
  if (position > journal_end)
    return corrupt(std::string(intake_path) + ": knows position " + std::to_string(position.value) +
                   ", and the journal ends at " + std::to_string(journal_end.value));
  return position;
}

// How far the file got, without reading more of it than that; zero where there is none to be trusted.
Position saved_position(storage::Disk& disk, Position journal_end) {
  const auto file = disk.open(intake_path, storage::OpenMode::read);
  Bytes head(head_bytes);
  if (!file.ok() || !(*file)->read_at(0, head).ok()) return {};
  const Result<Position> position = read_head(head, journal_end);
  return position.ok() ? *position : Position{};
}

Result<IntakeFile> read_intake_file(storage::Disk& disk, Position journal_end) {
  ZAN_ASSIGN(const bool there, disk.exists(intake_path));
  if (!there) return not_found("no saved intake");
  IntakeFile file;
  ZAN_ASSIGN(file.content, storage::read_file(disk, intake_path));
  ZAN_ASSIGN(file.position, read_head(file.content, journal_end));
  return file;
}

}  // namespace

Result<void> show_intake(Intake& intake, const storage::Group& group, Position after) {
  Position position = group.first;
  ByteSpan record;
  storage::RecordReader records(group.payload);
  for (; records.next(record); ++position.value) {
    if (position <= after || record.empty()) continue;
    switch (static_cast<RecordTag>(record.front())) {
      case RecordTag::act: {
        ZAN_ASSIGN(const engagement::RecordedAct act, engagement::read_act(record, group.at));
        if (act.effect == engagement::Effect::changed) intake.observe(act);
        break;
      }
      case RecordTag::verdict: {
        ZAN_ASSIGN(const engagement::VerdictRecord verdict, engagement::read_verdict(record, group.at));
        intake.corrected(verdict);
        break;
      }
      case RecordTag::erased: {
        ZAN_ASSIGN(const PersonId person, engagement::read_erased(record));
        intake.erased(person);
        break;
      }
      default:
        break;
    }
  }
  return records.ok() ? Result<void>() : corrupt("a journal group is malformed");
}

Result<void> check_intake_file(storage::Disk& disk, Position journal_end) {
  ZAN_ASSIGN(const IntakeFile file, read_intake_file(disk, journal_end));
  if (const Result<void> sound = Intake::check(file.state()); !sound.ok())
    return Error{sound.error().kind, std::string(intake_path) + ": " + sound.error().message, {}};
  return {};
}

Result<std::unique_ptr<IntakeJudge>> IntakeJudge::make(IntakeSettings settings) {
  std::unique_ptr<IntakeJudge> judge(new IntakeJudge(std::move(settings)));
  const std::string_view text = judge->settings_.rules;
  ZAN_ASSIGN(judge->ruleset_, integrity::load_intake_rules(text.empty() ? integrity::default_rules : text));
  judge->in_service_ = judge->ruleset_;
  judge->rules_ = to_text(judge->ruleset_->id);
  // The model is tried here, while nothing has been opened.
  const integrity::model::Model* model = judge->settings_.model ? &*judge->settings_.model : nullptr;
  integrity::IntakeOptions tiny = integrity::IntakeOptions::for_folder({}, 1);
  tiny.marked_accounts = 1;
  ZAN_TRY(Intake::make(judge->ruleset_, model, tiny));
  return judge;
}

IntakeJudge::~IntakeJudge() {
  if (thread_.joinable()) thread_.request_stop();
}

integrity::IntakeOptions IntakeJudge::options_for(std::uint64_t accounts, bool with_model) const {
  integrity::IntakeOptions options = integrity::IntakeOptions::for_folder(core_->secret(), accounts);
  const integrity::model::Model* model = with_model && settings_.model ? &*settings_.model : nullptr;
  options.features = options.features.only(integrity::features_read(in_service_.get(), model));
  options.delay_ms_max = settings_.delay_ms_max;
  return options;
}

Result<std::unique_ptr<Intake>> IntakeJudge::make_intake(std::uint64_t accounts, bool with_model) const {
  return Intake::make(in_service_, with_model && settings_.model ? &*settings_.model : nullptr,
                      options_for(accounts, with_model));
}

void IntakeJudge::use(const integrity::rules::RuleBook& book) {
  in_service_ = ruleset_;
  if (book.active()) {
    auto loaded = integrity::load_intake_rules(integrity::rules_in_service(book));
    // They were loaded when they were proposed; this build knows less than that one.
    if (loaded.ok())
      in_service_ = std::move(loaded).value();
    else
      log::error("the rules in service cannot be used; those that ship are",
                 {{"rules", to_text(*book.active())}, {"reason", loaded.error().message}});
  }
  serve_rules();
  if (live_ == nullptr) return;
  tables_differ_ = options_for(settings_.accounts, true).features != kept_;
  if (tables_differ_) whole_.store(false, std::memory_order_release);
}

// Not before what they read is kept: a rule about what somebody never did would find that nobody ever did it.
void IntakeJudge::serve_rules() {
  if (live_ != nullptr) {
    if (!has_all(live_keeps_, integrity::features_read(in_service_.get(), nullptr))) return;
    live_->use(in_service_);
  }
  const std::lock_guard lock(mutex_);
  rules_ = to_text(in_service_->id);
}

Result<void> IntakeJudge::start(Core& core) {
  core_ = &core;
  position_ = core.journal().last();
  ZAN_TRY(core.disk().make_folder(integrity_folder));
  ZAN_TRY(core.disk().sync_folder(""));
  ZAN_ASSIGN(Reading reading, make_reading());
  if (position_.value - saved_position(core.disk(), position_).value <= settings_.catch_up_at_once_max) load(reading);
  if (is_short(reading)) return read_journal(std::move(reading));
  // Without the model: to one who has just come, everybody is a stranger, and it has learned what strangers do.
  const std::uint64_t few = std::min(settings_.accounts, small_accounts);
  ZAN_ASSIGN(live_, make_intake(few, false));
  live_keeps_ = options_for(few, false).features;
  return read_journal(std::move(reading));
}

Result<IntakeJudge::Reading> IntakeJudge::make_reading() {
  Reading reading;
  ZAN_ASSIGN(reading.intake, make_intake(settings_.accounts, true));
  kept_ = options_for(settings_.accounts, true).features;
  tables_differ_ = false;
  return reading;
}

bool IntakeJudge::is_short(const Reading& reading) const {
  return position_.value - reading.position.value <= settings_.catch_up_at_once_max;
}

// What is short is read at once: no file is worth it, and nothing is judged by less than is known.
Result<void> IntakeJudge::read_journal(Reading reading) {
  if (is_short(reading)) {
    ZAN_TRY(read_on(reading, 0, {}));
    go_on_with(std::move(reading));
    return {};
  }
  reads_ = true;
  read_last_ = core_->clock().now();
  thread_ = std::jthread([this, reading = std::move(reading)](const std::stop_token& stop) mutable {
    catch_up(std::move(reading), stop);
  });
  return {};
}

// As the last clean stop left it; else as it is, empty, at the journal's beginning.
void IntakeJudge::load(Reading& reading) {
  if (std::exchange(reading.file_was_tried, true)) return;
  const Result<IntakeFile> file = read_intake_file(core_->disk(), core_->journal().synced());
  if (!file.ok() && file.error().kind == ErrorKind::not_found) return;
  const Result<void> loaded = file.ok() ? reading.intake->load(file->state()) : Result<void>(file.error());
  if (loaded.ok()) {
    reading.position = file->position;
  } else if (loaded.error().kind == ErrorKind::invalid) {
    log::info("the intake keeps other counts than its saved state has; it is made anew from the journal",
              {{"file", intake_path}});
  } else {
    log::error("the intake's saved state is refused; it is made anew from the journal",
               {{"file", intake_path}, {"reason", loaded.error().message}});
  }
}

// Until at most `left_max` records are left.
Result<void> IntakeJudge::read_on(Reading& reading, std::uint64_t left_max, const std::stop_token& stop) {
  ZAN_ASSIGN(const auto reader, core_->journal().read(reading.position));
  storage::Group group;
  while (!stop.stop_requested() && core_->journal().synced().value - reading.position.value > left_max) {
    ZAN_ASSIGN(const bool more, reader->next(group));
    if (!more) break;
    ZAN_TRY(show_intake(*reading.intake, group, reading.position));
    reading.position = {group.first.value + group.count - 1};
    read_.store(reading.position.value, std::memory_order_relaxed);
  }
  return {};
}

void IntakeJudge::catch_up(Reading reading, const std::stop_token& stop) {
  load(reading);
  if (const Result<void> read = read_on(reading, left_to_writer, stop); !read.ok()) return know_less(read.error());
  if (stop.stop_requested()) return;
  const std::lock_guard lock(mutex_);
  built_reading_ = std::move(reading);
  built_.store(true, std::memory_order_release);
}

void IntakeJudge::await_catch_up() {
  if (thread_.joinable()) thread_.join();
}

void IntakeJudge::go_on_with(Reading reading) {
  live_ = std::move(reading.intake);
  live_keeps_ = kept_;
  serve_rules();
  state_bytes_.store(live_->bytes(), std::memory_order_relaxed);
  if (sound()) whole_.store(true, std::memory_order_release);
}

// Before anything of a group: what was read beside is taken over between two groups, where nothing is in doubt.
void IntakeJudge::begin() {
  if (in_group_) [[likely]]
    return;
  in_group_ = true;
  if (built_.load(std::memory_order_acquire)) take_over();
  if (!reads_ && (tables_differ_ || (dirty_until_ && core_->clock().now() >= *dirty_until_))) read_again();
}

void IntakeJudge::read_again() {
  dirty_until_.reset();
  if (const Result<void> begun = try_read_again(); !begun.ok()) know_less(begun.error());
}

Result<void> IntakeJudge::try_read_again() {
  ZAN_ASSIGN(Reading reading, make_reading());
  return read_journal(std::move(reading));
}

void IntakeJudge::take_over() {
  Reading reading;
  {
    const std::lock_guard lock(mutex_);
    reading = std::move(built_reading_);
    built_.store(false, std::memory_order_relaxed);
  }
  reads_ = false;
  if (const Result<void> read = read_on(reading, 0, {}); !read.ok()) return know_less(read.error());
  go_on_with(std::move(reading));
  log::info("the intake knows the whole journal", {{"position", position_.value}});
}

void IntakeJudge::prefetch(const Outline& outline) {
  begin();
  live_->prefetch(outline);
}

Judgement IntakeJudge::judge(const engagement::RecordedAct& act) {
  begin();
  const Judgement judgement = live_->judge(act);
  const auto delayed = integrity::delayed_of(judgement);
  if (judgement.judged) ++pending_[static_cast<std::size_t>(delayed ? delayed->verdict : judgement.verdict)];
  return judgement;
}

void IntakeJudge::committed(Position last) {
  position_ = last;
  in_group_ = false;
  if (live_ == nullptr) return;
  for (std::size_t i = 0; i < pending_.size(); ++i) judged_[i].fetch_add(pending_[i], std::memory_order_relaxed);
  pending_.fill(0);
  if (!erases_) return;
  erases_ = false;
  const Result<bool> there = core_->disk().exists(intake_path);
  if (there.ok() && !*there) return;
  if (const Result<void> removed = core_->disk().remove(intake_path); !removed.ok())
    log::error("the intake's saved state still knows an erased account",
               {{"file", intake_path}, {"reason", removed.error().message}});
}

// What the group's acts left in the state goes when the journal has been read again.
void IntakeJudge::dropped() {
  pending_.fill(0);
  erases_ = false;
  if (!std::exchange(in_group_, false)) return;
  if (reads_) return;  // the state that is being made knows nothing of them
  whole_.store(false, std::memory_order_release);
  dirty_until_ = Timestamp{std::max(core_->clock().now().us, read_last_.us + read_again_every_us)};
}

void IntakeJudge::observe(const engagement::RecordedAct&, Position) {
  require(false, "the intake reads the journal by itself");
}

void IntakeJudge::corrected(const engagement::VerdictRecord& verdict) {
  begin();
  live_->corrected(verdict);
}

void IntakeJudge::erased(PersonId person) {
  begin();
  erases_ = true;
  live_->erased(person);
}

Result<void> IntakeJudge::stop() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
  if (core_ == nullptr || core_->broken()) return {};
  if (built_.load(std::memory_order_acquire)) take_over();
  // What is read at once needs no file, and half a state is none.
  if (!whole_.load() || position_.value <= settings_.catch_up_at_once_max) return {};
  return save();
}

Result<void> IntakeJudge::save() {
  Bytes content;
  put_fixed(content, file_magic);
  put_fixed(content, position_.value);
  put_fixed(content, checksum64(content));
  live_->save(content);
  return storage::write_file(core_->disk(), intake_path, content);
}

void IntakeJudge::know_less(const Error& why) {
  log::error("likes are judged by less than the journal knows", {{"reason", why.message}});
  const std::lock_guard lock(mutex_);
  trouble_ = why.message;
}

IntakeStatus IntakeJudge::status() const {
  IntakeStatus status;
  status.caught_up = whole_.load(std::memory_order_acquire) || built_.load(std::memory_order_acquire);
  status.read = {read_.load(std::memory_order_relaxed)};
  status.genuine = judged_[0].load(std::memory_order_relaxed);
  status.held = judged_[1].load(std::memory_order_relaxed);
  status.rejected = judged_[2].load(std::memory_order_relaxed);
  status.state_bytes = state_bytes_.load(std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  status.rules = rules_;
  status.trouble = trouble_;
  return status;
}

}  // namespace zan::engine
