// The book of rulesets: what goes into service, what is refused, and its JSON; and the tallies of the shadow.
#include "integrity/rules/book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "integrity/rules/shadow.h"
#include "integrity/rules/sim_catalogue.h"

namespace zan::integrity::rules {
namespace {

using testing::HasSubstr;

constexpr std::string_view hold_all = "rule r: when follows >= 0 then hold because \"\" # note\n";
constexpr std::string_view failing = "rule r: when true then hold because \"\" test r: expect reject";

const Change change = {"li", 1000, "a wave of likes"};

TEST(RuleBook, keeps_versions_and_who_changed_what) {
  RuleBook book;
  const auto first = book.add(sim_rules, sim_environment(), change);
  const auto second = book.add(hold_all, sim_environment(), {"wang", 2000, "more"});
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(*book.add(hold_all, sim_environment(), change), *second);
  EXPECT_EQ(book.texts().at(*second), hold_all);
  ASSERT_TRUE(book.activate(*first, sim_environment(), change).ok());
  ASSERT_TRUE(book.shadow(*second, sim_environment(), change).ok());
  EXPECT_EQ(book.active(), *first);
  EXPECT_EQ(book.shadows(), std::vector{*second});
  ASSERT_TRUE(book.unshadow(*second, change).ok());
  ASSERT_TRUE(book.activate(*second, sim_environment(), change).ok());
  EXPECT_EQ(book.history().size(), 6U);
  EXPECT_EQ(book.history()[1].change.who, "wang");
  ASSERT_TRUE(book.deactivate(change).ok());
  EXPECT_FALSE(book.active());
  EXPECT_EQ(book.deactivate(change).error().kind, ErrorKind::conflict);
}

TEST(RuleBook, refuses_what_fails_its_tests_or_has_no_reason) {
  RuleBook book;
  const auto id = book.add(failing, sim_environment(), change);
  ASSERT_TRUE(id.ok());
  const auto refused = book.activate(*id, sim_environment(), change);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::refused);
  EXPECT_EQ(refused.error().message, "test r: expected reject, got hold (matched: r)");
  EXPECT_FALSE(book.active());
  EXPECT_EQ(book.activate({}, sim_environment(), change).error().kind, ErrorKind::not_found);
  EXPECT_EQ(book.add("rule", sim_environment(), change).error().kind, ErrorKind::invalid);
  EXPECT_EQ(book.add(hold_all, sim_environment(), {"", 1, "x"}).error().field, "who");
  EXPECT_EQ(book.add(hold_all, sim_environment(), {"li", 1, ""}).error().field, "why");
  EXPECT_EQ(book.add(hold_all, sim_environment(), {"li", 1, std::string(2001, 'x')}).error().field, "why");
  EXPECT_EQ(book.unshadow(*id, change).error().kind, ErrorKind::not_found);
}

TEST(RuleBook, what_does_not_compile_any_more_does_not_go_into_service) {
  RuleBook book;
  const auto id = book.add(sim_rules, sim_environment(), change);
  Environment poor = sim_environment();
  poor.sets = nullptr;
  const auto refused = book.activate(*id, poor, change);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("there is no set of this name to load"));
}

TEST(RuleBook, has_room_for_so_many_shadows) {
  RuleBook book;
  for (std::size_t i = 0; i <= shadows_max; ++i) {
    const auto id =
        book.add("rule r: when follows > " + std::to_string(i) + " then hold because \"\"", sim_environment(), change);
    const auto shadow = book.shadow(*id, sim_environment(), change);
    EXPECT_EQ(shadow.ok(), i < shadows_max);
    EXPECT_TRUE(shadow.ok() || shadow.error().kind == ErrorKind::limited);
  }
}

RuleBook made_up_book(int steps) {
  RuleBook book;
  std::vector<RulesetId> ids;
  for (int i = 0; i < steps; ++i) {
    const std::string text =
        "rule r: when follows > " + std::to_string(*rc::gen::inRange(0, 5)) + " then hold because \"好\\\"\"";
    const Change by = {"李\"\n", i, "why"};
    ids.push_back(*book.add(text, sim_environment(), by));
    const RulesetId id = ids[*rc::gen::inRange<std::size_t>(0, ids.size())];
    const int what = *rc::gen::inRange(0, 4);
    if (what == 0) (void)book.activate(id, sim_environment(), by).ok();
    if (what == 1) (void)book.deactivate(by).ok();
    if (what == 2) (void)book.shadow(id, sim_environment(), by).ok();
    if (what == 3) (void)book.unshadow(id, by).ok();
  }
  return book;
}

RC_GTEST_PROP(RuleBook, json_gives_the_same_book, ()) {
  const RuleBook book = made_up_book(*rc::gen::inRange(0, 12));
  const std::string json = book.to_json();
  const auto again = RuleBook::parse_json(json);
  RC_ASSERT(again.ok());
  RC_ASSERT(*again == book);
  RC_ASSERT(again->to_json() == json);
}

TEST(RuleBook, json_that_no_book_has_written_is_refused) {
  const std::string id(32, '0');
  const std::string version = R"({"versions":[{"id":")" + id + R"(","text":"x"}],"history":[)";
  const auto entry = [&](const char* kind) {
    return R"({"kind":")" + std::string(kind) + R"(","id":")" + id + R"(","who":"a","when_ms":1,"why":"b"})";
  };
  EXPECT_TRUE(RuleBook::parse_json(version + entry("add") + "]}").ok());
  const std::vector<std::string> bad = {std::string(),
                                        std::string("{}"),
                                        std::string("[]"),
                                        version + "]}",
                                        version + entry("add") + "," + entry("add") + "]}",
                                        version + entry("add") + "," + entry("unshadow") + "]}",
                                        version + entry("add") + "," + entry("deactivate") + "]}",
                                        version + entry("add") + "," + entry("shadow") + "," + entry("shadow") + "]}",
                                        version + entry("adds") + "]}",
                                        R"({"versions":[],"history":[)" + entry("activate") + "]}",
                                        std::string(R"({"versions":[{"id":"0","text":""}],"history":[]})")};
  for (const std::string& json : bad) {
    const auto book = RuleBook::parse_json(json);
    EXPECT_FALSE(book.ok()) << json;
  }
}

Verdict matching(bool first, bool second) {
  Verdict verdict;
  verdict.matched[0] = (first ? 1U : 0U) | (second ? 2U : 0U);
  verdict.matched_count = static_cast<std::uint16_t>((first ? 1 : 0) + (second ? 1 : 0));
  verdict.action = second ? Action::hold : Action::none;
  return verdict;
}

TEST(ShadowTally, gives_overlap_precision_and_recall) {
  ShadowTally tally(2);
  EXPECT_FALSE(precision(tally.decision) || recall(tally.decision, tally) || overlap(tally.rules[0]));
  tally.count(matching(true, false), Action::hold);
  tally.count(matching(true, true), Action::none);
  tally.count(matching(false, true), Action::reject);
  tally.count(matching(false, false), Action::reject);
  tally.label(matching(true, false), true);
  tally.label(matching(true, true), true);
  tally.label(matching(false, true), false);
  tally.label(matching(false, false), true);
  EXPECT_EQ(tally.acts, 4U);
  EXPECT_EQ(tally.live_flagged, 3U);
  EXPECT_EQ(tally.shadow_flagged, 2U);
  EXPECT_EQ(tally.both_flagged, 1U);
  EXPECT_DOUBLE_EQ(*overlap(tally.rules[0]), 0.5);
  EXPECT_DOUBLE_EQ(*precision(tally.rules[0]), 1.0);
  EXPECT_DOUBLE_EQ(*recall(tally.rules[0], tally), 2.0 / 3);
  EXPECT_DOUBLE_EQ(*precision(tally.decision), 0.5);
  EXPECT_DOUBLE_EQ(*recall(tally.decision, tally), 1.0 / 3);
}

RC_GTEST_PROP(ShadowTally, parts_add_up_to_the_whole, ()) {
  ShadowTally whole(2);
  std::vector<ShadowTally> parts(3, ShadowTally(2));
  for (int i = 0; i < 30; ++i) {
    const Verdict verdict = matching(*rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>());
    const auto live = static_cast<Action>(*rc::gen::inRange(0, 4));
    const bool fake = *rc::gen::arbitrary<bool>();
    ShadowTally& part = parts[*rc::gen::inRange<std::size_t>(0, 3)];
    for (ShadowTally* tally : {&whole, &part}) {
      tally->count(verdict, live);
      tally->label(verdict, fake);
    }
  }
  ShadowTally sum(2);
  for (std::size_t i = 3; i-- > 0;) RC_ASSERT(sum.merge(parts[i]).ok());
  RC_ASSERT(sum == whole);
  RC_ASSERT(!sum.merge(ShadowTally(3)).ok());
}

}  // namespace
}  // namespace zan::integrity::rules
