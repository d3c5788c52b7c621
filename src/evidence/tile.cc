#include "evidence/tile.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/require.h"
#include "evidence/text_form.h"

namespace zan::evidence {
namespace {

constexpr unsigned path_levels_max = 64;
constexpr std::size_t group_digits = 3;
constexpr std::uint64_t group_values = 1000;

std::string number_path(std::uint64_t index) {
  std::string path = fmt::format("{:03}", index % group_values);
  for (index /= group_values; index > 0; index /= group_values)
    path = fmt::format("x{:03}/{}", index % group_values, path);
  return path;
}

std::string place(const TileId& tile) {
  if (tile.entries) return "tile/entries/" + number_path(tile.index);
  return fmt::format("tile/{}/{}", tile.level, number_path(tile.index));
}

// Takes the text up to the next '/' off the front.
std::string_view next_part(std::string_view& path) {
  const auto slash = path.find('/');
  const std::string_view part = path.substr(0, slash);
  path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
  return part;
}

std::optional<std::uint64_t> three_digits(std::string_view text) {
  if (text.size() != group_digits || text.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  return static_cast<std::uint64_t>((text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0'));
}

}  // namespace

std::string tile_path(const TileId& tile) {
  return tile.full() ? place(tile) : fmt::format("{}.p/{}", place(tile), tile.width);
}

std::string partial_folder(const TileId& tile) {
  return place(tile) + ".p";
}

Result<TileId> parse_tile_path(std::string_view path) {
  const Error refused = invalid("not the path of a tile");
  std::string_view rest = path;
  if (next_part(rest) != "tile") return refused;
  TileId tile;
  const std::string_view level = next_part(rest);
  tile.entries = level == "entries";
  if (!tile.entries) {
    const auto number = parse_decimal(level);
    if (!number || *number >= path_levels_max) return refused;
    tile.level = static_cast<unsigned>(*number);
  }
  bool more = true;
  while (more) {
    std::string_view part = next_part(rest);
    more = part.starts_with('x');
    if (more) part.remove_prefix(1);
    if (!more && part.ends_with(".p")) {
      part.remove_suffix(2);
      const auto width = parse_decimal(std::exchange(rest, {}));
      if (!width || *width == 0 || *width >= tile_width) return refused;
      tile.width = static_cast<unsigned>(*width);
    }
    const auto digits = three_digits(part);
    if (!digits || tile.index > (~std::uint64_t{0} - *digits) / group_values) return refused;
    tile.index = tile.index * group_values + *digits;
  }
  // Leading groups of zeros, and anything left behind: another way to write a number is not the same path.
  if (!rest.empty() || tile_path(tile) != path) return refused;
  return tile;
}

TileId tile_of(unsigned level, std::uint64_t hash, std::uint64_t size) {
  const std::uint64_t count = level_size(level, size);
  require(hash < count, "a hash outside the tree");
  const std::uint64_t index = hash / tile_width;
  const auto width = static_cast<unsigned>(std::min<std::uint64_t>(tile_width, count - index * tile_width));
  return {.entries = false, .level = level, .index = index, .width = width};
}

std::vector<TileId> partial_tiles(std::uint64_t size) {
  std::vector<TileId> tiles;
  for (unsigned level = 0; level_size(level, size) > 0; ++level) {
    const TileId last = tile_of(level, level_size(level, size) - 1, size);
    if (!last.full()) tiles.push_back(last);
  }
  return tiles;
}

std::vector<TileId> new_tiles(std::uint64_t old_size, std::uint64_t size) {
  std::vector<TileId> tiles;
  for (unsigned level = 0; level_size(level, size) > level_size(level, old_size); ++level) {
    const std::uint64_t count = level_size(level, size);
    for (std::uint64_t at = level_size(level, old_size) / tile_width * tile_width; at < count; at += tile_width) {
      TileId tile = tile_of(level, at, size);
      tiles.push_back(tile);
      tile.entries = true;
      if (level == 0) tiles.push_back(tile);
    }
  }
  return tiles;
}

Result<std::vector<ByteSpan>> parse_bundle(ByteSpan bytes, unsigned count) {
  std::vector<ByteSpan> entries;
  entries.reserve(count);
  ByteReader reader(bytes);
  for (unsigned i = 0; i < count; ++i) {
    const ByteSpan length = reader.take(entry_length_bytes);
    if (!reader.ok()) break;
    entries.push_back(reader.take(static_cast<std::size_t>(length[0]) << 8 | static_cast<std::size_t>(length[1])));
  }
  if (!reader.ok() || !reader.done()) return invalid(fmt::format("not a bundle of {} entries", count));
  return entries;
}

void put_entry(Bytes& bundle, ByteSpan entry) {
  require(entry.size() <= entry_bytes_max, "an entry that its length cannot say");
  const std::size_t at = bundle.size();
  bundle.resize(at + entry_length_bytes + entry.size());
  bundle[at] = static_cast<std::byte>(entry.size() >> 8);
  bundle[at + 1] = static_cast<std::byte>(entry.size());
  std::copy(entry.begin(), entry.end(), bundle.begin() + static_cast<std::ptrdiff_t>(at + entry_length_bytes));
}

}  // namespace zan::evidence
