// IntakeHolds: what the intake said of acts, for as long as somebody else may say otherwise.
//
//   people > a confirmed group > the intake > a cleared group
//
// over() is that order: what a like is when a group says this of it. A like that a rule rejected stays so when its group is
// cleared; one that was held waits on. What is held and in no group becomes genuine after wait_us, and what was to be
// stated later (a delayed verdict) is stated when it is due; due() has both.
//
// Time is the stream's: that of the acts, but never later than the commit, so that nobody can hurry it; it never goes back.
// At most entries_max acts are remembered, and as many that are to be stated later. Beyond, the oldest held one becomes genuine
// early, the oldest rejected one is forgotten (it stays rejected, unless a group it is in is cleared), and the next
// delayed verdict is stated early.
//
// A function of the acts in their order. Threads: one.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <unordered_map>
#include <vector>

#include "engagement/engagement.h"
#include "integrity/integrity.h"

namespace zan::engine {

struct IntakeHoldsOptions {
  std::int64_t wait_us = us_per_day;
  std::size_t entries_max = 500'000;
};

class IntakeHolds {
 public:
  explicit IntakeHolds(const IntakeHoldsOptions& options = {}) : options_(options) {}

  // An act as it was recorded, and when its group was committed.
  void observe(const engagement::RecordedAct& act, Timestamp committed);
  // A group, or people (`by_people`), say so of the like.
  engagement::Verdict over(PersonId actor, SubjectId subject, Timestamp at, integrity::Standing standing,
                           bool by_people);
  // Appends what is to be stated by now.
  void due(std::vector<engagement::LateVerdict>& out);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::size_t delayed() const { return delayed_.size(); }

 private:
  using Key = std::uint64_t;
  struct Entry {
    engagement::LateVerdict what;  // the act; its verdict is what the intake has stated so far
    integrity::Standing standing = integrity::Standing::cleared;
    bool in_group = false, by_people = false;
  };

  struct Later {
    engagement::Verdict verdict = engagement::Verdict::genuine;
    engagement::LateVerdict what;
  };
  using Delayed = std::multimap<std::int64_t, Later>;

  static Key key_of(PersonId actor, std::uint32_t target, engagement::ActType type, Timestamp at);
  static Key key_of(const engagement::LateVerdict& what);
  void wait_for(Key key, engagement::Verdict verdict);
  void state(Delayed::iterator which, std::vector<engagement::LateVerdict>& out);
  void make_room();
  void release(Key key, std::vector<engagement::LateVerdict>& out);
  [[nodiscard]] static engagement::Verdict verdict_of(const Entry& entry);

  const IntakeHoldsOptions options_;
  std::int64_t now_us_ = 0;
  std::unordered_map<Key, Entry> entries_;
  std::deque<std::pair<std::int64_t, Key>> held_;  // until when
  std::deque<Key> rejected_;
  Delayed delayed_;                             // by when
  std::vector<engagement::LateVerdict> early_;  // to make room
};

}  // namespace zan::engine
