#include "matching/feed/feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/hash.h"
#include "matching/experiment/interleaving.h"
#include "matching/feed/places.h"
#include "matching/feed/weigh.h"

namespace zan::matching {
namespace {

// Of each feed so many are weighed; the others fell behind by what their sources say.
constexpr std::size_t weighed_a_place = 5, weighed_min = 100, weighed_max = 150;
constexpr std::size_t read_ahead = 8;  // works

struct FeedWork {
  const Community& live;
  const Policy* policy;
  const FeedRules& rules;
  const Models* models;
  const FeedQuestion& question;
  Person person = {};
  bool personalised = true;
  std::uint32_t now_s = 0;
  std::size_t shown_before = 0;  // to this person, ever
  float crowding = 0, mean_shown = 1;
  KnownTastes known = {};
  std::vector<WorkRow> gone = {};  // what may not be shown again; sorted

  [[nodiscard]] bool is_gone(WorkRow row) const { return std::binary_search(gone.begin(), gone.end(), row); }
};

// Of a session all that is known are the works it names.
Person person_of_session(const Community& live, const FeedQuestion& question) {
  People session(1);
  constexpr PersonId somebody{1};
  for (const SubjectId subject : question.session) {
    const WorkRow row = live.works().row_of(subject);
    if (row == no_work) continue;
    Deed watched;
    watched.person = somebody;
    watched.subject = subject;
    watched.doing = Doing::complete;
    watched.at = question.scene.at;
    session.did(row, live.works().read(row), watched);
  }
  Person person = session.read(somebody);
  person.id = {};
  return person;
}

// Where nothing of theirs may be looked at, only what they refused, what they have seen, and that they are a minor holds.
Person without_taste(Person person) {
  Person bare;
  bare.minor = person.minor;
  bare.personalised = false;
  bare.seen = std::move(person.seen);
  bare.disliked = std::move(person.disliked);
  for (const PersonWish& wish : person.wishes) {
    if (wish.wish == Wish::never) bare.wishes.push_back(wish);
  }
  return bare;
}

std::vector<WorkRow> gone_of(const FeedWork& work) {
  std::vector<WorkRow> gone = work.person.disliked;
  const std::uint32_t seen_s = work.policy->seen_days * 86'400;
  for (const Seen& seen : work.person.seen) {
    if (seen.at_s + std::uint64_t{seen_s} > work.now_s) gone.push_back(seen.work);
  }
  for (const SubjectId subject : work.question.not_these) {
    if (const WorkRow row = work.live.works().row_of(subject); row != no_work) gone.push_back(row);
  }
  std::sort(gone.begin(), gone.end());
  gone.erase(std::unique(gone.begin(), gone.end()), gone.end());
  return gone;
}

bool is_refused(const Person& person, const WorkView& view) {
  if (view.creator && person.wish(WishOf::creator, view.creator.value) == Wish::never) return true;
  const auto tags = view.tag_span();
  return std::any_of(tags.begin(), tags.end(),
                     [&](std::uint32_t tag) { return person.wish(WishOf::tag, tag) == Wish::never; });
}

bool may_show(const FeedWork& work, const WorkView& view) {
  if (view.adults_only && work.person.minor) return false;
  if (is_refused(work.person, view)) return false;
  return work.rules.block_of(view, work.question.scene.surface, work.question.scene.at) == nullptr;
}

// What sources found and may be shown, what stands highest with them; a quarter of it of those who may explore.
std::vector<Weighed> shortlist(const FeedWork& work, std::vector<Candidate> found) {
  std::sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
    return a.standing != b.standing ? a.standing > b.standing : a.work < b.work;
  });
  const std::size_t weighed = std::clamp(weighed_a_place * work.question.limit, weighed_min, weighed_max);
  const std::size_t explorers = weighed / 4;
  std::vector<Weighed> kept;
  std::size_t others = 0, exploring = 0;
  for (std::size_t at = 0; at < found.size(); ++at) {
    if (at + read_ahead < found.size()) work.live.works().prefetch(found[at + read_ahead].work);
    const Candidate& candidate = found[at];
    if (work.is_gone(candidate.work)) continue;
    Weighed one{candidate, work.live.works().read(candidate.work)};
    const bool explores = may_explore(*work.policy, one.view, work.now_s);
    std::size_t& count = explores ? exploring : others;
    if (count >= (explores ? explorers : weighed - explorers) || !may_show(work, one.view)) continue;
    ++count;
    kept.push_back(one);
  }
  return kept;
}

// Rules and wishes that make more or less of a work.
void apply_boosts(const FeedWork& work, std::span<Weighed> works) {
  for (Weighed& one : works) {
    float factor = 1;
    if (const FeedRule* boost = work.rules.boost_of(one.view, work.question.scene.surface, work.question.scene.at))
      factor *= boost->factor;
    const Wish wish = one.view.creator ? work.person.wish(WishOf::creator, one.view.creator.value) : Wish::none;
    if (wish == Wish::more) factor *= 1.5F;
    if (wish == Wish::less) factor *= 0.5F;
    for (const std::uint32_t tag : one.view.tag_span()) {
      if (work.person.wish(WishOf::tag, tag) == Wish::less) factor *= 0.5F;
    }
    if (factor != 1) one.worth = one.worth > 0 ? one.worth * factor : one.worth / factor;
  }
}

std::vector<Reason> reasons_of(const FeedWork& work, const Weighed& one) {
  std::vector<Reason> reasons;
  for (std::size_t kind = 1; kind < source_count; ++kind) {
    const auto source = static_cast<SourceKind>(kind);
    if ((one.candidate.sources & bit(source)) == 0) continue;
    Reason reason;
    reason.kind = source;
    if (source == SourceKind::similar && one.candidate.because != no_work)
      reason.work = work.live.works().subject_of(one.candidate.because);
    if (source == SourceKind::content) reason.tag = one.candidate.because_tag;
    if (source == SourceKind::followed) reason.creator = one.view.creator;
    reasons.push_back(reason);
  }
  if (const FeedRule* boost = work.rules.boost_of(one.view, work.question.scene.surface, work.question.scene.at)) {
    Reason reason;
    reason.kind = SourceKind::pinned;
    reason.rule = boost->id;
    reasons.push_back(reason);
  }
  return reasons;
}

FeedItem item_of(const FeedWork& work, const Weighed& one, bool explored) {
  FeedItem item;
  item.subject = one.view.subject;
  item.creator = one.view.creator;
  item.source = one.candidate.source;
  item.explored = explored;
  item.chances = one.chances;
  item.worth = one.worth;
  item.deviation = one.deviation;
  item.reasons = reasons_of(work, one);
  return item;
}

// What is pinned or paid for takes the place of the last that is not of the share for the new: places of that share lie
// where they lie, for some always last, and a pin would end it.
void make_room(std::size_t limit, std::vector<FeedItem>& items) {
  while (items.size() > limit) {
    const auto last = std::find_if(items.rbegin(), items.rend(), [](const FeedItem& item) {
      return !item.explored && item.source != SourceKind::pinned && !is_paid(item.source);
    });
    items.erase(last == items.rend() ? items.end() - 1 : last.base() - 1);
  }
}

// What has its place by somebody's word, and not by what it is worth.
FeedItem placed_item(const FeedWork& work, WorkRow row, const WorkView& view, SourceKind by) {
  std::vector<Weighed> one{{Candidate{row}, view}};
  weigh(work.live, work.models, *work.policy, work.person, work.known, work.question.scene, one);
  FeedItem item = item_of(work, one[0], false);
  item.source = by;
  item.reasons.assign(1, Reason{});
  item.reasons[0].kind = by;
  return item;
}

void put_pins(const FeedWork& work, std::vector<FeedItem>& items) {
  for (const FeedRule* pin : work.rules.pins(work.question.scene.surface, work.question.scene.at)) {
    const WorkRow row = work.live.works().row_of(pin->subject);
    if (row == no_work || work.is_gone(row)) continue;
    const WorkView view = work.live.works().read(row);
    if (!may_show(work, view)) continue;
    std::erase_if(items, [&](const FeedItem& item) { return item.subject == pin->subject; });
    FeedItem item = placed_item(work, row, view, SourceKind::pinned);
    item.reasons[0].rule = pin->id;
    const std::size_t place = std::min<std::size_t>(pin->place - 1, items.size());
    items.insert(items.begin() + static_cast<std::ptrdiff_t>(place), std::move(item));
  }
  make_room(work.question.limit, items);
}

void put_campaigns(const FeedWork& work, const CampaignPlaces* campaigns, std::vector<FeedItem>& items) {
  const std::size_t places = work.question.limit / places_a_campaign_place;
  if (campaigns == nullptr || places == 0 || work.person.minor) return;
  const PersonId asked_for = work.personalised ? work.question.person : PersonId{};
  std::size_t given = 0;
  for (const CampaignOffer& offer : campaigns->offers({asked_for, work.question.scene, places})) {
    if (given == places) break;
    const WorkRow row = work.live.works().row_of(offer.subject);
    if (row == no_work || offer.campaign == 0 || work.is_gone(row)) continue;
    const bool stands = std::any_of(items.begin(), items.end(),
                                    [&](const FeedItem& item) { return item.subject == offer.subject; });
    const WorkView view = work.live.works().read(row);
    const std::size_t place = (given + 1) * places_a_campaign_place - 1;
    if (stands || place > items.size() || !may_show(work, view)) continue;
    FeedItem item = placed_item(work, row, view, SourceKind::campaign);
    item.campaign = offer.campaign;
    make_room(work.question.limit - 1, items);
    items.insert(items.begin() + static_cast<std::ptrdiff_t>(std::min(place, items.size())), std::move(item));
    ++given;
  }
}

struct Ranked {
  std::vector<FeedItem> items;
  std::size_t candidates = 0;
};

// The feed by one policy, before anything has its place by somebody's word.
Ranked rank(const FeedWork& work) {
  const Asking asking{work.live,  work.person, work.question.scene,
                      work.known, work.gone,   static_cast<float>(work.policy->explore_shown_max)};
  std::vector<Candidate> found = gather(asking, work.personalised);
  Ranked ranked{{}, found.size()};
  std::vector<Weighed> works = shortlist(work, std::move(found));
  weigh(work.live, work.models, *work.policy, work.person, work.known, work.question.scene, works);
  apply_boosts(work, works);
  const PlaceRules rules{work.policy, work.question.limit, work.shown_before,
                         work.now_s,  work.crowding,       work.mean_shown};
  for (const Place& place : give_places(rules, works))
    ranked.items.push_back(item_of(work, works[place.work], place.explored));
  return ranked;
}

// Both policies' feeds as one, in which no creator has more places than the more generous of them gives.
Ranked draft(const FeedWork& work, const Policy& rival) {
  FeedWork other = work;
  other.policy = &rival;
  other.gone = gone_of(other);
  std::array<Ranked, 2> ranked{rank(work), rank(other)};
  std::array<std::vector<SubjectId>, 2> lists;
  std::array<std::unordered_map<SubjectId, FeedItem*>, 2> items;
  std::unordered_map<SubjectId, CreatorId> creators;
  for (std::size_t team = 0; team < 2; ++team) {
    for (FeedItem& item : ranked[team].items) {
      lists[team].push_back(item.subject);
      items[team][item.subject] = &item;
      creators[item.subject] = item.creator;
    }
  }
  const auto of_creator_max = std::max(work.policy->per_creator_max, rival.per_creator_max);
  const auto may_add = [&](std::span<const SubjectId> list, SubjectId subject) {
    const CreatorId creator = creators.at(subject);
    const auto same = [&](SubjectId one) { return creators.at(one) == creator; };
    return !creator || std::count_if(list.begin(), list.end(), same) < std::ptrdiff_t{of_creator_max};
  };
  const std::uint64_t seed = mix64(work.question.seed ^ static_cast<std::uint64_t>(work.question.scene.at.us));
  const Interleaved list = interleave(lists[0], lists[1], work.question.limit, seed, may_add);
  Ranked drafted{{}, ranked[0].candidates};
  for (std::size_t i = 0; i < list.works.size(); ++i) {
    const auto team = static_cast<std::size_t>(list.teams[i]);
    drafted.items.push_back(std::move(*items[team].at(list.works[i])));
    drafted.items.back().of_rival = list.teams[i] == Team::b;
  }
  return drafted;
}

}  // namespace

Feeds::Feeds(const Community& live) : live_(live) {
  serving_.models = std::make_shared<const Models>();
  serving_.policy = std::make_shared<const Policy>();
  serving_.rules = std::make_shared<const FeedRules>();
}

void Feeds::set(std::shared_ptr<const Models> models) {
  const std::lock_guard lock(mutex_);
  serving_.models.swap(models);
}

void Feeds::set(std::shared_ptr<const Policy> policy) {
  const std::lock_guard lock(mutex_);
  serving_.policy.swap(policy);
}

void Feeds::set(std::shared_ptr<const FeedRules> rules) {
  const std::lock_guard lock(mutex_);
  serving_.rules.swap(rules);
}

void Feeds::set(std::shared_ptr<const CampaignPlaces> campaigns) {
  const std::lock_guard lock(mutex_);
  serving_.campaigns.swap(campaigns);
}

void Feeds::set_crowding(float crowding, float mean_shown) {
  const std::lock_guard lock(mutex_);
  serving_.crowding = crowding;
  serving_.mean_shown = mean_shown;
}

std::shared_ptr<const Models> Feeds::models() const { return serving().models; }
std::shared_ptr<const Policy> Feeds::policy() const { return serving().policy; }
std::shared_ptr<const FeedRules> Feeds::rules() const { return serving().rules; }

Feeds::Serving Feeds::serving() const {
  const std::lock_guard lock(mutex_);
  return serving_;
}

Result<FeedAnswer> Feeds::feed(const FeedQuestion& question) const {
  if (question.limit < 1 || question.limit > feed_limit_max)
    return invalid(fmt::format("from 1 to {}", feed_limit_max), "limit");
  if (question.session.size() > session_works_max)
    return invalid(fmt::format("at most {} works", session_works_max), "session");
  if (question.not_these.size() > seen_max) return invalid(fmt::format("at most {} works", seen_max), "not_these");
  Serving serving = this->serving();
  if (question.policy != nullptr) serving.policy = question.policy;
  Person person = question.person ? live_.people().read(question.person) : person_of_session(live_, question);
  const bool personalised = question.personalised && person.personalised;
  FeedWork work{live_, serving.policy.get(), *serving.rules, serving.models.get(), question};
  work.shown_before = static_cast<std::size_t>(person.ever.shown);
  work.person = personalised ? std::move(person) : without_taste(std::move(person));
  work.personalised = personalised;
  work.now_s = seconds_of(question.scene.at);
  work.crowding = serving.crowding;
  work.mean_shown = serving.mean_shown;
  work.known = KnownTastes(work.models->collaborative.get(), live_.works(), work.person, work.now_s);
  work.gone = gone_of(work);
  Ranked ranked = question.rival == nullptr ? rank(work) : draft(work, *question.rival);
  FeedAnswer answer{std::move(ranked.items), personalised, work.models->version, ranked.candidates};
  put_pins(work, answer.items);
  put_campaigns(work, serving.campaigns.get(), answer.items);
  return answer;
}

Result<std::vector<Foretold>> Feeds::predict(PersonId who, std::span<const SubjectId> subjects,
                                             const Scene& scene) const {
  if (subjects.size() > predict_works_max) return invalid(fmt::format("at most {} works", predict_works_max), "subjects");
  const Serving serving = this->serving();
  Person person = live_.people().read(who);
  if (!person.personalised) person = without_taste(std::move(person));
  std::vector<Foretold> foretold(subjects.size());
  std::vector<Weighed> works;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    foretold[i].subject = subjects[i];
    const WorkRow row = live_.works().row_of(subjects[i]);
    if (row == no_work) continue;
    works.push_back({Candidate{row}, live_.works().read(row)});
    places.push_back(i);
  }
  const KnownTastes known(serving.models->collaborative.get(), live_.works(), person, seconds_of(scene.at));
  weigh(live_, serving.models.get(), *serving.policy, person, known, scene, works);
  for (std::size_t i = 0; i < works.size(); ++i) {
    Foretold& one = foretold[places[i]];
    one.known = true;
    one.chances = works[i].chances;
    one.worth = works[i].worth;
    one.deviation = works[i].deviation;
  }
  return foretold;
}

}  // namespace zan::matching
