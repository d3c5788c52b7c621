#include "matching/events.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace zan::matching {
namespace {

Bytes bytes_of(const MatchingChange& change) {
  Bytes bytes;
  put_matching_change(bytes, change);
  return bytes;
}

Shown some_shown() {
  Shown shown;
  shown.person = {5};
  shown.surface = {9};
  shown.at = {1'234'567};
  shown.personalised = false;
  shown.arm = 3;
  shown.model_version = 12;
  shown.items = {{{7}, SourceKind::fresh, true}, {{1'000'000}, SourceKind::pinned, false}, {{8}, SourceKind::taste, true, true}};
  return shown;
}

FeedRule some_rule() {
  FeedRule rule;
  rule.id = 99;
  rule.kind = RuleKind::pin;
  rule.subject = {7};
  rule.place = 3;
  rule.until = {55};
  rule.who = "ann";
  rule.why = "why not";
  return rule;
}

ExperimentStarted some_experiment() {
  ExperimentStarted started{7, "more of the new", 500, 4'000, {{"a fifth", 4'000, {}}, {"none", 1'000, {}}}, "ann", "why not"};
  started.variants[0].policy.explore_share = 0.2F;
  started.variants[1].policy.explore_share = 0;
  return started;
}

std::vector<MatchingChange> one_of_each() {
  Policy policy;
  policy.explore_share = 0.25F;
  return {some_shown(), some_rule(), RuleEnded{99, "bob", "over"}, PolicySet{policy, "ann", "more of the new"},
          Wished{{5}, Wish::never, "旅行", {}}, Wished{{5}, Wish::more, "", {44}}, some_experiment(),
          ExperimentEnded{7, "ann", "decided"}};
}

TEST(Events, AreReadAsTheyWereWritten) {
  for (const MatchingChange& change : one_of_each()) {
    ASSERT_TRUE(check(change).ok());
    const Bytes bytes = bytes_of(change);
    EXPECT_TRUE(is_matching_change(bytes));
    const auto read = read_matching_change(bytes);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read->index(), change.index());
    EXPECT_EQ(bytes_of(*read), bytes);
  }
  const Shown shown = std::get<Shown>(*read_matching_change(bytes_of(some_shown())));
  EXPECT_EQ(shown.items.at(1).subject, SubjectId{1'000'000});
  EXPECT_TRUE(shown.items.at(0).explored);
  EXPECT_FALSE(shown.items.at(0).of_rival);
  EXPECT_TRUE(shown.items.at(2).explored && shown.items.at(2).of_rival);
  EXPECT_EQ(shown.items.at(2).source, SourceKind::taste);
  EXPECT_FALSE(shown.personalised);
}

TEST(Events, CutShortOrGoingOnTheyAreNone) {
  for (const MatchingChange& change : one_of_each()) {
    Bytes bytes = bytes_of(change);
    for (std::size_t size = 0; size < bytes.size(); ++size)
      EXPECT_EQ(read_matching_change(ByteSpan(bytes).first(size)).error().kind, ErrorKind::corrupt);
    bytes.push_back(std::byte{0});
    EXPECT_EQ(read_matching_change(bytes).error().kind, ErrorKind::corrupt);
  }
}

TEST(Events, OtherRecordsAreNotTaken) {
  EXPECT_FALSE(is_matching_change({}));
  const Bytes other{std::byte{0x60}};
  EXPECT_FALSE(is_matching_change(other));
  EXPECT_EQ(read_matching_change(other).error().kind, ErrorKind::corrupt);
}

TEST(Events, SayWhatIsWrongWithThem) {
  Shown nothing = some_shown();
  nothing.items.clear();
  EXPECT_EQ(check(MatchingChange(nothing)).error().field, "items");
  Shown many = some_shown();
  many.items.resize(shown_items_max + 1, many.items[0]);
  EXPECT_EQ(check(MatchingChange(many)).error().field, "items");
  FeedRule both = some_rule();
  both.creator = {3};
  EXPECT_EQ(check(MatchingChange(both)).error().field, "subject");
  FeedRule nowhere = some_rule();
  nowhere.place = pin_place_max + 1;
  EXPECT_EQ(check(MatchingChange(nowhere)).error().field, "place");
  FeedRule loud = some_rule();
  loud.kind = RuleKind::boost;
  loud.factor = boost_max + 1;
  EXPECT_EQ(check(MatchingChange(loud)).error().field, "factor");
  FeedRule nan = some_rule();
  nan.kind = RuleKind::boost;
  nan.factor = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(check(MatchingChange(nan)).error().field, "factor");
  FeedRule silent = some_rule();
  silent.why.clear();
  EXPECT_EQ(check(MatchingChange(silent)).error().field, "why");
  Policy greedy;
  greedy.explore_share = 0.9F;
  EXPECT_EQ(check(MatchingChange(PolicySet{greedy, "a", "b"})).error().field, "explore_share");
  EXPECT_EQ(check(MatchingChange(Wished{{5}, Wish::more, "", {}})).error().field, "tag");
  EXPECT_EQ(check(MatchingChange(Wished{{5}, Wish::more, std::string(wish_tag_bytes_max + 1, 'x'), {}})).error().field,
            "tag");
}

TEST(Events, ExperimentsSayWhatIsWrongWithThem) {
  const auto field_of = [](const auto& spoil) {
    ExperimentStarted started = some_experiment();
    spoil(started);
    const auto checked = check(MatchingChange(started));
    return checked.ok() ? std::string("none") : checked.error().field;
  };
  EXPECT_EQ(field_of([](ExperimentStarted&) {}), "none");
  EXPECT_EQ(field_of([](ExperimentStarted& one) { one.name.clear(); }), "name");
  EXPECT_EQ(field_of([](ExperimentStarted& one) { one.why.assign(rule_text_bytes_max + 1, 'x'); }), "why");
  EXPECT_EQ(field_of([](ExperimentStarted& one) { one.control_bp = 0; }), "control_share");
  EXPECT_EQ(field_of([](ExperimentStarted& one) { one.holdout_bp = 5'001; }), "holdout_share");
  EXPECT_EQ(field_of([](ExperimentStarted& one) { one.variants.clear(); }), "arms");
  EXPECT_EQ(field_of([](ExperimentStarted& one) { one.variants.resize(variants_max + 1, one.variants[0]); }), "arms");
  EXPECT_EQ(field_of([](ExperimentStarted& one) { one.variants[1].name = one.variants[0].name; }), "arms");
  EXPECT_EQ(field_of([](ExperimentStarted& one) { one.variants[1].name = "control"; }), "arms");
  EXPECT_EQ(field_of([](ExperimentStarted& one) { one.variants[1].share_bp = 2'001; }), "arms");
  EXPECT_EQ(field_of([](ExperimentStarted& one) { one.variants[1].policy.explore_share = 2; }), "explore_share");
}

RC_GTEST_PROP(Events, FlippedBytesNeverBreakIt, ()) {
  const auto all = one_of_each();
  Bytes bytes = bytes_of(all[*rc::gen::inRange<std::size_t>(0, all.size())]);
  const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
  bytes[at] = static_cast<std::byte>(*rc::gen::inRange(0, 256));
  const auto read = read_matching_change(bytes);
  if (read.ok()) RC_ASSERT(check(*read).ok());
}

TEST(FeedRules, AreAddedAndEndedOnce) {
  FeedRules rules;
  ASSERT_TRUE(rules.add(some_rule(), {1}).ok());
  EXPECT_EQ(rules.add(some_rule(), {1}).error().kind, ErrorKind::conflict);
  EXPECT_EQ(rules.pins({}, {2}).size(), 1U);
  EXPECT_TRUE(rules.pins({}, {55}).empty()) << "its time is over";
  ASSERT_TRUE(rules.end({99, "bob", "over"}, {3}).ok());
  EXPECT_EQ(rules.end({99, "bob", "over"}, {3}).error().kind, ErrorKind::not_found);
  EXPECT_TRUE(rules.pins({}, {2}).empty());
  EXPECT_EQ(rules.entries().at(0).ended_by, "bob");
}

TEST(FeedRules, HaveALimit) {
  FeedRules rules;
  FeedRule rule = some_rule();
  for (std::size_t i = 0; i < feed_rules_max; ++i) {
    rule.id = i + 1;
    ASSERT_TRUE(rules.add(rule, {1}).ok());
  }
  rule.id = feed_rules_max + 1;
  EXPECT_EQ(rules.add(rule, {1}).error().kind, ErrorKind::limited);
  ASSERT_TRUE(rules.end({1, "bob", "over"}, {3}).ok());
  EXPECT_TRUE(rules.add(rule, {1}).ok());
}

TEST(FeedRules, OfOneSurfaceAreOfThatAlone) {
  FeedRules rules;
  FeedRule block = some_rule();
  block.kind = RuleKind::block;
  block.surface = {4};
  ASSERT_TRUE(rules.add(block, {1}).ok());
  WorkView work;
  work.subject = {7};
  EXPECT_NE(rules.block_of(work, {4}, {2}), nullptr);
  EXPECT_EQ(rules.block_of(work, {5}, {2}), nullptr);
  work.subject = {8};
  EXPECT_EQ(rules.block_of(work, {4}, {2}), nullptr);
}

}  // namespace
}  // namespace zan::matching
