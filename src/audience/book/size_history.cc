#include "audience/book/size_history.h"

#include <algorithm>

namespace zan::audience {
namespace {

constexpr std::uint32_t minutes_per_day = 24 * 60;

}  // namespace

void SizeHistory::add(const SizePoint& point) {
  const std::uint32_t size_plus = point.size ? std::min(*point.size, 0xffff'fffeU) + 1 : 0;
  recent_.push_back({static_cast<std::uint32_t>(point.at.us / us_per_minute), point.version, size_plus});
  if (recent_.size() <= history_recent_max) return;
  const Point oldest = recent_.front();
  recent_.erase(recent_.begin());
  if (!days_.empty() && days_.back().minute / minutes_per_day == oldest.minute / minutes_per_day) {
    days_.back() = oldest;
    return;
  }
  days_.push_back(oldest);
  if (days_.size() > history_days_max) days_.erase(days_.begin());
}

std::vector<SizePoint> SizeHistory::points() const {
  std::vector<SizePoint> out;
  out.reserve(size());
  for (const std::vector<Point>* part : {&days_, &recent_})
    for (const Point& one : *part) out.push_back(point_of(one));
  return out;
}

SizePoint SizeHistory::point_of(const Point& one) {
  SizePoint point{{std::int64_t{one.minute} * us_per_minute}, one.version, std::nullopt};
  if (one.size_plus != 0) point.size = one.size_plus - 1;
  return point;
}

void SizeHistory::put(Bytes& out) const {
  for (const std::vector<Point>* part : {&days_, &recent_}) {
    put_varint(out, part->size());
    for (const Point& one : *part) {
      put_fixed(out, one.minute);
      put_varint(out, one.version);
      put_varint(out, one.size_plus);
    }
  }
}

bool SizeHistory::read(ByteReader& in, std::size_t points_max, std::vector<Point>& to) {
  const std::uint64_t size = in.varint();
  if (size > points_max) return false;
  to.clear();
  for (std::uint64_t i = 0; i < size && in.ok(); ++i) {
    Point one;
    one.minute = in.fixed<std::uint32_t>();
    one.version = in.varint32();
    one.size_plus = in.varint32();
    to.push_back(one);
  }
  return in.ok();
}

bool SizeHistory::read(ByteReader& in) {
  return read(in, history_days_max, days_) && read(in, history_recent_max, recent_);
}

}  // namespace zan::audience
