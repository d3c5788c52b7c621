#include "connectors/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>

#include "base/scratch_folder.h"
#include "connectors/ndjson.h"
#include "connectors/scratch_file.h"
#include "connectors/sim_server.h"
#include "connectors/synthetic.h"
#include "engine/engine.h"

namespace zan::connectors {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Keeps what it was given, answers when asked, and can fail at a chosen batch.
class FakeSink final : public Sink {
 public:
  Result<void> send(const Batch& batch) override {
    EXPECT_LT(in_flight(), in_flight_max());
    waiting_.push_back(batch);
    return {};
  }
  Result<Outcome> take_oldest() override {
    if (++taken_ == fail_at) return unavailable("the disk is full");
    const Batch batch = std::move(waiting_.front());
    waiting_.pop_front();
    Outcome outcome;
    for (const EventLine& event : batch.events) {
      lines.emplace_back(batch.text(event));
      ++outcome.accepted;
    }
    outcome.attributes = batch.attributes.size();
    if (on_taken) on_taken();
    return outcome;
  }
  std::size_t in_flight() const override { return waiting_.size(); }
  std::size_t in_flight_max() const override { return 3; }

  std::vector<std::string> lines;
  std::size_t fail_at = 0;
  std::function<void()> on_taken;

 private:
  std::deque<Batch> waiting_;
  std::size_t taken_ = 0;
};

class ImportTest : public testing::Test {
 protected:
  static constexpr int line_count = 100'000;

  void SetUp() override {
    std::string text;
    for (int i = 0; i < line_count; ++i)
      text += R"({"type":"view","actor":"u)" + std::to_string(i) +
              R"(","subject":"v"})"
              "\n";
    file_.set(text);
    disk_ = std::move(storage::open_machine_disk(folder_.path())).value();
    options_.notes = disk_.get();
  }

  Result<ImportReport> run(FakeSink& sink) {
    auto source = open_ndjson(file_.path());
    return import_into(sink, **source, options_);
  }

  ScratchFile file_{""};
  ScratchFolder folder_;
  std::unique_ptr<storage::Disk> disk_;
  ImportOptions options_;
};

TEST_F(ImportTest, TakesEverythingOnceAndNotesTheEnd) {
  FakeSink sink;
  const auto report = run(sink);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->accepted, static_cast<std::uint64_t>(line_count));
  EXPECT_EQ(sink.lines.size(), static_cast<std::size_t>(line_count));
  FakeSink again;
  const auto second = run(again);
  EXPECT_TRUE(second->was_complete);
  EXPECT_TRUE(again.lines.empty());
}

TEST_F(ImportTest, AFileThatGrewAddsWhatIsNew) {
  FakeSink sink;
  ASSERT_TRUE(run(sink).ok());
  file_.set(file_.content() + R"({"type":"view","actor":"late","subject":"v"})"
                              "\n");
  FakeSink again;
  ASSERT_TRUE(run(again).ok());
  ASSERT_EQ(again.lines.size(), 1u);
  EXPECT_THAT(again.lines[0], HasSubstr("late"));
}

TEST_F(ImportTest, AStopLeavesANoteAndTheNextRunGoesOn) {
  FakeSink sink;
  std::stop_source stop;
  int taken = 0;
  sink.on_taken = [&] {
    if (++taken == 7) stop.request_stop();
  };
  options_.stop = stop.get_token();
  const auto report = run(sink);
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->interrupted);
  EXPECT_LT(sink.lines.size(), static_cast<std::size_t>(line_count));

  options_.stop = {};
  FakeSink rest;
  const auto second = run(rest);
  EXPECT_TRUE(second->resumed);
  EXPECT_EQ(sink.lines.size() + rest.lines.size(), static_cast<std::size_t>(line_count));
  EXPECT_THAT(rest.lines.front(), HasSubstr("\"u" + std::to_string(sink.lines.size()) + "\""));
}

TEST_F(ImportTest, AfterAFailureNothingIsLeftOutAndRepeatedEventsCarryTheSameIds) {
  FakeSink sink;
  sink.fail_at = 20;
  const auto report = run(sink);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().kind, ErrorKind::unavailable);
  FakeSink rest;
  ASSERT_TRUE(run(rest).ok());
  std::map<std::string, int> seen;
  for (const auto* part : {&sink, &rest})
    for (const std::string& line : part->lines) ++seen[line];
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(line_count));
}

TEST_F(ImportTest, RestartIgnoresTheNote) {
  FakeSink sink, again;
  ASSERT_TRUE(run(sink).ok());
  options_.restart = true;
  ASSERT_TRUE(run(again).ok());
  EXPECT_EQ(again.lines, sink.lines);
}

TEST(Ndjson, GivesIdsOnlyToEventsWithoutOne) {
  const ScratchFile file("\n{ \"type\":\"like\"}\n{\"id\" : \"x\"}\n{\"actor\":\"\\\"id\\\":\"}\nnonsense\n{}\n");
  auto source = open_ndjson(file.path());
  Batch batch;
  ASSERT_TRUE((*source)->next(batch).value());
  ASSERT_EQ(batch.events.size(), 5u);
  EXPECT_THAT(std::string(batch.text(batch.events[0])),
              testing::MatchesRegex(R"(\{"id":"import:[0-9a-f]*:1","type":"like"\})"));
  EXPECT_EQ(batch.text(batch.events[1]), "{\"id\" : \"x\"}");
  EXPECT_THAT(std::string(batch.text(batch.events[2])), HasSubstr("\"id\":\"import:"));
  EXPECT_EQ(batch.text(batch.events[3]), "nonsense");
  EXPECT_EQ(batch.text(batch.events[4]), "{}");
  EXPECT_EQ(batch.events[4].row, 6u);
}

TEST(Ndjson, ReportsALineBeyondTheLimit) {
  const ScratchFile file("{\"a\":1}\n" + std::string(engagement::line_bytes_max + 1, 'x') + "\n{\"b\":1}\n");
  auto source = open_ndjson(file.path());
  Batch batch;
  ASSERT_TRUE((*source)->next(batch).value());
  EXPECT_EQ(batch.events.size(), 2u);
  ASSERT_EQ(batch.bad.size(), 1u);
  EXPECT_EQ(batch.bad[0].row, 2u);
}

Batch batch_with_showings(std::uint32_t showings, std::uint32_t events_after_each) {
  Batch batch;
  for (std::uint32_t i = 0; i < showings; ++i) {
    batch.show({0, i, "u" + std::to_string(i), "home", "v", {1'700'000'000'000'000 + i}});
    for (std::uint32_t n = 0; n < events_after_each; ++n)
      batch.add(R"({"type":"view","actor":"u)" + std::to_string(i) + R"(","subject":"v"})", i);
  }
  return batch;
}

TEST(Runs, ShowingsGoInTogetherBeforeWhatIsDoneAfterThem) {
  const Batch batch = batch_with_showings(Batch::showings_together + 3, 2);
  const auto runs = runs_of(batch);
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].showings.size(), Batch::showings_together);
  EXPECT_EQ(runs[0].events.size(), Batch::showings_together * 2);
  EXPECT_EQ(runs[1].showings.size(), 3u);
  EXPECT_EQ(runs[1].events.size(), 6u);
  EXPECT_EQ(runs[1].showings[0].viewer, "u256");
  EXPECT_TRUE(runs_of({}).empty());
  EXPECT_EQ(runs_of(batch_with_showings(600, 0)).size(), 1u);
  Batch late;
  late.add(R"({"type":"view","actor":"u","subject":"v"})", 1);
  late.show({0, 2, "u", "home", "v", {}});
  EXPECT_EQ(runs_of(late).size(), 2u);
  EXPECT_TRUE(runs_of(late)[0].showings.empty());
}

TEST(ServerSink, TellsShowingsBeforeWhatWasDoneAndNoneToAServerWithoutFeeds) {
  for (const bool feeds : {true, false}) {
    std::vector<std::string> asked;
    SimServer server([&](const SimServer::Request& request) {
      asked.push_back(request.target + " " + request.body);
      if (request.target == "/v1/events") return sim_answer(200, R"({"accepted":256,"duplicates":0})");
      return feeds ? sim_answer(200, R"({"taken":256,"unknown":0})")
                   : sim_answer(503, R"({"status":503,"detail":"this server makes no feeds"})");
    });
    const auto sink = make_server_sink({{"127.0.0.1", server.port()}, "", "zan"});
    ASSERT_TRUE(sink.ok()) << sink.error().message;
    ASSERT_TRUE((*sink)->send(batch_with_showings(2 * Batch::showings_together, 1)).ok());
    const auto outcome = (*sink)->take_oldest();
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(outcome->accepted, 512u);
    EXPECT_EQ(outcome->showings, feeds ? 512u : 0u);
    ASSERT_EQ(asked.size(), feeds ? 4u : 3u);
    EXPECT_THAT(asked[0], testing::StartsWith(R"(/v1/impressions {"shown":[{"viewer":"u0","subjects":["v"],"surface":"home",)"
                                              R"("at":"2023-11-14T22:13:20.000Z"},{"viewer":"u1")"));
    EXPECT_THAT(asked[1], testing::StartsWith(R"(/v1/events {"type":"view","actor":"u0")"));
    EXPECT_THAT(asked.back(), testing::StartsWith(R"(/v1/events {"type":"view","actor":"u256")"));
  }
}

TEST(EngineSink, RecordsShowingsOfThoseWhoAreKnownByThen) {
  const ScratchFolder data;
  auto engine = engine::Engine::open({data.path()});
  ASSERT_TRUE(engine.ok()) << engine.error().message;
  Batch batch = batch_with_showings(3, 0);
  for (const char* user : {"u0", "u1"})
    batch.attributes.push_back({AttributesPut::Kind::user, user, "{}", 1});
  batch.attributes.push_back({AttributesPut::Kind::subject, "v", "{}", 2});
  const auto sink = make_engine_sink(**engine);
  ASSERT_TRUE(sink->send(batch).ok());
  const auto outcome = sink->take_oldest();
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  EXPECT_EQ(outcome->showings, 2u);
  EXPECT_EQ(outcome->attributes, 3u);
  EXPECT_TRUE(outcome->rejected.empty());
}

TEST(EngineSink, ReportsRejectedLinesByTheirNumberAndTakesTheOthers) {
  const ScratchFolder data;
  auto engine = engine::Engine::open({data.path()});
  ASSERT_TRUE(engine.ok()) << engine.error().message;
  const ScratchFile file(
      "{\"type\":\"like\",\"actor\":\"u1\",\"subject\":\"v\"}\n"
      "{\"type\":\"lick\",\"actor\":\"u1\",\"subject\":\"v\"}\n"
      "\n"
      "{\"type\":\"like\",\"subject\":\"v\"}\n"
      "{\"type\":\"like\",\"actor\":\"u2\",\"subject\":\"v\"}\n");
  auto source = open_ndjson(file.path());
  const auto sink = make_engine_sink(**engine);
  ImportOptions options;
  std::vector<std::uint64_t> rows;
  options.on_problem = [&](const BadRow& bad) { rows.push_back(bad.row); };
  const auto report = import_into(*sink, **source, options);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->accepted, 2u);
  EXPECT_EQ(report->bad, 2u);
  EXPECT_THAT(rows, ElementsAre(2, 4));
  EXPECT_EQ((*engine)->reads().subject_counts("v")->organic[0], 2u);
}

TEST(EngineSink, TakesASimulatedCommunityOnceHoweverOftenItComes) {
  const ScratchFolder data;
  auto engine = engine::Engine::open({data.path()});
  ASSERT_TRUE(engine.ok()) << engine.error().message;
  SyntheticOptions community;
  community.users = 500;
  community.subjects = 100;
  community.acts = 30'000;
  community.end = {1'700'000'000'000'000};
  for (const bool again : {false, true}) {
    auto source = make_synthetic(community);
    const auto sink = make_engine_sink(**engine);
    const auto report = import_into(*sink, **source, {});
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_EQ(report->bad, 0u);
    EXPECT_EQ(report->attributes, 600u);
    EXPECT_EQ(again ? report->duplicates : report->accepted, 30'000u);
  }
}

}  // namespace
}  // namespace zan::connectors
