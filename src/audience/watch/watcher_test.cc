#include "audience/watch/watcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "audience/answer/sim_audience.h"

namespace zan::audience {
namespace {

constexpr Timestamp days_later(std::int64_t days) {
  return {sim_now.us + days * us_per_day};
}

// People behind a book and a watcher, and what the watcher should say, worked out by hand.
struct Watch {
  explicit Watch(std::uint32_t people, std::size_t moves_kept = moves_kept_max)
      : sim(people), watcher(sim.catalogue, sim.store, sim.events, 1'000, moves_kept) {}

  void save(std::uint64_t id, const std::string& text, std::uint32_t made_from = 0) {
    const std::string name = "s" + std::to_string(id);
    const SegmentSaved wanted{{id}, made_from, Refresh::none, true, name, "ops", "", "reports", text};
    const auto decided = book.decide(wanted, now);
    ASSERT_TRUE(decided.ok()) << decided.error().message;
    ASSERT_TRUE(book.apply(*decided, now).ok());
  }
  void watch() { watcher.watch(book.watched(), book.names(), now); }
  void like(std::uint32_t user) {
    engagement::RecordedAct act;
    act.actor = {user};
    act.at = now;
    sim.events.observe(act, {});
    liked[user] = now.us / us_per_day;
  }
  // By the numbers of SimAudience: user i is the person i + 1.
  template <typename In>
  [[nodiscard]] UserList who(In in) {
    UserList out;
    for (std::uint32_t user = 0; user < sim.people().size(); ++user)
      if (SimAudience::may_be_reported(sim.people()[user]) && in(user, sim.people()[user])) out.push_back(user + 1);
    return out;
  }
  [[nodiscard]] std::vector<Move> moves(std::uint64_t from) const {
    std::vector<Move> out;
    while (true) {
      const auto page = watcher.moves(from, 1'000'000);
      EXPECT_TRUE(page.ok());
      if (!page.ok() || page->next == from) return out;
      EXPECT_LE(page->moves.size(), moves_page_max);
      out.insert(out.end(), page->moves.begin(), page->moves.end());
      from = page->next;
    }
  }

  SimAudience sim;
  SegmentBook book{Catalogue::standard()};
  Watcher watcher;
  Timestamp now = sim_now;
  std::map<std::uint32_t, std::int64_t> liked;  // user to the day of the last time
};

TEST(Watcher, who_is_in_when_the_watching_begins_has_not_entered) {
  Watch watch(2'000);
  watch.save(1, "creator");
  watch.watch();
  EXPECT_EQ(watch.watcher.members({1}), watch.who([](std::uint32_t, const SimPerson& one) { return one.creator; }));
  EXPECT_EQ(watch.watcher.next_number(), 1'000U);
  EXPECT_EQ(watch.watcher.refresh({2}, watch.now).error().kind, ErrorKind::not_found);
}

TEST(Watcher, tells_a_new_version_and_another_meaning_of_a_name_as_moves) {
  Watch watch(3'000);
  watch.save(1, "creator");
  watch.save(2, R"(not segment("s1"))");
  watch.watch();
  const auto makers = watch.watcher.members({1}), others = watch.watcher.members({2});
  watch.save(1, R"(creator and region = "cn-tj")", 1);
  watch.watch();
  const auto fewer = watch.who([](std::uint32_t, const SimPerson& one) { return one.creator && one.region == 1; });
  EXPECT_EQ(watch.watcher.members({1}), fewer);
  UserList left, entered;
  for (const Move& move : watch.moves(1'000)) {
    EXPECT_EQ(move.entered, move.segment == SegmentId{2});
    EXPECT_EQ(move.at, watch.now);
    (move.entered ? entered : left).push_back(move.user);
  }
  UserList expected;
  std::set_difference(makers.begin(), makers.end(), fewer.begin(), fewer.end(), std::back_inserter(expected));
  EXPECT_EQ(left, expected);
  EXPECT_EQ(entered, expected);
  EXPECT_EQ(watch.watcher.states()[0].version, 2U);
  EXPECT_EQ(watch.watcher.states()[1].members, others.size() + expected.size());
  // The same once more is no move; what is no longer watched is gone.
  const std::uint64_t next = watch.watcher.next_number();
  watch.watch();
  watch.watcher.watch({}, watch.book.names(), watch.now);
  EXPECT_EQ(watch.watcher.next_number(), next);
  EXPECT_TRUE(watch.watcher.members({1}).empty());
}

TEST(Watcher, what_cannot_be_worked_out_says_so_and_begins_anew_afterwards) {
  Watch watch(500);
  watch.save(1, "creator");
  watch.watch();
  Node unknown;
  unknown.kind = NodeKind::segment;
  unknown.name = "nobody knows";
  watch.watcher.watch({{{1}, 2, *watch.sim.catalogue->purpose("reports"), unknown}}, watch.book.names(), watch.now);
  EXPECT_NE(watch.watcher.states()[0].trouble.find("there is no segment"), std::string::npos);
  EXPECT_TRUE(watch.watcher.members({1}).empty());
  watch.watcher.touched(UserList{1, 2, 3}, watch.now);
  watch.watch();
  EXPECT_TRUE(watch.watcher.states()[0].trouble.empty());
  EXPECT_EQ(watch.watcher.members({1}).size(), watch.watcher.states()[0].members);
  EXPECT_FALSE(watch.watcher.members({1}).empty());
  EXPECT_EQ(watch.watcher.next_number(), 1'000U);
}

TEST(Watcher, moves_are_read_in_pages_until_it_is_too_late) {
  Watch watch(300, 100);
  watch.save(1, "creator");
  watch.save(2, "not creator");
  watch.watch();
  const auto turn = [&](std::uint32_t user) {
    SimPerson& one = watch.sim.people()[user];
    one.agrees = true;
    one.refuses = false;
    watch.sim.put(user);
    watch.watcher.touched(UserList{user + 1}, watch.now);
    one.creator = !one.creator;
    watch.sim.put(user);
    watch.watcher.touched(UserList{user + 1, user + 1}, watch.now);
  };
  while (watch.watcher.next_number() < 1'100) turn(7);
  EXPECT_TRUE(watch.watcher.moves(1'000, 10).ok());
  const auto page = watch.watcher.moves(1'010, 10);
  ASSERT_EQ(page->moves.size(), 10U);
  EXPECT_EQ(page->moves[3].number, 1'013U);
  EXPECT_EQ(page->next, 1'020U);
  const auto of_one = watch.watcher.moves(1'010, 10, SegmentId{1});
  ASSERT_EQ(of_one->moves.size(), 10U);
  EXPECT_TRUE(std::all_of(of_one->moves.begin(), of_one->moves.end(),
                          [](const Move& move) { return move.segment == SegmentId{1}; }));
  EXPECT_GE(of_one->next, 1'029U);
  turn(8);
  EXPECT_EQ(watch.watcher.moves(1'000, 10).error().kind, ErrorKind::expired);
  EXPECT_EQ(watch.watcher.moves(500'000, 10).error().kind, ErrorKind::expired) << "of another start";
  EXPECT_TRUE(watch.watcher.moves(watch.watcher.next_number(), 10)->moves.empty());
  // Whoever is erased is in no segment and no move.
  watch.sim.deriver.erase({8});
  watch.watcher.erase({8});
  const std::uint64_t next = watch.watcher.next_number();
  watch.watcher.touched(UserList{8}, watch.now);
  EXPECT_EQ(watch.watcher.next_number(), next);
  for (const Move& move : watch.moves(next - 100)) EXPECT_EQ(move.user, 9U);
  for (const std::uint64_t id : {1, 2}) {
    const auto members = watch.watcher.members({id});
    EXPECT_FALSE(std::binary_search(members.begin(), members.end(), 8U));
  }
}

// Random changes: who is in, and what the moves say of it, against everybody looked at by hand.
TEST(Watcher, agrees_with_looking_at_everybody) {
  constexpr std::uint32_t people = 1'500;
  Watch watch(people);
  UserList third;
  for (std::uint32_t user = 3; user <= people; user += 3) third.push_back(user);
  ASSERT_TRUE(watch.book.apply(ListPart{1, 0, 1, "third", "ops", "a file", third}, watch.now).ok());
  watch.save(1, R"(creator and not region = "cn-bj")");
  watch.save(2, "count(like, last 2d) >= 1");
  watch.save(3, R"(segment("s1") or list("third"))");
  watch.watch();
  const auto expected = [&](std::uint64_t id) {
    return watch.who([&](std::uint32_t user, const SimPerson& one) {
      const bool first = one.creator && one.region != 0;
      if (id == 1) return first;
      if (id == 3) return first || (user + 1) % 3 == 0;
      const auto liked = watch.liked.find(user + 1);
      return liked != watch.liked.end() && liked->second > watch.now.us / us_per_day - 2;
    });
  };
  std::map<std::uint64_t, std::set<std::uint32_t>> told;  // what a reader of the moves knows
  for (const std::uint64_t id : {1, 2, 3})
    for (const std::uint32_t user : watch.watcher.members({id})) told[id].insert(user);
  std::uint64_t read = watch.watcher.next_number();
  Rng rng(5);
  for (int round = 0; round < 60; ++round) {
    UserList touched;
    // Few are looked at one by one, many together.
    for (std::uint64_t i = rng.below(4 * touched_block_users); i > 0; --i) {
      const auto user = static_cast<std::uint32_t>(rng.below(people));
      SimPerson& one = watch.sim.people()[user];
      if (rng.chance(0.3)) one.creator = !one.creator;
      if (rng.chance(0.3)) one.region = static_cast<std::size_t>(rng.below(4));
      if (rng.chance(0.1)) one.refuses = !one.refuses, one.agrees = false;
      if (rng.chance(0.5)) watch.like(user + 1);
      watch.sim.put(user);
      touched.push_back(user + 1);
    }
    watch.watcher.touched(touched, watch.now);
    if (round % 10 == 9) {
      watch.now = days_later(1 + round / 10);
      for (const std::uint64_t id : {1, 2, 3}) ASSERT_TRUE(watch.watcher.refresh({id}, watch.now).ok());
    }
    for (const Move& move : watch.moves(read)) {
      auto& set = told[move.segment.value];
      ASSERT_TRUE(move.entered ? set.insert(move.user).second : set.erase(move.user) == 1) << "entered twice, or left";
    }
    read = watch.watcher.next_number();
    for (const std::uint64_t id : {1, 2, 3}) {
      ASSERT_EQ(watch.watcher.members({id}), expected(id)) << "segment " << id << " in round " << round;
      ASSERT_EQ(watch.watcher.members({id}), UserList(told[id].begin(), told[id].end()));
      ASSERT_EQ(watch.watcher.states()[id - 1].members, told[id].size());
    }
  }
  EXPECT_GT(read, 2'000U);
}

}  // namespace
}  // namespace zan::audience
