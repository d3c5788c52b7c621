// AudienceView's state on disk, so that a start goes on where the last one ended, and a long first reading where it was broken off.
#include "base/log.h"
#include "engine/audience_view.h"

namespace zan::engine {
namespace {

constexpr const char* state_path = "audience/state";

constexpr std::uint64_t save_records = 5'000'000;           // of the journal, after which the state is saved
constexpr std::uint64_t save_records_reading = 25'000'000;  // the same during the first reading
constexpr std::int64_t save_after_erasure_us = 600 * us_per_second;

}  // namespace

// Sections in this order; docs/formats/audience_state.md.
Result<void> AudienceView::save() {
  if (seen_ == saved_) return {};
  ZAN_ASSIGN(audience::StateWriter writer,
             audience::StateWriter::create(core_.disk(), state_path, {seen_, catalogue_->fingerprint()}));
  ZAN_TRY(writer.begin("view"));
  put_fixed(writer.chunk(), newest_us_.load());
  put_fixed(writer.chunk(), sweep_at_.us);
  put_fixed(writer.chunk(), swept_day_);
  put_fixed(writer.chunk(), sweep_next_);
  ZAN_TRY(store_.save(writer));
  ZAN_TRY(events_.save(writer));
  ZAN_TRY(deriver_.save(writer));
  ZAN_TRY(subjects_.save(writer));
  ZAN_TRY(suggester_.terms().save(writer));
  ZAN_TRY(book_.save(writer));
  ZAN_TRY(imports_.save(writer));
  ZAN_TRY(writer.finish());
  saved_ = seen_;
  saved_us_ = core_.clock().monotonic_us();
  return {};
}

// What it has of somebody who is erased is not to lie on the disk until the next save.
Result<void> AudienceView::forget_saved() {
  if (saved_.value == 0) return {};
  saved_ = {};
  return remove_saved(core_);
}

Result<void> AudienceView::remove_saved(Core& core) {
  ZAN_TRY(core.disk().make_folder(audience_folder));
  return audience::remove_state(core.disk(), state_path);
}

Result<void> AudienceView::save_if_due() {
  const bool caught_up = caught_up_.load();
  const bool forgotten = saved_.value == 0 && saved_us_ != 0;
  const bool time = core_.clock().monotonic_us() >= saved_us_ + save_after_erasure_us;
  const bool much = seen_.value >= saved_.value + (caught_up ? save_records : save_records_reading);
  return (forgotten ? caught_up && time : much) ? save() : Result<void>();
}

Result<void> AudienceView::load() {
  ZAN_ASSIGN(audience::StateReader reader,
             audience::StateReader::open(core_.disk(), state_path, catalogue_->fingerprint()));
  if (reader.position() > core_.journal().last()) return corrupt("the state is ahead of the journal");
  ZAN_TRY(reader.begin("view"));
  ZAN_ASSIGN(ByteReader view, reader.next());
  newest_us_.store(view.fixed<std::int64_t>());
  sweep_at_ = {view.fixed<std::int64_t>()};
  swept_day_ = view.fixed<std::uint32_t>();
  sweep_next_ = view.fixed<std::uint32_t>();
  if (!view.ok() || !view.done()) return reader.damaged();
  ZAN_ASSIGN(const ByteReader rest, reader.next());
  if (!rest.done()) return reader.damaged();
  ZAN_TRY(store_.load(reader));
  ZAN_TRY(events_.load(reader));
  ZAN_TRY(deriver_.load(reader));
  ZAN_TRY(subjects_.load(reader));
  ZAN_TRY(suggester_.terms().load(reader));
  ZAN_TRY(book_.load(reader));
  ZAN_TRY(imports_.load(reader));
  ZAN_TRY(reader.finish());
  seen_ = saved_ = reader.position();
  saved_us_ = core_.clock().monotonic_us();
  return {};
}

Result<void> rebuild_audience(const std::string& data_folder, const AudienceOptions& options, bool resume,
                              const std::function<bool(double)>& progress) {
  ZAN_ASSIGN(const auto disk, storage::open_machine_disk(data_folder));
  ZAN_ASSIGN(const auto core, Core::open(*disk, machine_clock(), machine_entropy(), {}));
  if (!resume) ZAN_TRY(AudienceView::remove_saved(*core));
  const auto nothing = [](const ChangeAudience&) -> Result<Answer> { return unavailable("nothing is recorded here"); };
  ZAN_ASSIGN(const auto view, AudienceView::open(*core, machine_entropy(), options, nothing));
  for (;;) {
    const Result<bool> more = view->step();
    // Sizes of saved segments that are due are measured once it serves.
    if (!more.ok() && !view->status().caught_up) return Error(more.error());
    const bool goes_on = progress(view->status().progress);
    if (goes_on && more.ok() && *more) continue;
    ZAN_TRY(view->save());
    return goes_on ? Result<void>() : Error{ErrorKind::expired, "stopped; what was done is saved", {}};
  }
}

}  // namespace zan::engine
