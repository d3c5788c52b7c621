// SizeHistory: how big a segment was said to be. The last 1,000 sizes as they came; of older ones the last of each day,
// 1,000 days.
//
// There is nothing in it but sizes, each as it was said: nobody who is erased has to be taken out of it.
//
// Threads: a plain value. Cost: 12 bytes a size.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"

namespace zan::audience {

inline constexpr std::size_t history_recent_max = 1000;
inline constexpr std::size_t history_days_max = 1000;

struct SizePoint {
  Timestamp at;  // to the minute
  std::uint32_t version = 0;
  std::optional<std::uint32_t> size;  // nothing: too few people to say
  bool operator==(const SizePoint&) const = default;
};

class SizeHistory {
 public:
  void add(const SizePoint& point);
  // Oldest first.
  [[nodiscard]] std::vector<SizePoint> points() const;
  // Version 0: there is none.
  [[nodiscard]] SizePoint last() const { return recent_.empty() ? SizePoint{} : point_of(recent_.back()); }
  [[nodiscard]] std::size_t size() const { return days_.size() + recent_.size(); }

  void put(Bytes& out) const;
  // False: malformed, or more than there may be.
  bool read(ByteReader& in);

 private:
  struct Point {
    std::uint32_t minute = 0, version = 0;
    std::uint32_t size_plus = 0;  // 0: too few; the greatest number stands for whatever is greater
  };
  static SizePoint point_of(const Point& one);
  static bool read(ByteReader& in, std::size_t points_max, std::vector<Point>& to);
  std::vector<Point> days_, recent_;
};

}  // namespace zan::audience
