// Dense arithmetic: the only user of OpenBLAS. All matrices are rows of floats, one after another.
//
// Each call runs on the calling thread; whoever wants more threads gives each its own tiles, so that the order of
// every sum, and with it every bit, is the same for any number of threads on one kind of processor.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace zan::matching {

// A block inside a matrix: `stride` floats from one row to the next.
struct Block {
  float* data;
  std::size_t rows, columns, stride;
};
struct ConstBlock {
  const float* data;
  std::size_t rows, columns, stride;
  ConstBlock(const float* from, std::size_t row_count, std::size_t column_count, std::size_t row_stride)
      : data(from), rows(row_count), columns(column_count), stride(row_stride) {}
  ConstBlock(const Block& block)  // NOLINT: implicit by design
      : data(block.data), rows(block.rows), columns(block.columns), stride(block.stride) {}
};

enum class Turn { as_is, transposed };

// c = alpha * a' * b' + beta * c, a' and b' being a and b as they are or transposed.
void multiply(ConstBlock a, Turn turn_a, ConstBlock b, Turn turn_b, Block c, float alpha = 1, float beta = 0);

// c = aᵀ a over the lower triangle; the rest of c is left. `a` is rows x c.rows.
void add_gram(ConstBlock a, Block c, float beta);

// Solves m x = b for the positive definite m, of which the lower triangle is read and destroyed; x takes b's place.
// False if m is not positive definite to working precision.
bool solve_in_place(Block m, std::span<float> b);

// Inverts the positive definite m, of which the lower triangle is read; all of m is the answer. Tiled Cholesky.
// False as above; m is then destroyed.
bool invert_in_place(Block m, std::size_t threads);

// Eigenvalues, ascending, of the symmetric m, of which the lower triangle is read; row k of m becomes the k-th vector.
// False if the iteration does not converge.
bool eigen_in_place(Block m, std::span<float> values);

}  // namespace zan::matching
