// The evidence thread beside those who write, ask, back up and compact. Also run under TSan.
#include <gtest/gtest.h>

#include <thread>

#include "base/scratch_folder.h"
#include "engine/engine.h"
#include "engine/fake.h"

namespace zan::engine {
namespace {

using engagement::ActBatch;
using engagement::ActType;

constexpr int writers = 2;
constexpr int batches = 40;
constexpr int acts_a_batch = 50;
constexpr auto patience = std::chrono::seconds(60);

class EvidenceThreads : public testing::Test {
 protected:
  EvidenceThreads() {
    open();
  }
  void open() {
    engine_.reset();
    EngineOptions options;
    options.data_folder = scratch_.at("data");
    options.memtable_acts_max = 1000;
    options.fan_in = 2;
    options.evidence = {.on = true, .origin = "example.org/log"};
    auto opened = Engine::open(options);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    engine_ = std::move(opened).value();
  }
  void write(int writer) {
    for (int batch = 0; batch < batches; ++batch) {
      Command command{ActBatch{}};
      for (int i = 0; i < acts_a_batch; ++i) {
        const std::string user = "u" + std::to_string(writer) + "-" + std::to_string(i);
        add(std::get<ActBatch>(command.body), engine_->secret(),
            {ActType::like, user, "v" + std::to_string(batch), "c1", 0, user + "/" + std::to_string(batch)});
      }
      const auto answer = engine_->submit_and_wait(std::move(command));
      EXPECT_TRUE(answer.ok()) << answer.error().message;
    }
  }
  void ask(const std::atomic<bool>& done) {
    const Evidence& evidence = *engine_->evidence();
    while (!done) {
      const EvidenceStatus status = evidence.status();
      EXPECT_LE(status.published, status.entries);
      const auto answer = evidence.receipt("u0-1/0", "u0-1");
      EXPECT_TRUE(answer.ok() || answer.error().kind == ErrorKind::not_found) << answer.error().message;
      const auto page = evidence.of_creator("c1", 20, "");
      EXPECT_TRUE(page.ok()) << page.error().message;
      EXPECT_TRUE(evidence.received({0}, timestamp_max).ok());
    }
  }
  void wait_for(std::uint64_t published) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (engine_->evidence()->status().published < published && std::chrono::steady_clock::now() < until)
      std::this_thread::yield();
    EXPECT_EQ(engine_->evidence()->status().published, published);
  }

  ScratchFolder scratch_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(EvidenceThreads, everything_is_logged_beside_everything_else) {
  constexpr std::uint64_t all = std::uint64_t{writers} * batches * acts_a_batch;
  std::atomic<bool> done{false};
  {
    std::jthread asker([&] { ask(done); });
    std::jthread keeper([&] {
      EXPECT_TRUE(engine_->compact().ok());
      const auto backed_up = engine_->backup(scratch_.at("backup"));
      EXPECT_TRUE(backed_up.ok()) << backed_up.error().message;
    });
    {
      std::vector<std::jthread> writing;
      for (int writer = 0; writer < writers; ++writer) writing.emplace_back([this, writer] { write(writer); });
    }
    wait_for(all);
    done = true;
  }
  EXPECT_EQ(engine_->evidence()->status().trouble, "");
  engine_->stop();
  open();
  wait_for(all);
  const Bytes lines = engine_->evidence()->file("log.vkey").value();
  const auto key = evidence::parse_vkey(as_text(lines).substr(0, lines.size() - 1)).value();
  const auto answer = engine_->evidence()->receipt("u1-7/39", "u1-7");
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_TRUE(evidence::verify_receipt(answer->receipt, evidence::trust_one_log(key)).ok());
  ASSERT_TRUE(restore(scratch_.at("backup"), scratch_.at("restored"), "none").ok());
}

TEST_F(EvidenceThreads, stops_at_once_whatever_it_does) {
  for (int round = 0; round < 5; ++round) {
    write(0);
    engine_->stop();
    open();
  }
  write(1);
  wait_for(2U * batches * acts_a_batch);
}

}  // namespace
}  // namespace zan::engine
