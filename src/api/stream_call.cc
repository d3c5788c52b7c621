// GET /v1/stream: accepted events and changed counts as server-sent events (WHATWG HTML, 9.2).
//
// Pull, not push: the journal is read on the pool when the client has taken what it was sent and something new is there,
// so a slow client reads at its own pace from its own place, and costs one chunk of memory.
#include <algorithm>
#include <memory>

#include "api/calls.h"
#include "api/text.h"

namespace zan::api {
namespace {

struct Wanted {
  Position after;
  std::string subject;  // empty: all
};

Result<Wanted> read_wanted(Session& session) {
  ZAN_ASSIGN(const Parameters parameters, Parameters::parse(session.query(), {"after", "subject"}));
  Wanted wanted;
  if (const std::string* subject = parameters.find("subject")) {
    ZAN_TRY(engagement::check_name(*subject, "subject"));
    wanted.subject = *subject;
  }
  const std::string* after = parameters.find("after");
  const std::string& last = session.request().last_event_id;
  if (after == nullptr && last.empty()) {
    wanted.after = session.server().engine.status().position;
    return wanted;
  }
  const auto position = parse_number(last.empty() ? *after : last);
  if (!position)
    return invalid("a position is a number, as the stream's ids are", last.empty() ? "after" : "Last-Event-ID");
  wanted.after = {*position};
  return wanted;
}

// What one reading of the feed found, rendered.
struct Chunk {
  Result<void> result;
  std::string text;
  bool more = false;  // the feed was not at its end
};

void append_counts(std::string& out, const engagement::Reads& reads, std::vector<std::string_view> subjects) {
  std::sort(subjects.begin(), subjects.end());
  subjects.erase(std::unique(subjects.begin(), subjects.end()), subjects.end());
  std::vector<engagement::Hydrated> hydrated;
  if (subjects.empty() || !reads.hydrate({}, subjects, hydrated).ok()) return;
  for (std::size_t i = 0; i < hydrated.size(); ++i) {
    out += "event: counts\ndata: {\"subject\":";
    append_json_string(out, subjects[i]);
    out += ',';
    engagement::append_tally(out, hydrated[i].tally);
    out += "}\n\n";
  }
}

Chunk read_chunk(engine::Feed& feed, const engagement::Reads& reads, const std::string& subject,
                 std::size_t items_max) {
  Chunk chunk;
  std::vector<engine::Feed::Item> items;
  chunk.result = feed.next(items_max, items);
  if (!chunk.result.ok()) return chunk;
  chunk.more = items.size() >= items_max;
  std::vector<std::string_view> changed;
  for (const engine::Feed::Item& item : items) {
    if (!subject.empty() && item.subject != subject) continue;
    chunk.text += "id: ";
    append_number(chunk.text, item.position.value);
    chunk.text += item.verdict ? "\nevent: verdict\ndata: " : "\nevent: act\ndata: ";
    chunk.text += item.json;
    chunk.text += "\n\n";
    if (!item.subject.empty()) changed.emplace_back(item.subject);
  }
  append_counts(chunk.text, reads, std::move(changed));
  return chunk;
}

class EventStream final : public LongCall {
 public:
  EventStream(Session& session, std::shared_ptr<engine::Feed> feed, std::string subject)
      : session_(session), feed_(std::move(feed)), subject_(std::move(subject)) {
    session_.server().streams.fetch_add(1);
    sent_us_ = session_.thread().now_us;
  }
  ~EventStream() override {
    *alive_ = false;
    session_.server().streams.fetch_sub(1);
  }

  bool endless() const override { return true; }
  void on_progress() override {
    more_ = true;
    pull();
  }
  void on_drained() override { pull(); }
  void on_tick() override {
    pull();
    if (session_.unsent() > 0 || session_.thread().now_us - sent_us_ < session_.limits().heartbeat_us) return;
    send(":\n\n");
  }
  // Destroys this object.
  void stop() override { session_.end_pieces(); }

 private:
  void send(std::string_view text) {
    session_.piece(text);
    sent_us_ = session_.thread().now_us;
  }

  void pull() {
    if (reading_ || !more_ || session_.unsent() > 0) return;
    auto work = [feed = feed_, subject = subject_, &reads = session_.server().engine.reads(),
                 items_max = std::min(session_.limits().stream_items, engagement::hydrate_subjects_max), alive = alive_,
                 this]() -> std::function<void(Session&)> {
      auto chunk = std::make_shared<Chunk>(read_chunk(*feed, reads, subject, items_max));
      return [chunk, alive, this](Session&) {
        if (*alive) take(*chunk);
      };
    };
    reading_ = true;
    more_ = false;
    if (session_.run(std::move(work))) return;
    reading_ = false;
    more_ = true;  // the pool is busy: the next tick tries again
  }

  void take(const Chunk& chunk) {
    reading_ = false;
    if (!chunk.result.ok()) return session_.break_off();  // destroys this object
    more_ = more_ || chunk.more;
    if (!chunk.text.empty()) send(chunk.text);
    pull();
  }

  Session& session_;
  const std::shared_ptr<engine::Feed> feed_;  // used by one pool job at a time
  const std::string subject_;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // touched by the session's thread only
  bool reading_ = false;
  bool more_ = true;
  std::int64_t sent_us_ = 0;
};

void begin_stream(Session& session, std::shared_ptr<engine::Feed> feed, std::string subject) {
  session.begin_pieces("text/event-stream");
  session.piece("retry: 2000\n\n");
  auto stream = std::make_unique<EventStream>(session, std::move(feed), std::move(subject));
  EventStream& there = *stream;
  session.set_long_call(std::move(stream));
  if (session.server().stopping.load()) return there.stop();
  there.on_progress();
}

}  // namespace

void run_stream(Session& session) {
  Result<Wanted> wanted = read_wanted(session);
  if (!wanted.ok()) return session.fail(wanted.error(), Problem::invalid_parameter);
  auto work = [&engine = session.server().engine, wanted = *wanted]() -> std::function<void(Session&)> {
    auto feed = engine.feed(wanted.after);
    if (!feed.ok()) {
      return [error = feed.error()](Session& there) { there.fail(error, Problem::invalid_parameter); };
    }
    return [feed = std::shared_ptr<engine::Feed>(std::move(feed).value()), subject = wanted.subject](Session& there) {
      begin_stream(there, feed, subject);
    };
  };
  if (!session.run(std::move(work)))
    session.fail({Problem::unavailable, "too many requests are waiting; try again in a second", {}});
}

}  // namespace zan::api
