// Which arm of an experiment somebody is in, worked out and never stored: a keyed hash of the experiment and the person
// (or session) names one of 10,000 buckets, and the experiment says whose each bucket is.
//
// When shares change, buckets change hands and nothing else: an arm that shrinks gives up just so many, an arm that
// grows takes just those. No way of assigning moves fewer people. That makes who is where depend on all settings there
// have been, so an experiment is known by its list of them, and whoever replays the list gets the same buckets.
// The permanent holdout is asked first and is one for all experiments: those people stay with what there was before.
//
// Owns:    10,000 bytes an experiment.
// Threads: of() any, set() one at a time.
// Cost:    two keyed hashes a question, one without a holdout.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "base/hash.h"
#include "base/ids.h"
#include "base/result.h"

namespace zan::matching {

inline constexpr std::uint32_t whole_bp = 10'000;  // basis points; also the buckets
inline constexpr std::size_t arms_max = 16;        // control and what is tried

// As it stands in Shown::arm. What is tried has the numbers from arm_control + 1.
using Arm = std::uint8_t;
inline constexpr Arm arm_none = 0;     // outside the experiment
inline constexpr Arm arm_holdout = 1;  // never in any
inline constexpr Arm arm_control = 2;

// Whom a coin is tossed for.
class Unit {
 public:
  static Unit person(PersonId id) { return Unit(std::uint64_t{1} << 32 | id.value); }
  // For those without an account.
  static Unit session(std::uint64_t token) { return Unit(mix64(token) | std::uint64_t{1} << 63); }
  [[nodiscard]] std::uint64_t token() const { return token_; }

 private:
  explicit Unit(std::uint64_t token) : token_(token) {}
  std::uint64_t token_;
};

// Who gets the feed as it was before, for good. Growing it adds people and moves nobody out.
class Holdout {
 public:
  Holdout() = default;  // nobody
  Holdout(const HashKey& key, std::uint32_t share_bp) : key_(key), share_bp_(share_bp) {}
  [[nodiscard]] bool has(Unit unit) const;
  [[nodiscard]] std::uint32_t share_bp() const { return share_bp_; }

 private:
  HashKey key_{};
  std::uint32_t share_bp_ = 0;
};

class Arms {
 public:
  // Everybody is in no arm until shares are set. Experiments with other names split people independently.
  Arms(const HashKey& key, std::string name, Holdout holdout = {});

  // The shares from now on, in basis points: control first. What they leave is in no arm.
  // invalid: no share, more than arms_max, or a sum above whole_bp. Answers how many buckets changed hands.
  Result<std::uint32_t> set(std::span<const std::uint32_t> shares_bp);

  [[nodiscard]] Arm of(Unit unit) const;
  // Of those whom the holdout leaves. 0 for an arm there is not.
  [[nodiscard]] std::uint32_t share_bp(Arm arm) const;
  [[nodiscard]] std::size_t count() const { return count_; }  // control and what is tried
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  HashKey key_;
  std::string name_;
  Holdout holdout_;
  std::array<Arm, whole_bp> buckets_{};
  std::size_t count_ = 0;
};

}  // namespace zan::matching
