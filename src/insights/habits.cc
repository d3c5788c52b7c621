#include "insights/habits.h"

#include <algorithm>

#include "base/clock.h"
#include "base/hash.h"

namespace zan::insights {
namespace {

constexpr std::int64_t first_day_of_1970 = 3;  // days after a Monday

std::uint64_t rank_of(std::uint32_t person) { return mix64(person * 0x9e3779b97f4a7c15ULL); }

template <typename Likers>
auto place(Likers& likers, std::uint32_t person) {
  return std::lower_bound(likers.begin(), likers.end(), rank_of(person),
                          [](const auto& liker, std::uint64_t rank) { return rank_of(liker.person) < rank; });
}

}  // namespace

std::size_t hour_of_week(std::int64_t local_us) {
  const std::int64_t hour = std::max<std::int64_t>(0, local_us) / us_per_hour + first_day_of_1970 * 24;
  return static_cast<std::size_t>(hour % static_cast<std::int64_t>(hours_a_week));
}

void Habits::acted(PersonId person, std::size_t hour) {
  auto known = people_.find(person.value);
  if (known == people_.end()) {
    if (people_.size() == people_max_) return;
    known = people_.emplace(person.value, std::vector<Hour>()).first;
  }
  std::vector<Hour>& hours = known->second;
  const auto found = std::lower_bound(hours.begin(), hours.end(), hour,
                                      [](const Hour& one, std::size_t of) { return one.hour < of; });
  if (found == hours.end() || found->hour != hour) {
    hours.insert(found, {static_cast<std::uint8_t>(hour), 1});
    return;
  }
  if (++found->count < 255) return;
  for (Hour& one : hours) one.count = static_cast<std::uint8_t>(one.count / 2);
  std::erase_if(hours, [](const Hour& one) { return one.count == 0; });
}

void Habits::unsaid(PersonId person, std::size_t hour) {
  const auto known = people_.find(person.value);
  if (known == people_.end()) return;
  const auto found = std::find_if(known->second.begin(), known->second.end(),
                                  [&](const Hour& one) { return one.hour == hour; });
  if (found != known->second.end() && --found->count == 0) known->second.erase(found);
}

void Habits::likes(PersonId person, CreatorId creator) {
  if (!creator) return;
  std::vector<Liker>& likers = samples_[creator.value];
  const auto found = place(likers, person.value);
  if (found != likers.end() && found->person == person.value) {
    ++found->likes;
    return;
  }
  if (likers.size() == sampled_likers_max && found == likers.end()) return;
  likers.insert(found, {person.value, 1});
  if (likers.size() > sampled_likers_max) likers.pop_back();
}

void Habits::likes_no_more(PersonId person, CreatorId creator) {
  const auto of = samples_.find(creator.value);
  if (of == samples_.end()) return;
  const auto found = place(of->second, person.value);
  if (found == of->second.end() || found->person != person.value || --found->likes != 0) return;
  of->second.erase(found);
  if (of->second.empty()) samples_.erase(of);
}

void Habits::erase(PersonId person) {
  people_.erase(person.value);
  for (auto of = samples_.begin(); of != samples_.end();) {
    const auto found = place(of->second, person.value);
    if (found != of->second.end() && found->person == person.value) of->second.erase(found);
    of = of->second.empty() ? samples_.erase(of) : std::next(of);
  }
}

Presence Habits::of(CreatorId creator) const {
  const auto of = samples_.find(creator.value);
  if (of == samples_.end()) return {};
  std::vector<PersonId> people;
  people.reserve(of->second.size());
  for (const Liker& liker : of->second) people.push_back({liker.person});
  return Habits::of(people);
}

Presence Habits::of(std::span<const PersonId> people) const {
  Presence presence;
  for (const PersonId person : people) {
    const auto known = people_.find(person.value);
    if (known == people_.end() || known->second.empty()) continue;
    double acts = 0;
    for (const Hour& one : known->second) acts += one.count;
    for (const Hour& one : known->second) presence.share[one.hour] += one.count / acts;
    ++presence.people;
  }
  if (presence.people == 0) return presence;
  for (double& share : presence.share) share /= static_cast<double>(presence.people);
  return presence;
}

std::size_t Habits::sampled(CreatorId creator) const {
  const auto of = samples_.find(creator.value);
  return of == samples_.end() ? 0 : of->second.size();
}

std::size_t Habits::bytes() const {
  constexpr std::size_t node = 56;  // of a hash map, with its vector's head
  std::size_t bytes = (people_.size() + samples_.size()) * node;
  for (const auto& [person, hours] : people_) bytes += hours.capacity() * sizeof(Hour);
  for (const auto& [creator, likers] : samples_) bytes += likers.capacity() * sizeof(Liker);
  return bytes;
}

}  // namespace zan::insights
