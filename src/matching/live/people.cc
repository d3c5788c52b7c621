#include "matching/live/people.h"

#include <algorithm>
#include <cmath>

namespace zan::matching {
namespace {

constexpr float long_view_weight = 1, like_weight = 2, word_weight = 1.5F, taken_weight_max = 4;
constexpr float leave_against = 1, dislike_against = 3;

// Bounded lists, oldest first.
template <typename T>
void append_bounded(std::vector<T>& list, T value, std::size_t count_max) {
  if (list.size() >= count_max) list.erase(list.begin());
  list.push_back(value);
}

template <typename T>
void append_once(std::vector<T>& list, T value, std::size_t count_max) {
  std::erase(list, value);
  append_bounded(list, value, count_max);
}

template <typename List>
auto find_work(List& list, WorkRow row) {
  return std::find_if(list.begin(), list.end(), [row](const auto& one) { return one.work == row; });
}

float strength(const Taste& taste) { return taste.shown + taste.long_views + 2 * taste.likes + taste.against; }

// The taste of that number as of `at_s`; where there are too many, the faintest makes room.
Taste& taste_of(std::vector<Taste>& tastes, std::uint32_t number, std::uint32_t at_s) {
  const auto found = std::find_if(tastes.begin(), tastes.end(), [&](const Taste& one) { return one.number == number; });
  if (found != tastes.end()) {
    *found = faded(*found, at_s);
    return *found;
  }
  if (tastes.size() >= tastes_max) {
    const auto faintest = std::min_element(tastes.begin(), tastes.end(), [at_s](const Taste& a, const Taste& b) {
      return strength(faded(a, at_s)) < strength(faded(b, at_s));
    });
    *faintest = {number, at_s};
    return *faintest;
  }
  tastes.push_back({number, at_s});
  return tastes.back();
}

// Calls change(taste) for each tag of the work and for its creator.
template <typename Change>
void change_tastes(Person& person, const WorkView& view, std::uint32_t at_s, const Change& change) {
  for (const std::uint32_t tag : view.tag_span()) change(taste_of(person.tags, tag, at_s));
  if (view.creator) change(taste_of(person.creators, view.creator.value, at_s));
}

void take(Person& person, WorkRow row, std::uint32_t at_s, float weight, Signals signals) {
  Taken taken{row, at_s, 0, 0};
  if (const auto found = find_work(person.recent, row); found != person.recent.end()) {
    taken = *found;
    person.recent.erase(found);
  }
  taken.weight = std::min(taken_weight_max, taken.weight + weight);
  taken.signals |= signals;
  taken.at_s = std::max(taken.at_s, at_s);
  append_bounded(person.recent, taken, recent_max);
}

void untake(Person& person, WorkRow row, float weight, Signals signals) {
  const auto found = find_work(person.recent, row);
  if (found == person.recent.end()) return;
  found->weight -= weight;
  found->signals &= static_cast<Signals>(~signals);
  if (found->weight <= 0) person.recent.erase(found);
}

Signals signals_of(const Deed& deed) {
  switch (deed.doing) {
    case Doing::view:
      return signals_of_view(deed.watch_ms, deed.duration_ms);
    case Doing::complete:
      return bit(Signal::click) | bit(Signal::long_view);
    case Doing::like:
      return bit(Signal::like);
    case Doing::dislike:
      return bit(Signal::dislike);
    case Doing::comment:
      return bit(Signal::comment);
    case Doing::follow:
      return bit(Signal::follow);
    case Doing::unlike:
    case Doing::unfollow:
    case Doing::share:
    case Doing::visit:
      return 0;
  }
  return 0;
}

float one_if(Signals signals, Signal signal) { return has(signals, signal) ? 1.0F : 0.0F; }

float weight_of(Signals fresh, Doing doing) {
  float weight = doing == Doing::share ? word_weight : 0;
  if (has(fresh, Signal::long_view)) weight += long_view_weight;
  if (has(fresh, Signal::like)) weight += like_weight;
  if (has(fresh, Signal::comment)) weight += word_weight;
  return weight;
}

// A share is a sign, and none of the seven signals.
void heard_for(Person& person, WorkRow row, const WorkView& view, const Deed& deed, Signals fresh) {
  const std::uint32_t at_s = seconds_of(deed.at);
  if (fresh != 0) {
    change_tastes(person, view, at_s, [fresh](Taste& taste) {
      taste.clicks += one_if(fresh, Signal::click);
      taste.long_views += one_if(fresh, Signal::long_view);
      taste.likes += one_if(fresh, Signal::like);
      taste.against += leave_against * one_if(fresh, Signal::leave) + dislike_against * one_if(fresh, Signal::dislike);
    });
  }
  for (std::size_t i = 0; i < signal_count; ++i) person.ever.of[i] += one_if(fresh, static_cast<Signal>(i));
  if (const float weight = weight_of(fresh, deed.doing); weight > 0) take(person, row, at_s, weight, fresh);
  if (has(fresh, Signal::dislike)) {
    append_once(person.disliked, row, disliked_max);
    if (const auto taken = find_work(person.recent, row); taken != person.recent.end()) person.recent.erase(taken);
  }
}

// Of a like, a dislike or a follow.
void withdraw(Person& person, WorkRow row, const WorkView& view, std::uint32_t at_s, Signals withdrawn) {
  if (has(withdrawn, Signal::like)) untake(person, row, like_weight, bit(Signal::like));
  change_tastes(person, view, at_s, [withdrawn](Taste& taste) {
    if (has(withdrawn, Signal::like)) taste.likes = std::max(0.0F, taste.likes - 1);
    if (has(withdrawn, Signal::dislike)) taste.against = std::max(0.0F, taste.against - dislike_against);
  });
  for (std::size_t i = 0; i < signal_count; ++i) {
    if (has(withdrawn, static_cast<Signal>(i))) person.ever.of[i] = std::max(0.0F, person.ever.of[i] - 1);
  }
}

// What of a showing is no longer true after the deed: a dislike replaces a like, and the other way round.
Signals ended_by(const Deed& deed) {
  switch (deed.doing) {
    case Doing::like:
      return bit(Signal::dislike);
    case Doing::dislike:
      return bit(Signal::like);
    case Doing::unlike:
      return bit(Signal::like) | bit(Signal::dislike);
    case Doing::unfollow:
      return bit(Signal::follow);
    default:
      return 0;
  }
}

void set_follows(Person& person, CreatorId creator, bool follows) {
  if (!creator) return;
  if (follows) {
    append_once(person.followed, creator, followed_max);
  } else {
    std::erase(person.followed, creator);
  }
}

Seen& show(Person& person, WorkRow row, const WorkView& view, std::uint32_t at_s) {
  if (const auto before = find_work(person.seen, row); before != person.seen.end()) person.seen.erase(before);
  append_bounded(person.seen, {row, at_s, 0}, seen_max);
  person.ever.shown += 1;
  change_tastes(person, view, at_s, [](Taste& taste) { taste.shown += 1; });
  return person.seen.back();
}

void lived(Person& person, std::uint32_t at_s) {
  if (person.first_s == 0 || at_s < person.first_s) person.first_s = at_s;
  person.last_s = std::max(person.last_s, at_s);
}

}  // namespace

Taste faded(Taste taste, std::uint32_t now_s) {
  if (now_s <= taste.at_s) return taste;
  const auto by = static_cast<float>(std::exp2(-static_cast<double>(now_s - taste.at_s) / taste_half_life_s));
  for (float* sum : {&taste.shown, &taste.clicks, &taste.long_views, &taste.likes, &taste.against}) *sum *= by;
  taste.at_s = now_s;
  return taste;
}

const Taste* Person::taste_of_tag(std::uint32_t tag) const {
  const auto found = std::find_if(tags.begin(), tags.end(), [tag](const Taste& one) { return one.number == tag; });
  return found == tags.end() ? nullptr : &*found;
}

const Taste* Person::taste_of_creator(CreatorId creator) const {
  const auto found = std::find_if(creators.begin(), creators.end(),
                                  [creator](const Taste& one) { return one.number == creator.value; });
  return found == creators.end() ? nullptr : &*found;
}

const Seen* Person::seen_of(WorkRow work) const {
  const auto found = std::find_if(seen.begin(), seen.end(), [work](const Seen& one) { return one.work == work; });
  return found == seen.end() ? nullptr : &*found;
}

bool Person::follows(CreatorId creator) const {
  return std::find(followed.begin(), followed.end(), creator) != followed.end();
}

Wish Person::wish(WishOf of, std::uint32_t number) const {
  const auto found = std::find_if(wishes.begin(), wishes.end(),
                                  [&](const PersonWish& one) { return one.of == of && one.number == number; });
  return found == wishes.end() ? Wish::none : found->wish;
}

People::People(std::size_t people_max)
    : shard_people_max_(std::max<std::size_t>(1, people_max / shards)),
      shards_(std::make_unique<std::array<Shard, shards>>()) {}

People::~People() = default;

// REQUIRES: the shard is locked.
Person& People::person_of(Shard& shard, PersonId person) {
  const auto found = shard.people.find(person.value);
  if (found != shard.people.end()) return found->second;
  if (shard.people.size() >= shard_people_max_) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> away;  // last deed, number
    away.reserve(shard.people.size());
    for (const auto& [number, known] : shard.people) away.emplace_back(known.last_s, number);
    const auto going = away.begin() + static_cast<std::ptrdiff_t>(away.size() / 16);
    std::nth_element(away.begin(), going, away.end());
    for (auto one = away.begin(); one <= going; ++one) shard.people.erase(one->second);
  }
  Person& fresh = shard.people[person.value];
  fresh.id = person;
  return fresh;
}

void People::put(const PersonFacts& facts) {
  Shard& shard = shard_of(facts.person);
  const std::lock_guard lock(shard.mutex);
  Person& person = person_of(shard, facts.person);
  person.region = facts.region;
  person.minor = facts.minor;
  person.personalised = facts.personalised;
  person.activity = facts.activity;
}

void People::wish(PersonId who, const PersonWish& wish) {
  Shard& shard = shard_of(who);
  const std::lock_guard lock(shard.mutex);
  std::vector<PersonWish>& wishes = person_of(shard, who).wishes;
  std::erase_if(wishes, [&](const PersonWish& one) { return one.of == wish.of && one.number == wish.number; });
  if (wish.wish != Wish::none) append_bounded(wishes, wish, wishes_max);
}

void People::shown(PersonId who, WorkRow row, const WorkView& view, Timestamp at) {
  Shard& shard = shard_of(who);
  const std::lock_guard lock(shard.mutex);
  Person& person = person_of(shard, who);
  show(person, row, view, seconds_of(at));
  lived(person, seconds_of(at));
}

void People::shown_for_pay(PersonId who, WorkRow row, Timestamp at) {
  Shard& shard = shard_of(who);
  const std::lock_guard lock(shard.mutex);
  Person& person = person_of(shard, who);
  if (const auto before = find_work(person.seen, row); before != person.seen.end()) person.seen.erase(before);
  append_bounded(person.seen, {row, seconds_of(at), 0, true}, seen_max);
}

// What somebody refuses holds, whoever paid for the showing; so does whom they follow.
Heard People::did(WorkRow row, const WorkView& view, const Deed& deed) {
  Shard& shard = shard_of(deed.person);
  const std::lock_guard lock(shard.mutex);
  Person& person = person_of(shard, deed.person);
  const std::uint32_t at_s = seconds_of(deed.at);
  lived(person, at_s);
  const Signals said = signals_of(deed), ended = ended_by(deed);
  const bool takes_back = deed.doing == Doing::unlike || deed.doing == Doing::unfollow;
  Heard heard;
  auto seen = find_work(person.seen, row);
  const bool paid = seen != person.seen.end() && seen->paid;
  if (seen == person.seen.end() && !takes_back) {
    heard.unshown = true;
    show(person, row, view, at_s);
    seen = person.seen.end() - 1;
  }
  if (paid) {
    if (deed.doing == Doing::dislike) append_once(person.disliked, row, disliked_max);
  } else if (seen != person.seen.end()) {
    heard.fresh = said & static_cast<Signals>(~seen->signals);
    heard.withdrawn = ended & seen->signals;
    seen->signals = static_cast<Signals>((seen->signals | said) & ~ended);
  } else if (const auto taken = find_work(person.recent, row); taken != person.recent.end()) {
    heard.withdrawn = ended & taken->signals;  // the showing is forgotten, that they took to it is not
  }
  if (!paid) heard_for(person, row, view, deed, heard.fresh);
  if (heard.withdrawn != 0) withdraw(person, row, view, at_s, heard.withdrawn);
  if (deed.doing == Doing::unlike || deed.doing == Doing::like) std::erase(person.disliked, row);
  if (deed.doing == Doing::follow || deed.doing == Doing::unfollow)
    set_follows(person, deed.creator ? deed.creator : view.creator, deed.doing == Doing::follow);
  return heard;
}

void People::follow(PersonId who, CreatorId creator, bool follows) {
  Shard& shard = shard_of(who);
  const std::lock_guard lock(shard.mutex);
  set_follows(person_of(shard, who), creator, follows);
}

void People::erase(PersonId person) {
  Shard& shard = shard_of(person);
  const std::lock_guard lock(shard.mutex);
  shard.people.erase(person.value);
}

Person People::read(PersonId person) const {
  const Shard& shard = shard_of(person);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.people.find(person.value);
  return found == shard.people.end() ? Person{} : found->second;
}

std::uint32_t People::activity_of(PersonId person) const {
  const Shard& shard = shard_of(person);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.people.find(person.value);
  return found == shard.people.end() ? 0 : found->second.activity;
}

std::size_t People::size() const {
  std::size_t size = 0;
  for (const Shard& shard : *shards_) {
    const std::lock_guard lock(shard.mutex);
    size += shard.people.size();
  }
  return size;
}

std::size_t People::bytes() const {
  std::size_t bytes = sizeof(*this) + sizeof(*shards_);
  for (const Shard& shard : *shards_) {
    const std::lock_guard lock(shard.mutex);
    bytes += shard.people.bucket_count() * sizeof(void*);
    for (const auto& [number, person] : shard.people) {
      bytes += sizeof(std::pair<const std::uint32_t, Person>) + 2 * sizeof(void*);
      bytes += person.recent.capacity() * sizeof(Taken) + person.seen.capacity() * sizeof(Seen) +
               person.disliked.capacity() * sizeof(WorkRow) + person.followed.capacity() * sizeof(CreatorId) +
               (person.tags.capacity() + person.creators.capacity()) * sizeof(Taste) +
               person.wishes.capacity() * sizeof(PersonWish);
    }
  }
  return bytes;
}

std::vector<PersonId> People::in_shard(std::size_t number) const {
  const Shard& shard = (*shards_)[number];
  const std::lock_guard lock(shard.mutex);
  std::vector<PersonId> all;
  all.reserve(shard.people.size());
  for (const auto& [person, known] : shard.people) all.push_back({person});
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace zan::matching
