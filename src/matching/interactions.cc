#include "matching/interactions.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "base/require.h"

namespace zan::matching {

Interactions interactions_of(std::vector<Pair> pairs, std::uint32_t user_count, std::uint32_t item_count) {
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  Interactions matrix;
  matrix.item_count = item_count;
  matrix.offsets.assign(std::size_t{user_count} + 1, 0);
  matrix.items.reserve(pairs.size());
  for (const auto& [user, item] : pairs) {
    require(user < user_count && item < item_count, "a pair outside its matrix");
    ++matrix.offsets[std::size_t{user} + 1];
    matrix.items.push_back(item);
  }
  for (std::size_t user = 0; user < user_count; ++user) matrix.offsets[user + 1] += matrix.offsets[user];
  return matrix;
}

std::vector<std::uint32_t> item_degrees(const Interactions& matrix) {
  std::vector<std::uint32_t> degrees(matrix.item_count, 0);
  for (const std::uint32_t item : matrix.items) ++degrees[item];
  return degrees;
}

Interactions transposed(const Interactions& matrix) {
  Interactions turned;
  turned.item_count = matrix.user_count();
  turned.offsets.assign(std::size_t{matrix.item_count} + 1, 0);
  turned.items.resize(matrix.items.size());
  for (const std::uint32_t item : matrix.items) ++turned.offsets[std::size_t{item} + 1];
  for (std::size_t item = 0; item < matrix.item_count; ++item) turned.offsets[item + 1] += turned.offsets[item];
  std::vector<std::uint64_t> next(turned.offsets.begin(), turned.offsets.end() - 1);
  for (std::uint32_t user = 0; user < matrix.user_count(); ++user) {
    for (const std::uint32_t item : matrix.of(user)) turned.items[next[item]++] = user;
  }
  return turned;
}

Split hold_out(const Interactions& matrix, double share, std::uint64_t seed) {
  require(share > 0 && share < 1, "a share is between 0 and 1");
  Split split;
  std::vector<std::uint32_t> row;
  for (Interactions* part : {&split.fit, &split.held_out}) part->item_count = matrix.item_count;
  for (std::uint32_t user = 0; user < matrix.user_count(); ++user) {
    const auto items = matrix.of(user);
    row.assign(items.begin(), items.end());
    Rng rng(seed * 0x9e3779b97f4a7c15ULL + user);
    for (std::size_t left = row.size(); left > 1; --left) std::swap(row[left - 1], row[rng.below(left)]);
    const auto wanted = static_cast<std::size_t>(std::lround(share * static_cast<double>(row.size())));
    const auto out = row.begin() + static_cast<std::ptrdiff_t>(std::min(wanted, row.empty() ? 0 : row.size() - 1));
    std::sort(row.begin(), out);
    std::sort(out, row.end());
    split.held_out.items.insert(split.held_out.items.end(), row.begin(), out);
    split.fit.items.insert(split.fit.items.end(), out, row.end());
    split.held_out.offsets.push_back(split.held_out.items.size());
    split.fit.offsets.push_back(split.fit.items.size());
  }
  return split;
}

}  // namespace zan::matching
