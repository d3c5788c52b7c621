#include "simulation/score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulation/rows.h"
#include "simulation/stream.h"

namespace zan::simulation {
namespace {

using testing::HasSubstr;

struct Line {
  const char* label;
  const char* verdict;
};

Score score_of(const std::vector<Line>& lines) {
  VerdictReader reader = VerdictReader::open("at,actor,subject,verdict,score,group,reason,judged_at,device").value();
  Scorer scorer;
  for (const Line& line : lines) scorer.add(parse_label(line.label).value(), reader.read(line.verdict).value());
  return scorer.score();
}

TEST(Score, OfAHandMadeCase) {
  const Score score = score_of({
      {"fake,burst,1", "1000,a,v1,rejected,,,,3000,d1"},
      {"fake,burst,1", "1000,b,v1,rejected,,,,9000,d1"},
      {"fake,burst,1", "1000,c,v1,held,,,,,d1"},
      {"fake,burst,1", "1000,d,v1,genuine,,,,,d2"},
      {"camouflage,burst,1", "1000,a,v2,rejected,,,,,"},
      {"warm_up,burst,1", "1000,d,v2,genuine,,,,,"},
      {"hijacked,hijack,2", "1000,e,v3,genuine,,,,,"},
      {"owner,hijack,2", "1000,e,v4,rejected,,,,,"},
      {"organic,organic,0", "1000,f,v4,genuine,,,,,"},
      {"organic,organic,0", "1000,g,v4,rejected,,,,,"},
      {"decoy,viral,3", "1000,h,v5,genuine,,,,,"},
  });
  EXPECT_EQ(score.events.found, 2U);
  EXPECT_EQ(score.events.missed, 3U);
  EXPECT_EQ(score.events.wronged, 2U);  // the owner's and an organic one; camouflage is left aside
  EXPECT_EQ(score.events.precision(), 0.5);
  EXPECT_EQ(score.events.recall(), 0.4);
  EXPECT_NEAR(*score.events.f1(), 2 * 0.5 * 0.4 / 0.9, 1e-12);
  EXPECT_EQ(score.accounts.found, 2U);    // a, b
  EXPECT_EQ(score.accounts.missed, 2U);   // c, d
  EXPECT_EQ(score.accounts.wronged, 1U);  // g; e is left aside
  ASSERT_EQ(score.attacks.size(), 2U);
  const AttackScore& burst = score.attacks[0];
  EXPECT_EQ(burst.family, Family::burst);
  EXPECT_EQ(burst.instances, 1U);
  EXPECT_EQ(burst.accounts, 4U);
  EXPECT_EQ(burst.devices, 2U);
  EXPECT_EQ(burst.fakes.held, 1U);
  EXPECT_EQ(burst.median_ms, 8000);
  EXPECT_EQ(burst.surviving_per_account(), 0.5);
  EXPECT_EQ(score.attacks[1].median_ms, std::nullopt);
  EXPECT_EQ(score.by_camouflage[0].all, 1U);  // the hijacked one
  EXPECT_EQ(score.by_camouflage[1].all, 4U);  // one camouflage like for four
  EXPECT_EQ(score.roles[static_cast<std::size_t>(Role::owner)].rejected, 1U);
}

TEST(Score, ADecoysWorkIsLostWithMoreThanHalfOfItsLikes) {
  const auto with = [&](int rejected, int genuine) {
    std::vector<Line> made;
    for (int i = 0; i < rejected; ++i) made.push_back({"decoy,viral,1", "1,a,v1,rejected,,,,,"});
    for (int i = 0; i < genuine; ++i) made.push_back({"decoy,viral,1", "1,b,v1,genuine,,,,,"});
    return score_of(made).decoys.at(0);
  };
  EXPECT_EQ(with(3, 3).lost, 0U);
  EXPECT_EQ(with(4, 3).lost, 1U);
  EXPECT_EQ(with(4, 3).works, 1U);
  EXPECT_EQ(with(4, 0).works, 0U);  // too few likes to be lost
  EXPECT_EQ(with(4, 3).likes.rejected, 4U);
}

TEST(Score, OfNothingSaysNothing) {
  const Score score = Scorer().score();
  EXPECT_EQ(score.events.precision(), std::nullopt);
  EXPECT_EQ(score.events.recall(), std::nullopt);
  EXPECT_EQ(score.events.f1(), std::nullopt);
  EXPECT_THAT(to_text(score), HasSubstr("precision"));
}

TEST(Score, OfAnOracleIsPerfect) {
  Community community;
  community.likes = 20'000;
  const Stream stream = generate(make_scenario("hard_day", community).value()).value();
  Scorer scorer;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < stream.account_regions.size(); ++i) names.push_back(std::to_string(i));
  for (const Event& event : stream.events) {
    VerdictLine line{.at_ms = stream.at(event).us / us_per_ms, .actor = names[event.actor], .subject = "v"};
    line.judged_at_ms = line.at_ms + 5;
    line.verdict = is_fake(event.role) ? Verdict::rejected : Verdict::genuine;
    scorer.add(stream.label(event), line);
  }
  const Score score = scorer.score();
  EXPECT_EQ(score.events.f1(), 1);
  EXPECT_EQ(score.accounts.f1(), 1);
  EXPECT_EQ(score.attacks.size(), 12U);
  for (const AttackScore& attack : score.attacks) {
    EXPECT_EQ(attack.fakes.share(), 1);
    EXPECT_EQ(attack.median_ms, 5);
    EXPECT_EQ(attack.surviving_per_account(), 0);
  }
  EXPECT_THAT(to_text(score), HasSubstr("events         1.0000     1.0000     1.0000"));
}

TEST(Verdicts, AreReadByTheNamesInTheHeader) {
  VerdictReader reader = VerdictReader::open("verdict,note,at,subject,actor\r\n").value();
  const VerdictLine line = reader.read("held,\"a, \"\"b\"\"\",17,v,u\r\n").value();
  EXPECT_EQ(line.verdict, Verdict::held);
  EXPECT_EQ(line.at_ms, 17);
  EXPECT_EQ(line.subject, "v");
  EXPECT_EQ(line.actor, "u");
  EXPECT_EQ(line.judged_at_ms, std::nullopt);
  EXPECT_EQ(reader.read("kept,,1,v,u").error().field, "verdict");
  EXPECT_EQ(reader.read("held,,x,v,u").error().field, "at");
  EXPECT_EQ(reader.read("held,,-1,v,u").error().field, "at");
  EXPECT_FALSE(reader.read("held,,1,v").ok());
  EXPECT_FALSE(reader.read("").ok());
  EXPECT_EQ(VerdictReader::open("at,actor,verdict").error().field, "subject");
  EXPECT_EQ(VerdictReader::open("at,actor,at,subject,verdict").error().field, "at");
}

TEST(Labels, ReadBackAsWritten) {
  for (std::uint8_t family = 0; family < family_count; ++family) {
    for (std::uint8_t role = 0; role < 7; ++role) {
      const Label label{static_cast<Role>(role), static_cast<Family>(family),
                        static_cast<std::uint16_t>(family * 3000)};
      std::string text;
      append_label(text, label);
      text.pop_back();
      EXPECT_EQ(*parse_label(text), label);
    }
  }
  EXPECT_EQ(parse_label("fake,burst").ok(), false);
  EXPECT_EQ(parse_label("phony,burst,1").error().field, "role");
  EXPECT_EQ(parse_label("fake,bust,1").error().field, "family");
  EXPECT_EQ(parse_label("fake,burst,70000").error().field, "instance");
  EXPECT_EQ(parse_label("fake,burst,1x").error().field, "instance");
}

TEST(Rows, HaveTheColumnsOfTheirHeader) {
  Stream stream;
  stream.start = {1'000'000'000};
  stream.works = {{4, 15'000}, {5, 20'000}};
  stream.account_regions = {9, 8};
  const Event event{.at_us = 2'500'999, .actor = 1, .subject = 1, .device = 6, .network = 7, .watch_ms = 300};
  const auto row = [&](Columns columns, Names names) {
    std::string text;
    append_row(text, stream, event, columns, names);
    return text;
  };
  EXPECT_EQ(header(Columns::five), "at,actor,subject,device,network");
  EXPECT_EQ(row(Columns::five, Names::plain), "1002500,1,1,6,7\n");
  EXPECT_EQ(row(Columns::five, Names::labelled), "1002500,sim-user-1,sim-work-1,sim-device-6,sim-network-7\n");
  EXPECT_EQ(header(Columns::all), "at,actor,subject,device,network,type,creator,watch_ms,duration_ms,region");
  EXPECT_EQ(row(Columns::all, Names::plain), "1002500,1,1,6,7,like,5,300,20000,8\n");
}

}  // namespace
}  // namespace zan::simulation
