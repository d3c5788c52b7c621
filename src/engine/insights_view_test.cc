// What creators can ask, as a view of the journal over a Core on a simulated disk; beside the counters.
#include "engine/insights_view.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/core_world.h"
#include "engine/fake_judge.h"

namespace zan::engine {
namespace {

using engagement::ActType;
using engagement::Verdict;
using insights::Counted;
using insights::slot_of;

struct InsightsWorld : World {
  std::unique_ptr<InsightsView> view;

  InsightsWorld() { follow(); }
  void follow(const InsightsOptions& wanted = {}) {
    view = std::make_unique<InsightsView>(*core, wanted);
    catch_up();
  }
  void catch_up() {
    for (;;) {
      const auto more = view->step();
      ASSERT_TRUE(more.ok()) << more.error().message;
      if (!*more) return;
    }
  }
  Result<Answer> tell(Command command) {
    clock.now_us += 1000;
    return core->commit({&command, 1}).front();
  }
  void put_subject(const std::string& subject, const std::string& creator, const std::string& json) {
    ASSERT_TRUE(tell({PutSubject{subject, {creator, json}}}).ok());
  }
  void act(ActType type, const std::string& actor, const std::string& subject, const std::string& creator = {},
           bool incentivised = false) {
    Said said{type, actor, subject, creator};
    said.at_us = clock.now_us;
    said.incentivised = incentivised;
    if (type == ActType::comment) said.text = "well";
    say({said});
  }
  bool judge(const std::string& actor, const std::string& target, std::int64_t at_us, Verdict verdict,
             ActType type = ActType::like) {
    engagement::LateVerdict late;
    late.person = {id(storage::NameKind::person, actor)};
    late.target = id(type == ActType::follow ? storage::NameKind::creator : storage::NameKind::subject, target);
    late.type = type;
    late.at = {at_us};
    late.verdict = verdict;
    const auto answer = tell({JudgeActs{{late}}});
    return answer.ok() && answer->verdicts_applied == 1;
  }
  std::int64_t likes_on(const std::string& subject, std::int64_t at_us) {
    const auto series = view->subject_series(subject, {1, static_cast<insights::Day>(at_us / us_per_day)});
    EXPECT_TRUE(series.ok()) << series.error().message;
    return series.ok() ? series->series.days.at(0)[slot_of(Counted::likes, false)] : -1;
  }
};

TEST(InsightsView, BeforeTheJournalHasBeenReadNothingIsAnswered) {
  InsightsWorld world;
  world.act(ActType::like, "u1", "v1", "c1");
  const InsightsView fresh(*world.core, {});
  EXPECT_EQ(fresh.subject_series("v1", {}).error().kind, ErrorKind::unavailable);
  EXPECT_EQ(fresh.creator_series("c1", {}).error().kind, ErrorKind::unavailable);
  EXPECT_EQ(fresh.works("c1", insights::WorkOrder::newest, 5, "").error().kind, ErrorKind::unavailable);
  EXPECT_EQ(fresh.creator_times("c1").error().kind, ErrorKind::unavailable);
  EXPECT_EQ(fresh.subject_times("v1").error().kind, ErrorKind::unavailable);
}

TEST(InsightsView, NobodyIsKnownAtFirst) {
  InsightsWorld world;
  EXPECT_EQ(world.view->subject_series("v1", {}).error().kind, ErrorKind::not_found);
  EXPECT_EQ(world.view->creator_series("", {}).error().kind, ErrorKind::not_found);
  EXPECT_EQ(world.view->works(std::string(300, 'x'), insights::WorkOrder::newest, 5, "").error().kind,
            ErrorKind::not_found);
}

TEST(InsightsView, ALateVerdictMovesTheDayOfTheLikeAndAKillForgetsNothing) {
  InsightsWorld world;
  world.act(ActType::like, "u1", "v1", "c1");
  world.act(ActType::like, "u2", "v1");
  const std::int64_t liked_us = world.clock.now_us;
  world.clock.now_us += 3 * us_per_day;
  ASSERT_TRUE(world.judge("u2", "v1", liked_us - 1000, Verdict::rejected));
  const auto look = [&] {
    world.catch_up();
    EXPECT_EQ(world.likes_on("v1", liked_us), 1);
    const auto series = world.view->subject_series("v1", {1, {}});
    EXPECT_EQ(series->series.before[slot_of(Counted::likes, false)], 0) << "today is the newest act's day";
    ASSERT_EQ(series->series.falls.size(), 1U);
    EXPECT_EQ(series->series.falls[0].day, static_cast<insights::Day>(world.clock.now_us / us_per_day));
    EXPECT_EQ(series->series.falls[0].taken_out, 1);
  };
  look();
  world.view.reset();
  world.crash();
  world.follow();
  look();
  world.flush();
  world.follow();
  look();
}

TEST(InsightsView, WhoIsErasedIsTakenOutOfTheDayAndForgotten) {
  InsightsWorld world;
  world.act(ActType::like, "u1", "v1", "c1");
  world.act(ActType::comment, "u1", "v1");
  const std::int64_t then_us = world.clock.now_us;
  world.catch_up();
  EXPECT_EQ(world.view->status().people, 1U);
  world.clock.now_us += 2 * us_per_day;
  ASSERT_TRUE(world.tell({EraseUser{"u1"}}).ok());
  world.catch_up();
  EXPECT_EQ(world.view->status().people, 0U);
  EXPECT_EQ(world.likes_on("v1", then_us), 0);
  const auto series = world.view->subject_series("v1", {400, {}});
  for (const auto& counts : series->series.days) EXPECT_EQ(counts[slot_of(Counted::comments, false)], 0);
  EXPECT_EQ(series->series.before[slot_of(Counted::comments, false)], 0);
}

TEST(InsightsView, WorksComeWithWhatIsSaidOfThemPageByPage) {
  InsightsWorld world;
  world.put_subject("v1", "c1", R"({"published_at":"2023-11-01T00:00:00Z","title":"one"})");
  world.put_subject("v2", "c1", R"({"published_at":"2023-11-02T00:00:00Z","title":"two"})");
  world.act(ActType::like, "u1", "v1");
  world.act(ActType::like, "u1", "v3", "c1");
  world.catch_up();
  const auto first = world.view->works("c1", insights::WorkOrder::newest, 2, "");
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->all, 3U);
  ASSERT_EQ(first->works.size(), 2U);
  EXPECT_EQ(first->works[0].subject, "v3");
  EXPECT_EQ(first->works[0].about, "");
  EXPECT_EQ(first->works[1].subject, "v2");
  EXPECT_NE(first->works[1].about.find("two"), std::string::npos);
  const auto second = world.view->works("c1", insights::WorkOrder::newest, 2, first->next);
  ASSERT_EQ(second->works.size(), 1U);
  EXPECT_EQ(second->works[0].subject, "v1");
  EXPECT_EQ(second->next, "");
  EXPECT_EQ(world.view->works("c1", insights::WorkOrder::likes, 2, first->next).error().kind, ErrorKind::invalid);
  EXPECT_EQ(world.view->works("c1", insights::WorkOrder::newest, 2, "nonsense").error().kind, ErrorKind::invalid);
  const auto series = world.view->subject_series("v2", {1, {}});
  EXPECT_TRUE(series->series.publication_known);
  EXPECT_EQ(series->usual.works, 2U);
}

TEST(InsightsView, TodayIsTheOperatorsAndTheClocks) {
  InsightsWorld world;
  world.follow({true, {}, 8 * us_per_hour});
  world.clock.now_us = 20'000 * us_per_day + 17 * us_per_hour;
  world.act(ActType::view, "u1", "v1", "c1");
  world.catch_up();
  EXPECT_EQ(world.view->subject_series("v1", {1, {}})->today, 20'001U);
  world.clock.now_us += us_per_day;
  EXPECT_EQ(world.view->subject_series("v1", {1, {}})->today, 20'001U) << "nothing was done since";
  EXPECT_EQ(world.view->zone_us(), 8 * us_per_hour);
}

// The same as the counters, to the digit, whatever is done, taken back, judged late, moved or erased.
class Twin : public InsightsWorld {
 public:
  Twin() {
    view.reset();
    options.judge = &judge_;
    open();
    follow();
  }
  void play(Rng& random) {
    const std::string user = "u" + std::to_string(random.below(4));
    const std::string subject = "v" + std::to_string(random.below(4));
    const std::string creator = "c" + std::to_string(random.below(2));
    clock.now_us += static_cast<std::int64_t>(random.below(2 * us_per_day));
    const std::uint64_t what = random.below(24);
    if (what == 0) {
      static_cast<void>(tell({EraseUser{user}}));
    } else if (what < 3) {
      put_subject(subject, creator, "{}");
    } else if (what < 9 && !done_.empty()) {
      const auto& [actor, target, at_us, type] = done_[random.below(done_.size())];
      static_cast<void>(judge(actor, target, at_us, static_cast<Verdict>(random.below(3)), type));
    } else {
      do_something(random, user, subject, creator);
    }
  }
  void compare() {
    catch_up();
    for (int i = 0; i < 4; ++i) {
      const std::string subject = "v" + std::to_string(i);
      const auto series = view->subject_series(subject, {20, {}});
      const engagement::Tally tally = *core->reads().subject_counts(subject);
      same(series, tally);
    }
    for (int i = 0; i < 2; ++i) {
      const std::string creator = "c" + std::to_string(i);
      const auto series = view->creator_series(creator, {20, {}});
      const engagement::Tally tally = *core->reads().creator_counts(creator);
      same(series, tally);
    }
  }

 private:
  struct Done {
    std::string actor, target;
    std::int64_t at_us = 0;
    ActType type{};
  };
  std::vector<Done> done_;
  FakeJudge judge_;  // of acts with an id, as they come
  int ids_ = 0;

  void do_something(Rng& random, const std::string& user, const std::string& subject, const std::string& creator) {
    constexpr std::array types{ActType::like,    ActType::like,   ActType::like,     ActType::unlike, ActType::dislike,
                               ActType::view,    ActType::complete, ActType::comment, ActType::share, ActType::follow,
                               ActType::unfollow, ActType::profile_visit};
    Said said{types.at(random.below(types.size())), user, subject};
    const bool of_creator =
        said.type == ActType::follow || said.type == ActType::unfollow || said.type == ActType::profile_visit;
    if (of_creator || random.chance(0.5)) said.creator = creator;
    if (of_creator && random.chance(0.5)) said.subject.clear();
    said.at_us = clock.now_us - static_cast<std::int64_t>(random.below(5 * us_per_day));
    said.incentivised = random.chance(0.2);
    if (said.type == ActType::comment) said.text = "well";
    said.id = "e" + std::to_string(++ids_);
    say({said});
    if (engagement::may_be_judged_late(said.type))
      done_.push_back({user, said.type == ActType::follow ? creator : subject, said.at_us, said.type});
  }
  static void same(const Result<DaySeries>& asked, const engagement::Tally& tally) {
    insights::Counts sum{};
    if (asked.ok()) {
      insights::add_to(sum, asked->series.before);
      for (const auto& day : asked->series.days) insights::add_to(sum, day);
      insights::add_to(sum, asked->series.after);
    }
    constexpr std::array kinds{std::pair(Counted::likes, engagement::Tallied::likes),
                               std::pair(Counted::views, engagement::Tallied::views),
                               std::pair(Counted::completes, engagement::Tallied::completes),
                               std::pair(Counted::comments, engagement::Tallied::comments),
                               std::pair(Counted::shares, engagement::Tallied::shares),
                               std::pair(Counted::follows, engagement::Tallied::follows),
                               std::pair(Counted::profile_visits, engagement::Tallied::profile_visits)};
    for (const auto& [ours, theirs] : kinds) {
      const auto at = static_cast<std::size_t>(theirs);
      EXPECT_EQ(sum[slot_of(ours, false)], static_cast<std::int64_t>(tally.organic[at])) << at;
      EXPECT_EQ(sum[slot_of(ours, true)], static_cast<std::int64_t>(tally.incentivised[at])) << at;
    }
    EXPECT_EQ(sum[insights::held_slot], static_cast<std::int64_t>(tally.held));
    EXPECT_EQ(sum[insights::rejected_slot], static_cast<std::int64_t>(tally.rejected));
  }
};

RC_GTEST_PROP(InsightsView, SumsToTheCountersToTheDigit, ()) {
  Twin world;
  Rng random(*rc::gen::inRange<std::uint64_t>(1, 1'000'000'000));
  for (int i = 0; i < 250; ++i) {
    world.play(random);
    if (i % 50 == 0) world.compare();
  }
  world.compare();
  world.crash();
  world.follow();
  world.compare();
  RC_ASSERT(!testing::Test::HasFailure());
}

}  // namespace
}  // namespace zan::engine
