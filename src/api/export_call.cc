// GET /v1/users/{id}/export: read on the pool, sent as the client takes it.
//
// The reading thread stops while more than Limits::unsent_bytes wait to be sent, and gives up when the client is gone or
// takes nothing for Limits::write_stall_us. As a slow client so holds a thread of the pool, exports at a time are few.
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

#include "api/calls.h"

namespace zan::api {
namespace {

// Between the reading thread and the session.
class Flow {
 public:
  explicit Flow(std::size_t unsent_max) : unsent_max_(unsent_max) {}

  // Waits until `bytes` more may be on their way. unavailable: nobody takes them.
  Result<void> reserve(std::size_t bytes, std::int64_t patience_us) {
    std::unique_lock lock(mutex_);
    const bool room = moved_.wait_for(lock, std::chrono::microseconds(patience_us),
                                      [&] { return gone_ || unsent_ == 0 || unsent_ + bytes <= unsent_max_; });
    if (!room || gone_) return unavailable("the client has stopped reading");
    unsent_ += bytes;
    return {};
  }
  void taken(std::size_t bytes) {
    set([&] { unsent_ -= bytes; });
  }
  void give_up() {
    set([this] { gone_ = true; });
  }

 private:
  template <typename Change>
  void set(Change change) {
    {
      const std::lock_guard lock(mutex_);
      change();
    }
    moved_.notify_all();
  }

  const std::size_t unsent_max_;
  std::mutex mutex_;
  std::condition_variable moved_;
  std::size_t unsent_ = 0;
  bool gone_ = false;
};

// Pieces as they arrive at the session's thread.
struct Arrived {
  std::size_t bytes = 0;  // handed to the connection and not yet sent
};

class Export final : public LongCall {
 public:
  Export(std::shared_ptr<Flow> flow, std::shared_ptr<Arrived> arrived, Permit permit)
      : flow_(std::move(flow)), arrived_(std::move(arrived)), permit_(std::move(permit)) {}
  ~Export() override { flow_->give_up(); }

  bool endless() const override { return false; }
  void on_drained() override { flow_->taken(std::exchange(arrived_->bytes, 0)); }
  void stop() override {}  // it is finite; stopping waits for it

 private:
  std::shared_ptr<Flow> flow_;
  std::shared_ptr<Arrived> arrived_;
  Permit permit_;
};

// What the reading thread does. `session` is only passed on: it belongs to its own thread.
struct Reading {
  Session* session;
  Mailbox& mailbox;
  const engagement::Reads& reads;
  std::shared_ptr<Flow> flow;
  std::shared_ptr<Arrived> arrived;
  std::string user;
  std::size_t piece_bytes;
  std::int64_t patience_us;
  std::string gathered{};

  Result<void> send() {
    if (gathered.empty()) return {};
    ZAN_TRY(flow->reserve(gathered.size(), patience_us));
    auto task = [bytes = std::exchange(gathered, {}), arrived = arrived](Session& there) {
      if (!there.answering()) there.begin_pieces("application/json");
      there.piece(bytes);
      arrived->bytes += bytes.size();
    };
    mailbox.put_task(session, std::move(task), false);
    return {};
  }

  std::function<void(Session&)> operator()() {
    Result<void> result = reads.export_user(user, [this](std::string_view piece) -> Result<void> {
      gathered += piece;
      if (gathered.size() < piece_bytes) return {};
      return send();
    });
    if (result.ok()) result = send();
    return [result](Session& there) {
      if (result.ok()) return there.end_pieces();
      if (there.answering()) return there.break_off();
      there.fail(result.error(), Problem::invalid_parameter);
    };
  }
};

}  // namespace

void run_export(Session& session) {
  Permit permit = Permit::take(session.server().exports, session.limits().exports);
  if (!permit) return session.fail({Problem::unavailable, "another export is running; try again in a second", {}});
  const Limits& limits = session.limits();
  auto flow = std::make_shared<Flow>(limits.unsent_bytes);
  auto arrived = std::make_shared<Arrived>();
  Reading reading{&session,
                  session.thread().mailbox,
                  session.server().engine.reads(),
                  flow,
                  arrived,
                  session.id(),
                  limits.unsent_bytes / 4,
                  limits.write_stall_us};
  session.set_long_call(std::make_unique<Export>(flow, arrived, std::move(permit)));
  if (!session.run(std::move(reading)))
    session.fail({Problem::unavailable, "too many requests are waiting; try again in a second", {}});
}

}  // namespace zan::api
