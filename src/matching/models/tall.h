// Tall matrices: many rows - all users, or all items - of a few hundred floats. Products over all rows in fixed tiles,
// so that no sum depends on the number of threads.
#pragma once

#include <cstddef>
#include <vector>

#include "matching/models/dense.h"

namespace zan::matching {

// mᵀ m, m.columns x m.columns; only the lower triangle is filled.
std::vector<float> gram_of(ConstBlock m, std::size_t threads);

// to = from * turnᵀ: `from` has rows of turn.columns floats, `to` gets rows of turn.rows.
void rotate(const std::vector<float>& from, ConstBlock turn, std::vector<float>& to, std::size_t threads);

}  // namespace zan::matching
