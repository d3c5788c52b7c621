// What is known of each line of a judged file so far: its verdict, the group it belongs to, and since when.
//
// Threads: one. Cost: 32 bytes a line, and a binary search for each like that is judged after it came.
#pragma once

#include <cstddef>
#include <cstdint>
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
  [[nodiscard]] std::uint32_t actor(std::size_t line) const { return lines_[line].actor; }
  [[nodiscard]] integrity::Standing standing(std::size_t line) const { return lines_[line].standing; }
  [[nodiscard]] std::uint32_t group(std::size_t line) const { return lines_[line].group; }  // zero: none
  // Since when the line has counted as it does now.
  [[nodiscard]] std::int64_t since_us(std::size_t line) const;

 private:
  struct Line {
    std::int64_t at_us = 0;
    std::uint32_t actor = 0, subject = 0;
    std::uint32_t delay_ms = 0;
    std::uint32_t group = 0;
    integrity::Standing standing = integrity::Standing::cleared;
  };
  static void settle(Line& line, const integrity::Change& change, std::int64_t now_us);

  std::vector<Line> lines_;
};

}  // namespace zan::app
