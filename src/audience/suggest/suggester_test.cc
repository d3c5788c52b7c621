// Made-up videos whose audience is known, in Chinese and English.
#include "audience/suggest/suggester.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audience/derive/deriver.h"
#include "base/random.h"

namespace zan::audience {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr Timestamp now{1'700'438'400'000'000};
constexpr std::uint32_t people = 6'000, first_video = 10'000;

// Everybody may be counted for everything. The first third likes pets, the second football, the last nothing in
// particular. Pets' people speak English. `stray`: the chance that somebody likes a video of what they do not care
// for.
class World {
 public:
  explicit World(double stray = 0.01) : stray_(stray) {
    for (std::uint32_t user = 1; user <= people; ++user) {
      const std::string language = loves(user) == 0 || user % 17 == 0 ? "en" : "zh";
      const auto put = deriver.put_user(
          {user}, R"({"age_band":"25-34","custom":{"language":")" + language +
                      R"(","consent.targeting":true,"consent.reports":true}})");
      EXPECT_TRUE(put.ok());
    }
    for (int i = 0; i < 30; ++i) {
      add_video(i % 2 == 0 ? "我家猫咪又在偷吃小鱼干" : "猫咪第一次洗澡的反应", "宠物", 0);
      add_video(i % 2 == 0 ? "世界杯精彩进球集锦" : "Best goals of the derby", "足球", 1);
      add_video("随便聊聊", "", 2);
    }
  }

  static std::uint32_t loves(std::uint32_t user) { return (user - 1) * 3 / people; }

  void add_video(const std::string& title, const std::string& tag, std::uint32_t group) {
    const SubjectId video{next_video_++};
    const std::string json = R"({"title":")" + title + R"(","tags":[)" + (tag.empty() ? "" : '"' + tag + '"') +
                             R"(],"creator":"c)" + std::to_string(group) + R"(","duration_ms":20000})";
    EXPECT_TRUE(suggester.put_subject(video, json).ok());
    EXPECT_TRUE(deriver.put_subject(video, json).ok());
    for (std::uint32_t user = 1; user <= people; ++user) {
      const bool likes = group == 2 ? rng_.chance(0.03) : rng_.chance(loves(user) == group ? 0.15 : stray_);
      if (likes) like(user, video);
    }
  }

  void like(std::uint32_t user, SubjectId video) {
    engagement::RecordedAct act;
    act.actor = {user};
    act.subject = video;
    act.at = now;
    deriver.observe(act);
    subjects.observe(act);
  }

  [[nodiscard]] Question question(const char* purpose) const {
    return {{"k", false}, *catalogue->purpose(purpose), now};
  }

  std::shared_ptr<const Catalogue> catalogue = Catalogue::standard();
  TagStore store;
  EventIndex events{catalogue->categories().size(), catalogue->zone_us()};
  SubjectIndex subjects{catalogue->zone_us()};
  Deriver deriver{catalogue, store};
  Answers answers{catalogue, store, events, HashKey{1, 2, 3}};
  Suggester suggester{answers, subjects};

 private:
  const double stray_;
  Rng rng_{4};
  std::uint32_t next_video_ = first_video;
};

World& world() {
  static World one;
  return one;
}

TEST(Suggester, where_nothing_leads_anywhere_it_says_what_was_looked_for) {
  World& w = world();
  const auto nothing = w.suggester.suggest({}, w.question("targeting"));
  ASSERT_FALSE(nothing.ok());
  EXPECT_EQ(nothing.error().kind, ErrorKind::not_found);
  EXPECT_THAT(nothing.error().message, HasSubstr("no word of its own"));
  const auto unknown = w.suggester.suggest({"量子纠缠", {"qubit"}, "", 0}, w.question("targeting"));
  ASSERT_FALSE(unknown.ok());
  EXPECT_THAT(unknown.error().message,
              AllOf(HasSubstr("names a category"), HasSubstr("no known video shares a word")));
  EXPECT_EQ(w.suggester.suggest({"猫咪", {}, "", 0}, {{"k", false}, 99, now}).error().kind, ErrorKind::invalid);
  for (const char* json : {"", "[]", "{", "null"}) EXPECT_FALSE(w.suggester.put_subject({1}, json).ok());
}

TEST(Suggester, a_tag_or_word_that_names_a_category_is_enough) {
  World& w = world();
  for (const Video& video : {Video{"", {"美妆"}, "", 0}, Video{"", {"BEAUTY"}, "", 0}, Video{"今天的美妆", {}, "", 0},
                             Video{"my beauty routine", {}, "", 0}}) {
    const auto found = w.suggester.suggest(video, w.question("targeting"));
    ASSERT_TRUE(found.ok()) << found.error().message;
    EXPECT_EQ(found->text, R"(interest.beauty in ("clear", "strong"))");
    ASSERT_EQ(found->evidence.size(), 1U);
    EXPECT_TRUE(found->evidence.front().of_catalogue);
    EXPECT_EQ(found->evidence.front().likers, 0U);
    EXPECT_FALSE(found->evidence.front().words.empty());
    EXPECT_FALSE(found->size) << "nobody is interested in it";
    EXPECT_THAT(found->missing, Contains(HasSubstr("no known video")));
  }
}

TEST(Suggester, words_lead_through_the_likers_of_videos_to_what_they_care_for) {
  World& w = world();
  const auto found = w.suggester.suggest({"三只猫咪的日常", {}, "somebody new", 18'000}, w.question("targeting"));
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(found->text, R"(interest.pets in ("clear", "strong"))") << "nor less than what is stronger still";
  EXPECT_THAT(found->text, Not(HasSubstr("football")));
  EXPECT_EQ(found->videos, 30U);
  const Evidence& first = found->evidence.front();
  EXPECT_THAT(first.words, Contains("猫咪"));
  EXPECT_FALSE(first.of_catalogue);
  EXPECT_EQ(first.videos, 30U);
  EXPECT_GT(first.share, 1.3 * first.base_share);
  EXPECT_GE(first.likers, 1000U);
  ASSERT_TRUE(found->size && found->likers);
  EXPECT_GE(found->size->count, 1000U);
  // It can be read, and what is read is the same segment.
  const SegmentOr read = parse_segment(found->text, *w.catalogue);
  ASSERT_TRUE(std::holds_alternative<Node>(read));
  EXPECT_EQ(canonical(std::get<Node>(read)), found->segment);
}

TEST(Suggester, english_titles_and_the_creator_lead_there_as_well) {
  World& w = world();
  for (const Video& video : {Video{"All the Goals!", {}, "", 0}, Video{"", {}, "c1", 0}}) {
    const auto found = w.suggester.suggest(video, w.question("targeting"));
    ASSERT_TRUE(found.ok()) << found.error().message;
    EXPECT_THAT(found->text, HasSubstr("interest.football"));
    EXPECT_THAT(found->text, Not(HasSubstr("pets")));
  }
  EXPECT_THAT(w.suggester.suggest({"", {}, "c1", 0}, w.question("targeting"))->evidence.front().words,
              Contains("the same creator"));
}

TEST(Suggester, a_language_that_nearly_all_share_is_joined_by_and) {
  World w(0.002);
  const auto pets = w.suggester.suggest({"猫咪", {}, "", 0}, w.question("reports"));
  ASSERT_TRUE(pets.ok());
  EXPECT_EQ(pets->segment.kind, NodeKind::both);
  EXPECT_THAT(pets->text, HasSubstr(R"(language = "en")"));
  const auto football = w.suggester.suggest({"goals", {}, "", 0}, w.question("reports"));
  ASSERT_TRUE(football.ok());
  EXPECT_THAT(football->text, HasSubstr(R"(language = "zh")"));
  EXPECT_THAT(football->text, Not(HasSubstr("age_band")));
}

TEST(Suggester, too_few_likers_are_told_as_missing_and_nothing_of_them_is_said) {
  World w;
  ASSERT_TRUE(w.suggester.put_subject({900'000}, R"({"title":"kraken","tags":["cephalopods"]})").ok());
  for (std::uint32_t user = 1; user < 600; ++user) w.like(user, {900'000});
  const auto found = w.suggester.suggest({"kraken", {}, "", 0}, w.question("targeting"));
  ASSERT_FALSE(found.ok());
  EXPECT_THAT(found.error().message, HasSubstr("fewer than 1000 may be counted for targeting"));
  const auto reports = w.suggester.suggest({"kraken", {}, "", 0}, w.question("reports"));
  EXPECT_TRUE(reports.ok()) << reports.error().message;
}

TEST(Suggester, one_liker_more_changes_nothing_that_is_said) {
  World w;
  const auto before = w.suggester.suggest({"猫咪", {}, "", 0}, w.question("targeting"));
  ASSERT_TRUE(before.ok());
  for (std::uint32_t user = people - 20; user < people; ++user) {
    engagement::RecordedAct act;
    act.actor = {user};
    act.subject = {first_video};
    act.at = now;
    w.subjects.observe(act);
    const auto after = w.suggester.suggest({"猫咪", {}, "", 0}, w.question("targeting"));
    ASSERT_TRUE(after.ok());
    ASSERT_EQ(after->text, before->text);
    ASSERT_EQ(after->likers->count, before->likers->count);
    ASSERT_EQ(after->size->count, before->size->count);
    for (std::size_t i = 0; i < before->evidence.size(); ++i) {
      ASSERT_EQ(after->evidence[i].likers, before->evidence[i].likers);
      ASSERT_EQ(after->evidence[i].share, before->evidence[i].share);
    }
  }
}

TEST(Suggester, a_video_with_far_too_much_of_everything_is_read_to_the_limits) {
  World& w = world();
  Video video{std::string(100'000, 'x') + " 猫咪", {}, std::string(10'000, 'c'), ~std::uint64_t{0}};
  for (int i = 0; i < 1'000; ++i) video.tags.push_back("tag" + std::to_string(i));
  video.tags.front() = "宠物";
  video.tags.back() = "足球";
  const auto found = w.suggester.suggest(video, w.question("targeting"));
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_THAT(found->text, HasSubstr("pets"));
  EXPECT_THAT(found->text, Not(HasSubstr("football"))) << "beyond video_tags_max";
}

}  // namespace
}  // namespace zan::audience
