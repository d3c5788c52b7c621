// The data folder's own small files: FORMAT, secret, erasures.
#include <algorithm>
#include <charconv>
#include <cstring>

#include "engine/core.h"

namespace zan::engine {
namespace {

constexpr std::string_view format_line = "zhenzan data folder, format 1\n";
// watermarks: [u64 magic][u64 names][u64 position of kv][u64 checksum of what is before]
constexpr std::uint64_t watermarks_magic = 0x314b'4d57'4e41'5a00;
constexpr std::size_t watermarks_bytes = 32;

}  // namespace

Result<HashKey> open_folder(storage::Disk& disk, Entropy& entropy) {
  ZAN_ASSIGN(const bool formatted, disk.exists(format_path));
  ZAN_ASSIGN(const bool secret_there, disk.exists(secret_path));
  HashKey secret;
  if (!secret_there) {
    ZAN_ASSIGN(const std::vector<std::string> names, disk.list(""));
    const bool used = std::any_of(names.begin(), names.end(), [](const std::string& name) {
      return name == "journal" || name == "runs" || name == "registry.zr" || name == "kv";
    });
    if (formatted || used)
      return corrupt("the data folder has lost its file `secret`; without it no name can be found");
    entropy.fill(secret);
    const std::span<const unsigned char> bytes(secret);
    ZAN_TRY(storage::write_file(disk, secret_path, std::as_bytes(bytes)));
  }
  if (!formatted) ZAN_TRY(storage::write_file(disk, format_path, as_bytes(format_line)));
  ZAN_ASSIGN(const Bytes format, storage::read_file(disk, format_path));
  if (as_text(format) != format_line)
    return unsupported("FORMAT says \"" + std::string(as_text(format)) + "\"; this program reads format 1");
  ZAN_ASSIGN(const Bytes stored, storage::read_file(disk, secret_path));
  if (stored.size() != secret.size()) return corrupt("the file `secret` is not 16 bytes long");
  std::memcpy(secret.data(), stored.data(), secret.size());
  return secret;
}

Result<std::vector<PersonId>> read_erasures(storage::Disk& disk, std::string_view path) {
  std::vector<PersonId> persons;
  ZAN_ASSIGN(const bool there, disk.exists(path));
  if (!there) return persons;
  ZAN_ASSIGN(const Bytes content, storage::read_file(disk, path));
  std::string_view text = as_text(content);
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    const std::string_view number = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    PersonId person;
    const auto [rest, problem] = std::from_chars(number.data(), number.data() + number.size(), person.value);
    if (problem != std::errc{} || rest != number.data() + number.size() || !person)
      return corrupt(std::string(path) + ": line " + std::to_string(line) + " is not a number");
    persons.push_back(person);
  }
  return persons;
}

Result<void> add_erasure(storage::Disk& disk, PersonId person) {
  ZAN_ASSIGN(std::vector<PersonId> persons, read_erasures(disk, erasures_path));
  if (std::find(persons.begin(), persons.end(), person) != persons.end()) return {};
  persons.push_back(person);
  std::string text;
  for (const PersonId erased : persons) text += std::to_string(erased.value) + "\n";
  return storage::write_file(disk, erasures_path, as_bytes(text));
}

Result<Watermarks> read_watermarks(storage::Disk& disk) {
  ZAN_ASSIGN(const bool there, disk.exists(watermarks_path));
  if (!there) return Watermarks{};
  ZAN_ASSIGN(const Bytes content, storage::read_file(disk, watermarks_path));
  ByteReader reader(content);
  const auto magic = reader.fixed<std::uint64_t>();
  const auto names = reader.fixed<std::uint64_t>();
  const Position kv{reader.fixed<std::uint64_t>()};
  const auto checksum = reader.fixed<std::uint64_t>();
  const bool sound = reader.ok() && reader.done() && magic == watermarks_magic &&
                     checksum == checksum64(ByteSpan(content).first(watermarks_bytes - sizeof checksum));
  if (!sound) return corrupt("the file `watermarks` is damaged");
  return Watermarks{static_cast<std::uint32_t>(names), kv};
}

Result<void> write_watermarks(storage::Disk& disk, const Watermarks& marks) {
  Bytes content;
  put_fixed(content, watermarks_magic);
  put_fixed(content, std::uint64_t{marks.names});
  put_fixed(content, marks.kv.value);
  put_fixed(content, checksum64(content));
  return storage::write_file(disk, watermarks_path, content);
}

}  // namespace zan::engine
