#include "engine/integrity_position.h"

#include <fmt/format.h>

#include <charconv>

#include "base/hash.h"

namespace zan::engine {
namespace {

// One line: the digits, a space, 16 hex digits of their checksum.
std::string line_of(Position position) {
  const std::string digits = std::to_string(position.value);
  return fmt::format("{} {:016x}\n", digits, checksum64(as_bytes(digits)));
}

}  // namespace

Result<std::optional<Position>> read_integrity_position(storage::Disk& disk, Position last) {
  ZAN_ASSIGN(const bool there, disk.exists(integrity_position_path));
  if (!there) return std::optional<Position>();
  ZAN_ASSIGN(const Bytes content, storage::read_file(disk, integrity_position_path));
  const std::string_view text = as_text(content);
  Position position;
  std::from_chars(text.data(), text.data() + text.size(), position.value);
  if (text != line_of(position)) return corrupt("integrity/position: is not what was written");
  if (position > last)
    return corrupt("integrity/position: says " + std::to_string(position.value) + ", and the journal ends at " +
                   std::to_string(last.value));
  return std::optional<Position>(position);
}

Result<void> write_integrity_position(storage::Disk& disk, Position position) {
  return storage::replace_file(disk, integrity_position_path, as_bytes(line_of(position)));
}

}  // namespace zan::engine
