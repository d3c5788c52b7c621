// Questions beside the one who changes people: sums that hold for every person hold for every answer.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "audience/answer/sim_audience.h"

namespace zan::audience {
namespace {

TEST(AnswersThreads, people_who_move_and_act_are_counted_once_and_in_one_place) {
  constexpr std::uint32_t people = 2'000;
  SimAudience sim(people);
  // Whom we move may always be counted.
  for (std::uint32_t user = 0; user < people; ++user) {
    sim.people()[user].refuses = false;
    sim.put(user);
  }
  const Node somewhere = sim.parse("region is known"), liked = sim.parse("count(like, last 1d) >= 1");
  const Node twice = sim.parse(R"(region = "cn-bj" and region in ("cn-tj", "cn-he", "cn-sx"))");
  std::atomic<bool> done{false};
  std::atomic<int> asked{0};
  std::vector<std::jthread> readers;
  for (int reader = 0; reader < 2; ++reader) {
    readers.emplace_back([&, reader] {
      const Question question = sim.question("reports", true, reader == 0 ? "a" : "b");
      std::uint64_t before = 0;
      do {
        const auto all = sim.answers.count(somewhere, question);
        EXPECT_TRUE(all.ok() && all->count == people);
        EXPECT_FALSE(sim.answers.count(twice, question).ok());
        const auto acted = sim.answers.count(liked, question);
        const std::uint64_t now = acted.ok() ? acted->count : 0;
        // Nobody takes an act back; whoever may be counted only joins.
        EXPECT_TRUE(!acted.ok() || now >= before);
        before = std::max(before, now);
        asked.fetch_add(1);
      } while (!done.load());
    });
  }
  Rng rng(2);
  engagement::RecordedAct act;
  act.at = sim_now;
  for (std::uint32_t i = 0; i < 1'500 || asked.load() < 6; ++i) {
    const auto user = static_cast<std::uint32_t>(rng.below(people));
    sim.people()[user].region = static_cast<std::size_t>(rng.below(4));
    sim.put(user);
    act.actor = {1 + i % people};
    if (i < people) sim.events.observe(act, {});
  }
  done = true;
  readers.clear();
  EXPECT_EQ(sim.answers.count(somewhere, sim.question("reports", true))->count, people);
}

}  // namespace
}  // namespace zan::audience
