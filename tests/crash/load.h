// Streams operations at a server over several connections until it is gone or enough was answered.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "model.h"

namespace zan::crash {

// The model and its lock in one; workers make, begin and finish operations under it.
struct SharedModel {
  explicit SharedModel(std::uint64_t seed) : model(seed) {}
  std::mutex mutex;
  Model model;
};

inline constexpr int connection_count = 4;

// Returns when `answered_goal` operations of this call were answered: the workers then still wait for answers, and whoever
// kills the server now does so in the middle of work. join() afterwards. An answer that must not be throws from join().
class Load {
 public:
  Load(SharedModel& shared, std::uint16_t port, std::uint64_t seed);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  void wait_for_answers(std::uint64_t answered_goal);
  void finish();  // lets each worker end after its present request
  void join();    // after the server was killed, or after finish()

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Sends operations again, by their ids, and requires each to be accepted or a duplicate; `all_duplicates`: none accepted.
void resend(std::uint16_t port, const std::vector<Operation>& operations, bool all_duplicates);

}  // namespace zan::crash
