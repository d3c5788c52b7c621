// Runs the same work on several threads, one connection each, and carries a failure of any of them
// to the caller.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace zan::bench {

// Cuts [begin, end) into slices of `size`; worker threads call work(worker, slice_begin, slice_end)
// in order of taking. After a failure no further slice is handed out, and the first failure is
// thrown on.
template <typename Work>
void for_slices(std::size_t workers, std::size_t begin, std::size_t end, std::size_t size, Work work) {
  std::atomic<std::size_t> next = begin;
  std::exception_ptr failure;
  std::mutex mutex;
  const auto loop = [&](std::size_t worker) {
    try {
      while (true) {
        const std::size_t from = next.fetch_add(size);
        if (from >= end) return;
        work(worker, from, from + size < end ? from + size : end);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
      next = end;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < workers; ++i) threads.emplace_back(loop, i);
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace zan::bench
