// Suggestions and look-alikes beside the one who changes people, subjects and likes.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "audience/answer/sim_audience.h"
#include "audience/suggest/suggester.h"

namespace zan::audience {
namespace {

class OneSegment final : public SegmentNames {
 public:
  explicit OneSegment(Node node) : node_(std::move(node)) {}
  [[nodiscard]] std::optional<Node> segment(std::string_view) const override { return node_; }
  [[nodiscard]] std::shared_ptr<const UserList> list(std::string_view) const override { return nullptr; }

 private:
  Node node_;
};

TEST(SuggesterThreads, suggestions_and_look_alikes_beside_changes_are_whole) {
  constexpr std::uint32_t people = 3'000;
  SimAudience sim(people);
  const OneSegment names(sim.parse(R"(region in ("cn-bj", "cn-tj"))"));
  sim.answers.set_names(&names);
  SubjectIndex subjects(sim.catalogue->zone_us());
  Suggester suggester(sim.answers, subjects);
  const Node like = sim.parse(R"(similar to segment("s") size 1000)");
  std::atomic<bool> done{false};
  std::atomic<int> asked{0};
  std::vector<std::jthread> readers;
  for (int reader = 0; reader < 2; ++reader) {
    readers.emplace_back([&, reader] {
      Question question = sim.question("reports", true, reader == 0 ? "a" : "b");
      do {
        const auto found = suggester.suggest({"宠物 kraken", {}, "", 0}, question);
        EXPECT_TRUE(found.ok() && found->text.find("interest.pets") != std::string::npos);
        const auto size = sim.answers.count(like, question);
        EXPECT_TRUE(size.ok() && size->count <= 1000);
        question.now.us += look_alike_age_us;
        asked.fetch_add(1);
      } while (!done.load());
    });
  }
  Rng rng(2);
  engagement::RecordedAct act;
  act.at = sim_now;
  for (std::uint32_t i = 0; i < 300 || asked.load() < 6; ++i) {
    const SubjectId subject{10'000 + i % 500};
    EXPECT_TRUE(suggester.put_subject(subject, R"({"title":"kraken","tags":["宠物"]})").ok());
    EXPECT_TRUE(sim.deriver.put_subject(subject, R"({"tags":["宠物"]})").ok());
    act.actor = {static_cast<std::uint32_t>(1 + rng.below(people))};
    act.subject = subject;
    subjects.observe(act);
    sim.deriver.observe(act);
    sim.people()[act.actor.value - 1].creator = rng.chance(0.5);
    sim.put(act.actor.value - 1);
  }
  done = true;
  readers.clear();
  EXPECT_EQ(suggester.terms().size(), std::min<std::size_t>(500, suggester.terms().frequency("w:kraken")));
}

}  // namespace
}  // namespace zan::audience
