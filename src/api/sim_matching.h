// SimMatching: a made-up community behind the room's own Feeds, for tests of the server alone. Works v1 to v60 of creators c1 to c6 have
// the tags "travel" and "cooking" by turns; people u0 to u9 took to a few. What is told is taken at once.
//
// Threads: any; things change by take() alone.
#pragma once

#include <atomic>
#include <charconv>
#include <string>

#include "base/require.h"
#include "engine/engine.h"

namespace zan::api {

class SimMatching final : public engine::Matching {
 public:
  static constexpr std::uint32_t works = 60, creators = 6, people = 10;
  static constexpr Timestamp today{1'650'899'141'436'000};

  SimMatching() : feeds_(live_) {
    for (std::uint32_t i = 1; i <= works; ++i) {
      matching::WorkFacts facts;
      facts.subject = {work_id + i};
      facts.creator = {creator_id + 1 + i % creators};
      facts.tags = {tags_.number(i % 2 == 0 ? "travel" : "cooking")};
      facts.published_at = today;
      live_.put(facts, today);
    }
    for (std::uint32_t person = 0; person < people; ++person) {
      for (std::uint32_t i = 1; i <= 3; ++i) {
        matching::Deed like;
        like.person = {person_id + person};
        like.subject = {work_id + (person * 7 + i * 2) % works + 1};
        like.doing = matching::Doing::like;
        like.at = today;
        live_.take(like);
      }
    }
  }

  // What was recorded.
  Result<void> take(ByteSpan record) {
    ZAN_ASSIGN(const matching::MatchingChange change, matching::read_matching_change(record));
    if (const auto* shown = std::get_if<matching::Shown>(&change)) live_.take(*shown);
    if (const auto* set = std::get_if<matching::PolicySet>(&change))
      feeds_.set(std::make_shared<const matching::Policy>(set->policy));
    if (const auto* wished = std::get_if<matching::Wished>(&change)) {
      const bool of_tag = !wished->tag.empty();
      live_.wish(wished->person, {of_tag ? matching::WishOf::tag : matching::WishOf::creator,
                                  of_tag ? tags_.number(wished->tag) : wished->creator.value, wished->wish});
    }
    if (const auto* started = std::get_if<matching::ExperimentStarted>(&change))
      return experiments_.start(*started, today);
    if (const auto* ended = std::get_if<matching::ExperimentEnded>(&change)) return experiments_.end(*ended, today);
    auto rules = std::make_shared<matching::FeedRules>(*feeds_.rules());
    if (const auto* rule = std::get_if<matching::FeedRule>(&change)) ZAN_TRY(rules->add(*rule, today));
    if (const auto* ended = std::get_if<matching::RuleEnded>(&change)) ZAN_TRY(rules->end(*ended, today));
    feeds_.set(std::shared_ptr<const matching::FeedRules>(std::move(rules)));
    return {};
  }

  [[nodiscard]] engine::MatchingStatus status() const override {
    engine::MatchingStatus status;
    status.position = {77};
    status.caught_up = true;
    status.progress = 1;
    status.works = works;
    return status;
  }
  [[nodiscard]] Timestamp moment() const override { return today; }

  Result<engine::NamedFeed> feed(const engine::FeedRequest& request) override {
    matching::FeedQuestion question;
    question.person = {number('u', request.viewer)};
    for (const std::string& work : request.session) question.session.push_back({number('v', work)});
    for (const std::string& work : request.not_these) question.not_these.push_back({number('v', work)});
    question.scene.at = today;
    question.limit = request.limit;
    question.personalised = request.personalised;
    const matching::Experiments::Assigned assigned = experiments_.of(question.person);
    (assigned.interleaved ? question.rival : question.policy) = assigned.policy;
    question.seed = assigned.seed;
    ZAN_ASSIGN(const matching::FeedAnswer answer, feeds_.feed(question));
    engine::NamedFeed named{{}, answer.personalised, bool(question.person), 0, answer.candidates, today,
                            assigned.experiment, assigned.name};
    for (const matching::FeedItem& item : answer.items) {
      engine::NamedItem one{name('v', item.subject.value), name('c', item.creator.value), item, {}};
      for (const matching::Reason& reason : item.reasons) {
        engine::NamedReason said{reason.kind, name('v', reason.work.value), std::string(tags_.name(reason.tag)),
                                 name('c', reason.creator.value), std::nullopt};
        if (reason.rule != 0) said.rule = reason.rule;
        one.reasons.push_back(std::move(said));
      }
      named.items.push_back(std::move(one));
    }
    return named;
  }
  [[nodiscard]] Result<std::vector<engine::NamedSimilar>> similar(std::string_view subject,
                                                                  std::size_t count) const override {
    ZAN_ASSIGN(const auto alike, feeds_.similar({number('v', subject)}, count));
    std::vector<engine::NamedSimilar> named;
    for (const auto& work : alike) named.push_back({name('v', work.subject.value), work.score, work.by_tags});
    return named;
  }
  [[nodiscard]] Result<std::vector<engine::NamedForetold>> predict(std::string_view viewer,
                                                                   const std::vector<std::string>& subjects,
                                                                   std::string_view /*surface*/) const override {
    std::vector<SubjectId> ids;
    for (const std::string& subject : subjects) ids.push_back({number('v', subject)});
    ZAN_ASSIGN(const auto foretold, feeds_.predict({number('u', viewer)}, ids, {today, {}, {}}));
    std::vector<engine::NamedForetold> named;
    for (std::size_t i = 0; i < foretold.size(); ++i) named.push_back({subjects[i], foretold[i]});
    return named;
  }
  [[nodiscard]] Result<std::vector<engine::NamedMatch>> match(std::string_view subject,
                                                              std::size_t count) const override {
    ZAN_ASSIGN(const auto matched, feeds_.match({number('v', subject)}, count, {today, {}, {}}));
    std::vector<engine::NamedMatch> named;
    for (const auto& person : matched) named.push_back({name('u', person.person.value), person});
    return named;
  }
  [[nodiscard]] Result<engine::Assumed> assumed_of(std::string_view user) const override {
    const std::uint32_t id = number('u', user);
    if (id == 0) return not_found("no such user");
    const matching::Person person = live_.people().read({id});
    engine::Assumed assumed;
    for (const auto& taste : person.tags)
      assumed.tags.push_back({std::string(tags_.name(taste.number)), taste.shown, taste.long_views, taste.likes,
                              taste.against, person.wish(matching::WishOf::tag, taste.number)});
    for (const auto& taken : person.recent)
      assumed.taken.push_back(name('v', live_.works().subject_of(taken.work).value));
    return assumed;
  }
  [[nodiscard]] engine::FeedModelList models() const override {
    engine::FeedModelList list;
    list.serving = serving_.load();
    for (std::uint32_t version = 1; version <= 2; ++version) {
      list.models.push_back({version, today, {77}, 30, 1'000, false, version == 2, {}, version == 2 ? "worse" : ""});
    }
    return list;
  }
  void ask_for_training() override {}
  Result<void> serve(std::uint32_t version, std::string_view /*by*/) override {
    if (version != 1) return not_found("there is no such model");
    serving_.store(version);
    return {};
  }
  [[nodiscard]] matching::Policy policy() const override { return *feeds_.policy(); }
  [[nodiscard]] Result<std::vector<engine::NamedRuleEntry>> rules() const override {
    std::vector<engine::NamedRuleEntry> named;
    for (const auto& entry : feeds_.rules()->entries())
      named.push_back({{entry.rule, name('v', entry.rule.subject.value), name('c', entry.rule.creator.value), ""},
                       entry.made_at, entry.ended_at, entry.ended_by, entry.ended_why});
    return named;
  }

  Result<Bytes> record_of(std::string_view user, const engine::NamedWish& wish) override {
    const matching::Wished wished{{number('u', user)}, wish.wish, wish.tag, {number('c', wish.creator)}};
    if (!wished.person) return not_found("no such user");
    return checked(wished);
  }
  Result<Bytes> record_of(const engine::NamedShown& shown) override {
    matching::Shown said;
    said.person = {number('u', shown.viewer)};
    for (const std::string& subject : shown.subjects) {
      if (const std::uint32_t id = number('v', subject); id != 0) said.items.push_back({{id}});
    }
    if (!said.person || said.items.empty()) return not_found("nobody");
    return checked(said);
  }
  Result<Bytes> record_of(engine::NamedRule& rule) override {
    rule.rule.id = ++last_rule_;
    rule.rule.subject = {number('v', rule.subject)};
    rule.rule.creator = {number('c', rule.creator)};
    if (!rule.subject.empty() && !rule.rule.subject) return not_found("no such subject");
    return checked(rule.rule);
  }
  Result<Bytes> record_of(const matching::RuleEnded& ended) override {
    matching::FeedRules trial = *feeds_.rules();
    ZAN_TRY(trial.end(ended, today));
    return checked(ended);
  }
  Result<Bytes> record_of(const matching::PolicySet& set) override { return checked(set); }
  [[nodiscard]] Result<std::vector<matching::Experiments::Entry>> experiments() const override {
    return experiments_.entries();
  }
  Result<Bytes> record_of(matching::ExperimentStarted& started) override {
    started.id = ++last_rule_;
    ZAN_TRY(experiments_.fits(started));
    return checked(started);
  }
  Result<Bytes> record_of(const matching::ExperimentEnded& ended) override {
    ZAN_TRY(experiments_.fits(ended));
    return checked(ended);
  }
  Result<void> await(Position /*position*/) override { return {}; }

 private:
  static constexpr std::uint32_t work_id = 1'000, creator_id = 2'000, person_id = 3'000;

  static std::uint32_t base_of(char kind) { return kind == 'v' ? work_id : kind == 'c' ? creator_id : person_id; }
  static std::uint32_t most_of(char kind) { return kind == 'v' ? works : kind == 'c' ? creators : people - 1; }
  // 0: nobody.
  static std::uint32_t number(char kind, std::string_view name) {
    std::uint32_t number = 0;
    if (name.size() < 2 || name.front() != kind) return 0;
    const auto read = std::from_chars(name.data() + 1, name.data() + name.size(), number);
    if (read.ec != std::errc() || read.ptr != name.data() + name.size() || number > most_of(kind)) return 0;
    return base_of(kind) + number;
  }
  static std::string name(char kind, std::uint32_t id) {
    return id == 0 ? std::string() : std::string(1, kind) + std::to_string(id - base_of(kind));
  }
  static Result<Bytes> checked(const matching::MatchingChange& change) {
    ZAN_TRY(matching::check(change));
    Bytes record;
    matching::put_matching_change(record, change);
    return record;
  }

  matching::TagNames tags_;
  matching::Community live_;
  matching::Feeds feeds_;
  matching::Experiments experiments_{HashKey{}, works};
  std::uint64_t last_rule_ = 0;
  std::atomic<std::uint32_t> serving_{0};
};

}  // namespace zan::api
