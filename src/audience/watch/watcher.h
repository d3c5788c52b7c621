// Watcher: who enters and leaves the segments that are watched, as people change.
//
// Of each watched segment it keeps who is in. Whoever changed is looked at again, alone; when time has passed, or a
// segment means something else, all are. Whoever is counted for the segment's purpose can be in, nobody else: a refusal
// is a leaving. The last moves stand in a row with numbers that only grow, so that a reader goes on from where it was,
// or hears that it is too late.
//
// Who is in when the watching begins has not entered. After a start it begins anew, and no number of before is taken up
// again.
//
// Threads: one changes; moves and states are read by any, beside it.
// Errors:  expired: moves that are no longer kept.
// Cost:    a user that changed 0.3 µs a watched segment, less where many of a block come together; refresh() a count and
//          0.1 µs a move; two bytes a member.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audience/answer/compile.h"
#include "audience/bitmap/people_set.h"
#include "audience/book/segment_book.h"
#include "base/ids.h"

namespace zan::audience {

inline constexpr std::size_t moves_kept_max = 100'000;
inline constexpr std::size_t moves_page_max = 1'000;
inline constexpr std::size_t touched_block_users = 64;  // so many of one block, and the block is worked out as a whole

struct Move {
  std::uint64_t number = 0;  // in the row of all moves
  SegmentId segment;
  std::uint32_t user = 0;
  bool entered = false;  // or left
  Timestamp at;
  bool operator==(const Move&) const = default;
};

struct MovesPage {
  std::vector<Move> moves;  // in their order
  std::uint64_t next = 0;   // where to go on
};

struct WatchState {
  SegmentId id;
  std::uint32_t version = 0;
  std::uint64_t members = 0;  // exact: not to be shown as it is
  std::string trouble;        // why it cannot be watched; empty: it is
};

class Watcher {
 public:
  // Store and events outlive it. `first_number`: of the first move; greater than any before this start, such as its
  // microseconds.
  Watcher(std::shared_ptr<const Catalogue> catalogue, const TagStore& store, const EventIndex& events,
          std::uint64_t first_number, std::size_t moves_kept = moves_kept_max);

  // --- the one that changes ---
  // What is watched from now on (SegmentBook::watched()), and what names mean. What means something else than before is
  // worked out anew.
  void watch(const std::vector<WatchedSegment>& segments, std::shared_ptr<const SegmentNames> names, Timestamp now);
  // Tags or acts of these people have changed; in any order, also more than once.
  void touched(std::span<const std::uint32_t> users, Timestamp now);
  // All people of one segment; not_found: it is not watched.
  Result<void> refresh(SegmentId id, Timestamp now);
  // Takes the person out of every segment and every move, without a word. After they have left the store.
  void erase(PersonId user);
  [[nodiscard]] UserList members(SegmentId id) const;

  // --- anybody ---
  // From this number on, at most `limit` and moves_page_max; of one segment, or all. expired: some of them are gone, or
  // the number is none of this start.
  Result<MovesPage> moves(std::uint64_t from, std::size_t limit, std::optional<SegmentId> of = std::nullopt) const;
  // Of the next move.
  [[nodiscard]] std::uint64_t next_number() const;
  [[nodiscard]] std::vector<WatchState> states() const;

 private:
  struct Watched {
    WatchedSegment segment;
    std::optional<Plan> plan;  // of today; nothing: see trouble
    Plan among;                // whom its purpose may count
    std::string trouble;
    PeopleSet in;
    bool filled = false;
  };
  void compile_all(Timestamp now);
  void compile_one(Watched& one, Timestamp now) const;
  void refresh(Watched& one, Timestamp now);
  void refresh_block(Watched& one, Evaluation& evaluation, std::uint32_t number, Timestamp now);
  void look_at(Watched& one, Evaluation& evaluation, std::span<const std::uint32_t> users, Timestamp now);
  void put(Watched& one, std::uint32_t user, bool in, Timestamp now);
  void publish();
  void publish_moves();

  const std::shared_ptr<const Catalogue> catalogue_;
  const TagStore& store_;
  const EventIndex& events_;
  const std::size_t moves_kept_;
  std::shared_ptr<const SegmentNames> names_;
  std::uint32_t day_ = 0;  // of which the plans are
  std::map<SegmentId, Watched> watched_;
  std::vector<Move> fresh_;  // not told yet

  mutable std::mutex mutex_;
  std::deque<Move> moves_;  // those with user 0 were of somebody who is erased
  std::uint64_t next_;
  std::vector<WatchState> states_;
};

}  // namespace zan::audience
