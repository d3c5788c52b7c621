// Any bytes as what a client sends over one connection, in pieces whose lengths the input chooses
// too. Whatever they are: no crash, no endless loop, bounded memory, and every answer is
// well-formed HTTP.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include "api/api.h"
#include "api/fake_engine.h"
#include "api/session.h"
#include "base/require.h"

namespace {

using namespace zan;
using namespace zan::api;

// Answers within submit(), so that a run is the same each time.
class PromptEngine final : public engine::Engine {
 public:
  const HashKey& secret() const override { return secret_; }
  Result<void> submit(engine::Command& command, engine::Done done) override {
    engine::Answer answer;
    if (const auto* batch = std::get_if<engagement::ActBatch>(&command.body)) {
      for (const engagement::Act& act : batch->acts) {
        require(act.actor && act.actor.offset + act.actor.length <= batch->arena.size(), "an act names its actor");
        ++answer.accepted;
      }
    }
    answer.position = {position_ += answer.accepted};
    done(answer);
    return {};
  }
  const engagement::Reads& reads() const override { return maps_; }
  engine::Status status() const override { return {}; }
  const engine::Integrity* integrity() const override { return maps_.integrity(); }
  Result<std::unique_ptr<engine::Feed>> feed(Position after) const override { return maps_.feed(after); }
  std::shared_ptr<void> on_progress(std::function<void()>) override { return {}; }
  Result<void> backup(const std::string&) override { return unavailable("not here"); }
  Result<void> compact() override { return {}; }
  void stop() override {}

 private:
  const HashKey secret_{9};
  FakeEngine maps_;
  std::uint64_t position_ = 0;
};

class FakeClock final : public Clock {
 public:
  Timestamp now() const override { return {1'650'899'141'436'000}; }
  std::int64_t monotonic_us() const override { return 1'000'000; }
};

struct World final : Carrier {
  World() : state(engine, limits(), clock) {
    state.access = std::move(Access::open({})).value();
    state.metrics.push_back(std::make_unique<HttpMetrics>());
    thread = std::make_unique<ThreadState>(state, *state.metrics[0], [] {});
    thread->refresh_time();
  }
  void pump() override {}

  static Limits limits() {
    Limits limits;
    limits.pool_threads = 0;
    limits.pool_waiting = 0;  // what would run on the pool is refused, after its parameters were read
    limits.batch_acts = 3;
    limits.line_bytes = 200;
    limits.body_bytes = 2000;
    limits.small_body_bytes = 500;
    limits.header_bytes = 1000;
    limits.target_bytes = 100;
    limits.unsent_bytes = 1 << 20;
    return limits;
  }

  PromptEngine engine;
  FakeClock clock;
  ServerState state;
  std::unique_ptr<ThreadState> thread;
};

void deliver(ThreadState& thread) {
  std::vector<AnswerMail> answers;
  std::vector<TaskMail> tasks;
  while (thread.mailbox.fetch(answers, tasks)) {
    for (AnswerMail& mail : answers) mail.to->on_answer(mail.ticket, std::move(mail.answer));
    for (TaskMail& mail : tasks) mail.to->on_task(mail.task, mail.last);
    answers.clear();
    tasks.clear();
  }
}

// Answers follow each other without a gap: "HTTP/1.1 ", then a status.
void check_answers(const std::string& out) {
  if (out.empty()) return;
  require(out.starts_with("HTTP/1.1 "), "an answer begins with its status line");
  require(out.find("\r\n\r\n") != std::string::npos, "a head is whole");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world;
  Session session(*world.thread, world);
  std::string waiting, out;
  std::size_t at = 0;
  std::size_t step = size > 0 ? data[0] % 50 + 1 : 1;
  while (at < size && !session.closing()) {
    const std::size_t count = std::min(step, size - at);
    waiting.append(reinterpret_cast<const char*>(data) + at, count);
    at += count;
    step = step * 7 % 61 + 1;
    for (bool moved = true; moved;) {
      waiting.append(engagement::Parser::padding_bytes, '{');
      const std::string_view bytes(waiting.data(), waiting.size() - engagement::Parser::padding_bytes);
      const std::size_t taken = session.wants_bytes() ? session.take(bytes) : 0;
      require(taken <= bytes.size(), "no more is taken than there is");
      waiting.resize(bytes.size());
      waiting.erase(0, taken);
      deliver(*world.thread);
      out += session.out();
      session.out().clear();
      session.on_sent(true);
      moved = taken > 0 && !waiting.empty();
    }
    require(waiting.size() <= size, "bytes do not multiply");
    if (!session.wants_bytes() && waiting.size() > 4096) break;
  }
  check_answers(out);
  session.on_eof();
  (void)session.on_tick();
  session.stop();
  deliver(*world.thread);
  session.abandon();
  require(!session.expects_mail(), "every command was answered");
  return 0;
}
