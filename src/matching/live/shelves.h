// Shelves: works in the orders in which sources look for them - by tag, by creator, what is liked lately everywhere and
// at this hour and place, what is new.
//
// Only likes and long views that are genuine put a work on a board; one that is found false takes it down again.
//
// Owns: the lists. Threads: any; one lock for each kind of shelf, held for microseconds.
#pragma once

#include <cstdint>
#include <mutex>
#include <span>
#include <unordered_map>
#include <vector>

#include "matching/facts.h"
#include "matching/live/board.h"

namespace zan::matching {

inline constexpr std::size_t tags_on_shelves_max = 100'000;
inline constexpr std::size_t regions_on_shelves_max = 1'000;
inline constexpr std::size_t newest_works_max = 20'000;
inline constexpr std::size_t newest_of_tag_max = 64;
inline constexpr std::size_t newest_of_creator_max = 32;
inline constexpr std::size_t creators_on_shelves_max = 5'000'000;

// Works in the order of coming, the newest first when read; the oldest make room.
class Newest {
 public:
  void add(WorkRow row, std::size_t count_max);
  [[nodiscard]] std::vector<WorkRow> read(std::size_t count) const;

 private:
  std::vector<WorkRow> ring_;
  std::size_t next_ = 0;  // where the next one goes, once the ring is full
};

class Shelves {
 public:
  Shelves();

  // ---- one thread at a time
  // A work was heard of for the first time, or with tags or a creator that are new to it.
  void put(WorkRow row, std::span<const std::uint32_t> tags, CreatorId creator);
  // A like or long view, or one taken back (negative).
  void cheered(WorkRow row, const WorkView& view, TermId region, Timestamp at, float weight);

  // ---- any thread; best or newest first, at most `count`
  [[nodiscard]] std::vector<Standing> trending(std::size_t count, std::uint32_t now_s) const;
  // Liked in that region, or in these hours of the day, the world over.
  [[nodiscard]] std::vector<Standing> of_region(TermId region, std::size_t count, std::uint32_t now_s) const;
  [[nodiscard]] std::vector<Standing> of_hour(std::uint32_t hour, std::size_t count, std::uint32_t now_s) const;
  [[nodiscard]] std::vector<Standing> of_tag(std::uint32_t tag, std::size_t count, std::uint32_t now_s) const;
  [[nodiscard]] std::vector<WorkRow> newest(std::size_t count) const;
  [[nodiscard]] std::vector<WorkRow> newest_of_tag(std::uint32_t tag, std::size_t count) const;
  [[nodiscard]] std::vector<WorkRow> newest_of(CreatorId creator, std::size_t count) const;

 private:
  struct TagShelf {
    Board board;
    Newest newest;
  };
  TagShelf* tag_shelf(std::uint32_t tag);

  mutable std::mutex boards_mutex_;  // guards the next three
  Board trending_;
  std::vector<Board> hours_;  // six of four hours each
  std::unordered_map<std::uint32_t, Board> regions_;

  mutable std::mutex tags_mutex_;
  std::unordered_map<std::uint32_t, TagShelf> tags_;

  mutable std::mutex newest_mutex_;  // guards the next two
  Newest newest_;
  std::unordered_map<std::uint32_t, Newest> creators_;
};

}  // namespace zan::matching
