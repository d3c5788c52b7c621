// The audience as a view of the journal, over a Core on a simulated disk.
#include "engine/audience_view.h"

#include <gtest/gtest.h>

#include <map>
#include <tuple>

#include "engine/core_world.h"

namespace zan::engine {
namespace {

using engagement::ActType;

// A quarter of them is far enough from the 50 people below which nothing is said, whatever the noise.
constexpr std::uint32_t people = 480;

struct AudienceWorld : World {
  std::unique_ptr<AudienceView> view;

  AudienceWorld() { follow(); }
  void follow() {
    auto opened = open_view();
    ASSERT_TRUE(opened.ok());
    view = std::move(*opened);
    catch_up();
  }
  Result<std::unique_ptr<AudienceView>> open_view() {
    return AudienceView::open(*core, entropy, {}, [this](ChangeAudience change) { return tell({std::move(change)}); });
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
  void put_user(const std::string& user, const std::string& json) {
    ASSERT_TRUE(tell({PutUser{user, json}}).ok());
  }
  void put_subject(const std::string& subject, const std::string& json) {
    ASSERT_TRUE(tell({PutSubject{subject, {{}, json}}}).ok());
  }
  void fill() {
    put_subject("v1", R"({"tags":["beauty"]})");
    for (std::uint32_t i = 0; i < people; ++i)
      put_user("u" + std::to_string(i), i % 2 == 0 ? R"({"region":"cn-bj"})" : R"({"region":"cn-sh"})");
    std::vector<Said> all;
    for (std::uint32_t i = 0; i < people; i += 4) {
      Said said{ActType::like, "u" + std::to_string(i), "v1"};
      said.at_us = clock.now_us;
      all.push_back(said);
    }
    say(all);
  }
  [[nodiscard]] audience::Node parse(std::string_view text) const {
    auto read = audience::parse_segment(text, view->catalogue());
    if (const auto* problem = std::get_if<audience::SegmentProblem>(&read)) ADD_FAILURE() << to_text(*problem);
    return std::get<audience::Node>(std::move(read));
  }
  // Exact; nothing: refused.
  [[nodiscard]] std::optional<std::uint64_t> count(std::string_view text) {
    const auto size = view->count(parse(text), {{"k", true}, 0, {}});
    EXPECT_TRUE(size.ok() || size.error().kind == ErrorKind::refused) << size.error().message;
    return size.ok() ? std::optional(size->count) : std::nullopt;
  }
};

TEST(AudienceView, BeforeTheJournalHasBeenReadNothingIsAnswered) {
  AudienceWorld world;
  world.fill();
  const auto fresh = world.open_view();
  ASSERT_TRUE(fresh.ok());
  const auto early = (*fresh)->count(world.parse("everybody"), {{"k", true}, 0, {}});
  ASSERT_FALSE(early.ok());
  EXPECT_EQ(early.error().kind, ErrorKind::unavailable);
  EXPECT_NE(early.error().message.find("0 % so far"), std::string::npos) << early.error().message;
  EXPECT_EQ((*fresh)->tags_of("u1").error().kind, ErrorKind::unavailable);
  EXPECT_EQ(world.view->tags_of("nobody").error().kind, ErrorKind::not_found);
}

TEST(AudienceView, WhatIsPutAndDoneBecomesTags) {
  AudienceWorld world;
  world.fill();
  world.catch_up();
  EXPECT_EQ(world.count("everybody"), people);
  EXPECT_EQ(world.count(R"(region = "cn-bj")"), people / 2);
  EXPECT_EQ(world.count(R"(interest.beauty is known)"), people / 4);
  EXPECT_EQ(world.count(R"(count(like, category: "beauty", last 7d) >= 1)"), people / 4);
  EXPECT_EQ(world.count(R"(count(like, last 7d) >= 1 and region = "cn-sh")"), std::nullopt) << "too few to be told";
  world.clock.now_us += 60 * us_per_second;
  world.catch_up();
  EXPECT_TRUE(world.view->status().caught_up);
  EXPECT_EQ(world.view->status().people, people);
  EXPECT_GT(world.view->status().tag_bytes, 0u);

  // What is put again replaces.
  for (std::uint32_t i = 0; i < people; ++i) world.put_user("u" + std::to_string(i), R"({"region":"cn-tj"})");
  world.catch_up();
  EXPECT_EQ(world.count(R"(region = "cn-tj")"), people);
}

TEST(AudienceView, WhoIsErasedIsInNothingAnyMore) {
  AudienceWorld world;
  world.fill();
  world.catch_up();
  ASSERT_TRUE(world.tell({EraseUser{"u0"}}).ok());
  world.catch_up();
  EXPECT_EQ(world.count("everybody"), people - 1);
  EXPECT_EQ(world.count("interest.beauty is known"), people / 4 - 1);
  EXPECT_EQ(world.view->tags_of("u0").error().kind, ErrorKind::not_found);
  EXPECT_EQ(world.view->why(world.parse("everybody"), "u0", {{"k", true}, 0, {}}).error().kind, ErrorKind::not_found);
}

TEST(AudienceView, AfterACrashItIsWhatTheJournalSays) {
  AudienceWorld world;
  world.fill();
  ASSERT_TRUE(world.tell({EraseUser{"u4"}}).ok());
  world.catch_up();
  const auto before = world.view->tags_of("u8");
  ASSERT_TRUE(before.ok());
  world.view.reset();
  world.crash();
  world.follow();
  EXPECT_EQ(world.count("everybody"), people - 1);
  const auto after = world.view->tags_of("u8");
  ASSERT_TRUE(after.ok());
  ASSERT_EQ(after->size(), before->size());
  for (std::size_t i = 0; i < after->size(); ++i) {
    EXPECT_EQ((*after)[i].tag, (*before)[i].tag);
    EXPECT_EQ((*after)[i].values, (*before)[i].values);
    EXPECT_EQ((*after)[i].number, (*before)[i].number);
  }
}

using KnownTag = std::tuple<std::uint32_t, std::vector<std::uint32_t>, std::optional<std::uint64_t>>;
using Known = std::map<std::string, std::vector<KnownTag>>;

// What the view says of everybody there may be.
Known known(const AudienceView& view) {
  Known all;
  for (std::uint32_t i = 0; i < 60; ++i) {
    const std::string user = "u" + std::to_string(i);
    const auto tags = view.tags_of(user);
    EXPECT_TRUE(tags.ok() || tags.error().kind == ErrorKind::not_found) << tags.error().message;
    if (!tags.ok()) continue;
    for (const auto& one : *tags) all[user].emplace_back(one.tag, one.values, one.number);
  }
  return all;
}

// Something happens: acts of the present and of the past, attributes, an erasure; some of it is read, perhaps saved.
void live_a_while(AudienceWorld& world, Rng& rng) {
  std::vector<Said> acts;
  for (int i = 0; i < 20; ++i) {
    constexpr ActType types[] = {ActType::like, ActType::unlike, ActType::view, ActType::follow, ActType::dislike};
    Said said{types[rng.below(5)], "u" + std::to_string(rng.below(60)), "v" + std::to_string(rng.below(8))};
    said.at_us = world.clock.now_us - static_cast<std::int64_t>(rng.below(3)) * us_per_day;
    acts.push_back(said);
  }
  world.say(acts);
  world.put_user("u" + std::to_string(rng.below(60)), R"({"region":"cn-bj"})");
  if (rng.below(3) == 0) world.put_subject("v" + std::to_string(rng.below(8)), R"({"tags":["pets"]})");
  if (rng.below(4) == 0) (void)world.tell({EraseUser{"u" + std::to_string(rng.below(60))}});
  if (rng.below(2) == 0) world.catch_up();
  if (rng.below(3) == 0) {
    EXPECT_TRUE(world.view->save().ok());
  }
  if (rng.below(4) == 0) world.clock.now_us += us_per_day;
}

TEST(AudienceView, KilledAtAnyMomentItIsWhatTheJournalSays) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(seed);
    Rng rng(seed);
    AudienceWorld world;
    world.put_subject("v1", R"({"tags":["beauty"]})");
    for (int round = 0; round < 15; ++round) {
      live_a_while(world, rng);
      if (rng.below(3) != 0) continue;
      world.view.reset();
      world.crash();
      world.follow();
    }
    world.catch_up();
    const Known lived = known(*world.view);
    ASSERT_FALSE(lived.empty());
    world.view.reset();
    ASSERT_TRUE(AudienceView::remove_saved(*world.core).ok());
    world.follow();
    const Known anew = known(*world.view);
    ASSERT_EQ(anew.size(), lived.size());
    for (const auto& [user, tags] : lived) EXPECT_EQ(anew.at(user), tags) << user;
    world.expect_clean();
  }
}

TEST(AudienceView, ItsStateIsSavedAtAStopAndReadAtAStart) {
  AudienceWorld world;
  world.fill();
  world.view->start();
  ASSERT_TRUE(world.view->await(world.core->journal().last()).ok());
  world.view->stop();
  world.view.reset();
  ASSERT_TRUE(world.disk->exists("audience/state").value());
  // What came since is read from the journal, what was before is not.
  world.put_user("late", R"({"region":"cn-tj"})");
  world.open();
  auto opened = world.open_view();
  ASSERT_TRUE(opened.ok());
  world.view = std::move(*opened);
  EXPECT_GT(world.view->status().progress, -1);
  world.catch_up();
  EXPECT_EQ(world.count("everybody"), people + 1);
  EXPECT_EQ(world.count("interest.beauty is known"), people / 4);
  EXPECT_TRUE(world.view->tags_of("late").ok());
}

TEST(AudienceView, ADamagedStateIsMadeAnew) {
  AudienceWorld world;
  world.fill();
  world.view->start();
  ASSERT_TRUE(world.view->await(world.core->journal().last()).ok());
  world.view->stop();
  auto file = world.disk->open("audience/state", storage::OpenMode::write);
  ASSERT_TRUE(file.ok());
  const std::byte flipped{0x55};
  ASSERT_TRUE((*file)->write_at((*file)->size().value() / 2, {&flipped, 1}).ok());
  world.follow();
  EXPECT_EQ(world.count("everybody"), people);
  EXPECT_EQ(world.count("interest.beauty is known"), people / 4);
}

TEST(AudienceView, WhatIsSavedOfSomebodyWhoIsErasedGoesAtOnce) {
  AudienceWorld world;
  world.fill();
  world.view->start();
  ASSERT_TRUE(world.view->await(world.core->journal().last()).ok());
  world.view->stop();
  world.follow();
  ASSERT_TRUE(world.disk->exists("audience/state").value());
  ASSERT_TRUE(world.tell({EraseUser{"u0"}}).ok());
  world.catch_up();
  EXPECT_FALSE(world.disk->exists("audience/state").value());
  world.clock.now_us += 3600 * us_per_second;
  world.catch_up();
  EXPECT_TRUE(world.disk->exists("audience/state").value()) << "and is saved again, without them";
}

// A world whose segment "fans" is saved: who likes beauty, watched, measured daily.
struct FansWorld : AudienceWorld {
  FansWorld() { set_up(); }
  void set_up() {
    fill();
    catch_up();
    told(fans());
  }
  static audience::SegmentSaved fans() {
    audience::SegmentSaved out;
    out.name = "fans";
    out.who = "ann";
    out.why = "launch";
    out.purpose = "reports";
    out.text = "interest.beauty is known";
    out.watched = true;
    out.refresh = audience::Refresh::daily;
    return out;
  }
  void told(audience::AudienceChange change) {
    auto record = view->record_of(std::move(change));
    ASSERT_TRUE(record.ok()) << record.error().message;
    ASSERT_TRUE(tell({ChangeAudience{std::move(*record)}}).ok());
    catch_up();
  }
  void like(const std::string& user) {
    Said late{ActType::like, user, "v1"};
    late.at_us = clock.now_us;
    say({late});
    catch_up();
  }
  [[nodiscard]] audience::SegmentDetail saved() const { return view->book().segment("fans").value(); }
};

TEST(AudienceView, ASavedSegmentIsMeasuredListedAndWatched) {
  FansWorld world;
  EXPECT_EQ(world.count(R"(segment("fans"))"), people / 4);
  EXPECT_EQ(world.saved().versions.size(), 1u);
  EXPECT_EQ(world.view->record_of(FansWorld::fans()).error().kind, ErrorKind::conflict) << "the name is taken";
  // The daily size becomes a record, which the next step reads.
  world.catch_up();
  ASSERT_EQ(world.saved().history.size(), 1u);
  EXPECT_NEAR(world.saved().history[0].size.value_or(0), people / 4, 60);

  const auto page = world.view->members(world.parse(R"(segment("fans"))"), {{"k", true}, 0, {}}, 0, 5);
  ASSERT_TRUE(page.ok()) << page.error().message;
  EXPECT_EQ(page->users, (std::vector<std::string>{"u0", "u4", "u8", "u12", "u16"}));
  const audience::SegmentId id = world.saved().info.id;
  const auto start = world.view->moves(id, 0, 10);
  ASSERT_TRUE(start.ok()) << start.error().message;
  world.like("u1");
  const auto moves = world.view->moves(id, start->next, 10);
  ASSERT_TRUE(moves.ok()) << moves.error().message;
  ASSERT_EQ(moves->moves.size(), 1u);
  EXPECT_EQ(moves->moves[0].user, "u1");
  EXPECT_TRUE(moves->moves[0].entered);
}

TEST(AudienceView, FrozenListsAndImportsAreWhatTheJournalSaysAlsoAfterAnErasureAndACrash) {
  FansWorld world;
  const auto freeze = world.view->records_of_freeze(world.saved().info.id, "fans of may", "ann", "mailing");
  ASSERT_TRUE(freeze.ok()) << freeze.error().message;
  for (const Bytes& record : *freeze) ASSERT_TRUE(world.tell({ChangeAudience{record}}).ok());
  world.catch_up();
  EXPECT_EQ(world.count(R"(list("fans of may"))"), people / 4);
  world.like("u2");
  EXPECT_EQ(world.count(R"(segment("fans"))"), people / 4) << "a frozen one stays";

  audience::TagImport import;
  import.tag = "panel";
  import.who = "ann";
  import.source = "poll";
  const std::vector<std::string> names = {"u3", "u7", "nobody"};
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto numbers = world.view->numbers_of(views);
  ASSERT_TRUE(numbers.ok());
  EXPECT_EQ(numbers->unknown, 1u);
  import.users = numbers->users;
  world.told(import);
  EXPECT_EQ(world.view->imports().size(), 1u);
  ASSERT_TRUE(world.tell({EraseUser{"u3"}}).ok());
  ASSERT_TRUE(world.tell({EraseUser{"u0"}}).ok());
  world.catch_up();
  world.view.reset();
  world.crash();
  world.follow();
  EXPECT_EQ(world.count(R"(segment("fans"))"), people / 4 - 1) << "without who was erased";
  EXPECT_EQ(world.saved().info.state, audience::SegmentState::frozen);
  world.expect_clean();
}

TEST(AudienceView, ThePortraitOfAWorkAndOfItsCreator) {
  AudienceWorld world;
  ASSERT_TRUE(world.tell({PutSubject{"v1", {"c1", R"({"creator":"c1","tags":["beauty"]})"}}}).ok());
  std::vector<Said> all;
  for (std::uint32_t i = 0; i < people; ++i) {
    world.put_user("u" + std::to_string(i), i % 2 == 0 ? R"({"region":"cn-bj"})" : R"({"region":"cn-sh"})");
    Said said{i < people / 2 ? ActType::like : ActType::comment, "u" + std::to_string(i), "v1"};
    said.at_us = world.clock.now_us;
    if (said.type == ActType::comment) said.text = "nice";
    all.push_back(said);
  }
  world.say(all);
  world.catch_up();
  const auto portrait = world.view->portrait({"v1", "", audience::roles_of({audience::Role::liker}), 7}, {{"k"}, 0, {}});
  ASSERT_TRUE(portrait.ok()) << portrait.error().message;
  EXPECT_NEAR(static_cast<double>(portrait->size.count), people / 2, 60);
  const auto of_creator = world.view->portrait(
      {"", "c1", audience::roles_of({audience::Role::liker, audience::Role::commenter}), 7}, {{"k"}, 0, {}});
  ASSERT_TRUE(of_creator.ok()) << of_creator.error().message;
  EXPECT_NEAR(static_cast<double>(of_creator->size.count), people, 60);
  EXPECT_EQ(world.view->portrait({"none", "", audience::all_roles, 7}, {{"k"}, 0, {}}).error().kind,
            ErrorKind::not_found);
  EXPECT_EQ(world.view->portrait({"v1", "", audience::roles_of({audience::Role::sharer}), 7}, {{"k"}, 0, {}}).error().kind,
            ErrorKind::refused);
}

TEST(AudienceView, BehindAnImportOfThePastTodayIsTheDayOfItsNewestAct) {
  AudienceWorld world;
  world.fill();
  world.catch_up();
  const Timestamp then = world.view->moment();
  EXPECT_EQ(then.us, world.clock.now_us) << "while there is news, it is the clock";
  const std::int64_t newest_us = world.clock.now_us - 1000;
  world.clock.now_us += 400 * us_per_day;
  world.catch_up();
  EXPECT_EQ(world.view->moment().us, newest_us);
  EXPECT_EQ(world.count("count(like, last 7d) >= 1"), people / 4);
}

TEST(AudienceView, WhatFadesIsPutRightWhenDaysPass) {
  AudienceWorld world;
  world.fill();
  world.catch_up();
  EXPECT_EQ(world.count("newcomer"), people / 4);
  // Others go on; those of the first day fade.
  world.clock.now_us += 100 * us_per_day;
  Said late{ActType::like, "u1", "v1"};
  late.at_us = world.clock.now_us;
  world.say({late});
  world.catch_up();
  EXPECT_EQ(world.count("interest.beauty is known"), std::nullopt);
  EXPECT_EQ(world.count("lapsed"), people / 4);
}

}  // namespace
}  // namespace zan::engine
