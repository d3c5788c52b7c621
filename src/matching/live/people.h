// People: what a feed needs to know of everybody right now - what they took to lately, what they have seen, whom they
// follow, what they will not see again.
//
// There is nothing here that a person could not be shown: it is theirs, /v1/users/{id}/interests tells it, and erase()
// leaves nothing. Everything is bounded, the oldest goes first.
//
// Owns: the people. Threads: any; a person is guarded by one of many locks. Cost: some 400 to 2,500 bytes a person.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "matching/facts.h"
#include "matching/live/works.h"

namespace zan::matching {

inline constexpr std::size_t recent_max = 64;     // works somebody took to
inline constexpr std::size_t seen_max = 256;      // works somebody was shown
inline constexpr std::size_t disliked_max = 128;  // works somebody will not see again
inline constexpr std::size_t followed_max = 256;
inline constexpr std::size_t tastes_max = 24;  // tags and creators somebody takes to, each

// A work somebody took to, and how much: a long view 1, a like 2, a share or comment 1.5, all of one person to one work
// together at most 4.
struct Taken {
  WorkRow work = no_work;
  std::uint32_t at_s = 0;
  float weight = 0;
  Signals signals = 0;
};

// The last showing of a work to somebody, and what became of it.
struct Seen {
  WorkRow work = no_work;
  std::uint32_t at_s = 0;
  Signals signals = 0;
  bool paid = false;  // what came of it tells nothing
};

// How somebody takes to a tag or a creator: sums that fade with a half-life of fourteen days.
struct Taste {
  std::uint32_t number = 0;
  std::uint32_t at_s = 0;  // as of when
  float shown = 0, clicks = 0, long_views = 0, likes = 0, against = 0;  // dislikes and leaves
};
inline constexpr double taste_half_life_s = 14 * 86'400.0;
Taste faded(Taste taste, std::uint32_t now_s);

// What a person said of what is assumed about them.
enum class Wish : std::uint8_t { none = 0, more = 1, less = 2, never = 3 };
enum class WishOf : std::uint8_t { tag = 0, creator = 1 };
struct PersonWish {
  WishOf of = WishOf::tag;
  std::uint32_t number = 0;
  Wish wish = Wish::none;
};
inline constexpr std::size_t wishes_max = 200;

struct Person {
  PersonId id;  // 0: nobody known
  TermId region;
  bool minor = false;
  bool personalised = true;
  std::uint32_t activity = 0;
  std::uint32_t first_s = 0, last_s = 0;  // of their deeds
  std::vector<Taken> recent;              // oldest first
  std::vector<Seen> seen;                 // oldest first, each work once
  std::vector<WorkRow> disliked;          // oldest first
  std::vector<CreatorId> followed;        // oldest first
  std::vector<Taste> tags, creators;      // in no order
  std::vector<PersonWish> wishes;
  Response ever;  // how they take to what they are shown

  [[nodiscard]] const Taste* taste_of_tag(std::uint32_t tag) const;
  [[nodiscard]] const Taste* taste_of_creator(CreatorId creator) const;
  [[nodiscard]] const Seen* seen_of(WorkRow work) const;
  [[nodiscard]] bool follows(CreatorId creator) const;
  [[nodiscard]] Wish wish(WishOf of, std::uint32_t number) const;
};

// What a deed told that was not known yet.
struct Heard {
  Signals fresh = 0;      // of the last showing
  Signals withdrawn = 0;  // that it had been counted with
  bool unshown = false;   // the work had not been shown before: the deed stands for a showing
};

class People {
 public:
  // Beyond `people_max` those go who have been away longest.
  explicit People(std::size_t people_max);
  ~People();
  People(const People&) = delete;
  People& operator=(const People&) = delete;

  // ---- one thread at a time
  void put(const PersonFacts& facts);
  void wish(PersonId person, const PersonWish& wish);  // none: takes back what was wished
  // `view` is the work as it is known now.
  void shown(PersonId person, WorkRow row, const WorkView& view, Timestamp at);
  // By a campaign: it is not shown again, and that is all.
  void shown_for_pay(PersonId person, WorkRow row, Timestamp at);
  // What the deed changed of the last showing; each signal is told once a showing.
  Heard did(WorkRow row, const WorkView& view, const Deed& deed);
  // Follows and unfollows that name the creator alone.
  void follow(PersonId person, CreatorId creator, bool follows);
  void erase(PersonId person);

  // ---- any thread
  // Somebody of whom nothing is known is a Person{}.
  [[nodiscard]] Person read(PersonId person) const;
  [[nodiscard]] std::uint32_t activity_of(PersonId person) const;
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::size_t bytes() const;
  static constexpr std::uint32_t shards = 256;
  // Everybody, a shard at a time, ascending. REQUIRES: shard < shards.
  [[nodiscard]] std::vector<PersonId> in_shard(std::size_t shard) const;
  // Everybody of a shard, in no order that means anything, under its lock: `look` is quick and asks nothing of People.
  template <typename Look>
  void look_at(std::size_t shard, const Look& look) const {
    const std::lock_guard lock((*shards_)[shard].mutex);
    for (const auto& [number, person] : (*shards_)[shard].people) look(PersonId{number}, person);
  }

 private:
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<std::uint32_t, Person> people;
  };
  [[nodiscard]] Shard& shard_of(PersonId person) const { return (*shards_)[person.value % shards]; }
  Person& person_of(Shard& shard, PersonId person);

  std::size_t shard_people_max_;
  std::unique_ptr<std::array<Shard, shards>> shards_;
};

}  // namespace zan::matching
