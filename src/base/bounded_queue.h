// BoundedQueue: hands values from many threads to one, with a named limit and an end.
//
// Threads: all methods from any thread. After close() nothing more goes in, what is in can still be taken.
// Cost:    one mutex; consumers take everything that waits at once, so a burst costs one lock.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace zan {

template <typename T>
class BoundedQueue {
 public:
  // `weight_max`: the sum of the weights that may wait at once. A single item heavier than that still enters an
  // empty queue, so that no item can wait for ever.
  explicit BoundedQueue(std::size_t weight_max) : weight_max_(weight_max) {}

  // False, and `item` untouched: full or closed.
  [[nodiscard]] bool try_push(T& item, std::size_t weight = 1) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_ || (weight_ > 0 && weight_ + weight > weight_max_)) return false;
      weight_ += weight;
      items_.push_back(std::move(item));
    }
    ready_.notify_one();
    return true;
  }

  // Waits until something is there; empty when closed and drained.
  std::vector<T> take_all() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return !items_.empty() || closed_; });
    weight_ = 0;
    return std::exchange(items_, {});
  }

  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    ready_.notify_all();
  }

  [[nodiscard]] std::size_t weight() const {
    const std::lock_guard lock(mutex_);
    return weight_;
  }

 private:
  const std::size_t weight_max_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::vector<T> items_;
  std::size_t weight_ = 0;
  bool closed_ = false;
};

}  // namespace zan
