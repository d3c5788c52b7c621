// FeedTrainer: learns what feeds are served from, on a thread of its own: out of the journal, judged against what serves
// on what came last, and put in its place whole, or refused with the numbers. Nobody waits for it.
//
// It begins by itself when it is quiet and there is enough that is new, or when somebody asks for it. A model that
// cannot be read is none: the one before it serves, or the works' own rates do.
//
// Threads: start/stop by the owner; questions from any. A stop waits for what is being learnt, at most some minutes.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>

#include "engine/core.h"
#include "engine/feed_models.h"
#include "engine/follower.h"
#include "engine/journal_facts.h"

namespace zan::engine {

class FeedTrainer {
 public:
  struct Progress {
    Position position;       // up to where the view has read
    std::uint64_t deeds = 0;  // that it was told
    bool caught_up = false;
  };

  // All outlive it.
  FeedTrainer(Core& core, matching::TagNames& tags, const MatchingOptions& options, matching::Feeds& feeds,
              std::function<Progress()> progress);

  // Loads what served last.
  void load();
  void start();
  void stop();

  // Now, on the caller's thread. limited: too little to learn from, or it is being done; unavailable: it was stopped.
  Result<FeedModel> train(std::string_view by);
  // At the next look.
  void ask() { asked_.store(true); follower_.wake(); }
  // not_found, corrupt: what serves goes on.
  Result<void> serve(std::uint32_t version, std::string_view by);
  [[nodiscard]] FeedModelList list() const;

 private:
  Result<bool> step();
  [[nodiscard]] bool is_due(const Progress& progress);
  Result<void> tell(matching::Trainer& trainer, Position until);

  Core& core_;
  matching::TagNames& tags_;
  const MatchingOptions& options_;
  matching::Feeds& feeds_;
  const std::function<Progress()> progress_;

  std::atomic<bool> asked_{false}, stopping_{false}, training_{false};
  std::uint64_t learnt_deeds_ = 0;  // when it last learnt
  std::int64_t learnt_us_ = 0, quiet_since_us_ = 0;
  Position quiet_at_;

  std::mutex train_mutex_;    // one training at a time
  mutable std::mutex mutex_;  // guards what follows
  std::optional<FeedModels> models_;
  std::string trouble_;

  Follower follower_;
};

}  // namespace zan::engine
