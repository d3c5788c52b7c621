#include "api/pulled_stream.h"

#include <memory>

namespace zan::api {
namespace {

class PulledStream final : public LongCall {
 public:
  PulledStream(Session& session, ReadChunk read, NewsOf news)
      : session_(session), read_(std::make_shared<ReadChunk>(std::move(read))), news_(news) {
    session_.server().streams.fetch_add(1);
    sent_us_ = session_.thread().now_us;
  }
  ~PulledStream() override {
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
    more_ = more_ || news_ == NewsOf::sweep;
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
    auto work = [read = read_, alive = alive_, this]() -> std::function<void(Session&)> {
      auto chunk = std::make_shared<StreamChunk>((*read)());
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

  void take(const StreamChunk& chunk) {
    reading_ = false;
    if (!chunk.result.ok()) return session_.break_off();  // destroys this object
    more_ = more_ || chunk.more;
    if (!chunk.text.empty()) send(chunk.text);
    pull();
  }

  Session& session_;
  const std::shared_ptr<ReadChunk> read_;
  const NewsOf news_;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // touched by the session's thread only
  bool reading_ = false;
  bool more_ = true;
  std::int64_t sent_us_ = 0;
};

}  // namespace

void begin_stream(Session& session, ReadChunk read, NewsOf news) {
  session.begin_pieces("text/event-stream");
  session.piece("retry: 2000\n\n");
  auto stream = std::make_unique<PulledStream>(session, std::move(read), news);
  PulledStream& there = *stream;
  session.set_long_call(std::move(stream));
  if (session.server().stopping.load()) return there.stop();
  there.on_progress();
}

}  // namespace zan::api
