// Work in chunks over a few threads. Which thread does a chunk is left to chance; so that results never depend on it,
// a chunk writes only what is its own, and sums across chunks are made afterwards, in the order of the chunks.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace zan::matching {

// Calls work(begin, end, worker) for each chunk of [0, count) with at most `chunk` elements; `worker` < threads is the
// same in no two calls at a time. Returns when all are done. REQUIRES: threads > 0, chunk > 0, work does not throw.
template <typename Work>
void in_chunks(std::size_t threads, std::size_t count, std::size_t chunk, const Work& work) {
  std::atomic<std::size_t> next{0};
  const auto run = [&](std::size_t worker) {
    for (std::size_t begin; (begin = next.fetch_add(chunk)) < count;)
      work(begin, std::min(begin + chunk, count), worker);
  };
  std::vector<std::jthread> others;
  const std::size_t useful = std::min(threads, (count + chunk - 1) / chunk);
  for (std::size_t worker = 1; worker < useful; ++worker) others.emplace_back(run, worker);
  run(0);
}

}  // namespace zan::matching
