// Follower: the thread of a view of the journal. Takes steps while there is news, looks for more a few times a second, tries
// again after what may pass. Below those who like, above nothing: under full load a view falls behind, and catches up.
//
// Threads: start and stop by the owner. The last member of whoever owns it: it ends before what its steps use.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <thread>

#include "base/result.h"
#include "engine/bell.h"

namespace zan::engine {

class Follower {
 public:
  // True: there is more at once.
  using Step = std::function<Result<bool>()>;
  // Whether to try again after this error; where not, it is logged.
  using GoesOn = std::function<bool(const Error&)>;

  void start(Step step, GoesOn goes_on, std::int64_t period_us);
  // As most views want it: each step's trouble is told, none as "", and all but damage may pass. Then the log says what
  // is `lost`.
  using Tell = std::function<void(const std::string& trouble)>;
  void start(const Step& step, const Tell& tell, std::string lost, std::int64_t period_us);
  // False: it was not running.
  bool stop();
  // There may be news; any thread.
  void wake() { bell_.ring(); }

 private:
  Bell bell_;
  std::jthread thread_;
};

}  // namespace zan::engine
