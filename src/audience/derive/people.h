// People: the Person of every user that was heard of, in slabs, so that ten million of them are a few hundred allocations and can
// be fetched ahead.
//
// Threads: one; several may use find() and change what it returns, each other people, while nobody makes or erases any.
// Cost:    some 220 bytes a person, 24 a category of theirs, four a user number.
#pragma once

#include <cstdint>
#include <vector>

#include "audience/derive/person.h"
#include "base/huge_pages.h"

namespace zan::audience {

class People {
 public:
  // Null: never heard of, or erased. Valid until the person is erased.
  [[nodiscard]] Person* find(std::uint32_t user);
  [[nodiscard]] const Person* find(std::uint32_t user) const { return const_cast<People*>(this)->find(user); }
  Person& make(std::uint32_t user);  // or the one that is there
  void erase(std::uint32_t user);
  [[nodiscard]] std::uint32_t end() const { return static_cast<std::uint32_t>(places_.size()); }  // of the users
  [[nodiscard]] std::size_t size() const { return made_ - free_.size(); }

  // For those who go through many at random: first fetch_place(), some people later fetch(), fetch_scores(), then find().
  void fetch_place(std::uint32_t user) const {
    if (user < places_.size()) __builtin_prefetch(&places_[user]);
  }
  void fetch(std::uint32_t user) const;
  void fetch_scores(std::uint32_t user) const;

 private:
  static constexpr std::uint32_t slab_people = 16'384;
  [[nodiscard]] Person& at(std::uint32_t place) { return slabs_[place / slab_people][place % slab_people]; }

  HugeVector<std::uint32_t> places_;  // by user: the place + 1, or 0
  std::vector<HugeVector<Person>> slabs_;
  std::vector<std::uint32_t> free_;
  std::uint32_t made_ = 0;
};

}  // namespace zan::audience
