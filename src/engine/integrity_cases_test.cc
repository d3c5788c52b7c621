// What people do with cases: assign, answer in time, decide, appeal, learn from; and what is left of it after a restart.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "engine/integrity_town.h"

namespace zan::engine {
namespace {

using integrity::Decision;
using integrity::Ground;
using integrity::NoteKind;
using integrity::Standing;

constexpr auto crowd = static_cast<std::size_t>(Town::crowd), works = static_cast<std::size_t>(Town::works);

struct Cases : Town {
  std::uint64_t id = 0;

  explicit Cases(const ServiceLevels& wanted = {}) {
    levels = wanted;
    view.reset();
    start();
    live();
    attack();
    catch_up();
    id = only_case(Standing::confirmed).id;
  }
  void assign(const std::string& to) {
    note({.case_id = id, .kind = NoteKind::assignment, .by = "li", .assignee = to});
  }
  void appeal(std::vector<std::string> users, std::vector<std::string> subjects) {
    note({.case_id = id,
          .kind = NoteKind::appeal,
          .ground = Ground::fan_community,
          .users = std::move(users),
          .subjects = std::move(subjects)});
  }
  void decide(Decision decision, std::vector<std::string> users = {}, std::vector<std::string> subjects = {}) {
    note({.case_id = id,
          .decision = decision,
          .users = std::move(users),
          .subjects = std::move(subjects),
          .by = "li",
          .note = "looked at"});
  }
  Error refused(const CaseStatement& statement) {
    const auto record = view->note_of(statement);
    EXPECT_FALSE(record.ok());
    return record.ok() ? Error{} : record.error();
  }
  std::vector<CaseSummary> queue(const std::optional<std::string>& assignee = {}) {
    const auto page = view->queue(assignee, cases_page_max, {});
    EXPECT_TRUE(page.ok());
    return page->cases;
  }
  IntegrityDay sum_of_days() {
    IntegrityDay sum;
    const auto days = view->days();
    EXPECT_TRUE(days.ok());
    for (const IntegrityDay& day : *days) {
      sum.found += day.found, sum.confirmed += day.confirmed, sum.cleared += day.cleared;
      sum.appeals += day.appeals, sum.decisions += day.decisions;
      sum.overturned += day.overturned, sum.overturned_in_part += day.overturned_in_part;
      sum.likes_held += day.likes_held, sum.likes_removed += day.likes_removed,
          sum.likes_restored += day.likes_restored;
    }
    return sum;
  }
};

TEST(IntegrityCases, AreSomebodysOrNobodys) {
  Cases cases;
  const auto of = [&](const std::string& assignee) {
    CaseFilter filter;
    filter.assignee = assignee;
    return cases.view->cases(filter, 10, 0)->cases.size();
  };
  EXPECT_EQ(of(""), 1U);
  cases.assign("ann");
  EXPECT_EQ(of("ann"), 1U);
  EXPECT_EQ(of(""), 0U);
  EXPECT_EQ(of("li"), 0U);
  EXPECT_EQ(cases.view->one(cases.id)->summary.assignee, "ann");
  EXPECT_EQ(cases.refused({.case_id = cases.id, .kind = NoteKind::assignment, .by = "li", .assignee = "ann"}).kind,
            ErrorKind::conflict);
  cases.assign("");
  EXPECT_EQ(of(""), 1U);
  EXPECT_EQ(cases.refused({.case_id = cases.id, .kind = NoteKind::assignment, .by = "li"}).kind, ErrorKind::conflict);
  EXPECT_EQ(cases
                .refused({.case_id = cases.id,
                          .kind = NoteKind::assignment,
                          .by = "li",
                          .assignee = std::string(integrity::note_by_bytes_max + 1, 'x')})
                .field,
            "/assignee");
}

TEST(IntegrityCases, WhatWaitsIsDueAndThenOverdue) {
  ServiceLevels levels;
  levels.appeal_us = 2 * us_per_day;
  Cases cases(levels);
  EXPECT_TRUE(cases.queue().empty());  // the detectors have decided, and nobody minds
  const Timestamp before = cases.world.clock.now();
  cases.appeal({}, {"w307"});
  ASSERT_EQ(cases.queue().size(), 1U);
  const CaseSummary waiting = cases.queue().front();
  EXPECT_TRUE(waiting.waiting);
  EXPECT_GE(waiting.due.us, before.us + levels.appeal_us);
  EXPECT_EQ(waiting.due, cases.view->one(cases.id)->notes.front().answer_by);
  EXPECT_EQ(cases.view->status().waiting, 1U);
  EXPECT_EQ(cases.view->status().unassigned, 1U);
  EXPECT_EQ(cases.view->status().overdue, 0U);
  cases.world.clock.now_us = waiting.due.us + 1;
  EXPECT_EQ(cases.view->status().overdue, 1U);
  // A clock that goes back takes it back, and nothing else.
  cases.world.clock.now_us = before.us - us_per_day;
  EXPECT_EQ(cases.view->status().overdue, 0U);
  EXPECT_EQ(cases.queue("").size(), 1U);
  cases.assign("ann");
  EXPECT_EQ(cases.queue("").size(), 0U);
  EXPECT_EQ(cases.queue("ann").size(), 1U);
  EXPECT_EQ(cases.view->status().unassigned, 0U);
  cases.decide(Decision::confirm);
  EXPECT_TRUE(cases.queue().empty());
  EXPECT_EQ(cases.view->status().waiting, 0U);
  EXPECT_FALSE(cases.view->one(cases.id)->notes.front().open);
}

TEST(IntegrityCases, EachPartyAppealsOnceUntilItIsAnswered) {
  Cases cases;
  cases.appeal({"bot1"}, {});
  cases.appeal({}, {"w307"});
  cases.appeal({}, {});
  EXPECT_EQ(cases.view->one(cases.id)->summary.open_appeals, 3U);
  const CaseStatement again{
      .case_id = cases.id, .kind = NoteKind::appeal, .ground = Ground::other, .users = {"bot1"}, .by = "", .note = ""};
  EXPECT_EQ(cases.refused(again).kind, ErrorKind::conflict);
  CaseStatement two = again;
  two.subjects = {"w307"};
  EXPECT_EQ(cases.refused(two).field, "/users");
  cases.decide(Decision::confirm);
  EXPECT_EQ(cases.view->one(cases.id)->summary.open_appeals, 0U);
  EXPECT_TRUE(cases.view->note_of(again).ok());
  EXPECT_EQ(cases.view->status().appeals, 3U);
  EXPECT_EQ(cases.sum_of_days().appeals, 3U);
}

// Both were made before either was known.
TEST(IntegrityCases, TwoOfTheSameAtOnceCountOnce) {
  Cases cases;
  const CaseStatement statement{.case_id = cases.id, .kind = NoteKind::appeal, .ground = Ground::other};
  const Bytes record = cases.view->note_of(statement).value();
  for (int i = 0; i < 2; ++i) {
    const Command command{NoteCase{record}};
    ASSERT_TRUE(cases.world.core->commit({&command, 1}).front().ok());
  }
  cases.catch_up();
  EXPECT_EQ(cases.view->one(cases.id)->summary.open_appeals, 1U);
  EXPECT_EQ(cases.view->one(cases.id)->notes.size(), 1U);
}

TEST(IntegrityCases, WhatWasDecidedIsNotDecidedAgain) {
  Cases cases;
  const CaseStatement confirm{.case_id = cases.id, .decision = Decision::confirm, .by = "li"};
  EXPECT_TRUE(cases.view->note_of(confirm).ok());  // the detectors said so, people did not
  cases.decide(Decision::confirm);
  EXPECT_EQ(cases.refused(confirm).kind, ErrorKind::conflict);
  cases.appeal({}, {"w307"});
  EXPECT_TRUE(cases.view->note_of(confirm).ok());  // answers the appeal
  cases.decide(Decision::overturn);
  EXPECT_EQ(cases.refused({.case_id = cases.id, .decision = Decision::overturn, .by = "li"}).kind, ErrorKind::conflict);
  EXPECT_EQ(cases.refused({.case_id = cases.id, .decision = Decision::overturn, .users = {"bot1"}, .by = "li"}).kind,
            ErrorKind::conflict);
  EXPECT_EQ(cases.refused({.case_id = cases.id + 1, .decision = Decision::confirm, .by = "li"}).kind,
            ErrorKind::not_found);
  EXPECT_TRUE(cases.view->note_of(confirm).ok());  // another mind is another decision
  EXPECT_EQ(cases.of("w307").rejected, 0U);
}

TEST(IntegrityCases, KnowHowTheyCameToStand) {
  Cases cases;
  cases.assign("ann");
  cases.decide(Decision::overturn, {"bot1"});
  cases.appeal({"bot2"}, {});
  cases.decide(Decision::overturn);
  const auto detail = cases.view->one(cases.id);
  ASSERT_TRUE(detail.ok());
  ASSERT_EQ(detail->standings.size(), 2U);
  EXPECT_EQ(detail->standings.front().standing, Standing::confirmed);  // all of the attack came at once
  EXPECT_FALSE(detail->standings.front().by_people);
  EXPECT_EQ(detail->standings.back().standing, Standing::cleared);
  EXPECT_TRUE(detail->standings.back().by_people);
  for (std::size_t i = 1; i < detail->standings.size(); ++i)
    EXPECT_LE(detail->standings[i - 1].at, detail->standings[i].at);
  ASSERT_EQ(detail->notes.size(), 4U);
  EXPECT_EQ(detail->notes[0].assignee, "ann");
  EXPECT_EQ(detail->notes[1].actors, 1U);
  EXPECT_EQ(detail->notes[2].kind, NoteKind::appeal);
  EXPECT_EQ(detail->notes[3].decision, Decision::overturn);
  EXPECT_TRUE(detail->complete);
}

TEST(IntegrityCases, AGraphComesInPagesThatStayAsTheyAre) {
  Cases cases;
  const auto all_edges = [&] {
    std::vector<CaseLike> edges;
    std::size_t from = 0;
    do {
      const auto page = cases.view->graph(cases.id, 100, from);
      EXPECT_TRUE(page.ok());
      EXPECT_LE(page->edges.size(), 100U);
      std::set<std::string> nodes;
      for (const auto& node : page->nodes) EXPECT_TRUE(nodes.insert(node.name).second) << node.name;
      for (const CaseLike& edge : page->edges) EXPECT_TRUE(nodes.contains(edge.user) && nodes.contains(edge.subject));
      edges.insert(edges.end(), page->edges.begin(), page->edges.end());
      from = page->next;
    } while (from != 0);
    return edges;
  };
  const auto before = all_edges();
  ASSERT_EQ(before.size(), crowd * works);
  cases.decide(Decision::overturn, {"bot1"}, {"w307"});
  cases.world.say({Town::like("bot0", "w398", 23 * Town::hour_us, 3'000'000)});
  cases.catch_up();
  const auto after = all_edges();
  ASSERT_GE(after.size(), before.size());
  std::size_t spared = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(before[i].user, after[i].user);
    EXPECT_EQ(before[i].subject, after[i].subject);
    EXPECT_EQ(after[i].spared, after[i].user == "bot1" || after[i].subject == "w307");
    spared += after[i].spared ? 1 : 0;
  }
  EXPECT_EQ(spared, crowd + works - 1);
  EXPECT_EQ(cases.view->one(cases.id)->summary.likes, after.size() - spared);
  EXPECT_EQ(cases.view->one(cases.id)->summary.spared_members, 1U);
  EXPECT_EQ(cases.view->graph(cases.id, 100, 1'000'000)->edges.size(), 0U);
  EXPECT_EQ(cases.view->graph(77, 100, 0).error().kind, ErrorKind::not_found);
}

std::vector<LikeLabel> all_labels(const IntegrityView& view, bool all, std::size_t limit) {
  std::vector<LikeLabel> labels;
  LabelPlace from;
  for (;;) {
    const auto page = view.labels(all, limit, from);
    EXPECT_TRUE(page.ok());
    EXPECT_LE(page->labels.size(), limit);
    labels.insert(labels.end(), page->labels.begin(), page->labels.end());
    if (!page->next) return labels;
    from = *page->next;
  }
}

TEST(IntegrityCases, WhatPeopleDecidedCanBeLearntFrom) {
  Cases cases;
  EXPECT_TRUE(all_labels(*cases.view, false, 7).empty());
  EXPECT_EQ(all_labels(*cases.view, true, 7).size(), crowd * works);
  cases.decide(Decision::overturn, {"bot1"});
  for (const std::size_t limit :
       {std::size_t{1}, std::size_t{7}, std::size_t{559}, std::size_t{560}, labels_page_max}) {
    const auto labels = all_labels(*cases.view, false, limit);
    ASSERT_EQ(labels.size(), crowd * works) << limit;
    for (const LikeLabel& label : labels) {
      EXPECT_EQ(label.fake, label.like.user != "bot1");
      EXPECT_TRUE(label.by_people);
      EXPECT_EQ(label.case_id, cases.id);
    }
  }
  cases.decide(Decision::overturn);
  const auto overturned = all_labels(*cases.view, false, 100);
  for (const LikeLabel& label : overturned) EXPECT_FALSE(label.fake);
}

TEST(IntegrityCases, WhatTheStaffDidIsListed) {
  Cases cases;
  cases.assign("ann");
  cases.appeal({}, {"w307"});
  cases.decide(Decision::confirm);
  cases.note({.case_id = cases.id, .kind = NoteKind::handed_out, .by = "zhou"});
  const auto all = cases.view->staff_acts({}, 10, {});
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->acts.size(), 3U);  // an appeal is not of the staff
  EXPECT_EQ(all->acts[0].line.kind, NoteKind::handed_out);
  EXPECT_EQ(all->acts[0].line.by, "zhou");
  EXPECT_EQ(all->acts[2].line.assignee, "ann");
  EXPECT_EQ(all->acts[1].case_id, cases.id);
  const auto first = cases.view->staff_acts({}, 2, {});
  ASSERT_EQ(first->acts.size(), 2U);
  const auto rest = cases.view->staff_acts({}, 2, first->next);
  ASSERT_EQ(rest->acts.size(), 1U);
  EXPECT_EQ(rest->acts[0].line.assignee, "ann");
  EXPECT_EQ(rest->next.value, 0U);
  EXPECT_EQ(cases.view->staff_acts("li", 10, {})->acts.size(), 2U);
}

TEST(IntegrityCases, DaysAddUpToWhatHappened) {
  Cases cases;
  cases.decide(Decision::overturn, {}, {"w307"});
  cases.appeal({"bot3"}, {});
  cases.decide(Decision::overturn);
  const IntegrityDay sum = cases.sum_of_days();
  EXPECT_EQ(sum.found, 1U);
  EXPECT_EQ(sum.confirmed, 1U);
  EXPECT_EQ(sum.cleared, 1U);
  EXPECT_EQ(sum.appeals, 1U);
  EXPECT_EQ(sum.decisions, 2U);
  EXPECT_EQ(sum.overturned, 1U);
  EXPECT_EQ(sum.overturned_in_part, 1U);
  EXPECT_EQ(sum.likes_removed, crowd * works);
  EXPECT_EQ(sum.likes_restored, crowd * works);
}

TEST(IntegrityCases, AStartKnowsAllOfItAgain) {
  Cases cases;
  cases.assign("ann");
  cases.decide(Decision::overturn, {"bot1"});
  cases.appeal({"bot2"}, {});
  const auto before = cases.view->one(cases.id);
  const IntegrityDay days = cases.sum_of_days();
  cases.restart();
  cases.catch_up();
  const auto after = cases.view->one(cases.id);
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(after->summary.assignee, "ann");
  EXPECT_EQ(after->summary.due, before->summary.due);
  EXPECT_EQ(after->summary.noticed, before->summary.noticed);
  EXPECT_EQ(after->summary.spared_members, 1U);
  EXPECT_EQ(after->notes.size(), before->notes.size());
  ASSERT_EQ(after->standings.size(), before->standings.size());
  for (std::size_t i = 0; i < after->standings.size(); ++i) {
    EXPECT_EQ(after->standings[i].at, before->standings[i].at);
    EXPECT_EQ(after->standings[i].standing, before->standings[i].standing);
  }
  EXPECT_EQ(cases.sum_of_days().likes_removed, days.likes_removed);
  EXPECT_EQ(cases.view->staff_acts({}, 10, {})->acts.size(), 2U);
  EXPECT_EQ(cases.queue().size(), 1U);
}

TEST(IntegrityCases, AnErasedPersonIsInNoneOfIt) {
  Cases cases;
  cases.decide(Decision::confirm);
  cases.appeal({"bot7"}, {});
  EXPECT_EQ(cases.view->of_user("bot7")->size(), 1U);
  const Command erase{EraseUser{"bot7"}};
  ASSERT_TRUE(cases.world.core->commit({&erase, 1}).front().ok());
  cases.catch_up();
  const auto detail = cases.view->one(cases.id);
  EXPECT_EQ(detail->members.size(), crowd - 1);
  for (const CaseLike& like : detail->likes) EXPECT_FALSE(like.user.empty() || like.user == "bot7");
  EXPECT_EQ(detail->likes.size(), (crowd - 1) * works);
  const auto page = cases.view->graph(cases.id, graph_edges_max, 0);
  EXPECT_EQ(page->edges.size(), (crowd - 1) * works);
  for (const auto& node : page->nodes) EXPECT_FALSE(node.name.empty() || node.name == "bot7");
  EXPECT_EQ(all_labels(*cases.view, false, 100).size(), (crowd - 1) * works);
  EXPECT_EQ(cases.view->of_user("bot7").error().kind, ErrorKind::not_found);
  cases.restart();
  cases.catch_up();
  EXPECT_EQ(all_labels(*cases.view, false, 100).size(), (crowd - 1) * works);
  cases.world.expect_clean();
}

TEST(IntegrityCases, AClockThatGoesBackLosesNothing) {
  Cases cases;
  cases.world.clock.now_us -= 30 * us_per_day;
  cases.attack("olds", 305, -40 * us_per_day);  // told after those of today
  std::vector<Said> old;
  for (int i = 0; i < 100; ++i) old.push_back(Town::like("p1", "w" + std::to_string(i), -40 * us_per_day, 1));
  cases.world.say(old);
  cases.catch_up();
  EXPECT_EQ(cases.of("w312").rejected, crowd);
  cases.decide(Decision::overturn, {"bot1"});
  const auto detail = cases.view->one(cases.id);
  EXPECT_GE(detail->notes.back().at, detail->standings.front().at);
  cases.restart();
  cases.catch_up();
  EXPECT_EQ(cases.of("w312").rejected, crowd);
  EXPECT_EQ(cases.of("w307").rejected, crowd - 1);
  cases.world.expect_clean();
}

TEST(IntegrityPosition, DamageIsNamedAndCostsNothing) {
  Cases cases;
  storage::Disk& disk = cases.world.core->disk();
  const Bytes sound = storage::read_file(disk, integrity_position_path).value();
  const std::uint64_t rejected = cases.of("w307").rejected;
  for (std::size_t at = 0; at < sound.size(); ++at) {
    Bytes damaged = sound;
    damaged[at] ^= std::byte{1};
    ASSERT_TRUE(storage::replace_file(disk, integrity_position_path, damaged).ok());
    EXPECT_EQ(read_integrity_position(disk, cases.world.core->journal().last()).error().kind, ErrorKind::corrupt) << at;
    ASSERT_TRUE(storage::replace_file(disk, integrity_position_path, ByteSpan(sound).first(at)).ok());
    EXPECT_FALSE(read_integrity_position(disk, cases.world.core->journal().last()).ok()) << at;
  }
  const auto findings = check(*cases.world.core, [](double) {});
  ASSERT_TRUE(findings.ok());
  ASSERT_EQ(findings->size(), 1U);
  EXPECT_NE(findings->front().what.find("integrity/position"), std::string::npos);
  const Position end = cases.world.core->journal().last();
  cases.view.reset();
  cases.start();
  cases.catch_up();
  EXPECT_EQ(cases.world.core->journal().last(), end);  // all it commands again is void
  EXPECT_EQ(cases.of("w307").rejected, rejected);
  cases.world.expect_clean();
}

TEST(IntegrityPosition, AheadOfTheJournalIsDamageToo) {
  Town town;
  ASSERT_TRUE(write_integrity_position(town.world.core->disk(), {5}).ok());
  EXPECT_EQ(read_integrity_position(town.world.core->disk(), {4}).error().kind, ErrorKind::corrupt);
  EXPECT_EQ(read_integrity_position(town.world.core->disk(), {5}).value(), Position{5});
}

// The hint was lost while a case stood otherwise in between: what was held, then cleared, is not held again on the way.
TEST(IntegrityPosition, WithoutItNothingIsDoneTwice) {
  Cases cases;
  cases.decide(Decision::overturn);
  const Position end = cases.world.core->journal().last();
  ASSERT_TRUE(cases.world.core->disk().remove(integrity_position_path).ok());
  cases.restart();
  cases.catch_up();
  EXPECT_EQ(cases.world.core->journal().last(), end);
  EXPECT_EQ(cases.of("w307").rejected, 0U);
}

}  // namespace
}  // namespace zan::engine
