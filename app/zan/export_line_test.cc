#include "zan/export_line.h"

#include <gtest/gtest.h>

#include "engagement/engagement.h"

namespace zan::app {
namespace {

TEST(ExportLine, BecomesAnEventThatIsTakenAgain) {
  engagement::RecordedAct act;
  act.type = engagement::ActType::comment;
  act.effect = engagement::Effect::none;
  act.incentivised = true;
  act.at = {1'650'812'741'436'000};
  act.watch_ms = 5;
  act.judgement = {true, engagement::Verdict::held, 40, 1, {engagement::Reason{2, 7}}};
  const engagement::ActNames names{.actor = "u\"1",
                                   .subject = "v1",
                                   .creator = "",
                                   .region = "",
                                   .surface = "tab:1",
                                   .text = R"(he wrote ,"received":"x" and ,"superseded":true)"};
  std::string line;
  engagement::append_act(line, {7}, {1'650'812'741'500'000}, act, names);
  std::string event = to_event(line);
  EXPECT_TRUE(event.starts_with(R"({"id":"export:7","type":"comment")")) << event;
  EXPECT_EQ(event.find(R"(,"received":)"), std::string::npos);
  const std::size_t size = event.size();
  event.append(engagement::Parser::padding_bytes, ' ');
  engagement::Parser parser(HashKey{});
  engagement::ActBatch batch;
  const auto parsed = parser.parse_event(std::string_view(event).substr(0, size), 0, batch);
  ASSERT_TRUE(parsed.ok()) << event << parsed.error().message;
  const engagement::Act& again = batch.acts[0];
  EXPECT_EQ(again.at, act.at);
  EXPECT_TRUE(again.incentivised);
  EXPECT_EQ(batch.arena.substr(again.text_offset, again.text_length), names.text);
}

TEST(ExportLine, LeavesOutWhoWasErased) {
  EXPECT_EQ(to_event(R"({"position":"7","type":"view","actor":null,"subject":"v"})"), "");
  EXPECT_EQ(to_event("nonsense"), "");
}

TEST(ExportLine, LeavesOutLateVerdicts) {
  std::string line;
  engagement::append_verdict(line, {7}, {1}, {}, {.actor = "u1", .subject = "v1"});
  EXPECT_EQ(to_event(line), "");
}

}  // namespace
}  // namespace zan::app
