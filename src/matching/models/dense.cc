#include "matching/models/dense.h"

#include <cblas.h>

#include <algorithm>

#include "base/require.h"
#include "matching/parallel.h"

// LAPACK as OpenBLAS carries it, in Fortran's way: columns one after another, everything by address.
extern "C" {
void spotrf_(const char* triangle, const int* n, float* a, const int* stride, int* info);
void spotrs_(const char* triangle, const int* n, const int* columns, const float* a, const int* stride, float* b,
             const int* stride_b, int* info);
void strtri_(const char* triangle, const char* unit, const int* n, float* a, const int* stride, int* info);
void ssyevd_(const char* job, const char* triangle, const int* n, float* a, const int* stride, float* values,
             float* work, const int* work_size, int* int_work, const int* int_work_size, int* info);
}

namespace zan::matching {
namespace {

constexpr std::size_t tile = 256;

int as_int(std::size_t value) {
  return static_cast<int>(value);
}

// One thread inside of OpenBLAS, from before the first call on.
void single_threaded() {
  static const bool once = (openblas_set_num_threads(1), true);
  (void)once;
}

CBLAS_TRANSPOSE blas(Turn turn) {
  return turn == Turn::as_is ? CblasNoTrans : CblasTrans;
}

Block tile_of(Block m, std::size_t row, std::size_t column) {
  return {m.data + row * tile * m.stride + column * tile, std::min(tile, m.rows - row * tile),
          std::min(tile, m.columns - column * tile), m.stride};
}

// A row-major lower triangle is a column-major upper one.
bool factor_tile(Block m) {
  const int n = as_int(m.rows), stride = as_int(m.stride);
  int info = 0;
  spotrf_("U", &n, m.data, &stride, &info);
  return info == 0;
}

// The lower triangle of m becomes its Cholesky factor L.
bool factor(Block m, std::size_t threads) {
  const std::size_t count = (m.rows + tile - 1) / tile;
  for (std::size_t k = 0; k < count; ++k) {
    const Block pivot = tile_of(m, k, k);
    if (!factor_tile(pivot)) return false;
    const std::size_t below = count - k - 1;
    in_chunks(threads, below, 1, [&](std::size_t i, std::size_t, std::size_t) {
      const Block b = tile_of(m, k + 1 + i, k);
      cblas_strsm(CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, as_int(b.rows), as_int(b.columns), 1,
                  pivot.data, as_int(pivot.stride), b.data, as_int(b.stride));
    });
    in_chunks(threads, below, 1, [&](std::size_t from_end, std::size_t, std::size_t) {
      const std::size_t row = count - 1 - from_end;  // the long rows first
      for (std::size_t column = k + 1; column <= row; ++column)
        multiply(tile_of(m, row, k), Turn::as_is, tile_of(m, column, k), Turn::transposed, tile_of(m, row, column), -1,
                 1);
    });
  }
  return true;
}

// The lower triangle, L, becomes its inverse; column of tiles by column, each by forward substitution.
bool invert_factor(Block m, std::size_t threads) {
  const std::size_t count = (m.rows + tile - 1) / tile;
  std::vector<float> diagonals(count * tile * tile, 0.0F);
  std::atomic<bool> good = true;
  in_chunks(threads, count, 1, [&](std::size_t k, std::size_t, std::size_t) {
    const Block from = tile_of(m, k, k);
    float* to = diagonals.data() + k * tile * tile;
    for (std::size_t row = 0; row < from.rows; ++row)
      std::copy_n(from.data + row * from.stride, row + 1, to + row * tile);
    const int n = as_int(from.rows), stride = as_int(tile);
    int info = 0;
    strtri_("U", "N", &n, to, &stride, &info);
    if (info != 0) good = false;
  });
  if (!good) return false;
  // Row i of the inverse: X_ij = -inv(L_ii) * sum over k in [j, i) of L_ik X_kj; rows above are done already.
  for (std::size_t i = 0; i < count; ++i) {
    const Block pivot = tile_of(m, i, i);
    const ConstBlock inverse(diagonals.data() + i * tile * tile, pivot.rows, pivot.rows, tile);
    std::vector<float> row(pivot.rows * std::max<std::size_t>(i, 1) * tile);
    in_chunks(threads, i, 1, [&](std::size_t j, std::size_t, std::size_t) {
      const Block sum{row.data() + j * tile, pivot.rows, tile, i * tile};
      for (std::size_t k = j; k < i; ++k)
        multiply(tile_of(m, i, k), Turn::as_is, tile_of(m, k, j), Turn::as_is, sum, 1, k == j ? 0.0F : 1.0F);
    });
    in_chunks(threads, i, 1, [&](std::size_t j, std::size_t, std::size_t) {
      const Block sum{row.data() + j * tile, pivot.rows, tile, i * tile};
      multiply(inverse, Turn::as_is, sum, Turn::as_is, tile_of(m, i, j), -1, 0);
    });
    for (std::size_t r = 0; r < pivot.rows; ++r) {
      std::copy_n(inverse.data + r * tile, r + 1, pivot.data + r * pivot.stride);
      std::fill(pivot.data + r * pivot.stride + r + 1, pivot.data + r * pivot.stride + pivot.columns, 0.0F);
    }
  }
  return true;
}

// The lower triangle X becomes that of Xᵀ X, tiles of the upper rows first: they need only what is below them.
void square_lower(Block m, std::size_t threads) {
  const std::size_t count = (m.rows + tile - 1) / tile;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t rows = tile_of(m, i, i).rows;
    std::vector<float> row(rows * (i + 1) * tile, 0.0F);
    in_chunks(threads, i + 1, 1, [&](std::size_t j, std::size_t, std::size_t) {
      const Block sum{row.data() + j * tile, rows, tile_of(m, i, j).columns, (i + 1) * tile};
      for (std::size_t k = i; k < count; ++k)
        multiply(tile_of(m, k, i), Turn::transposed, tile_of(m, k, j), Turn::as_is, sum, 1, k == i ? 0.0F : 1.0F);
    });
    for (std::size_t r = 0; r < rows; ++r)
      std::copy_n(row.data() + r * (i + 1) * tile, i * tile + rows, m.data + (i * tile + r) * m.stride);
  }
}

}  // namespace

void multiply(ConstBlock a, Turn turn_a, ConstBlock b, Turn turn_b, Block c, float alpha, float beta) {
  single_threaded();
  const std::size_t inner = turn_a == Turn::as_is ? a.columns : a.rows;
  if (c.rows == 0 || c.columns == 0) return;
  cblas_sgemm(CblasRowMajor, blas(turn_a), blas(turn_b), as_int(c.rows), as_int(c.columns), as_int(inner), alpha,
              a.data, as_int(a.stride), b.data, as_int(b.stride), beta, c.data, as_int(c.stride));
}

void add_gram(ConstBlock a, Block c, float beta) {
  single_threaded();
  cblas_ssyrk(CblasRowMajor, CblasLower, CblasTrans, as_int(c.rows), as_int(a.rows), 1, a.data, as_int(a.stride), beta,
              c.data, as_int(c.stride));
}

bool solve_in_place(Block m, std::span<float> b) {
  single_threaded();
  require(m.rows == m.columns && b.size() == m.rows, "a square system and its right side");
  if (!factor_tile(m)) return false;
  const int n = as_int(m.rows), one = 1, stride = as_int(m.stride);
  int info = 0;
  spotrs_("U", &n, &one, m.data, &stride, b.data(), &n, &info);
  return info == 0;
}

bool invert_in_place(Block m, std::size_t threads) {
  single_threaded();
  require(m.rows == m.columns, "only a square matrix has an inverse");
  if (!factor(m, threads) || !invert_factor(m, threads)) return false;
  square_lower(m, threads);
  for (std::size_t row = 0; row < m.rows; ++row) {
    for (std::size_t column = 0; column < row; ++column)
      m.data[column * m.stride + row] = m.data[row * m.stride + column];
  }
  return true;
}

bool eigen_in_place(Block m, std::span<float> values) {
  single_threaded();
  require(m.rows == m.columns && values.size() == m.rows, "a square matrix and room for its eigenvalues");
  const int n = as_int(m.rows), stride = as_int(m.stride), query = -1;
  if (n == 0) return true;
  float work_wanted = 0;
  int int_wanted = 0, info = 0;
  ssyevd_("V", "U", &n, m.data, &stride, values.data(), &work_wanted, &query, &int_wanted, &query, &info);
  if (info != 0) return false;
  std::vector<float> work(static_cast<std::size_t>(work_wanted) + 1);
  std::vector<int> int_work(static_cast<std::size_t>(int_wanted));
  const int work_size = as_int(work.size()), int_size = as_int(int_work.size());
  ssyevd_("V", "U", &n, m.data, &stride, values.data(), work.data(), &work_size, int_work.data(), &int_size, &info);
  return info == 0;
}

}  // namespace zan::matching
