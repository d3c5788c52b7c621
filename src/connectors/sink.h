// A Sink takes batches and says, oldest first, what became of each: the engine in this process, or a server over HTTP.
//
// Threads: one.
// Errors:  send, take_oldest: unavailable (the engine is read-only or stopping, the server cannot be reached), refused
//          (the server wants a key). The import ends there; what was taken before is durable. A full intake line is no
//          error: the sink waits.
// Durable: a batch is when take_oldest() has answered for it.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "connectors/http_client.h"
#include "connectors/source.h"

namespace zan::engine {
class Engine;
}

namespace zan::connectors {

struct Outcome {
  std::uint64_t accepted = 0;  // events
  std::uint64_t duplicates = 0;
  std::uint64_t attributes = 0;  // put
  std::uint64_t showings = 0;    // recorded
  std::vector<BadRow> rejected;  // events and attributes, by the row they came from
};

class Sink {
 public:
  virtual ~Sink() = default;
  // Takes the batch; need not wait for the disk. REQUIRES: in_flight() < in_flight_max().
  virtual Result<void> send(const Batch& batch) = 0;
  // Waits for the oldest batch that was sent and not taken yet. REQUIRES: in_flight() > 0.
  virtual Result<Outcome> take_oldest() = 0;
  virtual std::size_t in_flight() const = 0;
  virtual std::size_t in_flight_max() const = 0;
};

// The engine outlives the sink; the sink waits for what it has sent before it goes.
std::unique_ptr<Sink> make_engine_sink(engine::Engine& engine);

// Over HTTP: one connection for events, a few for attributes. A server that asks to wait (429, 503) is waited for.
Result<std::unique_ptr<Sink>> make_server_sink(const HttpClientOptions& server, std::stop_token stop = {});

}  // namespace zan::connectors
