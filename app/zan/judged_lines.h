// What is known of each line of a judged file so far: its verdict, the group it belongs to, and since when.
//
// Of several groups a confirmed one decides, then a suspected one. A group's last word counts, and only for itself.
//
// Threads: one. Cost: 24 bytes a line, and a binary search for each like that is judged after it came; some more for a
// line of which several groups speak.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "integrity/integrity.h"

namespace zan::app {

class JudgedLines {
 public:
  // The next line, with what was said of it as it came. REQUIRES: its time is not before the last one's.
  void add(const integrity::ActView& act, const integrity::Lockstep::Outcome& outcome);
  // What was found out later, at stream time `now_us`.
  void change(const integrity::Change& change, std::int64_t now_us);

  [[nodiscard]] std::size_t size() const { return lines_.size(); }
  [[nodiscard]] integrity::Standing standing(std::size_t line) const { return lines_[line].standing; }
  [[nodiscard]] std::uint32_t group(std::size_t line) const { return lines_[line].group; }  // zero: none
  // Since when the line has counted as it does now.
  [[nodiscard]] std::int64_t since_us(std::size_t line) const;

 private:
  struct Line {
    std::int64_t at_us = 0;
    std::uint32_t group = 0;
    std::uint32_t delay_ms = 0;
    std::uint32_t key = 0;  // of actor and subject
    integrity::Standing standing = integrity::Standing::cleared;
  };
  struct Claim {
    std::uint32_t group = 0;
    integrity::Standing standing = integrity::Standing::cleared;
  };
  static std::uint32_t key(std::uint32_t actor, std::uint32_t subject);
  void settle(std::size_t number, const Claim& claim, std::int64_t now_us);
  [[nodiscard]] Claim strongest(std::size_t number, const Claim& claim);

  std::vector<Line> lines_;
  std::unordered_map<std::size_t, std::vector<Claim>> claims_;  // of lines of which more than one group spoke
};

}  // namespace zan::app
