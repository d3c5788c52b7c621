// RedTeam: who attacks this server with simulated engagement, in a demo, so that people see what becomes of it.
//
// Threads: any. Errors: conflict: one attack is under way. invalid: no such kind.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace zan::api {

struct AttackStatus {
  bool running = false;
  std::uint64_t sent = 0, of = 0;     // events
  std::vector<std::string> subjects;  // that it pushes
  std::uint64_t accounts = 0;         // that push
  std::optional<Timestamp> started;   // nothing: there was none
  std::string id, kind;
  std::string trouble;  // why it ended early
};

class RedTeam {
 public:
  virtual ~RedTeam() = default;
  // Does not wait. The attack's id.
  virtual Result<std::string> start(const std::string& kind) = 0;
  [[nodiscard]] virtual AttackStatus status() const = 0;
};

}  // namespace zan::api
