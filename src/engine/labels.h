// What the journal says by now of each like: the labels that a model learns from.
//
//   fake       it stands rejected: its group was confirmed, by the detectors or by people
//   genuine    people overturned its case; or nothing was ever found, and it has ripened
//   (neither)  it is only suspected; it was held at intake and nothing came of it; it came too lately for the detectors to have had
//              their time with it; its account did something that is a fake or suspected, and nobody knows of the rest whether
//              that is camouflage or an owner's; its person was erased
//
// The stretch is cut in three by time (train, calibrate, judge), between cases. A case belongs to the part in which its middle like lies, an
// account of cases to the part in which most of its fakes lie, every other account to one part by its hash; likes in other
// parts are left out. So no account, and no case, is in two parts, and the genuine accounts of all parts are alike.
//
// Threads: one. Memory: some 100 bytes a like that was ever judged late.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "engine/core.h"
#include "engine/label_counts.h"

namespace zan::engine {

inline constexpr std::size_t label_parts = 3;  // train, calibrate, judge

struct TrainingLabel {
  std::size_t part = 0;
  bool fake = false;
  float weight = 1;  // likes that it stands for
};

class Labels {
 public:
  using Progress = std::function<void(double)>;

  // Reads the journal once. invalid: too few cases or fakes to learn from, with the numbers.
  static Result<Labels> read(storage::Journal& journal, const LabelOptions& options, const Progress& progress);

  // Nothing: it is no row. Counts what it says.
  std::optional<TrainingLabel> label(const engagement::RecordedAct& like);

  [[nodiscard]] const LabelCounts& counts() const { return counts_; }
  // Where the parts `calibrate` and `judge` begin.
  [[nodiscard]] std::array<Timestamp, label_parts - 1> cuts() const { return {Timestamp{cuts_us_[0]}, {cuts_us_[1]}}; }
  [[nodiscard]] Position last() const { return last_; }  // that was read

 private:
  struct Key {
    std::uint64_t pair = 0;
    std::int64_t at_us = 0;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      return mix64(mix64(key.pair) ^ static_cast<std::uint64_t>(key.at_us));
    }
  };
  struct Found {
    engagement::Verdict verdict = engagement::Verdict::genuine;
    std::uint64_t case_id = 0;
  };
  enum class Stands : std::uint8_t { nothing, fake, overturned, suspected, cleared };

  explicit Labels(const LabelOptions& options) : options_(options) {}
  Result<void> read_group(const storage::Group& group);
  void take_verdict(const engagement::VerdictRecord& verdict);
  [[nodiscard]] Stands stands(const Found& found) const;
  Result<void> cut();
  void settle_accounts();
  [[nodiscard]] std::size_t part_of(std::int64_t at_us) const;
  [[nodiscard]] std::optional<TrainingLabel> label_found(const engagement::RecordedAct& like, const Found& found);
  [[nodiscard]] std::optional<TrainingLabel> label_plain(const engagement::RecordedAct& like);

  LabelOptions options_;
  LabelCounts counts_;
  std::unordered_map<Key, Found, KeyHash> found_;
  std::unordered_map<std::uint64_t, integrity::Decision> decisions_;                    // by case
  std::unordered_map<std::uint64_t, std::size_t> case_part_;                            // of cases that stand
  std::unordered_map<std::uint32_t, std::array<std::uint32_t, label_parts>> suspects_;  // likes of theirs, by part
  std::unordered_set<std::uint32_t> erased_;
  std::int64_t newest_us_ = 0;
  std::array<std::int64_t, label_parts - 1> cuts_us_{};
  double genuine_rate_ = 1, fake_rate_ = 1;
  Position last_;
};

}  // namespace zan::engine
