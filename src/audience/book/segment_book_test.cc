#include "audience/book/segment_book.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "audience/answer/sim_audience.h"

namespace zan::audience {
namespace {

constexpr Timestamp at{1'700'000'000'000'000};
constexpr Timestamp later(std::int64_t us) {
  return {at.us + us};
}

SegmentSaved segment(std::uint64_t id, const std::string& name, const std::string& text = "creator",
                     std::uint32_t made_from = 0) {
  return {{id}, made_from, Refresh::none, false, name, "ops", "why", "reports", text};
}
ListPart list(const std::string& name, UserList users, std::uint64_t upload = 1) {
  return {upload, 0, 1, name, "ops", "a file", std::move(users)};
}
SegmentMarked mark(std::uint64_t id, SegmentMark what, const std::string& list = "") {
  return {{id}, what, "ops", "why", list};
}

struct Book : SegmentBook {
  explicit Book(const BookLimits& limits = {}) : SegmentBook(Catalogue::standard(), limits) {}
  // Nothing: it was applied.
  std::optional<ErrorKind> put(const AudienceChange& change, Timestamp when = at) {
    const auto applied = apply(change, when);
    if (applied.ok()) return std::nullopt;
    EXPECT_FALSE(applied.error().message.empty());
    return applied.error().kind;
  }
  // As put(), if it may be recorded at all.
  std::optional<ErrorKind> save(const SegmentSaved& wanted) {
    const auto decided = decide(wanted, at);
    if (!decided.ok()) return decided.error().kind;
    return put(*decided);
  }
  std::string why_not(const AudienceChange& wanted) const {
    const auto decided = decide(wanted, at);
    return decided.ok() ? "" : decided.error().field + ": " + decided.error().message;
  }
};

TEST(SegmentBook, what_does_not_fit_is_void) {
  Book book;
  EXPECT_EQ(book.put(segment(1, "a", "creator", 1)), ErrorKind::not_found);
  EXPECT_EQ(book.put(mark(1, SegmentMark::retire)), ErrorKind::not_found);
  EXPECT_EQ(book.put(SegmentMeasured{{1}, 1, at, 5}), ErrorKind::not_found);
  EXPECT_EQ(book.put(ListRemoved{"l", "ops", ""}), ErrorKind::not_found);
  EXPECT_EQ(book.put(segment(1, "a")), std::nullopt);
  EXPECT_EQ(book.put(segment(1, "a")), ErrorKind::conflict) << "made from nothing, and there is one";
  EXPECT_EQ(book.put(segment(2, "a")), ErrorKind::conflict) << "the name is taken";
  EXPECT_EQ(book.put(segment(1, "a", "not creator", 2)), ErrorKind::conflict);
  EXPECT_EQ(book.put(SegmentMeasured{{1}, 2, at, 5}), ErrorKind::not_found);
  EXPECT_EQ(book.put(mark(1, SegmentMark::thaw)), ErrorKind::conflict);
  EXPECT_EQ(book.put(mark(1, SegmentMark::freeze, "l")), ErrorKind::not_found);
  const Bytes before = book.to_state();
  EXPECT_EQ(book.put(segment(1, "a", "not creator", 3)), ErrorKind::conflict);
  EXPECT_EQ(book.to_state(), before);
}

TEST(SegmentBook, keeps_versions_with_who_and_why) {
  Book book;
  ASSERT_EQ(book.save(segment(1, "makers", "not (not creator)")), std::nullopt);
  SegmentSaved second = segment(1, "creators", R"(region = "cn-tj")", 1);
  second.who = "li";
  second.refresh = Refresh::daily;
  ASSERT_EQ(book.put(second, later(5)), std::nullopt);
  EXPECT_FALSE(book.segment("makers"));
  const auto detail = book.segment("creators");
  ASSERT_TRUE(detail);
  ASSERT_EQ(detail->versions.size(), 2U);
  EXPECT_EQ(detail->versions[0],
            (SegmentVersion{1, at, Refresh::none, false, "makers", "ops", "why", "reports", "creator"}));
  EXPECT_EQ(detail->versions[1].who, "li");
  EXPECT_EQ(detail->versions[1].at, later(5));
  EXPECT_EQ(detail->info.last, detail->versions[1]);
  EXPECT_EQ(book.segment(SegmentId{1})->info, detail->info);
  EXPECT_FALSE(book.segment(SegmentId{2}));
}

TEST(SegmentBook, says_what_is_wrong_with_a_segment_before_it_is_saved) {
  Book book;
  EXPECT_NE(book.why_not(segment(1, "")).find("/name"), std::string::npos);
  EXPECT_EQ(book.why_not(segment(1, "a", "regin = 1")),
            "/expression: 1:1: there is no such tag; found \"regin\", expected a tag; did you mean region?");
  SegmentSaved wrong = segment(1, "a");
  wrong.purpose = "fun";
  EXPECT_EQ(book.why_not(wrong), "/purpose: there is no purpose \"fun\"");
  EXPECT_EQ(book.why_not(segment(1, "a", R"(segment("b"))")), "/expression: there is no segment \"b\"");
  EXPECT_EQ(book.why_not(segment(1, "a", R"(list("b"))")), "/expression: there is no list \"b\"");
  EXPECT_EQ(book.why_not(segment(1, "a", R"(creator or segment("a"))")),
            "/expression: the segment \"a\" refers to itself");
  EXPECT_EQ(book.why_not(segment(1, "a")), "");
}

TEST(SegmentBook, refuses_what_breaks_those_that_refer_to_it) {
  Book book;
  ASSERT_EQ(book.save(segment(1, "a")), std::nullopt);
  ASSERT_EQ(book.save(segment(2, "b", R"(not segment("a"))")), std::nullopt);
  ASSERT_EQ(book.save(segment(3, "c", R"(segment("b") and creator)")), std::nullopt);
  EXPECT_EQ(book.save(segment(1, "a", R"(segment("c"))", 1)), ErrorKind::conflict) << "a circle of three";
  EXPECT_EQ(book.save(segment(1, "other", "creator", 1)), ErrorKind::conflict) << "b calls it by its name";
  EXPECT_EQ(book.why_not(mark(1, SegmentMark::retire)), ": \"b\" refers to it");
  // Many windows: a alone is not too costly, c with it is.
  std::string costly;
  for (int days = 90; days > 72; --days)
    costly += std::string(costly.empty() ? "" : " or ") + "count(like, last " + std::to_string(days) + "d) >= 1";
  ASSERT_EQ(book.save(segment(4, "d", costly)), std::nullopt);
  EXPECT_EQ(book.save(segment(1, "a", costly + R"( or segment("d"))", 1)), ErrorKind::limited);
  ASSERT_EQ(book.save(segment(5, "e", R"(segment("d") and segment("b"))")), std::nullopt);
  EXPECT_EQ(book.why_not(segment(1, "a", costly, 1)).substr(0, 15), "/expression: \"e");
  EXPECT_EQ(book.save(segment(1, "a", "not creator", 1)), std::nullopt);
  EXPECT_EQ(book.why_not(mark(5, SegmentMark::retire)), "");
}

TEST(SegmentBook, a_look_alike_is_saved_and_refers_to_whom_it_is_like) {
  Book book;
  const std::string like_a = R"(similar to segment("a") size 5000)";
  EXPECT_EQ(book.why_not(segment(2, "b", like_a)), "/expression: there is no segment \"a\"");
  ASSERT_EQ(book.save(segment(1, "a")), std::nullopt);
  ASSERT_EQ(book.save(segment(2, "b", like_a)), std::nullopt);
  EXPECT_EQ(book.why_not(mark(1, SegmentMark::retire)), ": \"b\" refers to it");
  EXPECT_EQ(book.save(segment(1, "other", "creator", 1)), ErrorKind::conflict);
  EXPECT_NE(book.why_not(segment(1, "a", R"(segment("b"))", 1)), "");
  SegmentSaved watched = segment(3, "c", R"(creator or segment("b"))");
  EXPECT_EQ(book.why_not(watched), "");
  watched.watched = true;
  EXPECT_EQ(book.why_not(watched),
            "/watched: a look-alike is worked out when it is asked for, so nobody can be seen to enter it");
}

TEST(SegmentBook, a_frozen_segment_means_its_list_until_it_is_thawed) {
  Book book;
  ASSERT_EQ(book.save(segment(1, "a")), std::nullopt);
  ASSERT_EQ(book.put(list("then", {1, 2, 3})), std::nullopt);
  const auto before = book.names();
  ASSERT_EQ(book.put(mark(1, SegmentMark::freeze, "then")), std::nullopt);
  EXPECT_EQ(to_text(*before->segment("a")), "creator") << "as long as it is held it answers alike";
  EXPECT_EQ(to_text(*book.names()->segment("a")), R"(list("then"))");
  EXPECT_EQ(book.segment("a")->info.state, SegmentState::frozen);
  EXPECT_EQ(book.put(mark(1, SegmentMark::freeze, "then")), ErrorKind::conflict);
  EXPECT_EQ(book.put(segment(1, "a", "creator", 1)), ErrorKind::conflict);
  EXPECT_EQ(book.put(list("then", {4}, 2)), ErrorKind::conflict) << "what was frozen stays as it is";
  EXPECT_EQ(book.put(ListRemoved{"then", "ops", ""}), ErrorKind::conflict);
  ASSERT_EQ(book.put(mark(1, SegmentMark::thaw)), std::nullopt);
  EXPECT_EQ(to_text(*book.names()->segment("a")), "creator");
  EXPECT_EQ(book.put(ListRemoved{"then", "ops", ""}), std::nullopt);
  EXPECT_EQ(book.segment("a")->marks.size(), 2U);
}

TEST(SegmentBook, a_retired_segment_gives_its_name_free_and_is_forgotten_in_the_end) {
  BookLimits limits;
  limits.retired = 2;
  Book book(limits);
  for (std::uint64_t id = 1; id <= 3; ++id) {
    ASSERT_EQ(book.save(segment(id, "a")), std::nullopt);
    ASSERT_EQ(book.put(mark(id, SegmentMark::retire)), std::nullopt);
    EXPECT_EQ(book.put(mark(id, SegmentMark::retire)), ErrorKind::conflict);
    EXPECT_EQ(book.put(segment(id, "b", "creator", 1)), ErrorKind::conflict);
  }
  EXPECT_FALSE(book.names()->segment("a"));
  EXPECT_FALSE(book.segment(SegmentId{1}));
  EXPECT_EQ(book.segment(SegmentId{3})->info.state, SegmentState::retired);
  EXPECT_TRUE(book.segments("", 10).empty());
}

TEST(SegmentBook, limits_are_reached_and_named) {
  BookLimits limits;
  limits.segments = 3;
  limits.versions = 2;
  limits.watched = 1;
  limits.marks = 2;
  limits.text_bytes = 100;
  Book book(limits);
  SegmentSaved one = segment(1, "a");
  one.watched = true;
  ASSERT_EQ(book.put(one), std::nullopt);
  one.id = {2};
  one.name = "b";
  EXPECT_EQ(book.put(one), ErrorKind::limited) << "a second one to watch";
  one = segment(1, "a", "creator", 1);
  one.watched = true;
  EXPECT_EQ(book.put(one), std::nullopt) << "the same one again is no second";
  EXPECT_EQ(book.put(segment(1, "a", "creator", 2)), ErrorKind::limited) << "versions";
  ASSERT_EQ(book.put(segment(2, "b")), std::nullopt);
  EXPECT_EQ(book.put(segment(3, "c", std::string(50, ' '))), ErrorKind::limited) << "bytes";
  ASSERT_EQ(book.put(segment(3, "c")), std::nullopt);
  EXPECT_EQ(book.put(segment(4, "d", "x")), ErrorKind::limited) << "segments";
  ASSERT_EQ(book.put(list("l", {1})), std::nullopt);
  ASSERT_EQ(book.put(mark(2, SegmentMark::freeze, "l")), std::nullopt);
  ASSERT_EQ(book.put(mark(2, SegmentMark::thaw)), std::nullopt);
  EXPECT_EQ(book.put(mark(2, SegmentMark::freeze, "l")), ErrorKind::limited) << "marks";
  EXPECT_EQ(book.put(mark(2, SegmentMark::retire)), std::nullopt) << "but it can always go";
}

TEST(SegmentBook, pages_go_by_name) {
  Book book;
  for (std::uint64_t id = 1; id <= segments_page_max + 10; ++id)
    ASSERT_EQ(book.put(segment(id, "s" + std::to_string(1000 + id))), std::nullopt);
  const auto first = book.segments("", 1'000'000);
  ASSERT_EQ(first.size(), segments_page_max);
  const auto rest = book.segments(first.back().last.name, 1'000'000);
  EXPECT_EQ(rest.size(), 10U);
  EXPECT_EQ(rest.front().id, SegmentId{segments_page_max + 1});
  EXPECT_TRUE(book.segments(rest.back().last.name, 5).empty());
}

TEST(SegmentBook, a_text_that_the_catalogue_no_longer_allows_says_its_trouble) {
  Book book;
  ASSERT_EQ(book.put(segment(1, "a", "no_such_tag")), std::nullopt);
  SegmentSaved other = segment(2, "b");
  other.purpose = "fun";
  other.refresh = Refresh::hourly;
  other.watched = true;
  ASSERT_EQ(book.put(other), std::nullopt);
  EXPECT_NE(book.segment("a")->info.trouble.find("there is no such tag"), std::string::npos);
  EXPECT_EQ(book.segment("b")->info.trouble, "there is no purpose fun");
  EXPECT_FALSE(book.names()->segment("a"));
  EXPECT_EQ(book.segment("a")->versions[0].text, "no_such_tag");
  EXPECT_TRUE(book.due(at).empty());
  EXPECT_TRUE(book.watched().empty());
  EXPECT_EQ(book.put(segment(1, "a", "creator", 1)), std::nullopt);
  EXPECT_TRUE(book.segment("a")->info.trouble.empty());
}

TEST(SegmentBook, says_which_sizes_are_due) {
  Book book;
  SegmentSaved hourly = segment(1, "a"), daily = segment(2, "b");
  hourly.refresh = Refresh::hourly;
  daily.refresh = Refresh::daily;
  ASSERT_EQ(book.put(hourly), std::nullopt);
  ASSERT_EQ(book.put(daily), std::nullopt);
  ASSERT_EQ(book.put(segment(3, "c")), std::nullopt);
  using Ids = std::vector<SegmentId>;
  EXPECT_EQ(book.due(at), (Ids{{1}, {2}}));
  ASSERT_EQ(book.put(SegmentMeasured{{1}, 1, later(us_per_minute), 5'000}), std::nullopt);
  EXPECT_EQ(book.due(later(us_per_minute)), (Ids{{2}}));
  ASSERT_EQ(book.put(SegmentMeasured{{2}, 1, at, std::nullopt}), std::nullopt);
  EXPECT_TRUE(book.due(later(us_per_hour - us_per_minute)).empty());
  EXPECT_EQ(book.due(later(us_per_hour + us_per_minute)), (Ids{{1}}));
  EXPECT_EQ(book.due(later(us_per_day)), (Ids{{2}, {1}})) << "the one that waits longest first";
  hourly.made_from = 1;
  ASSERT_EQ(book.put(hourly), std::nullopt);
  EXPECT_EQ(book.due(later(2 * us_per_minute)), (Ids{{1}})) << "another version has another size";
  ASSERT_EQ(book.put(list("l", {1})), std::nullopt);
  ASSERT_EQ(book.put(mark(1, SegmentMark::freeze, "l")), std::nullopt);
  EXPECT_TRUE(book.due(later(2 * us_per_minute)).empty());
  const auto detail = book.segment("a");
  ASSERT_EQ(detail->history.size(), 1U);
  EXPECT_EQ(detail->history[0].size, 5'000U);
  EXPECT_EQ(book.segment("b")->history[0].size, std::nullopt);
}

TEST(SizeHistory, keeps_the_last_sizes_and_the_last_of_each_day_before) {
  SizeHistory history;
  std::vector<SizePoint> all;
  for (std::uint32_t i = 0; i < 4'000; ++i) {
    all.push_back({later(i * 6 * us_per_hour / 60 * 60), 1 + i / 1000, i % 7 == 0 ? std::nullopt : std::optional(i)});
    all.back().at.us -= all.back().at.us % us_per_minute;
    history.add(all.back());
  }
  const auto points = history.points();
  EXPECT_EQ(history.last(), all.back());
  ASSERT_GT(points.size(), history_recent_max);
  EXPECT_TRUE(std::equal(points.end() - history_recent_max, points.end(), all.end() - history_recent_max));
  std::set<std::int64_t> days;
  const std::span older(points.data(), points.size() - history_recent_max);
  for (const SizePoint& point : older) {
    EXPECT_TRUE(days.insert(point.at.us / us_per_day).second);
    EXPECT_NE(std::find(all.begin(), all.end(), point), all.end());
  }
  EXPECT_EQ(older.size(), 751U);
  for (std::uint32_t i = 0; i < 4'000; ++i) history.add({later((4'000 + i) * us_per_day), 5, 1});
  EXPECT_EQ(history.points().size(), history_recent_max + history_days_max);
}

// What a name means, said of everybody by hand.
TEST(SegmentBook, questions_go_through_its_names) {
  SimAudience sim(5'000);
  Book book;
  UserList even;
  for (std::uint32_t user = 2; user <= 5'000; user += 2) even.push_back(user);
  ASSERT_EQ(book.put(list("even", even)), std::nullopt);
  ASSERT_EQ(book.save(segment(1, "makers", "creator")), std::nullopt);
  ASSERT_EQ(book.save(segment(2, "both", R"(segment("makers") and list("even"))")), std::nullopt);
  Question question = sim.question("reports", true);
  question.names = book.names();
  std::uint64_t expected = 0;
  for (std::uint32_t user = 0; user < 5'000; ++user) {
    const SimPerson& one = sim.people()[user];
    expected += one.creator && (user + 1) % 2 == 0 && SimAudience::may_be_reported(one) ? 1 : 0;
  }
  EXPECT_EQ(sim.answers.count(sim.parse(R"(segment("both"))"), question)->count, expected);
  EXPECT_EQ(sim.answers.count(sim.parse(R"(segment("both"))"), sim.question("reports", true)).error().kind,
            ErrorKind::not_found);
}

}  // namespace
}  // namespace zan::audience
