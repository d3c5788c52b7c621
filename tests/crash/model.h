// What the server must hold: every operation we sent, and whether it was answered.
//
// Each operation has an id and a time of its own, so the end state does not depend on the order of arrival: of the reactions of
// one actor to one subject the latest `at` wins, views and comments add up. An operation is pending from before it is sent until
// its answer has come; after a crash a pending one may or may not have happened, an answered one has.
//
// Threads: one at a time; the workers of load.h hold its lock.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace zan::crash {

inline constexpr int actor_count = 200;
inline constexpr int subject_count = 60;

enum class Kind : std::uint8_t { like, unlike, dislike, view, comment };

struct Operation {
  std::uint64_t id = 0;
  Kind kind = Kind::like;
  int actor = 0;
  int subject = 0;
  std::int64_t at_ms = 0;
};

std::string to_json(const Operation& operation);
std::string actor_name(int actor);
std::string subject_name(int subject);

enum class Reaction : std::uint8_t { none, liked, disliked };

// From `low` to `high`, both possible; equal when nothing is pending.
struct Range {
  std::int64_t low = 0, high = 0;
  [[nodiscard]] bool holds(std::int64_t value) const { return low <= value && value <= high; }
};

struct SubjectExpectation {
  Range likes, dislikes, views, comments;
};

struct PairExpectation {
  bool reaction_certain = true, viewed_certain = true, commented_certain = true;
  Reaction reaction = Reaction::none;
  bool viewed = false, commented = false;
};

struct ListedLike {
  int other = 0;  // the actor of a subject's list, the subject of an actor's
  std::int64_t at_ms = 0;
};

class Model {
 public:
  explicit Model(std::uint64_t seed) : random_(seed) {}

  // The next operation of the stream, not yet pending.
  Operation make();
  void begin(const Operation& operation);   // before it is sent
  void finish(const Operation& operation);  // after its answer

  [[nodiscard]] std::vector<Operation> pending() const;
  [[nodiscard]] std::uint64_t answered_count() const { return answered_.size(); }
  [[nodiscard]] const std::vector<Operation>& answered() const { return answered_; }

  [[nodiscard]] SubjectExpectation subject(int subject) const;
  [[nodiscard]] PairExpectation pair(int actor, int subject) const;
  // Newest first. REQUIRES: nothing pending.
  [[nodiscard]] std::vector<ListedLike> likers(int subject) const;
  [[nodiscard]] std::vector<ListedLike> likes_of(int actor) const;

 private:
  struct Pair {
    std::int64_t reaction_at_ms = 0;
    Reaction reaction = Reaction::none;
    std::int64_t views = 0, comments = 0;  // answered
    std::int64_t pending_reactions = 0, pending_views = 0, pending_comments = 0;
  };
  static void count_pending(Pair& pair, Kind kind, std::int64_t change);

  std::mt19937_64 random_;
  std::uint64_t next_id_ = 1;
  std::map<std::pair<int, int>, Pair> pairs_;
  std::unordered_map<std::uint64_t, Operation> pending_;
  std::vector<Operation> answered_;
};

}  // namespace zan::crash
