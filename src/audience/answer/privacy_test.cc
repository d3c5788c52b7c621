// Somebody tries to find out one thing about one person from what may be said of many.
#include <gtest/gtest.h>

#include <cmath>

#include "audience/answer/sim_audience.h"

namespace zan::audience {
namespace {

using Sim = SimAudience;

// Lists that an attacker could have made of whatever singles people out.
class Lists final : public SegmentNames {
 public:
  std::shared_ptr<UserList> users;
  std::optional<Node> only;  // a segment of any name
  [[nodiscard]] std::optional<Node> segment(std::string_view) const override { return only; }
  [[nodiscard]] std::shared_ptr<const UserList> list(std::string_view) const override { return users; }
};

constexpr std::uint32_t people = 8'000;

UserList all_but(std::uint32_t victim) {
  UserList out;
  for (std::uint32_t user = 1; user <= people; ++user)
    if (user != victim) out.push_back(user);
  return out;
}

TEST(Privacy, two_sets_that_differ_by_one_person_have_one_answer) {
  Sim sim(people);
  Lists lists;
  sim.answers.set_names(&lists);
  const Question question = sim.question("reports", false);
  const Node all = sim.parse("creator"), without = sim.parse(R"(creator and list("l"))");
  const std::uint64_t of_all = sim.answers.count(all, question)->count;
  for (std::uint32_t victim = 1; victim <= 50; ++victim) {
    lists.users = std::make_shared<UserList>(all_but(victim));
    ASSERT_EQ(sim.answers.count(without, question)->count, of_all);
  }
}

TEST(Privacy, nor_do_their_compositions_differ) {
  Sim sim(people);
  Lists lists;
  sim.answers.set_names(&lists);
  const Question question = sim.question("reports", false);
  const auto of_all = sim.answers.composition(sim.parse("creator"), question);
  ASSERT_TRUE(of_all.ok());
  ASSERT_FALSE(of_all->rows.empty());
  for (std::uint32_t victim = 1; victim <= 20; ++victim) {
    lists.users = std::make_shared<UserList>(all_but(victim));
    const auto without = sim.answers.composition(sim.parse(R"(creator and list("l"))"), question);
    ASSERT_TRUE(without.ok());
    ASSERT_EQ(without->rows.size(), of_all->rows.size());
    for (std::size_t i = 0; i < of_all->rows.size(); ++i) ASSERT_EQ(without->rows[i].count, of_all->rows[i].count);
  }
}

TEST(Privacy, a_portrait_does_not_show_who_liked_last) {
  Sim sim(people);
  const Question question = sim.question("reports", false);
  const auto of_all = sim.answers.portrait(std::make_shared<UserList>(all_but(0)), question);
  ASSERT_TRUE(of_all.ok());
  for (std::uint32_t victim = 1; victim <= 20; ++victim) {
    const auto without = sim.answers.portrait(std::make_shared<UserList>(all_but(victim)), question);
    ASSERT_TRUE(without.ok());
    ASSERT_EQ(without->size.count, of_all->size.count);
    ASSERT_EQ(without->rows.size(), of_all->rows.size());
    for (std::size_t i = 0; i < of_all->rows.size(); ++i) ASSERT_EQ(without->rows[i].count, of_all->rows[i].count);
  }
}

// Whoever joins or leaves a segment changes no weight of its look-alike, and so neither its size nor what it is made of, whatever it
// is cut with; nor how similar it is said to be.
TEST(Privacy, a_look_alike_does_not_show_who_is_in_the_segment) {
  Sim sim(people);
  Lists lists;
  sim.answers.set_names(&lists);
  lists.only = sim.parse(R"(creator and list("l"))");
  lists.users = std::make_shared<UserList>(all_but(0));
  const Question question = sim.question("reports", false);
  const std::vector<Node> asked = {sim.parse(R"(similar to segment("s") size 2000)"),
                                   sim.parse(R"(similar to segment("s") size 2000 and region = "cn-bj")"),
                                   sim.parse(R"(similar to segment("s") size 1999 and not age_band = "18-24")")};
  std::vector<SizeAnswer> of_all;
  for (const Node& one : asked) {
    const auto answer = sim.answers.count(one, question);
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    of_all.push_back(*answer);
  }
  const auto rows_of_all = sim.answers.composition(asked[0], question);
  ASSERT_TRUE(rows_of_all.ok());
  ASSERT_FALSE(rows_of_all->rows.empty());
  for (std::uint32_t victim = 1; victim <= 20; ++victim) {
    lists.users = std::make_shared<UserList>(all_but(victim));
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const auto answer = sim.answers.count(asked[i], question);
      ASSERT_TRUE(answer.ok());
      ASSERT_EQ(answer->count, of_all[i].count);
      ASSERT_EQ(answer->similar.front().lowest, of_all[i].similar.front().lowest);
      ASSERT_EQ(answer->similar.front().median, of_all[i].similar.front().median);
    }
    const auto rows = sim.answers.composition(asked[0], question);
    ASSERT_TRUE(rows.ok());
    ASSERT_EQ(rows->rows.size(), rows_of_all->rows.size());
    for (std::size_t i = 0; i < rows->rows.size(); ++i) ASSERT_EQ(rows->rows[i].count, rows_of_all->rows[i].count);
  }
}

// The lists themselves, which only those see who may see people: one who joins moves that one, and one who comes after.
TEST(Privacy, a_look_alikes_list_moves_by_no_more_than_the_segment) {
  Sim sim(people);
  AnswerBook book(sim.secret, {});
  LookAlikes look_alikes(sim.catalogue, sim.store, sim.secret, book);
  const Question question = sim.question("reports", false);
  const auto list_without = [&](std::uint32_t victim) {
    std::vector<Plan> parts = {Plan::of(sim.catalogue->find("creator")->first),
                               Plan::of(std::make_shared<const UserList>(all_but(victim)))};
    const auto found =
        look_alikes.find({"", std::to_string(victim), Plan::both(std::move(parts)), 2'000}, question);
    EXPECT_TRUE(found.ok());
    return found.ok() ? *found->users : UserList();
  };
  const UserList of_all = list_without(0);
  for (std::uint32_t victim = 1; victim <= 20; ++victim) {
    const UserList now = list_without(victim);
    UserList moved;
    std::set_symmetric_difference(of_all.begin(), of_all.end(), now.begin(), now.end(), std::back_inserter(moved));
    ASSERT_LE(moved.size(), 2U);
  }
}

TEST(Privacy, asking_again_in_other_words_gives_the_same_number) {
  Sim sim(people);
  const Question question = sim.question("reports", false);
  const std::uint64_t once = sim.answers.count(sim.parse(R"(region in ("cn-bj", "cn-tj"))"), question)->count;
  for (const char* text :
       {R"(region = "cn-bj" or region = "cn-tj")", R"(not (region != "cn-bj" and region != "cn-tj"))",
        R"(region is known and not region in ("cn-he", "cn-sx"))",
        R"((region = "cn-tj" and creator) or (region = "cn-tj" and not creator) or region = "cn-bj")"})
    EXPECT_EQ(sim.answers.count(sim.parse(text), question)->count, once) << text;
}

TEST(Privacy, a_person_who_joins_or_leaves_does_not_show_in_the_next_answer) {
  Sim sim(people);
  const Question question = sim.question("reports", false);
  const std::uint64_t before = sim.answers.count(sim.parse("creator"), question)->count;
  for (std::uint32_t user = 0; user < 40; ++user) {
    sim.people()[user].creator = !sim.people()[user].creator;
    sim.put(user);
    ASSERT_EQ(sim.answers.count(sim.parse("creator"), question)->count, before);
  }
  // Many who join do.
  for (std::uint32_t user = 1000; user < 4000; ++user) {
    sim.people()[user].creator = true;
    sim.put(user);
  }
  EXPECT_GT(sim.answers.count(sim.parse("creator"), question)->count, before + 500);
}

TEST(Privacy, groups_below_the_least_number_are_not_told_by_any_way) {
  Sim sim(people);
  Lists lists;
  sim.answers.set_names(&lists);
  const Question reports = sim.question("reports", false), targeting = sim.question("targeting", false);
  lists.users = std::make_shared<UserList>();
  for (std::uint32_t user = 1; user <= 30; ++user) lists.users->push_back(user);
  EXPECT_EQ(sim.answers.count(sim.parse(R"(list("l"))"), reports).error().kind, ErrorKind::refused);
  EXPECT_EQ(sim.answers.composition(sim.parse(R"(list("l"))"), reports).error().kind, ErrorKind::refused);
  EXPECT_EQ(sim.answers.count(sim.parse(R"(list("l"))"), sim.question("reports", true)).error().kind,
            ErrorKind::refused);
  const auto overlap = sim.answers.overlap({sim.parse("creator"), sim.parse(R"(list("l"))")}, reports);
  ASSERT_TRUE(overlap.ok());
  EXPECT_FALSE(overlap->sizes[1]);
  EXPECT_FALSE(overlap->shared[0][1]);
  while (lists.users->size() < 1200) lists.users->push_back(lists.users->back() + 1);
  EXPECT_TRUE(sim.answers.count(sim.parse(R"(list("l"))"), reports).ok());
  EXPECT_EQ(sim.answers.count(sim.parse(R"(list("l"))"), targeting).error().kind, ErrorKind::refused);
}

TEST(Privacy, a_key_has_so_many_different_answers_a_day_and_repeats_are_free) {
  AnswerRules rules;
  rules.answers_a_day = 5;
  Sim sim(people, 1, rules);
  Question question = sim.question("reports", false);
  const std::vector<std::string> texts = {"creator", "not creator", R"(region = "cn-bj")", R"(region = "cn-tj")",
                                          R"(region = "cn-he")"};
  for (int again = 0; again < 3; ++again)
    for (const std::string& text : texts) ASSERT_TRUE(sim.answers.count(sim.parse(text), question).ok()) << text;
  EXPECT_EQ(sim.answers.count(sim.parse(R"(region = "cn-sx")"), question).error().kind, ErrorKind::limited);
  EXPECT_TRUE(sim.answers.count(sim.parse("creator"), question).ok());
  Question other = question;
  other.asker.key = "other";
  EXPECT_TRUE(sim.answers.count(sim.parse(R"(region = "cn-sx")"), other).ok());
  question.now.us += us_per_day;
  EXPECT_TRUE(sim.answers.count(sim.parse(R"(age_band = "18-24")"), question).ok());
}

// The best attack we know: split everybody else into many far-apart pairs A, B, and add count(A with the victim) + count(B) -
// count(A and B), each restricted to creators. Only noise is left between that and whether the victim is a creator; the budget
// bounds how often it can be repeated. Over many victims the guesses must be little better than a coin.
TEST(Privacy, the_sum_of_far_apart_answers_does_not_single_a_person_out_within_a_days_budget) {
  constexpr int victims = 16;
  int right = 0;
  constexpr std::uint32_t crowd = 3'000;
  Sim sim(crowd);
  Lists lists;
  sim.answers.set_names(&lists);
  const Node creators = sim.parse(R"(creator and list("l"))");
  Rng rng(99);
  for (int number = 0; number < victims; ++number) {
    const auto victim = static_cast<std::uint32_t>(1 + number);
    const std::string key = "attacker " + std::to_string(number);
    double sum = 0;
    int rounds = 0;
    for (bool within_budget = true; within_budget;) {
      UserList with, rest, both;
      for (std::uint32_t user = victims + 1; user <= crowd; ++user) {
        if (rng.chance(0.5)) continue;
        (rng.chance(0.5) ? with : rest).push_back(user);
        both.push_back(user);
      }
      with.insert(with.begin(), victim);
      double total = 0;
      for (const UserList* one : {&with, &rest, &both}) {
        lists.users = std::make_shared<UserList>(*one);
        const auto answer = sim.answers.count(creators, sim.question("reports", false, key.c_str()));
        if (!answer.ok()) {
          within_budget = false;
          break;
        }
        total += (one == &both ? -1.0 : 1.0) * static_cast<double>(answer->count);
      }
      if (!within_budget) break;
      sum += total;
      ++rounds;
    }
    ASSERT_EQ(rounds, 400 / 3);
    const SimPerson& truth = sim.people()[victim - 1];
    right += (sum / rounds > 0.5) == (truth.creator && Sim::may_be_reported(truth)) ? 1 : 0;
  }
  EXPECT_LE(right, victims * 3 / 4);
  EXPECT_GE(right, victims / 4);
}

TEST(Sketch, distance_is_how_many_people_sets_differ_by) {
  TagStore store;
  const HashKey secret{9};
  Rng rng(4);
  std::vector<std::uint32_t> users;
  for (std::uint32_t user = 0; user < 400'000; ++user)
    if (rng.chance(0.3)) users.push_back(user);
  store.assign({0}, users);
  const auto sketch = [&] {
    Sketch out;
    Evaluation evaluation(store);
    evaluation.each_block(Plan::both({}), Plan::of(ValueId{0}),
                          [&](std::uint32_t number, const TagStore::Block&, const SetView& set, BlockMath&) {
                            out.add(secret, number, set);
                          });
    return out;
  };
  const Sketch before = sketch();
  EXPECT_EQ(before.distance(sketch()), 0U);
  for (std::uint32_t i = 1; i <= 40; ++i) {
    const Change change{users[i * 2900], {0}, false};
    store.apply({&change, 1});
    const std::uint32_t distance = before.distance(sketch());
    EXPECT_LE(distance, i);
    EXPECT_GE(distance + 2, i);
  }
  EXPECT_NE(before.seed(secret, 0), sketch().seed(secret, 0));
  EXPECT_NE(before.seed(secret, 0), before.seed(secret, 1));
  EXPECT_NE(before.seed(secret, 0), before.seed(HashKey{8}, 0));
}

TEST(NormalOf, has_the_mean_and_spread_of_a_normal_deviate) {
  double sum = 0, squares = 0;
  int far = 0;
  constexpr int count = 100'000;
  for (std::uint64_t i = 0; i < count; ++i) {
    const double one = normal_of(mix64(i + 1));
    sum += one;
    squares += one * one;
    far += std::abs(one) > 1.96 ? 1 : 0;
  }
  EXPECT_NEAR(sum / count, 0, 0.02);
  EXPECT_NEAR(squares / count, 1, 0.03);
  EXPECT_NEAR(static_cast<double>(far) / count, 0.05, 0.005);
}

}  // namespace
}  // namespace zan::audience
