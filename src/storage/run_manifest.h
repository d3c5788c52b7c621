// runs/MANIFEST: which run files are the sets, oldest first, and the journal position they stand
// for. Replaced whole, so that all sets and the position move in one step. docs/formats/runs.md has
// the bytes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"

namespace zan::storage {

inline constexpr std::uint32_t manifest_version = 1;
inline constexpr std::size_t set_name_bytes_max = 64;

struct ManifestRun {
  std::uint64_t number = 0;
  std::uint32_t tier = 0;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;     // of the whole file
  std::uint64_t identity = 0;  // run_footer_identity: tells a swapped or stale file
  bool operator==(const ManifestRun&) const = default;
};

struct ManifestSet {
  std::string name;
  std::uint8_t columns = 0;
  std::uint8_t key_columns = 0;
  bool filtered = false;
  std::vector<ManifestRun> runs;
  bool operator==(const ManifestSet&) const = default;
};

struct Manifest {
  Position position;
  std::uint64_t next_number = 1;
  std::vector<ManifestSet> sets;
  bool operator==(const Manifest&) const = default;
};

Bytes encode_manifest(const Manifest& manifest);
// corrupt or unsupported; `path` is named in the message.
Result<Manifest> parse_manifest(ByteSpan bytes, const std::string& path);

// "<folder>/<set>-<number, ten digits>.run"
std::string run_path(const std::string& folder, const std::string& set, std::uint64_t number);
std::string manifest_path(const std::string& folder);

}  // namespace zan::storage
