// ReadGate: lets one writer take memory away from under readers that hold no lock.
//
// A reader passes the gate and counts itself in under the current epoch's parity; the writer unlinks a piece of memory, moves
// the epoch on, and frees the piece when the old parity's count has come down to zero. A reader looks again at the
// epoch after it was counted and tries once more if it had moved, so that nobody counted under a parity holds
// anything unlinked before that parity began. (Userspace RCU with two phases: Desnoyers et al., IEEE TPDS 2012.)
//
// Threads: readers any; retire() and poll() by one writer.
// Cost:    two atomic additions on a cache line shared by few threads, per entry: enter once per batch.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace zan::storage {

class ReadGate {
 public:
  class Pass {
   public:
    explicit Pass(std::atomic<std::uint32_t>& counter) : counter_(counter) {}
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    ~Pass() { counter_.fetch_sub(1, std::memory_order_release); }

   private:
    std::atomic<std::uint32_t>& counter_;
  };

  ReadGate() = default;
  ReadGate(const ReadGate&) = delete;
  ReadGate& operator=(const ReadGate&) = delete;
  ~ReadGate() {
    for (const auto& release : waiting_) release();
    for (const auto& release : next_) release();
  }

  // What is reachable now stays in memory until the pass is gone.
  [[nodiscard]] Pass enter() {
    Stripe& stripe = stripes_[stripe_of_thread()];
    for (;;) {
      const std::uint32_t epoch = epoch_.load();
      std::atomic<std::uint32_t>& counter = stripe.inside[epoch & 1];
      counter.fetch_add(1);
      if (epoch_.load() == epoch) [[likely]]
        return Pass(counter);
      counter.fetch_sub(1);
    }
  }

  // Calls `release` once no reader can hold what was unlinked before this call.
  void retire(std::function<void()> release) {
    next_.push_back(std::move(release));
    poll();
  }

  // Releases what can be released. Never waits.
  void poll() {
    if (!waiting_.empty() && drained()) {
      for (const auto& release : waiting_) release();
      waiting_.clear();
    }
    if (waiting_.empty() && !next_.empty()) {
      waiting_.swap(next_);
      epoch_.fetch_add(1);
    }
  }

 private:
  static constexpr std::size_t stripe_count = 16;
  struct alignas(64) Stripe {
    std::array<std::atomic<std::uint32_t>, 2> inside{};
  };

  static std::size_t stripe_of_thread() {
    static std::atomic<std::size_t> threads{0};
    thread_local const std::size_t mine = threads.fetch_add(1, std::memory_order_relaxed) % stripe_count;
    return mine;
  }

  [[nodiscard]] bool drained() const {
    const std::uint32_t old_parity = (epoch_.load() - 1) & 1;
    for (const Stripe& stripe : stripes_) {
      if (stripe.inside[old_parity].load() != 0) return false;
    }
    return true;
  }

  std::array<Stripe, stripe_count> stripes_;
  std::atomic<std::uint32_t> epoch_{0};
  std::vector<std::function<void()>> waiting_;  // unlinked before the epoch last moved
  std::vector<std::function<void()>> next_;     // unlinked since
};

}  // namespace zan::storage
