// MatchingView's answers with names, and the records of what it is told.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "engine/matching_view.h"

namespace zan::engine {
namespace {

using storage::NameKind;

constexpr std::chrono::seconds await_most{5};
constexpr std::int64_t day_us = us_per_day;

}  // namespace

MatchingStatus MatchingView::status() const {
  MatchingStatus now;
  {
    const std::lock_guard lock(mutex_);
    now = status_;
  }
  now.works = live_.works().size();
  now.people = live_.people().size();
  now.model_version = feeds_.models()->version;
  now.feeds = feeds_answered_.load(std::memory_order_relaxed);
  now.shown_lost = shown_lost_.load(std::memory_order_relaxed);
  return now;
}

Timestamp MatchingView::moment() const {
  const Timestamp now = core_.clock().now();
  const Timestamp newest{newest_us_.load(std::memory_order_relaxed)};
  return newest.us != 0 && newest.us / day_us < now.us / day_us ? newest : now;
}

Result<void> MatchingView::ready() const {
  if (caught_up_.load()) return {};
  const MatchingStatus now = status();
  if (!now.trouble.empty()) return unavailable("matching cannot be asked: " + now.trouble);
  return unavailable(
      fmt::format("the journal is still being read for matching, {:.0f} % so far; try again", 100 * now.progress));
}

std::uint32_t MatchingView::find(NameKind kind, std::string_view name) const {
  if (name.empty() || name.size() > storage::name_bytes_max) return 0;
  return core_.registry().find(storage::name_hash(core_.secret(), kind, name)).value;
}

Result<std::uint32_t> MatchingView::number(NameKind kind, std::string_view name, const char* what) const {
  const std::uint32_t found = find(kind, name);
  if (found == 0) return not_found(fmt::format("no such {}", what));
  return found;
}

Result<std::string> MatchingView::name(std::uint32_t id) const {
  if (id == 0) return std::string();
  auto name = core_.registry().name(EntityId{id});
  if (!name.ok() && name.error().kind == ErrorKind::not_found) return std::string();
  return name;
}

std::vector<SubjectId> MatchingView::subjects(const std::vector<std::string>& names) const {
  std::vector<SubjectId> found;
  for (const std::string& name : names) {
    if (const std::uint32_t id = find(NameKind::subject, name); id != 0) found.push_back({id});
  }
  return found;
}

matching::Scene MatchingView::scene(std::string_view surface, std::string_view region, Timestamp at) const {
  matching::Scene scene;
  scene.at = at.us == 0 ? moment() : at;
  scene.surface = {find(NameKind::term, surface)};
  scene.region = {find(NameKind::term, region)};
  return scene;
}

Result<NamedItem> MatchingView::named(const matching::FeedItem& item) const {
  NamedItem named;
  named.item = item;
  ZAN_ASSIGN(named.subject, name(item.subject.value));
  ZAN_ASSIGN(named.creator, name(item.creator.value));
  for (const matching::Reason& reason : item.reasons) {
    NamedReason one;
    one.kind = reason.kind;
    ZAN_ASSIGN(one.subject, name(reason.work.value));
    ZAN_ASSIGN(one.creator, name(reason.creator.value));
    one.tag = tags_.name(reason.tag);
    if (reason.rule != 0) one.rule = reason.rule;
    named.reasons.push_back(std::move(one));
  }
  return named;
}

Result<NamedFeed> MatchingView::feed(const FeedRequest& request) {
  ZAN_TRY(ready());
  matching::FeedQuestion question;
  question.person = {find(NameKind::person, request.viewer)};
  question.session = subjects(request.session);
  question.not_these = subjects(request.not_these);
  question.scene = scene(request.surface, request.region, request.at);
  if (!question.scene.region && question.person) question.scene.region = live_.people().read(question.person).region;
  question.limit = request.limit;
  question.personalised = request.personalised;
  matching::Experiments::Assigned assigned = experiments_.of(question.person);
  // Who wants nothing personal is nobody's to try things on.
  if (assigned.experiment != 0 && !(request.personalised && live_.people().read(question.person).personalised)) assigned = {};
  (assigned.interleaved ? question.rival : question.policy) = assigned.policy;
  question.seed = assigned.seed;
  ZAN_ASSIGN(const matching::FeedAnswer answer, feeds_.feed(question));
  NamedFeed named;
  for (const matching::FeedItem& item : answer.items) {
    ZAN_ASSIGN(NamedItem one, this->named(item));
    named.items.push_back(std::move(one));
  }
  named.personalised = answer.personalised;
  named.known = bool(question.person);
  named.model_version = answer.model_version;
  named.candidates = answer.candidates;
  named.at = question.scene.at;
  named.experiment = assigned.experiment;
  named.arm = assigned.name;
  feeds_answered_.fetch_add(1, std::memory_order_relaxed);
  if (request.recorded) record(question, answer, assigned.arm);
  return named;
}

void MatchingView::record(const matching::FeedQuestion& question, const matching::FeedAnswer& answer,
                          matching::Arm arm) {
  if (answer.items.empty()) return;
  matching::Shown shown;
  shown.person = question.person;
  shown.surface = question.scene.surface;
  shown.at = question.scene.at;
  shown.personalised = answer.personalised;
  shown.arm = arm;
  shown.model_version = answer.model_version;
  for (const matching::FeedItem& item : answer.items)
    shown.items.push_back({item.subject, item.source, item.explored, item.of_rival});
  Bytes bytes;
  matching::put_matching_change(bytes, shown);
  if (!command_({{std::move(bytes)}})) shown_lost_.fetch_add(1, std::memory_order_relaxed);
}

Result<std::vector<NamedSimilar>> MatchingView::similar(std::string_view subject, std::size_t count) const {
  ZAN_TRY(ready());
  ZAN_ASSIGN(const std::uint32_t id, number(NameKind::subject, subject, "subject"));
  ZAN_ASSIGN(const auto works, feeds_.similar({id}, count));
  std::vector<NamedSimilar> named;
  for (const matching::SimilarWork& work : works) {
    ZAN_ASSIGN(std::string one, name(work.subject.value));
    named.push_back({std::move(one), work.score, work.by_tags});
  }
  return named;
}

Result<std::vector<NamedForetold>> MatchingView::predict(std::string_view viewer,
                                                         const std::vector<std::string>& subjects,
                                                         std::string_view surface) const {
  ZAN_TRY(ready());
  std::vector<SubjectId> ids;
  for (const std::string& subject : subjects) ids.push_back({find(NameKind::subject, subject)});
  ZAN_ASSIGN(const auto foretold,
             feeds_.predict({find(NameKind::person, viewer)}, ids, scene(surface, {}, Timestamp{})));
  std::vector<NamedForetold> named;
  for (std::size_t i = 0; i < foretold.size(); ++i) named.push_back({subjects[i], foretold[i]});
  return named;
}

Result<std::vector<NamedMatch>> MatchingView::match(std::string_view subject, std::size_t count) const {
  ZAN_TRY(ready());
  ZAN_ASSIGN(const std::uint32_t id, number(NameKind::subject, subject, "subject"));
  ZAN_ASSIGN(const auto people, feeds_.match({id}, count, scene({}, {}, Timestamp{})));
  std::vector<NamedMatch> named;
  for (const matching::MatchedPerson& person : people) {
    ZAN_ASSIGN(std::string one, name(person.person.value));
    if (!one.empty()) named.push_back({std::move(one), person});
  }
  return named;
}

Result<Assumed> MatchingView::assumed_of(std::string_view user) const {
  ZAN_TRY(ready());
  ZAN_ASSIGN(const std::uint32_t id, number(NameKind::person, user, "user"));
  const matching::Person person = live_.people().read({id});
  const std::uint32_t now_s = matching::seconds_of(moment());
  Assumed assumed;
  assumed.personalised = person.personalised;
  assumed.minor = person.minor;
  const auto of = [&](const matching::Taste& stored, matching::WishOf what) {
    const matching::Taste taste = matching::faded(stored, now_s);
    return Assumed::Of{{}, taste.shown, taste.long_views, taste.likes, taste.against, person.wish(what, stored.number)};
  };
  for (const matching::Taste& taste : person.tags) {
    assumed.tags.push_back(of(taste, matching::WishOf::tag));
    assumed.tags.back().name = tags_.name(taste.number);
  }
  for (const matching::Taste& taste : person.creators) {
    assumed.creators.push_back(of(taste, matching::WishOf::creator));
    ZAN_ASSIGN(assumed.creators.back().name, name(taste.number));
  }
  for (const matching::PersonWish& wish : person.wishes) {
    const bool of_tag = wish.of == matching::WishOf::tag;
    if (of_tag ? person.taste_of_tag(wish.number) != nullptr : person.taste_of_creator({wish.number}) != nullptr) continue;
    Assumed::Of one;
    one.wish = wish.wish;
    if (of_tag) {
      one.name = tags_.name(wish.number);
    } else {
      ZAN_ASSIGN(one.name, name(wish.number));
    }
    (of_tag ? assumed.tags : assumed.creators).push_back(std::move(one));
  }
  for (auto* list : {&assumed.tags, &assumed.creators}) {
    std::stable_sort(list->begin(), list->end(), [](const Assumed::Of& a, const Assumed::Of& b) {
      return a.long_views + 2 * a.likes - a.against > b.long_views + 2 * b.likes - b.against;
    });
  }
  for (auto one = person.recent.rbegin(); one != person.recent.rend(); ++one) {
    ZAN_ASSIGN(std::string work, name(live_.works().subject_of(one->work).value));
    assumed.taken.push_back(std::move(work));
  }
  for (auto one = person.disliked.rbegin(); one != person.disliked.rend(); ++one) {
    ZAN_ASSIGN(std::string work, name(live_.works().subject_of(*one).value));
    assumed.disliked.push_back(std::move(work));
  }
  for (auto one = person.followed.rbegin(); one != person.followed.rend(); ++one) {
    ZAN_ASSIGN(std::string creator, name(one->value));
    assumed.followed.push_back(std::move(creator));
  }
  return assumed;
}

Result<std::vector<NamedRuleEntry>> MatchingView::rules() const {
  ZAN_TRY(ready());
  std::vector<NamedRuleEntry> named;
  const auto rules = feeds_.rules();
  for (const matching::FeedRules::Entry& entry : rules->entries()) {
    NamedRuleEntry one{{entry.rule, {}, {}, {}}, entry.made_at, entry.ended_at, entry.ended_by, entry.ended_why};
    ZAN_ASSIGN(one.rule.subject, name(entry.rule.subject.value));
    ZAN_ASSIGN(one.rule.creator, name(entry.rule.creator.value));
    ZAN_ASSIGN(one.rule.surface, name(entry.rule.surface.value));
    named.push_back(std::move(one));
  }
  return named;
}

namespace {

Result<Bytes> checked_record(const matching::MatchingChange& change) {
  ZAN_TRY(matching::check(change));
  Bytes record;
  matching::put_matching_change(record, change);
  return record;
}

}  // namespace

Result<Bytes> MatchingView::record_of(std::string_view user, const NamedWish& wish) {
  matching::Wished wished;
  ZAN_ASSIGN(wished.person.value, number(NameKind::person, user, "user"));
  wished.wish = wish.wish;
  wished.tag = wish.tag;
  if (!wish.creator.empty()) {
    ZAN_ASSIGN(wished.creator.value, number(NameKind::creator, wish.creator, "creator"));
  }
  return checked_record(wished);
}

Result<Bytes> MatchingView::record_of(const NamedShown& shown) {
  matching::Shown said;
  ZAN_ASSIGN(said.person.value, number(NameKind::person, shown.viewer, "user"));
  said.surface = {find(NameKind::term, shown.surface)};
  said.at = shown.at.us == 0 ? core_.clock().now() : shown.at;
  for (const SubjectId subject : subjects(shown.subjects)) said.items.push_back({subject});
  if (said.items.empty()) return not_found("none of the subjects is known");
  return checked_record(said);
}

std::uint64_t MatchingView::fresh_id() {
  const std::lock_guard lock(ids_mutex_);
  std::array<unsigned char, sizeof(std::uint64_t)> bytes{};
  entropy_.fill(bytes);
  std::uint64_t id = 0;
  for (const unsigned char byte : bytes) id = id << 8 | byte;
  return id;
}

Result<Bytes> MatchingView::record_of(NamedRule& rule) {
  ZAN_TRY(ready());
  matching::FeedRule& said = rule.rule;
  if (!rule.subject.empty()) {
    ZAN_ASSIGN(said.subject.value, number(NameKind::subject, rule.subject, "subject"));
  }
  if (!rule.creator.empty()) {
    ZAN_ASSIGN(said.creator.value, number(NameKind::creator, rule.creator, "creator"));
  }
  if (!rule.surface.empty()) {
    ZAN_ASSIGN(said.surface.value, number(NameKind::term, rule.surface, "surface"));
  }
  said.id = fresh_id();
  matching::FeedRules trial = *feeds_.rules();
  ZAN_TRY(trial.add(said, moment()));
  return checked_record(said);
}

Result<Bytes> MatchingView::record_of(const matching::RuleEnded& ended) {
  ZAN_TRY(ready());
  matching::FeedRules trial = *feeds_.rules();
  ZAN_TRY(trial.end(ended, moment()));
  return checked_record(ended);
}

Result<Bytes> MatchingView::record_of(const matching::PolicySet& set) { return checked_record(set); }

Result<std::vector<matching::Experiments::Entry>> MatchingView::experiments() const {
  ZAN_TRY(ready());
  return experiments_.entries();
}

Result<Bytes> MatchingView::record_of(matching::ExperimentStarted& started) {
  ZAN_TRY(ready());
  started.id = fresh_id();
  ZAN_TRY(experiments_.fits(started));
  return checked_record(started);
}

Result<Bytes> MatchingView::record_of(const matching::ExperimentEnded& ended) {
  ZAN_TRY(ready());
  ZAN_TRY(experiments_.fits(ended));
  return checked_record(ended);
}

Result<void> MatchingView::await(Position position) {
  std::unique_lock lock(mutex_);
  follower_.wake();
  if (moved_.wait_for(lock, await_most, [&] { return status_.position >= position; })) return {};
  return unavailable("it is recorded, and matching has not come to it yet");
}

}  // namespace zan::engine
