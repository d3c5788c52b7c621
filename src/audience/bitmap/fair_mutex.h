// FairMutex: many read or one changes, and a stream of readers cannot keep the one out: whoever waits holds the gate, behind
// which later readers queue. (The system's own lets readers pass, and a writer beside two busy readers does a hundredth.)
//
// Threads: that is what it is for. Works with std::shared_lock and std::unique_lock; not twice by one thread.
#pragma once

#include <mutex>
#include <shared_mutex>

namespace zan::audience {

class FairMutex {
 public:
  void lock() {
    const std::lock_guard gate(gate_);
    mutex_.lock();
  }
  void unlock() { mutex_.unlock(); }
  void lock_shared() {
    const std::lock_guard gate(gate_);
    mutex_.lock_shared();
  }
  void unlock_shared() { mutex_.unlock_shared(); }

 private:
  std::mutex gate_;
  std::shared_mutex mutex_;
};

}  // namespace zan::audience
