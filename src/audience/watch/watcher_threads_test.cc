// Readers of moves and questions to the book beside the one who changes both: every move comes once and in order, and
// what names mean fits together.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "audience/answer/sim_audience.h"
#include "audience/watch/watcher.h"

namespace zan::audience {
namespace {

TEST(WatcherThreads, a_reader_sees_every_move_once) {
  constexpr std::uint32_t people = 500;
  SimAudience sim(people);
  Watcher watcher(sim.catalogue, sim.store, sim.events, 1);
  watcher.watch({{{1}, 1, *sim.catalogue->purpose("reports"), sim.parse("creator")}}, nullptr, sim_now);
  const auto members = static_cast<std::int64_t>(watcher.members({1}).size());
  std::atomic<bool> done{false};
  std::int64_t seen = 0;
  std::uint64_t from = watcher.next_number();
  std::jthread reader([&] {
    for (bool last = false; !last;) {
      last = done.load();
      for (auto page = watcher.moves(from, 50); page.ok() && page->next != from; page = watcher.moves(from, 50)) {
        for (const Move& move : page->moves) {
          EXPECT_EQ(move.number, from++);
          seen += move.entered ? 1 : -1;
        }
        EXPECT_EQ(page->next, from);
        EXPECT_EQ(watcher.states().size(), 1U);
      }
    }
  });
  Rng rng(3);
  for (int i = 0; i < 3'000; ++i) {
    const auto user = static_cast<std::uint32_t>(rng.below(people));
    sim.people()[user].creator = rng.chance(0.5);
    sim.put(user);
    watcher.touched(UserList{user + 1}, sim_now);
  }
  done = true;
  reader.join();
  EXPECT_EQ(from, watcher.next_number());
  EXPECT_EQ(members + seen, static_cast<std::int64_t>(watcher.members({1}).size()));
}

TEST(SegmentBookThreads, names_that_are_held_fit_together) {
  SegmentBook book(Catalogue::standard());
  const auto put = [&](const AudienceChange& change) { EXPECT_TRUE(book.apply(change, sim_now).ok()); };
  const auto list = [&](std::uint32_t user) { put(ListPart{user, 0, 1, "l", "ops", "a file", {user}}); };
  const auto save = [&](std::uint32_t version, const std::string& text) {
    put(SegmentSaved{{1}, version, Refresh::hourly, false, "s", "ops", "", "reports", text});
  };
  list(1);
  save(0, "creator");
  std::atomic<bool> done{false};
  std::atomic<int> asked{0};
  std::jthread reader([&] {
    do {
      const auto names = book.names();
      const auto users = names->list("l");
      EXPECT_EQ(names->list("l"), users);
      EXPECT_TRUE(names->segment("s"));
      EXPECT_EQ(names->segment("s"), names->segment("s"));
      EXPECT_EQ(book.segments("", 5).size(), 1U);
      EXPECT_TRUE(book.decide(SegmentSaved{{2}, 0, Refresh::none, false, "t", "ops", "", "reports",
                                           R"(segment("s") and list("l"))"}, sim_now).ok());
      asked.fetch_add(1);
    } while (!done.load());
  });
  for (std::uint32_t i = 1; i < 150 || asked.load() < 5; ++i) {
    list(i + 1);
    if (i < 150) save(i, i % 2 == 0 ? "creator" : "not creator");
    if (i % 20 == 0) book.erase(PersonId{i + 1});
    static_cast<void>(book.to_state());
  }
  done = true;
}

}  // namespace
}  // namespace zan::audience
