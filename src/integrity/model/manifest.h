// Which models there are, where each came from, and which one is in service: the text of integrity/models/MANIFEST.
//
//   zhenzan models, format 1
//   model 1 <digest, 32 hex digits> <made> <from> <until> <position> <rows> <fakes> <auc> <log loss> <by>
//   active 1 <at> <by>
//   sum <16 hex digits>
//
// Times in ms since 1970; `position`: of the journal, up to which it was read; AUC and log loss as judged then, in millionths; `by`:
// whoever did it, to the end of the line. `active 0`: none is in service. The last line is the checksum of all before it:
// who serves what is not changed by hand.
//
// Threads: any; pure. Errors: corrupt, unsupported.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/result.h"

namespace zan::integrity::model {

inline constexpr std::size_t versions_max = 1000;
inline constexpr std::size_t activations_max = 1000;  // older ones are forgotten
inline constexpr std::size_t by_bytes_max = 64;

// Numbered from 1, in the order of making.
struct ModelVersion {
  std::uint32_t version = 0;
  Hash128 digest;  // of its file
  std::int64_t made_ms = 0, trained_from_ms = 0, trained_until_ms = 0;
  std::uint64_t position = 0, rows = 0, fakes = 0;
  std::uint32_t auc_millionths = 0, log_loss_millionths = 0;
  std::string by;
  bool operator==(const ModelVersion&) const = default;
};

struct Activation {
  std::uint32_t version = 0;  // 0: none is in service
  std::int64_t at_ms = 0;
  std::string by;
  bool operator==(const Activation&) const = default;
};

struct Manifest {
  std::vector<ModelVersion> versions;
  std::vector<Activation> activations;  // oldest first
  bool operator==(const Manifest&) const = default;

  // 0: none.
  [[nodiscard]] std::uint32_t active() const { return activations.empty() ? 0 : activations.back().version; }
  // What was in service before what is now; 0: none.
  [[nodiscard]] std::uint32_t before_active() const;
  [[nodiscard]] const ModelVersion* find(std::uint32_t version) const;
};

// As much of it as may stand in a manifest: printable, no line end, by_bytes_max.
std::string fit_name(std::string_view by);
std::string to_hex(Hash128 digest);

std::string encode_manifest(const Manifest& manifest);  // REQUIRES: within the limits, names that fit
Result<Manifest> decode_manifest(std::string_view text);

}  // namespace zan::integrity::model
