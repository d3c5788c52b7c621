// Collaborative: what the taking up of works says about them, in the form that feeds are served from.
//
// It has two halves. Works have vectors (iALS); a person gets one at every request, folded in from what they took to
// lately, so that nothing of anybody is kept here and a like counts with the next request. And works have neighbours:
// the few others that having taken up the one speaks for. docs/matching_retrieval.md says what was measured.
//
// Owns: items * (8 * neighbours + 5 * dimension + 50) bytes. Threads: immutable; any may ask. Errors: none; what it does
// not know it says nothing of. Cost: see the calls, measured with 64 dimensions and a million items.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.h"
#include "matching/retrieval/fold_in.h"
#include "matching/retrieval/group_means.h"
#include "matching/retrieval/neighbours.h"
#include "matching/retrieval/vector_index.h"

namespace zan::matching {

// Plain data: what learning makes and a file holds. `subjects` name the rows; all else is by row.
struct CollaborativeParts {
  std::vector<SubjectId> subjects;  // each once
  std::size_t dimension = 0;        // 0: no vectors
  std::vector<float> vectors;       // as ials() leaves them
  std::vector<std::uint32_t> list_of;  // of the index over them; empty: it has none, or is to be made
  FoldIn fold_in;
  Neighbours neighbours;
  GroupMeans::Parts means;
  std::vector<std::string> notes;  // how it was made, and what there was no room or time for
};

class Collaborative {
 public:
  static constexpr std::uint32_t no_row = ~std::uint32_t{0};

  Collaborative() : Collaborative(CollaborativeParts{}, 1) {}
  // REQUIRES: the parts agree with each other, as learning makes them and reading a file has checked. Cost: an index over
  // the vectors, 2 s a million with two threads, half of it where `list_of` is given.
  Collaborative(CollaborativeParts parts, std::size_t threads);

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(subjects_.size()); }
  [[nodiscard]] std::size_t dimension() const { return index_.dimension(); }
  [[nodiscard]] std::uint32_t row_of(SubjectId subject) const;  // no_row: not learnt from
  // REQUIRES: row < size(), here and below.
  [[nodiscard]] SubjectId subject_of(std::uint32_t row) const { return subjects_[row]; }

  // The vector of whoever took to these works. False, and all zero: there is nothing to go by. 16 µs for 50 works.
  // REQUIRES: vector.size() == dimension(), here and below.
  bool fold_in(std::span<const Weighted> taken, std::span<float> vector) const;
  // Of a work nobody took up yet: from its creator's works and its tags. False as above. 5 µs.
  bool cold_vector(CreatorId creator, std::span<const std::uint32_t> tags, std::span<float> vector) const;

  [[nodiscard]] std::span<const float> vector_of(std::uint32_t row) const { return index_.row(row); }
  [[nodiscard]] float product(std::span<const float> vector, std::uint32_t row) const;
  // At most k works with the largest products, best first, those of 0 and less left out. 0.3 ms for 100.
  void nearest(std::span<const float> vector, std::size_t k, std::vector<Ranked>& best) const;

  // Heaviest first. The weights of a history's works can be added up, and come to about 1 a work.
  [[nodiscard]] std::span<const Weighted> neighbours(std::uint32_t row) const { return neighbours_.of(row); }
  // At most k works like this one: half by the cosine of vectors, half by how much of a neighbour it is. 0.3 ms for 20.
  void similar(std::uint32_t row, std::size_t k, std::vector<Ranked>& best) const;

  [[nodiscard]] std::span<const std::string> notes() const { return notes_; }
  [[nodiscard]] std::size_t bytes() const;

  // For whoever saves it.
  [[nodiscard]] std::span<const SubjectId> subjects() const { return subjects_; }
  [[nodiscard]] const VectorIndex& index() const { return index_; }
  [[nodiscard]] const FoldIn& folding() const { return fold_in_; }
  [[nodiscard]] const Neighbours& all_neighbours() const { return neighbours_; }
  [[nodiscard]] const GroupMeans& means() const { return means_; }

 private:
  std::vector<SubjectId> subjects_;
  std::vector<std::uint32_t> row_table_;  // by hash of the subject, open addressing; a power of two
  VectorIndex index_;
  FoldIn fold_in_;
  Neighbours neighbours_;
  GroupMeans means_;
  std::vector<std::string> notes_;
};

}  // namespace zan::matching
