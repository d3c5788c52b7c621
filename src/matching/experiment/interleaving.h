// Interleaving: two rankings shown as one list, so that the same person chooses between them in the same moment; it
// tells which is liked better from far fewer people than two arms do.
//
// Team draft (Radlinski, Kurup, Joachims 2008): as two captains pick teams, the rankings take turns in pairs, a coin
// deciding who goes first, and each adds its best work that is not in the list yet. A work that is taken to counts for
// the ranking that added it. Two rankings of the same worth have the same chance of every credit, whatever the places
// do. Whose credits are more wins the request; a person's value is wins less losses over their requests, as requests of
// one person are not independent.
//
// Threads: plain functions and values.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/ids.h"
#include "matching/experiment/confidence.h"

namespace zan::matching {

enum class Team : std::uint8_t { a, b };

struct Interleaved {
  std::vector<SubjectId> works;
  std::vector<Team> teams;  // who added each
};

// Whether a work may be added to the list as it is. What may not is passed over for good.
using MayAdd = std::function<bool(std::span<const SubjectId> list, SubjectId work)>;

// At most `places` works, each once. `seed`: of the request; the same gives the same list.
Interleaved interleave(std::span<const SubjectId> a, std::span<const SubjectId> b, std::size_t places,
                       std::uint64_t seed, const MayAdd& may_add = nullptr);

// What one person's requests say.
class PersonPreference {
 public:
  // How much was taken to of each team in one request: opened, watched long, as the experiment has it.
  void add(double credit_a, double credit_b);
  // For b: from -1, a won every request, to 1. A request that neither won counts, too. 0 of no requests.
  [[nodiscard]] double value() const { return requests_ == 0 ? 0 : balance_ / requests_; }
  [[nodiscard]] std::uint32_t requests() const { return static_cast<std::uint32_t>(requests_); }

 private:
  double requests_ = 0, balance_ = 0;
};

// Over people, each added once, when no more is awaited of them.
class Preference {
 public:
  explicit Preference(double alpha) : halves_(alpha) {}
  void add(const PersonPreference& person);
  [[nodiscard]] std::uint64_t people() const { return halves_.count(); }
  [[nodiscard]] double value() const { return people() == 0 ? 0 : 2 * halves_.mean() - 1; }  // above 0: b is better
  [[nodiscard]] Interval interval() const;  // holds at every moment (confidence.h)
  [[nodiscard]] bool decided() const { return halves_.excludes(0.5); }

 private:
  MeanSequence halves_;  // of (value + 1) / 2
};

}  // namespace zan::matching
