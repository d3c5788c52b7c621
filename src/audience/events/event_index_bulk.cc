// Acts in bulk: those of one block are written down behind each other, while its logs lie in the cache, under one lock.
#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "audience/events/event_index.h"
#include "base/require.h"

namespace zan::audience {
namespace {

// Fewer are written down sooner than threads are started.
constexpr std::size_t shared_from = 8192;

}  // namespace

void EventIndex::begin_bulk(unsigned threads) {
  require(bulk_threads_ == 0, "one bulk at a time");
  bulk_threads_ = std::clamp(threads, 1U, event_threads_max);
  pending_.reserve(pending_max);
}

void EventIndex::end_bulk() {
  require(bulk_threads_ != 0, "a bulk was begun");
  fold_pending();
  bulk_threads_ = 0;
  std::vector<Entry>().swap(pending_);
}

void EventIndex::fold_pending() {
  if (pending_.empty()) return;
  // By block, in the order in which they came: a counting sort.
  std::vector<std::uint32_t> ends(blocks_max + 1), order(pending_.size());
  for (const Entry& entry : pending_) ++ends[entry.user / block_users + 1];
  std::vector<std::uint32_t> touched;
  for (std::uint32_t number = 0; number < blocks_max; ++number) {
    if (ends[number + 1] != 0) touched.push_back(number);
    ends[number + 1] += ends[number];
  }
  for (const std::uint32_t number : touched) block(number);
  std::vector<std::uint32_t> next = ends;
  for (std::uint32_t i = 0; i < pending_.size(); ++i) order[next[pending_[i].user / block_users]++] = i;
  std::atomic<std::size_t> at{0};
  const auto work = [&] {
    for (std::size_t i = at.fetch_add(1); i < touched.size(); i = at.fetch_add(1)) {
      Block& here = *blocks_[touched[i]].load(std::memory_order_relaxed);
      const std::unique_lock lock(here.mutex);
      for (std::uint32_t one = ends[touched[i]]; one < ends[touched[i] + 1]; ++one) note(here, pending_[order[one]]);
    }
  };
  {
    std::vector<std::jthread> others;
    for (unsigned i = 1; pending_.size() >= shared_from && i < bulk_threads_; ++i) others.emplace_back(work);
    work();
  }
  pending_.clear();
}

}  // namespace zan::audience
