#include "audience/derive/people.h"

namespace zan::audience {

Person* People::find(std::uint32_t user) {
  if (user >= places_.size() || places_[user] == 0) return nullptr;
  return &at(places_[user] - 1);
}

Person& People::make(std::uint32_t user) {
  if (user >= places_.size()) places_.resize(user + 1);
  if (places_[user] != 0) return at(places_[user] - 1);
  std::uint32_t place = made_;
  if (!free_.empty()) {
    place = free_.back();
    free_.pop_back();
  } else {
    if (made_ % slab_people == 0) slabs_.emplace_back(slab_people);
    ++made_;
  }
  places_[user] = place + 1;
  return at(place);
}

void People::erase(std::uint32_t user) {
  Person* const person = find(user);
  if (person == nullptr) return;
  *person = Person();
  free_.push_back(places_[user] - 1);
  places_[user] = 0;
}

void People::fetch(std::uint32_t user) const {
  if (const Person* const person = find(user)) {
    const auto* const bytes = reinterpret_cast<const char*>(person);
    for (std::size_t at = 0; at < sizeof(Person); at += 64) __builtin_prefetch(bytes + at, 1);
  }
}

void People::fetch_scores(std::uint32_t user) const {
  const Person* const person = find(user);
  if (person == nullptr) return;
  const auto* const from = reinterpret_cast<const char*>(person->categories.begin());
  const auto* const to = reinterpret_cast<const char*>(person->categories.end());
  for (const char* at = from; at < to; at += 64) __builtin_prefetch(at, 1);
}

}  // namespace zan::audience
