// The learned scorer: trees that say from an act's numbers how likely it is a fake.
//
// A Model is data: trees, a calibration, and what it was learned from. It is trained elsewhere (train.h), kept in a
// file of our own that may come from a stranger (encode, decode), and served by Scorer, which knows no library. What is
// not particular to likes is in the room `trees`.
//
// Threads: a Model is immutable once made; a Scorer may be shared, scoring changes nothing.
// Errors:  corrupt: the bytes are no model; unsupported: of a later version.
// Cost:    a row of 100 trees of depth 6 takes well under a microsecond, and no allocation.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/result.h"
#include "trees/trees.h"

namespace zan::integrity::model {

using trees::calibration_points_max;
using trees::CalibrationPoint;
using trees::depth_max;
using trees::features_max;
using trees::Node;
using trees::Tree;
using trees::trees_max;

inline constexpr std::size_t feature_name_bytes_max = 200;
inline constexpr std::size_t model_bytes_max = 32U << 20;

struct Model {
  std::vector<std::string> features;  // names, in the order of a row
  std::int64_t trained_from_ms = 0;   // the time of the rows it learned from; both 0: they had none
  std::int64_t trained_until_ms = 0;
  std::uint64_t training_rows = 0;
  std::vector<Tree> trees;
  std::vector<CalibrationPoint> calibration;  // margins ascend, probabilities do not descend; never empty
  // From this sum of leaves on the model alone may hold an act: so few genuine ones come so far. Nothing: it never may.
  std::optional<float> hold_margin;
  bool operator==(const Model&) const = default;
};

// invalid: what decode() would not take.
Result<void> check_model(const Model& model);
// REQUIRES: check_model() has passed it.
Bytes encode_model(const Model& model);
Result<Model> decode_model(ByteSpan bytes);

// Of the encoded bytes: the version's name.
Hash128 digest_of(const Model& model);
Hash128 digest_of(ByteSpan encoded);

class Scorer {
 public:
  // REQUIRES: check_model() has passed it; decode_model() gives no others.
  explicit Scorer(const Model& model)
      : forest_(model.features.size(), model.trees, model.calibration), hold_margin_(model.hold_margin) {}

  [[nodiscard]] std::size_t feature_count() const { return forest_.feature_count(); }
  // REQUIRES: as many values as features. NaN is a value that is not known.
  [[nodiscard]] float margin(std::span<const float> row) const { return forest_.margin(row); }
  [[nodiscard]] double probability(std::span<const float> row) const { return forest_.probability(row); }
  [[nodiscard]] double calibrated(float margin) const { return forest_.calibrated(margin); }
  [[nodiscard]] bool holds(float margin) const { return hold_margin_ && margin >= *hold_margin_; }

 private:
  trees::Forest forest_;
  std::optional<float> hold_margin_;
};

}  // namespace zan::integrity::model
