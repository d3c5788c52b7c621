#include "matching/models/tall.h"

#include <algorithm>

#include "matching/parallel.h"

namespace zan::matching {

std::vector<float> gram_of(ConstBlock m, std::size_t threads) {
  constexpr std::size_t tile = 64;
  const std::size_t width = m.columns, tiles = (width + tile - 1) / tile;
  std::vector<float> gram(width * width, 0.0F);
  in_chunks(threads, tiles, 1, [&](std::size_t i, std::size_t, std::size_t) {
    const std::size_t rows = std::min(tile, width - i * tile), columns = i * tile + rows;
    multiply(ConstBlock(m.data + i * tile, m.rows, rows, m.stride), Turn::transposed,
             ConstBlock(m.data, m.rows, columns, m.stride), Turn::as_is,
             Block{gram.data() + i * tile * width, rows, columns, width});
  });
  return gram;
}

void rotate(const std::vector<float>& from, ConstBlock turn, std::vector<float>& to, std::size_t threads) {
  constexpr std::size_t rows_at_a_time = 256;
  const std::size_t width = turn.columns, rows = width == 0 ? 0 : from.size() / width;
  to.resize(rows * turn.rows);
  in_chunks(threads, rows, rows_at_a_time, [&](std::size_t begin, std::size_t end, std::size_t) {
    multiply(ConstBlock(from.data() + begin * width, end - begin, width, width), Turn::as_is, turn, Turn::transposed,
             Block{to.data() + begin * turn.rows, end - begin, turn.rows, turn.rows});
  });
}

}  // namespace zan::matching
