#include "matching/retrieval/collaborative.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "base/hash.h"
#include "base/require.h"
#include "matching/retrieval/products.h"

namespace zan::matching {
namespace {

constexpr float cosine_share = 0.5F;

VectorIndex index_of(CollaborativeParts& parts, std::size_t threads) {
  const VectorIndexOptions options{.threads = threads};
  if (parts.list_of.empty()) return {std::move(parts.vectors), parts.dimension, options};
  return {std::move(parts.vectors), parts.dimension, std::move(parts.list_of), options};
}

std::size_t place_of(SubjectId subject, std::span<const std::uint32_t> table) {
  return mix64(subject.value) & (table.size() - 1);
}

}  // namespace

Collaborative::Collaborative(CollaborativeParts parts, std::size_t threads)
    : subjects_(std::move(parts.subjects)),
      row_table_(std::bit_ceil(2 * subjects_.size() + 1), no_row),
      index_(index_of(parts, threads)),
      fold_in_(std::move(parts.fold_in)),
      neighbours_(std::move(parts.neighbours)),
      means_(std::move(parts.means)),
      notes_(std::move(parts.notes)) {
  require(index_.dimension() == 0 || index_.size() == subjects_.size(), "a vector for each item");
  if (neighbours_.offsets.size() == 1) neighbours_.offsets.assign(subjects_.size() + 1, 0);
  require(neighbours_.offsets.size() == subjects_.size() + 1, "neighbours of each item");
  means_.average_creators(index_.vectors(), index_.dimension());
  for (std::uint32_t row = 0; row < subjects_.size(); ++row) {
    std::size_t at = place_of(subjects_[row], row_table_);
    while (row_table_[at] != no_row) at = (at + 1) & (row_table_.size() - 1);
    row_table_[at] = row;
  }
}

std::uint32_t Collaborative::row_of(SubjectId subject) const {
  for (std::size_t at = place_of(subject, row_table_); row_table_[at] != no_row;
       at = (at + 1) & (row_table_.size() - 1)) {
    if (subjects_[row_table_[at]] == subject) return row_table_[at];
  }
  return no_row;
}

bool Collaborative::fold_in(std::span<const Weighted> taken, std::span<float> vector) const {
  return fold_in_.solve(index_.vectors(), taken, vector);
}

bool Collaborative::cold_vector(CreatorId creator, std::span<const std::uint32_t> tags, std::span<float> vector) const {
  require(vector.size() == dimension(), "a number a dimension");
  return means_.vector_for(creator, tags, index_.vectors(), vector);
}

float Collaborative::product(std::span<const float> vector, std::uint32_t row) const {
  return matching::product(vector, vector_of(row).data());
}

void Collaborative::nearest(std::span<const float> vector, std::size_t k, std::vector<Ranked>& best) const {
  index_.nearest(vector, k, best);
  std::erase_if(best, [](const Ranked& entry) { return !(entry.score > 0); });
}

void Collaborative::similar(std::uint32_t row, std::size_t k, std::vector<Ranked>& best) const {
  const auto of_row = neighbours(row);
  const auto vector = vector_of(row);
  nearest(vector, 4 * k + 16, best);
  const std::size_t near = best.size();
  for (const Weighted& neighbour : of_row) best.push_back({0, neighbour.row});
  std::sort(best.begin(), best.end(), [](const Ranked& a, const Ranked& b) { return a.item < b.item; });
  best.erase(std::unique(best.begin(), best.end(), [](const Ranked& a, const Ranked& b) { return a.item == b.item; }),
             best.end());
  std::erase_if(best, [&](const Ranked& entry) { return entry.item == row; });
  const float length = near == 0 ? 0 : std::sqrt(product(vector, row));
  for (Ranked& entry : best) {
    const float other = length > 0 ? std::sqrt(product(vector_of(entry.item), entry.item)) : 0;
    entry.score = other > 0 ? cosine_share * product(vector, entry.item) / (length * other) : 0;
    const auto found = std::find_if(of_row.begin(), of_row.end(),
                                    [&](const Weighted& neighbour) { return neighbour.row == entry.item; });
    if (found != of_row.end()) entry.score += (1 - cosine_share) * found->weight / of_row.front().weight;
  }
  std::erase_if(best, [](const Ranked& entry) { return std::isnan(entry.score); });
  std::sort(best.begin(), best.end(), is_better);
  best.resize(std::min(best.size(), k));
}

std::size_t Collaborative::bytes() const {
  return index_.bytes() + (subjects_.size() + row_table_.size()) * sizeof(std::uint32_t) +
         neighbours_.entries.size() * sizeof(Weighted) + neighbours_.offsets.size() * sizeof(std::uint64_t) +
         means_.bytes();
}

}  // namespace zan::matching
