// Lists of vectors that are near each other: rows of one length (in bands, each a fifth shorter) and of one
// direction, by k-means (Lloyd) on a sample of the band.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace zan::matching {

struct ListOptions {
  std::size_t lists = 0;
  std::size_t sample_per_list = 64;
  std::size_t rounds = 8;
  std::size_t threads = 1;
  std::uint64_t seed = 1;
};

// The list of each row; about options.lists of them, at most as many more as there are 32 rows. The same for any number of threads. Cost: rows * lists * dimension flops twice.
// REQUIRES: 0 < lists <= rows.
std::vector<std::uint32_t> lists_of(std::span<const float> vectors, std::size_t dimension, const ListOptions& options);

}  // namespace zan::matching
