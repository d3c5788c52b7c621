#include "engagement/render.h"

#include <gtest/gtest.h>

#include <string>

namespace zan::engagement {
namespace {

template <typename... Args>
std::string rendered(void (*append)(std::string&, Args...), std::type_identity_t<Args>... args) {
  std::string out;
  append(out, args...);
  return out;
}

TEST(Render, TallyOfASubject) {
  Tally tally;
  for (std::size_t i = 0; i < tallied_count; ++i) {
    tally.organic[i] = i + 1;
    tally.incentivised[i] = 10 * (i + 1);
  }
  tally.held = 5;
  tally.rejected = 18446744073709551615u;
  EXPECT_EQ(rendered(append_tally, tally, TallyOf::subject),
            R"("likes":1,"dislikes":2,"views":3,"completes":4,"comments":5,"shares":6,"held":5,)"
            R"("rejected":18446744073709551615,"incentivised":{"likes":10,"dislikes":20,"views":30,"completes":40,)"
            R"("comments":50,"shares":60})");
  EXPECT_EQ(rendered(append_tally, tally, TallyOf::person),
            R"("likes":1,"dislikes":2,"views":3,"completes":4,"comments":5,"shares":6,"follows":7,)"
            R"("profile_visits":8,"held":5,"rejected":18446744073709551615,"incentivised":{"likes":10,"dislikes":20,)"
            R"("views":30,"completes":40,"comments":50,"shares":60,"follows":70,"profile_visits":80})");
}

TEST(Render, Viewer) {
  ViewerState viewer;
  viewer.liked = viewer.commented = true;
  EXPECT_EQ(rendered(append_viewer, viewer),
            R"("liked":true,"disliked":false,"viewed":false,"commented":true,"shared":false)");
}

TEST(Render, SmallestAct) {
  RecordedAct act;
  act.at = {1'650'899'141'436'000};
  EXPECT_EQ(rendered(append_act, {7}, Timestamp{1'650'899'141'436'001}, act, {.actor = "u1", .subject = "v9"}),
            R"({"position":"7","type":"like","actor":"u1","subject":"v9","at":"2022-04-25T15:05:41.436Z",)"
            R"("received":"2022-04-25T15:05:41.436001Z"})");
}

TEST(Render, FullAct) {
  RecordedAct act;
  act.type = ActType::comment;
  act.incentivised = true;
  act.effect = Effect::none;
  act.watch_ms = 1;
  act.duration_ms = 2;
  const ActNames names{.subject = "v\"", .creator = "c", .region = "r", .surface = "s", .text = "hi"};
  EXPECT_EQ(rendered(append_act, {1}, Timestamp{}, act, names),
            R"({"position":"1","type":"comment","actor":null,"subject":"v\"","creator":"c",)"
            R"("at":"1970-01-01T00:00:00.000Z","received":"1970-01-01T00:00:00.000Z","watch_ms":1,"duration_ms":2,)"
            R"("region":"r","surface":"s","text":"hi","incentivised":true,"superseded":true})");
}

TEST(Render, JudgedAct) {
  RecordedAct act;
  act.at = {1'650'899'141'436'000};
  act.judgement = {true, Verdict::held, 37, 2, {Reason{3, 12}, Reason{9, 0}}};
  EXPECT_EQ(rendered(append_act, {7}, Timestamp{1'650'899'141'436'001}, act, {.actor = "u1", .subject = "v9"}),
            R"({"position":"7","type":"like","actor":"u1","subject":"v9","at":"2022-04-25T15:05:41.436Z",)"
            R"("received":"2022-04-25T15:05:41.436001Z","verdict":"held","quality":37,)"
            R"("reasons":[{"code":3,"number":12},{"code":9,"number":0}]})");
}

TEST(Render, AGenuineActSaysNotThatAnotherVerdictWillFollow) {
  RecordedAct act;
  act.at = {1'650'899'141'436'000};
  act.judgement = {true, Verdict::genuine, 37, 1, {Reason{28, 2401}}};
  EXPECT_EQ(rendered(append_act, {7}, Timestamp{1'650'899'141'436'001}, act, {.actor = "u1", .subject = "v9"}),
            R"({"position":"7","type":"like","actor":"u1","subject":"v9","at":"2022-04-25T15:05:41.436Z",)"
            R"("received":"2022-04-25T15:05:41.436001Z","verdict":"genuine","quality":37})");
}

TEST(Render, LateVerdict) {
  VerdictRecord record;
  record.what.at = {1'650'899'141'436'000};
  record.what.verdict = Verdict::rejected;
  record.what.group = 5;
  record.what.reason_count = 1;
  record.what.reasons[0] = {4, 10'000};
  record.revision = 1;
  EXPECT_EQ(rendered(append_verdict, {8}, Timestamp{1'650'899'141'436'001}, record,
                     {.actor = "u1", .subject = "v9", .creator = "c"}),
            R"({"position":"8","type":"verdict","actor":"u1","subject":"v9","creator":"c","of":"like",)"
            R"("at":"2022-04-25T15:05:41.436Z","received":"2022-04-25T15:05:41.436001Z","before":"genuine",)"
            R"("verdict":"rejected","revision":1,"group":"5","reasons":[{"code":4,"number":10000}]})");
}

}  // namespace
}  // namespace zan::engagement
