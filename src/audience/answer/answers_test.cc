#include "audience/answer/answers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "audience/answer/sim_audience.h"
#include "audience/events/subject_index.h"

namespace zan::audience {
namespace {

using Sim = SimAudience;

TEST(Answers, counts_are_of_those_who_consent_and_are_of_age_whatever_the_segment_says) {
  Sim sim(20'000);
  const auto exact = [&](std::string_view text, const char* purpose) {
    return sim.answers.count(sim.parse(text), sim.question(purpose, true));
  };
  EXPECT_EQ(exact("everybody", "targeting")->count, sim.how_many(Sim::may_be_targeted));
  EXPECT_EQ(exact("everybody", "reports")->count, sim.how_many(Sim::may_be_reported));
  EXPECT_EQ(exact("not creator", "targeting")->count,
            sim.how_many([](const SimPerson& one) { return Sim::may_be_targeted(one) && !one.creator; }));
  EXPECT_EQ(exact(R"(region = "cn-tj" or (creator and age_band in ("18-24", "25-34")))", "reports")->count,
            sim.how_many([](const SimPerson& one) {
              return Sim::may_be_reported(one) && (one.region == 1 || (one.creator && (one.age == 2 || one.age == 3)));
            }));
  const auto minors = exact(R"(age_band = "14-17")", "targeting");
  ASSERT_FALSE(minors.ok());
  EXPECT_EQ(minors.error().kind, ErrorKind::refused);
}

TEST(Answers, consent_withdrawn_takes_effect_on_the_next_answer_and_an_erased_person_is_in_none) {
  Sim sim(5'000);
  const Question question = sim.question("reports", true);
  const Node everybody = sim.parse("everybody");
  const std::uint64_t before = sim.answers.count(everybody, question)->count;
  std::uint64_t left = before;
  for (std::uint32_t user = 0; user < 5000 && left > before - 100; ++user) {
    SimPerson& one = sim.people()[user];
    if (one.refuses) continue;
    one.agrees = false;
    one.refuses = true;
    sim.put(user);
    --left;
    ASSERT_EQ(sim.answers.count(everybody, question)->count, left);
  }
  for (std::uint32_t user = 4000; user < 5000; ++user) {
    left -= sim.people()[user].refuses ? 0 : 1;
    sim.deriver.erase({user + 1});
  }
  EXPECT_EQ(sim.answers.count(everybody, question)->count, left);
}

TEST(Answers, random_segments_agree_with_looking_at_every_person_while_people_change) {
  Sim sim(6'000);
  Rng rng(8);
  int answered = 0;
  for (int i = 0; i < 80; ++i) {
    // As text, and as what it means.
    const auto region = static_cast<std::size_t>(rng.below(4)), age = static_cast<std::size_t>(rng.below(7));
    const bool negate = rng.chance(0.5), either = rng.chance(0.5), creators = rng.chance(0.5);
    const std::string text = std::string(negate ? "not " : "") + "region = \"" +
                             sim.catalogue->find("region")->values[region].name + (either ? "\" or " : "\" and ") +
                             (creators ? "creator and " : "not creator and ") + "not age_band = \"" +
                             sim.catalogue->find("age_band")->values[age].name + '"';
    const auto means = [&](const SimPerson& one) {
      const bool first = (one.region == region) != negate, second = one.creator == creators && one.age != age;
      return either ? first || second : first && second;
    };
    for (int change = 0; change < 20; ++change) {
      const auto user = static_cast<std::uint32_t>(rng.below(6'000));
      SimPerson& one = sim.people()[user];
      one.region = static_cast<std::size_t>(rng.below(4));
      one.creator = rng.chance(0.3);
      one.agrees = rng.chance(0.8);
      one.refuses = !one.agrees;
      sim.put(user);
    }
    for (const char* purpose : {"reports", "targeting"}) {
      const bool targeting = purpose[0] == 't';
      const std::uint64_t expected = sim.how_many([&](const SimPerson& one) {
        return means(one) && (targeting ? Sim::may_be_targeted(one) : Sim::may_be_reported(one));
      });
      const auto answer = sim.answers.count(sim.parse(text), sim.question(purpose, true, std::to_string(i).c_str()));
      const std::uint64_t least = targeting ? 1000 : 50;
      // A set near one that was refused is refused as well.
      if (expected >= least + 100) {
        ASSERT_TRUE(answer.ok()) << text << answer.error().message;
      }
      ASSERT_TRUE(!answer.ok() || expected >= least) << text;
      if (!answer.ok()) continue;
      ++answered;
      ASSERT_EQ(answer->count, expected) << text;
    }
  }
  EXPECT_GT(answered, 80);
}

TEST(Answers, tags_serve_only_the_purposes_they_are_for) {
  Sim sim(100);
  const auto answer = sim.answers.count(sim.parse("accessibility"), sim.question("targeting", true));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind, ErrorKind::refused);
  EXPECT_EQ(answer.error().message, "accessibility may not be used for targeting");
  Question nothing = sim.question("reports", true);
  nothing.purpose = 7;
  EXPECT_EQ(sim.answers.count(sim.parse("everybody"), nothing).error().kind, ErrorKind::invalid);
}

TEST(Answers, what_is_said_without_the_right_to_exact_numbers_is_near_the_truth) {
  Sim sim(20'000);
  const auto answer = sim.answers.count(sim.parse("creator"), sim.question("reports", false));
  ASSERT_TRUE(answer.ok());
  EXPECT_FALSE(answer->exact);
  const auto truth =
      static_cast<double>(sim.how_many([](const SimPerson& one) { return one.creator && Sim::may_be_reported(one); }));
  EXPECT_LE(std::abs(static_cast<double>(answer->count) - truth), 6 * 12.0);
  EXPECT_EQ(answer->within, 24U);
}

TEST(Answers, a_composition_names_the_surprising_rows_first_and_hides_the_small_ones) {
  Sim sim(20'000);
  const auto composition =
      sim.answers.composition(sim.parse(R"(region = "cn-bj" and creator)"), sim.question("reports", false));
  ASSERT_TRUE(composition.ok()) << composition.error().message;
  ASSERT_GE(composition->rows.size(), 3U);
  const auto name = [&](const CompositionRow& row) { return sim.catalogue->tags()[row.tag].name; };
  // Every member is in Beijing and a creator; that hides the rows themselves, as nobody is outside them.
  for (const CompositionRow& row : composition->rows) {
    EXPECT_NE(name(row), "creator");
    EXPECT_NE(name(row), "region");
    EXPECT_GE(row.count, 50U);
    EXPECT_LE(row.low, row.share);
    EXPECT_GE(row.high, row.share);
    EXPECT_NEAR(row.share, 1.0 / 7, 0.06) << name(row);  // ages do not depend on either
    EXPECT_NEAR(row.base_share, 1.0 / 7, 0.02);
  }
  for (std::size_t i = 1; i < composition->rows.size(); ++i)
    EXPECT_GE(std::abs(composition->rows[i - 1].surprise), std::abs(composition->rows[i].surprise));
  EXPECT_GT(composition->hidden, 100U);
}

TEST(Answers, a_portrait_says_of_a_subjects_likers_what_a_composition_says_of_a_segment) {
  Sim sim(20'000);
  SubjectIndex index(sim.catalogue->zone_us());
  constexpr SubjectId subject{30'000};
  engagement::RecordedAct like;
  like.subject = subject;
  like.at = sim_now;
  // Of Beijing's people every one likes it, of the others one in ten.
  for (std::uint32_t user = 0; user < 20'000; ++user) {
    if (sim.people()[user].region != 0 && user % 10 != 0) continue;
    like.actor = {user + 1};
    index.observe(like);
  }
  const auto likers = index.people({&subject, 1}, {roles_of({Role::liker})});
  const Question question = sim.question("reports", false);
  const auto portrait = sim.answers.portrait(likers, question);
  ASSERT_TRUE(portrait.ok()) << portrait.error().message;
  const CompositionRow& first = portrait->rows.front();
  EXPECT_EQ(sim.catalogue->tags()[first.tag].name, "region");
  EXPECT_EQ(sim.catalogue->tags()[first.tag].values[first.value].name, "cn-bj");
  EXPECT_NEAR(first.share, 1 / 1.3, 0.03);
  EXPECT_NEAR(first.base_share, 0.25, 0.02);
  EXPECT_GT(first.surprise, 10);
  // Nobody, too few, and a purpose that nobody stated.
  EXPECT_EQ(sim.answers.portrait(index.people({&subject, 1}, {roles_of({Role::sharer})}), question).error().kind,
            ErrorKind::refused);
  EXPECT_EQ(sim.answers.portrait(std::make_shared<UserList>(UserList{1, 2, 3}), question).error().kind,
            ErrorKind::refused);
  EXPECT_EQ(sim.answers.portrait(likers, {{"k", false}, 99, sim_now}).error().kind, ErrorKind::invalid);
}

TEST(Answers, an_overlap_is_of_two_to_ten_segments_and_hides_what_is_small) {
  Sim sim(20'000);
  const std::vector<Node> segments = {sim.parse("creator"), sim.parse(R"(region = "cn-bj")"),
                                      sim.parse(R"(region = "cn-tj")")};
  const auto overlap = sim.answers.overlap(segments, sim.question("reports", true));
  ASSERT_TRUE(overlap.ok()) << overlap.error().message;
  EXPECT_EQ(overlap->shared[0][1]->count, sim.how_many([](const SimPerson& one) {
    return one.creator && one.region == 0 && Sim::may_be_reported(one);
  }));
  EXPECT_EQ(overlap->shared[1][0]->count, overlap->shared[0][1]->count);
  EXPECT_FALSE(overlap->shared[1][2]);
  EXPECT_FALSE(sim.answers.overlap({segments[0]}, sim.question("reports", true)).ok());
  EXPECT_FALSE(sim.answers.overlap(std::vector<Node>(11, segments[0]), sim.question("reports", true)).ok());
}

TEST(Answers, why_somebody_is_in_or_not_is_a_tree_that_agrees_with_the_count) {
  Sim sim(3'000);
  const Question question = sim.question("targeting", true);
  const Node node = sim.parse(R"(creator and (region = "cn-bj" or not age_band in ("18-24")))");
  std::uint64_t in = 0;
  for (std::uint32_t user = 0; user < 3'000; ++user) {
    const auto why = sim.answers.why(node, user + 1, question);
    ASSERT_TRUE(why.ok());
    in += why->in ? 1 : 0;
    ASSERT_EQ(why->in, why->parts[0].in && why->parts[1].in);
    ASSERT_EQ(why->parts[0].in, Sim::may_be_targeted(sim.people()[user]));
    ASSERT_EQ(why->parts[1].parts.size(), 2U);
  }
  EXPECT_EQ(in, sim.how_many([](const SimPerson& one) {
    return Sim::may_be_targeted(one) && one.creator && (one.region == 0 || one.age != 2);
  }));
}

class Named final : public SegmentNames {
 public:
  std::map<std::string, Node, std::less<>> segments;
  std::shared_ptr<const UserList> users;
  [[nodiscard]] std::optional<Node> segment(std::string_view name) const override {
    const auto at = segments.find(name);
    return at == segments.end() ? std::nullopt : std::optional<Node>(at->second);
  }
  [[nodiscard]] std::shared_ptr<const UserList> list(std::string_view name) const override {
    return name == "some" ? users : nullptr;
  }
};

TEST(Answers, segments_may_refer_to_others_but_not_in_a_circle) {
  Sim sim(5'000);
  Named names;
  sim.answers.set_names(&names);
  names.segments["makers"] = sim.parse("creator");
  names.segments["a"] = sim.parse(R"(segment("b") or creator)");
  names.segments["b"] = sim.parse(R"(not segment("a"))");
  UserList users;
  for (std::uint32_t user = 1; user <= 5'000; user += 2) users.push_back(user);
  names.users = std::make_shared<UserList>(users);
  const Question question = sim.question("reports", true);
  EXPECT_EQ(sim.answers.count(sim.parse(R"(not segment("makers"))"), question)->count,
            sim.how_many([](const SimPerson& one) { return !one.creator && Sim::may_be_reported(one); }));
  EXPECT_TRUE(sim.answers.count(sim.parse(R"(list("some"))"), question).ok());
  EXPECT_EQ(sim.answers.count(sim.parse(R"(segment("a"))"), question).error().kind, ErrorKind::conflict);
  EXPECT_EQ(sim.answers.count(sim.parse(R"(segment("c"))"), question).error().kind, ErrorKind::not_found);
  EXPECT_EQ(sim.answers.count(sim.parse(R"(list("c"))"), question).error().kind, ErrorKind::not_found);
  // Each refers twice to the one before: what all of it costs is counted before any of it is done.
  names.segments["n0"] = sim.parse("creator");
  for (int i = 1; i <= 25; ++i) {
    const std::string before = "segment(\"n" + std::to_string(i - 1) + "\")";
    names.segments["n" + std::to_string(i)] = sim.parse(before + " or (" + before + " and creator)");
  }
  EXPECT_EQ(sim.answers.count(sim.parse(R"(segment("n25"))"), question).error().kind, ErrorKind::limited);
}

TEST(Answers, members_come_in_pages_to_those_with_the_right) {
  Sim sim(140'000);
  const Node creators = sim.parse("creator");
  const auto without = sim.answers.members(creators, sim.question("targeting", false), 0, 10);
  ASSERT_FALSE(without.ok());
  EXPECT_EQ(without.error().kind, ErrorKind::refused);
  EXPECT_EQ(sim.answers.members(sim.parse("creator and not creator"), sim.question("targeting", true), 0, 10).error().kind,
            ErrorKind::refused);
  UserList expected;
  for (std::uint32_t user = 0; user < 140'000; ++user)
    if (Sim::may_be_targeted(sim.people()[user]) && sim.people()[user].creator) expected.push_back(user + 1);
  UserList all;
  for (std::uint32_t after = 0;;) {
    const auto page = sim.answers.members(creators, sim.question("targeting", true), after, 999);
    ASSERT_TRUE(page.ok()) << page.error().message;
    all.insert(all.end(), page->begin(), page->end());
    if (page->size() < 999) break;
    after = page->back();
  }
  EXPECT_EQ(all, expected);
}

}  // namespace
}  // namespace zan::audience
