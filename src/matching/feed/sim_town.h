// A made-up town for tests of feeds: works of a few creators and tags, people who take to some of them.
#pragma once

#include <string>
#include <vector>

#include "matching/feed/feed.h"

namespace zan::matching {

inline constexpr Timestamp town_noon{1'700'000'000 * us_per_second};
constexpr Timestamp town_time(std::int64_t seconds) { return {town_noon.us + seconds * us_per_second}; }

class Town {
 public:
  Town() : feeds(live) {}

  // Works first .. first + count - 1 of one creator and tag.
  void works(std::uint32_t first, std::uint32_t count, std::uint32_t creator, std::uint32_t tag) {
    for (std::uint32_t i = 0; i < count; ++i) {
      WorkFacts facts;
      facts.subject = {first + i};
      facts.creator = {creator};
      facts.tags = {tag};
      facts.published_at = town_noon;
      facts.duration_ms = 30'000;
      live.put(facts, town_noon);
    }
  }
  // So many strangers watch it through.
  void liked_by_strangers(std::uint32_t work, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) does(next_stranger_++, work, Doing::like);
  }
  Heard does(std::uint32_t person, std::uint32_t work, Doing doing, std::int64_t at = 60) {
    Deed deed;
    deed.person = {person};
    deed.subject = {work};
    deed.doing = doing;
    deed.at = town_time(at);
    return live.take(deed);
  }
  [[nodiscard]] FeedQuestion question(std::uint32_t person, std::size_t limit = 10) const {
    FeedQuestion question;
    question.person = {person};
    question.limit = limit;
    question.scene.at = town_time(3'600);
    return question;
  }
  [[nodiscard]] FeedAnswer feed(std::uint32_t person, std::size_t limit = 10) const {
    return feeds.feed(question(person, limit)).value();
  }
  // What was answered comes back as a fact.
  void show(const FeedQuestion& asked, const FeedAnswer& answer) {
    Shown shown;
    shown.person = asked.person;
    shown.at = asked.scene.at;
    for (const FeedItem& item : answer.items) shown.items.push_back({item.subject, item.source, item.explored});
    if (!shown.items.empty()) live.take(shown);
  }
  static std::vector<std::uint32_t> works_of(const FeedAnswer& answer) {
    std::vector<std::uint32_t> works;
    for (const FeedItem& item : answer.items) works.push_back(item.subject.value);
    return works;
  }
  void set(const Policy& policy) { feeds.set(std::make_shared<const Policy>(policy)); }
  void add(const FeedRule& rule) {
    auto rules = std::make_shared<FeedRules>(*feeds.rules());
    require(rules->add(rule, town_noon).ok(), "a rule of a test fits");
    feeds.set(std::shared_ptr<const FeedRules>(std::move(rules)));
  }

  Community live;
  Feeds feeds;

 private:
  std::uint32_t next_stranger_ = 1'000'000;
};

}  // namespace zan::matching
