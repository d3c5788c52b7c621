#include "storage/run_manifest.h"

#include "base/hash.h"

namespace zan::storage {
namespace {

constexpr std::uint64_t manifest_magic = 0x0a31'6e61'6d6e'617aULL;  // "zanman1\n"
constexpr std::size_t run_entry_bytes = 8 + 4 + 8 + 8 + 8;

Error damaged(const std::string& path) {
  return corrupt(path + ": damaged");
}

void put_set(Bytes& out, const ManifestSet& set) {
  put_fixed(out, static_cast<std::uint8_t>(set.name.size()));
  put_bytes(out, as_bytes(set.name));
  put_fixed(out, set.columns);
  put_fixed(out, set.key_columns);
  put_fixed(out, static_cast<std::uint8_t>(set.filtered));
  put_fixed(out, static_cast<std::uint32_t>(set.runs.size()));
  for (const ManifestRun& run : set.runs) {
    put_fixed(out, run.number);
    put_fixed(out, run.tier);
    put_fixed(out, run.rows);
    put_fixed(out, run.bytes);
    put_fixed(out, run.identity);
  }
}

ManifestSet take_set(ByteReader& reader) {
  ManifestSet set;
  set.name = as_text(reader.take(reader.fixed<std::uint8_t>()));
  set.columns = reader.fixed<std::uint8_t>();
  set.key_columns = reader.fixed<std::uint8_t>();
  set.filtered = reader.fixed<std::uint8_t>() != 0;
  const auto count = reader.fixed<std::uint32_t>();
  for (std::uint32_t i = 0; i < count && reader.left() >= run_entry_bytes; ++i) {
    ManifestRun& run = set.runs.emplace_back();
    run.number = reader.fixed<std::uint64_t>();
    run.tier = reader.fixed<std::uint32_t>();
    run.rows = reader.fixed<std::uint64_t>();
    run.bytes = reader.fixed<std::uint64_t>();
    run.identity = reader.fixed<std::uint64_t>();
  }
  if (set.runs.size() != count) reader.take(reader.left() + 1);  // turns ok() false
  return set;
}

}  // namespace

Bytes encode_manifest(const Manifest& manifest) {
  Bytes out;
  put_fixed(out, manifest_magic);
  put_fixed(out, manifest_version);
  put_fixed(out, manifest.position.value);
  put_fixed(out, manifest.next_number);
  put_fixed(out, static_cast<std::uint32_t>(manifest.sets.size()));
  for (const ManifestSet& set : manifest.sets) put_set(out, set);
  put_fixed(out, checksum64(out));
  return out;
}

Result<Manifest> parse_manifest(ByteSpan bytes, const std::string& path) {
  if (bytes.size() < 8) return damaged(path);
  ByteReader checksum(bytes.last(8));
  const ByteSpan body = bytes.first(bytes.size() - 8);
  ByteReader reader(body);
  if (reader.fixed<std::uint64_t>() != manifest_magic) return damaged(path);
  if (checksum.fixed<std::uint64_t>() != checksum64(body)) return damaged(path);
  if (reader.fixed<std::uint32_t>() != manifest_version) return unsupported(path + ": unknown version");
  Manifest manifest;
  manifest.position.value = reader.fixed<std::uint64_t>();
  manifest.next_number = reader.fixed<std::uint64_t>();
  const auto count = reader.fixed<std::uint32_t>();
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) manifest.sets.push_back(take_set(reader));
  if (!reader.ok() || !reader.done()) return damaged(path);
  return manifest;
}

std::string run_path(const std::string& folder, const std::string& set, std::uint64_t number) {
  const std::string digits = std::to_string(number);
  const std::string zeros(digits.size() < 10 ? 10 - digits.size() : 0, '0');
  return folder + '/' + set + '-' + zeros + digits + ".run";
}

std::string manifest_path(const std::string& folder) {
  return folder + "/MANIFEST";
}

}  // namespace zan::storage
