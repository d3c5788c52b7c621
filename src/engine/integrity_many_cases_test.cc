// Ten thousand cases at once: found, paged through while they change, appealed all together, decided all together.
#include <gtest/gtest.h>

#include <set>

#include "engine/integrity_town.h"

namespace zan::engine {
namespace {

using integrity::Decision;
using integrity::NoteKind;

constexpr int groups = 10'000, groups_a_batch = 200;
constexpr int ring_accounts = 8, ring_works = 5;
constexpr std::size_t case_bytes_max = 8'192;  // of one of these

struct ManyCases : Town {
  ManyCases() {
    view.reset();
    lockstep.log_pair_slots = 20;
    lockstep.log_token_slots = 18;
    start();
    live();
    for (int first = 0; first < groups; first += groups_a_batch) {
      rings(first);
      step();
    }
    catch_up();
  }
  void step() {
    const auto more = view->step();
    EXPECT_TRUE(more.ok()) << more.error().message;
  }
  void rings(int first) {
    std::vector<Said> all;
    for (int ring = first; ring < first + groups_a_batch; ++ring)
      for (int work = 0; work < ring_works; ++work)
        for (int bot = 0; bot < ring_accounts; ++bot)
          all.push_back(like("r" + std::to_string(ring) + "-" + std::to_string(bot),
                             "t" + std::to_string(ring) + "-" + std::to_string(work),
                             20 * hour_us + ring * us_per_second + work * 60 * us_per_second + bot,
                             static_cast<std::uint64_t>(1'000'000 + ring * 10 + bot / 4)));
    world.say(all);
  }
  // All of them in a few commits.
  std::size_t say_of_all(const CaseStatement& of_each) {
    std::vector<Command> together;
    std::size_t said = 0;
    const auto commit = [&] {
      const auto answers = world.core->commit(together);
      for (const auto& answer : answers) said += answer.ok() ? 1 : 0;
      together.clear();
    };
    const std::vector<std::uint64_t> ids = all_ids();
    for (const std::uint64_t id : ids) {
      CaseStatement statement = of_each;
      statement.case_id = id;
      auto record = view->note_of(statement);
      EXPECT_TRUE(record.ok()) << record.error().message;
      if (record.ok()) together.push_back({NoteCase{std::move(record).value()}});
      if (together.size() == 1000) commit();
    }
    if (!together.empty()) commit();
    catch_up();
    return said;
  }
  std::vector<std::uint64_t> all_ids() {
    std::vector<std::uint64_t> ids;
    std::uint64_t before = 0;
    do {
      const auto page = view->cases({}, cases_page_max, before);
      EXPECT_TRUE(page.ok());
      EXPECT_LE(page->cases.size(), cases_page_max);
      for (const CaseSummary& summary : page->cases) ids.push_back(summary.id);
      before = page->next;
    } while (before != 0);
    return ids;
  }
};

TEST(IntegrityManyCases, ArePagedAppealedAndDecidedLikeFew) {
  ManyCases cases;
  const std::uint64_t found = cases.view->status().cases;
  ASSERT_GE(found, static_cast<std::uint64_t>(groups));
  const std::size_t bytes = cases.view->status().case_bytes;
  RecordProperty("case_bytes", static_cast<int>(bytes / found));
  EXPECT_LT(bytes / found, case_bytes_max);

  // A page's end stays where it is, whatever is found or decided meanwhile.
  const auto ids = cases.all_ids();
  EXPECT_EQ(std::set<std::uint64_t>(ids.begin(), ids.end()).size(), found);
  const auto first = cases.view->cases({}, 50, 0);
  cases.note({.case_id = ids.front(), .decision = Decision::overturn, .by = "li"});
  const auto second = cases.view->cases({}, 50, first->next);
  EXPECT_EQ(second->cases.front().id, ids[50]);

  CaseStatement appeal;
  appeal.kind = NoteKind::appeal;
  EXPECT_EQ(cases.say_of_all(appeal), found);
  EXPECT_EQ(cases.view->status().waiting, found);
  std::set<std::uint64_t> seen;
  std::optional<QueuePlace> after;
  Timestamp due;
  do {
    const auto page = cases.view->queue({}, cases_page_max, after);
    ASSERT_TRUE(page.ok());
    ASSERT_LE(page->cases.size(), cases_page_max);
    for (const CaseSummary& summary : page->cases) {
      EXPECT_GE(summary.due, due);
      due = summary.due;
      EXPECT_TRUE(seen.insert(summary.id).second);
    }
    after = page->next;
  } while (after);
  EXPECT_EQ(seen.size(), found);
  cases.world.clock.now_us += 30 * us_per_day;
  EXPECT_EQ(cases.view->status().overdue, found);

  CaseStatement overturn;
  overturn.decision = Decision::overturn;
  overturn.by = "li";
  EXPECT_EQ(cases.say_of_all(overturn), found);
  EXPECT_EQ(cases.view->status().waiting, 0U);
  EXPECT_EQ(cases.view->status().cleared, found);
  EXPECT_EQ(cases.of("t7-1").rejected + cases.of("t7-1").held, 0U);
  EXPECT_EQ(cases.of("t7-1").organic[0], static_cast<std::uint64_t>(ring_accounts));
  cases.world.expect_clean();
}

}  // namespace
}  // namespace zan::engine
