// Products: one vector against many, the inner loop of everything that is retrieved.
//
// Sums are made in 32 lanes in the same order with whatever width the processor has, and without fused arithmetic: the
// same bits on every machine. Rows one after another are read at the speed of memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "matching/evaluate/ranking.h"

namespace zan::matching {

// out[k] = query . row k, `rows` holding out.size() rows of query.size() floats.
void products(std::span<const float> query, const float* rows, std::span<float> out);

// out[k] = query . row which[k].
void products_of(std::span<const float> query, const float* rows, std::span<const std::uint32_t> which,
                 std::span<float> out);

float product(std::span<const float> a, const float* b);

// The k rows with the largest products, best first; equal ones by row, those that are no number not
// at all. Cost: all rows once, 28 ms a million of 64: an exact search for people near a work, too.
// REQUIRES: rows.size() is a multiple of query.size(), which is not 0.
void best_rows(std::span<const float> query, std::span<const float> rows, std::size_t k, std::vector<Ranked>& best);

}  // namespace zan::matching
