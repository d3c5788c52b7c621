#include "zan/labelled_run.h"

#include <fmt/format.h>

#include <charconv>

#include "base/hash.h"
#include "zan/output.h"
#include "zan/progress_bar.h"

namespace zan::app {
namespace {

using simulation::Event;
using simulation::Stream;

constexpr std::size_t rows_at_a_time = 10'000;

Result<std::unique_ptr<Output>> open_if_named(const std::string& path) {
  if (path.empty()) return std::unique_ptr<Output>();
  return Output::open(path);
}

class LabelledSource final : public connectors::Source {
 public:
  LabelledSource(Stream stream, std::string prefix, const LabelledOptions& options)
      : stream_(std::move(stream)),
        prefix_(std::move(prefix)),
        named_("sim-" + options.mark),
        batch_events_(options.batch_events == 0 ? stream_.events.size() : options.batch_events) {}

  // A stream is made anew each time, and sent whole.
  std::string identity() const override { return {}; }
  Result<void> resume(std::string_view cursor) override {
    const auto parsed = std::from_chars(cursor.data(), cursor.data() + cursor.size(), next_);
    if (parsed.ec != std::errc() || next_ > stream_.events.size())
      return invalid("not a cursor of this stream", "cursor");
    return {};
  }
  Result<bool> next(connectors::Batch& batch) override {
    while (next_ < stream_.events.size() && !batch.full() && batch.events.size() < batch_events_) put(batch, stream_.events[next_++]);
    batch.cursor = std::to_string(next_);
    return !batch.events.empty();
  }
  connectors::Progress progress() const override { return {next_, stream_.events.size()}; }
  std::vector<connectors::ReadTotal> totals() const override { return {{"simulated events", next_}}; }

 private:
  void put(connectors::Batch& batch, const Event& event) const {
    const simulation::Work& work = stream_.works[event.subject];
    connectors::EventWriter json(batch, to_string(event.type), next_);
    json.id(prefix_, next_, {});
    json.plain("actor", named_ + "user-", event.actor).plain("subject", named_ + "work-", event.subject);
    json.plain("creator", named_ + "creator-", work.creator).plain("surface", "simulator");
    json.plain("device", named_ + "device-", event.device).plain("network", named_ + "network-", event.network);
    json.plain("region", "sim-region-", stream_.account_regions[event.actor]);
    json.number("at", static_cast<std::uint64_t>(stream_.at(event).us / us_per_ms));
    if (event.type == simulation::Type::view)
      json.number("watch_ms", event.watch_ms).number("duration_ms", work.duration_ms);
    if (event.type == simulation::Type::comment) json.plain("text", "simulated");
  }

  Stream stream_;
  std::string prefix_, named_;
  std::size_t batch_events_;
  std::size_t next_ = 0;
};

}  // namespace

Result<Stream> make_labelled(const LabelledOptions& options) {
  simulation::Scenario scenario{"attacks", options.community, {}};
  if (!options.scenario.empty()) {
    ZAN_ASSIGN(scenario, simulation::make_scenario(options.scenario, options.community));
  }
  if (options.end) {
    const std::int64_t days = options.end->us / us_per_day - scenario.community.days;
    if (days < 0) return invalid("the end of the stream must lie after its days", "--end");
    scenario.community.start.us = days * us_per_day;
  }
  for (const std::string& text : options.attacks) {
    const auto attack = simulation::parse_attack(text);
    if (!attack.ok()) return invalid("--attack " + text + ": " + attack.error().message, "--attack");
    scenario.attacks.push_back(*attack);
  }
  return simulation::generate(scenario);
}

Result<void> write_labelled(const Stream& stream, const LabelledOptions& options, const Interrupts& interrupts) {
  const auto columns = options.columns == "all" ? simulation::Columns::all : simulation::Columns::five;
  const auto names = options.plain ? simulation::Names::plain : simulation::Names::labelled;
  ZAN_ASSIGN(const auto events, open_if_named(options.out));
  ZAN_ASSIGN(const auto labels, open_if_named(options.labels));
  ProgressBar bar("writing");
  std::string rows = std::string(simulation::header(columns)) + "\n";
  std::string marks = std::string(simulation::labels_header) + "\n";
  const std::size_t count = stream.events.size();
  for (std::size_t i = 0; i < count; ++i) {
    append_row(rows, stream, stream.events[i], columns, names);
    append_label(marks, stream.label(stream.events[i]));
    if ((i + 1) % rows_at_a_time != 0) continue;
    if (interrupts.happened()) return Error{ErrorKind::expired, "interrupted", {}};
    if (events) ZAN_TRY(events->write(rows));
    if (labels) ZAN_TRY(labels->write(marks));
    rows.clear();
    marks.clear();
    bar.update(i + 1, count, grouped(i + 1) + " events");
  }
  if (events) ZAN_TRY(events->write(rows));
  if (labels) ZAN_TRY(labels->write(marks));
  if (events) ZAN_TRY(events->finish());
  if (labels) ZAN_TRY(labels->finish());
  bar.finish(grouped(count) + " events");
  return {};
}

// Streams of other options must not look like retries of this one.
std::unique_ptr<connectors::Source> labelled_source(Stream stream, const LabelledOptions& options) {
  const simulation::Community& community = options.community;
  std::string text =
      fmt::format("{} {} {} {} {} {} {}", options.scenario, community.seed, community.likes, community.accounts,
                  community.subjects, community.days, options.end.value_or(Timestamp{}).us);
  for (const std::string& attack : options.attacks) text += " " + attack;
  return std::make_unique<LabelledSource>(std::move(stream), fmt::format("sim-{:016x}:", checksum64(as_bytes(text))), options);
}

}  // namespace zan::app
