#include "connectors/derived_id.h"

#include <charconv>

#include "base/hash.h"
#include "connectors/source.h"

namespace zan::connectors {

DerivedIds::DerivedIds(std::string_view format, std::string_view first_record) {
  constexpr char digits[] = "0123456789abcdef";
  const std::uint64_t hash = checksum64(as_bytes(first_record), checksum64(as_bytes(format)));
  for (int shift = 60; shift >= 0; shift -= 4) input_.push_back(digits[(hash >> shift) & 15]);
}

const std::string& DerivedIds::of(std::uint64_t offset) {
  id_.assign("import:").append(input_).push_back(':');
  append_number(id_, offset);
  return id_;
}

std::string to_cursor(const Place& place) {
  return std::to_string(place.offset) + " " + std::to_string(place.line);
}

Result<Place> parse_place(std::string_view cursor) {
  Place place;
  const char* const end = cursor.data() + cursor.size();
  const auto offset = std::from_chars(cursor.data(), end, place.offset);
  if (offset.ec != std::errc() || offset.ptr == end) return invalid("not a cursor of this input", "cursor");
  const auto line = std::from_chars(offset.ptr + 1, end, place.line);
  if (line.ec != std::errc() || line.ptr != end) return invalid("not a cursor of this input", "cursor");
  return place;
}

}  // namespace zan::connectors
