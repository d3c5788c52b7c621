// The contenders of the hydrate problem behind one face: their server, their bytes for a request,
// their stream of likes.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "load/hydrate_load.h"
#include "load/paced.h"
#include "net/reply.h"
#include "problems/context.h"
#include "servers/like_server.h"

namespace zan::bench {

class HydrateContender {
 public:
  virtual ~HydrateContender() = default;
  virtual LikeServer& server() = 0;
  virtual std::uint16_t port() = 0;
  virtual std::string request_bytes(const HydrateRequest& request) = 0;
  virtual std::unique_ptr<ReplyReader> make_reader(std::size_t subjects_each) = 0;

  // Fails the run unless the reply says exactly this.
  virtual void compare(const HydrateRequest& request, const HydrateTruth& truth, std::string_view reply) = 0;

  // Sends likes of the stream; end_stream() waits for its last answer.
  virtual void stream(const Population& population, std::size_t begin, std::size_t end) = 0;
  virtual void end_stream(std::size_t sent) = 0;
};

// "zan", "redis" (per subject HMGET of six counters and SISMEMBER), "redis lists" (one MGET of the
// like counters, one SMISMEMBER: less is answered, in Redis's cheapest way).
std::unique_ptr<HydrateContender> make_hydrate_contender(const Context& context, const std::string& contender,
                                                         const std::filesystem::path& folder);

}  // namespace zan::bench
