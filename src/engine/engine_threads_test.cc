// The threads around the Core, on a real folder: many submitters, readers beside them, restart, backup, refusal.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "base/scratch_folder.h"
#include "engine/engine.h"
#include "engine/fake.h"

namespace zan::engine {
namespace {

using engagement::ActBatch;
using engagement::ActType;

std::unique_ptr<Engine> open(const std::string& folder, std::size_t memtable_acts_max = 5000) {
  EngineOptions options;
  options.data_folder = folder;
  options.memtable_acts_max = memtable_acts_max;
  options.fan_in = 2;
  auto engine = Engine::open(options);
  EXPECT_TRUE(engine.ok()) << engine.error().message;
  return engine.ok() ? std::move(engine).value() : nullptr;
}

Command batch(const Engine& engine, const std::vector<Said>& all) {
  Command command{ActBatch{}};
  for (const Said& said : all) add(std::get<ActBatch>(command.body), engine.secret(), said);
  return command;
}

void expect_clean(const std::string& folder) {
  const auto findings = check(folder, [](double) {});
  ASSERT_TRUE(findings.ok()) << findings.error().message;
  for (const Finding& finding : *findings) ADD_FAILURE() << finding.what;
}

TEST(EngineThreads, ManyWritersAndReadersAgreeInTheEnd) {
  constexpr int writers = 3;
  constexpr int rounds = 60;
  constexpr int likes_a_round = 100;
  const ScratchFolder folder;
  auto engine = open(folder.at("data"));
  std::atomic<bool> writing = true;
  std::vector<std::jthread> threads;
  for (int w = 0; w < writers; ++w)
    threads.emplace_back([&, w] {
      for (int r = 0; r < rounds; ++r) {
        std::vector<Said> all;
        for (int i = 0; i < likes_a_round; ++i)
          all.push_back(
              {ActType::like, "u" + std::to_string((w * rounds + r) * likes_a_round + i), "v" + std::to_string(i % 7)});
        const auto answer = engine->submit_and_wait(batch(*engine, all));
        ASSERT_TRUE(answer.ok()) << answer.error().message;
        EXPECT_EQ(answer->accepted, static_cast<std::uint32_t>(likes_a_round));
        std::vector<engagement::Hydrated> seen;
        ASSERT_TRUE(engine->reads().hydrate(all.front().actor, {all.front().subject}, seen).ok());
        EXPECT_TRUE(seen.front().viewer.liked) << "an answered like is visible to the next call";
      }
    });
  std::jthread reader([&] {
    while (writing.load()) {
      EXPECT_TRUE(engine->reads().likers("v1", 20, {}).ok());
      EXPECT_TRUE(engine->reads().top(engagement::TopWindow::all, 5).ok());
      EXPECT_TRUE(engine->reads().user_likes("u5", 20, {}).ok());
      EXPECT_NE(engine->status().health, Health::read_only);
    }
  });
  for (std::jthread& thread : threads) thread.join();
  writing.store(false);
  reader.join();
  std::uint64_t total = 0;
  for (int v = 0; v < 7; ++v) total += engine->reads().subject_counts("v" + std::to_string(v))->organic[0];
  EXPECT_EQ(total, static_cast<std::uint64_t>(writers * rounds * likes_a_round));
  engine->stop();
  engine.reset();
  expect_clean(folder.at("data"));
}

TEST(EngineThreads, TheFeedTellsEveryActOnceAndInOrder) {
  const ScratchFolder folder;
  auto engine = open(folder.at("data"));
  std::promise<void> told;
  std::atomic<bool> once = false;
  const auto handle = engine->on_progress([&] {
    if (engine->status().position.value >= 2 && !once.exchange(true)) told.set_value();
  });
  ASSERT_TRUE(engine->submit_and_wait(batch(*engine, {{ActType::like, "u1", "v1"}, {ActType::view, "u2", "v1"}})).ok());
  told.get_future().wait();
  auto feed = engine->feed(Position{0});
  ASSERT_TRUE(feed.ok());
  std::vector<Feed::Item> items;
  ASSERT_TRUE((*feed)->next(10, items).ok());
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0].position.value, 1u);
  EXPECT_NE(items[0].json.find("\"like\""), std::string::npos);
  EXPECT_EQ(items[1].subject, "v1");
  auto later = engine->feed(Position{1});
  ASSERT_TRUE(later.ok());
  items.clear();
  ASSERT_TRUE((*later)->next(10, items).ok());
  EXPECT_EQ(items.size(), 1u);
  EXPECT_EQ(engine->feed(Position{99}).error().kind, ErrorKind::not_found);
}

TEST(EngineThreads, LateVerdictsGoThroughTheIntakeAndIntoTheFeed) {
  const ScratchFolder folder;
  auto engine = open(folder.at("data"));
  ASSERT_TRUE(engine->submit_and_wait(batch(*engine, {{ActType::like, "u1", "v1", "", 1'000'000}})).ok());
  // The first name of the folder is u1, the second v1.
  engagement::LateVerdict what;
  what.person = {1};
  what.target = 2;
  what.at = {1'000'000};
  what.verdict = engagement::Verdict::rejected;
  const auto answer = engine->submit_and_wait(Command{JudgeActs{{what, what}}});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->verdicts_applied, 1u);
  EXPECT_EQ(answer->verdicts_void, 1u);
  EXPECT_EQ(engine->status().accepted, 1u) << "a verdict is no act";
  EXPECT_EQ(engine->reads().subject_counts("v1")->rejected, 1u);
  auto feed = engine->feed(Position{1});
  ASSERT_TRUE(feed.ok());
  std::vector<Feed::Item> items;
  ASSERT_TRUE((*feed)->next(10, items).ok());
  ASSERT_EQ(items.size(), 1u);
  EXPECT_TRUE(items[0].verdict);
  EXPECT_EQ(items[0].subject, "v1");
  EXPECT_NE(items[0].json.find(R"("type":"verdict","actor":"u1","subject":"v1")"), std::string::npos) << items[0].json;
  engine.reset();
  expect_clean(folder.at("data"));
}

TEST(EngineThreads, StopAnswersWhatWasTakenAndRefusesTheRest) {
  const ScratchFolder folder;
  auto engine = open(folder.at("data"));
  std::atomic<int> answered = 0;
  int taken = 0;
  for (int i = 0; i < 200; ++i) {
    Command command = batch(*engine, {{ActType::like, "u" + std::to_string(i), "v1"}});
    if (engine->submit(command, [&](const Result<Answer>& answer) { answered += answer.ok() ? 1 : 0; }).ok()) ++taken;
  }
  engine->stop();
  EXPECT_EQ(answered.load(), taken);
  Command late = batch(*engine, {{ActType::like, "late", "v1"}});
  EXPECT_EQ(engine->submit(late, [](const Result<Answer>&) {}).error().kind, ErrorKind::unavailable);
  EXPECT_EQ(std::get<ActBatch>(late.body).acts.size(), 1u) << "a refused command stays with its caller";
}

TEST(EngineThreads, AFullIntakeLineIsLimited) {
  const ScratchFolder folder;
  auto engine = open(folder.at("data"));
  std::promise<void> writer_held;
  std::promise<void> let_go;
  Command first = batch(*engine, {{ActType::view, "u1", "v1"}});
  const auto hold = [&](const Result<Answer>&) {
    writer_held.set_value();
    let_go.get_future().wait();
  };
  ASSERT_TRUE(engine->submit(first, hold).ok());
  writer_held.get_future().wait();
  constexpr std::size_t batch_acts = 9000;
  const std::vector<Said> many(batch_acts, {ActType::view, "u1", "v1"});
  std::atomic<std::size_t> answers = 0;
  std::size_t taken = 0;
  Result<void> submitted;
  while (submitted.ok() && taken * batch_acts <= intake_acts_max) {
    Command command = batch(*engine, many);
    submitted = engine->submit(command, [&](const Result<Answer>& answer) { answers += answer.ok() ? 1 : 0; });
    if (submitted.ok()) ++taken;
  }
  EXPECT_EQ(submitted.error().kind, ErrorKind::limited);
  EXPECT_EQ(taken, intake_acts_max / batch_acts);
  let_go.set_value();
  while (answers.load() < taken) std::this_thread::yield();
  EXPECT_TRUE(engine->submit_and_wait(batch(*engine, many)).ok()) << "there is room again";
}

TEST(EngineThreads, ABackupOfALiveServerRestoresAndStaysErased) {
  const ScratchFolder folder;
  {
    auto engine = open(folder.at("data"), 50);
    for (int i = 0; i < 40; ++i) {
      const std::string user = "u" + std::to_string(i % 10);
      ASSERT_TRUE(engine
                      ->submit_and_wait(batch(*engine, {{ActType::like, user, "v" + std::to_string(i)},
                                                        {ActType::comment, user, "v1", "", 0, "", false, "nice"}}))
                      .ok());
    }
    ASSERT_TRUE(engine->backup(folder.at("backup")).ok());
    EXPECT_EQ(engine->backup(folder.at("backup")).error().kind, ErrorKind::conflict);
    ASSERT_TRUE(engine->submit_and_wait(Command{EraseUser{"u3"}}).ok());
    ASSERT_TRUE(engine->submit_and_wait(batch(*engine, {{ActType::like, "after", "v1"}})).ok());
  }
  ASSERT_TRUE(restore(folder.at("backup"), folder.at("whole"), "none").ok());
  ASSERT_TRUE(restore(folder.at("backup"), folder.at("erased"), folder.at("data") + "/erasures").ok());
  for (const bool erased : {false, true}) {
    const std::string name = folder.at(erased ? "erased" : "whole");
    expect_clean(name);
    auto engine = open(name);
    EXPECT_EQ(engine->reads().user_counts("u3")->organic[0], erased ? 0u : 4u);
    EXPECT_EQ(engine->reads().subject_counts("v3")->organic[0], erased ? 0u : 1u);
    EXPECT_EQ(engine->reads().subject_counts("v1")->organic[4], erased ? 36u : 40u);
    EXPECT_EQ(engine->reads().user_counts("after")->organic[0], 0u);
  }
  EXPECT_FALSE(restore(folder.at("backup"), folder.at("data"), "none").ok()) << "never over a folder that is in use";
}

TEST(EngineThreads, AFolderHasOneOwner) {
  const ScratchFolder folder;
  auto engine = open(folder.at("data"));
  EngineOptions options;
  options.data_folder = folder.at("data");
  EXPECT_EQ(Engine::open(options).error().kind, ErrorKind::conflict);
}

}  // namespace
}  // namespace zan::engine
