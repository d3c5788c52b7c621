#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <span>

#include "connectors/sink.h"
#include "engine/engine.h"

namespace zan::connectors {
namespace {

constexpr std::size_t batches_in_flight_max = 16;

// What is still expected of one batch. The writer thread fills it, the importing thread waits for it.
class Pending {
 public:
  void expect() {
    const std::lock_guard lock(mutex_);
    ++open_;
  }

  // Nothing comes after all.
  void withdraw() {
    const std::lock_guard lock(mutex_);
    --open_;
  }

  void answer(const Result<engine::Answer>& answer, const std::vector<std::uint64_t>& rows) {
    const std::lock_guard lock(mutex_);
    if (answer.ok()) {
      outcome_.accepted += answer->accepted;
      outcome_.duplicates += answer->duplicates;
      for (const engine::RejectedAct& act : answer->rejected)
        outcome_.rejected.push_back({rows[act.index], act.error.message});
    } else if (!failure_) {
      failure_ = answer.error();
    }
    if (--open_ == 0) ready_.notify_one();
  }

  void answer_put(const Result<engine::Answer>& answer, std::uint64_t row) {
    const std::lock_guard lock(mutex_);
    if (answer.ok()) {
      ++outcome_.attributes;
    } else if (answer.error().kind == ErrorKind::unavailable || answer.error().kind == ErrorKind::corrupt) {
      if (!failure_) failure_ = answer.error();
    } else {
      outcome_.rejected.push_back({row, answer.error().message});
    }
    if (--open_ == 0) ready_.notify_one();
  }

  void reject(std::uint64_t row, const Error& error) {
    const std::lock_guard lock(mutex_);
    outcome_.rejected.push_back({row, error.message});
  }

  void answer_showings(const Result<engine::Answer>& answer) {
    const std::lock_guard lock(mutex_);
    if (answer.ok()) {
      outcome_.showings += answer->accepted;
    } else if (!failure_) {
      failure_ = answer.error();
    }
    if (--open_ == 0) ready_.notify_one();
  }

  void settle() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return open_ == 0; });
  }

  Result<Outcome> wait() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return open_ == 0; });
    if (failure_) return *failure_;
    return std::move(outcome_);
  }

  // Waits for the rest of the answers, but not for longer than the engine asks a refused caller to.
  void wait_a_moment() {
    std::unique_lock lock(mutex_);
    ready_.wait_for(lock, std::chrono::seconds(engine::retry_after_seconds), [this] { return open_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::size_t open_ = 0;
  std::optional<Error> failure_;
  Outcome outcome_;
};

class EngineSink final : public Sink {
 public:
  explicit EngineSink(engine::Engine& engine) : engine_(engine), parser_(engine.secret()) {}
  ~EngineSink() override {
    while (!pending_.empty()) (void)take_oldest();
  }
  EngineSink(const EngineSink&) = delete;
  EngineSink& operator=(const EngineSink&) = delete;

  Result<void> send(const Batch& batch) override {
    const auto pending = std::make_shared<Pending>();
    pending_.push_back(pending);
    for (const AttributesPut& put : batch.attributes) ZAN_TRY(send_put(put, pending));
    lines_.assign(batch.lines).append(engagement::Parser::padding_bytes, ' ');
    for (const Run& run : runs_of(batch)) {
      ZAN_TRY(send_showings(run.showings, pending));
      ZAN_TRY(send_events(run, pending));
    }
    return {};
  }

  Result<Outcome> take_oldest() override {
    const auto oldest = pending_.front();
    auto outcome = oldest->wait();
    pending_.pop_front();
    return outcome;
  }

  std::size_t in_flight() const override { return pending_.size(); }
  std::size_t in_flight_max() const override { return batches_in_flight_max; }

 private:
  using PendingPtr = std::shared_ptr<Pending>;

  Result<void> send_put(const AttributesPut& put, const PendingPtr& pending) {
    engine::Command command;
    if (put.kind == AttributesPut::Kind::user) {
      auto json = parser_.parse_user(put.json);
      if (!json.ok()) return pending->reject(put.row, json.error()), Result<void>();
      command.body = engine::PutUser{put.name, std::move(json).value()};
    } else {
      auto attributes = parser_.parse_subject(put.json);
      if (!attributes.ok()) return pending->reject(put.row, attributes.error()), Result<void>();
      command.body = engine::PutSubject{put.name, std::move(attributes).value()};
    }
    return submit(std::move(command), pending,
                  [pending, row = put.row](const Result<engine::Answer>& answer) { pending->answer_put(answer, row); });
  }

  // A server without feeds remembers nothing of what was shown.
  Result<void> send_showings(std::span<const Showing> showings, const PendingPtr& pending) {
    engine::Matching* const matching = engine_.matching();
    if (matching == nullptr || showings.empty()) return {};
    engine::ChangeMatching change;
    for (const Showing& showing : showings) {
      Result<Bytes> record = record_of(*matching, showing);
      if (record.ok()) {
        change.records.push_back(std::move(*record));
      } else if (record.error().kind != ErrorKind::not_found) {
        pending->reject(showing.row, record.error());
      }
    }
    if (change.records.empty()) return {};
    return submit({std::move(change)}, pending,
                  [pending](const Result<engine::Answer>& answer) { pending->answer_showings(answer); });
  }

  // Who is not known may be so in a moment: by what was sent before.
  Result<Bytes> record_of(engine::Matching& matching, const Showing& showing) {
    const engine::NamedShown shown{showing.viewer, showing.surface, {showing.subject}, showing.at};
    Result<Bytes> record = matching.record_of(shown);
    if (record.ok() || record.error().kind != ErrorKind::not_found) return record;
    for (const PendingPtr& sent : pending_) sent->settle();
    return matching.record_of(shown);
  }

  Result<void> send_events(const Run& run, const PendingPtr& pending) {
    engagement::ActBatch acts;
    std::vector<std::uint64_t> rows;
    rows.reserve(run.events.size());
    for (std::uint32_t i = 0; i < run.events.size(); ++i) {
      const EventLine& event = run.events[i];
      rows.push_back(event.row);
      if (auto parsed = parse(event, i, acts); !parsed.ok()) pending->reject(event.row, parsed.error());
    }
    if (acts.acts.empty()) return {};
    return submit({std::move(acts)}, pending, [pending, rows = std::move(rows)](const Result<engine::Answer>& answer) {
      pending->answer(answer, rows);
    });
  }

  Result<void> parse(const EventLine& event, std::uint32_t index, engagement::ActBatch& acts) {
    const std::string_view json = std::string_view(lines_).substr(event.offset, event.length);
    if (!event.text_unavailable) return parser_.parse_event(json, index, acts);
    // The rules for an event ask a comment for its text. Here it is known that nobody has it: the rules are satisfied
    // with a stand-in, which is taken out again before anything is recorded.
    textless_.assign(json.substr(0, json.size() - 1)).append(R"(,"text":"-"})");
    textless_.append(engagement::Parser::padding_bytes, ' ');
    const std::size_t length = textless_.size() - engagement::Parser::padding_bytes;
    ZAN_TRY(parser_.parse_event(std::string_view(textless_).substr(0, length), index, acts));
    acts.acts.back().text_offset = acts.acts.back().text_length = 0;
    return {};
  }

  // `done` runs exactly once if this returns well, and never otherwise.
  Result<void> submit(engine::Command command, const PendingPtr& pending,
                      const std::function<void(const Result<engine::Answer>&)>& done) {
    for (;;) {
      pending->expect();
      auto submitted = engine_.submit(command, done);
      if (submitted.ok()) return {};
      pending->withdraw();
      if (submitted.error().kind != ErrorKind::limited) return submitted.error();
      pending_.front()->wait_a_moment();
    }
  }

  engine::Engine& engine_;
  engagement::Parser parser_;
  std::deque<PendingPtr> pending_;
  std::string lines_;  // of the batch, padded as the parser wants it
  std::string textless_;
};

}  // namespace

std::unique_ptr<Sink> make_engine_sink(engine::Engine& engine) {
  return std::make_unique<EngineSink>(engine);
}

}  // namespace zan::connectors
