// Ids for events that come without one, and cursors of line-wise inputs. Both depend on the input's content alone: its
// first record and the byte where an event stands, not on its name or on how it was cut into batches.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace zan::connectors {

class DerivedIds {
 public:
  DerivedIds() = default;
  DerivedIds(std::string_view format, std::string_view first_record);

  [[nodiscard]] const std::string& input() const { return input_; }  // 16 hex digits
  // "import:<input>:<offset>"; valid until the next call.
  [[nodiscard]] const std::string& of(std::uint64_t offset);

 private:
  std::string input_;
  std::string id_;
};

struct Place {
  std::uint64_t offset = 0;  // of the unpacked bytes
  std::uint64_t line = 0;    // lines before it
};

std::string to_cursor(const Place& place);
Result<Place> parse_place(std::string_view cursor);

}  // namespace zan::connectors
