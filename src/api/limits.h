// Named limits of the HTTP server. Each is reached by a test; tests hand in smaller ones.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/clock.h"

namespace zan::api {

struct Limits {
  // Of one request.
  std::size_t header_bytes = 16 << 10;  // request line and fields together
  std::size_t target_bytes = 4 << 10;
  std::size_t body_bytes = 8 << 20;         // bodies that are held as a whole; NDJSON streams have no limit
  std::size_t line_bytes = 64 << 10;        // one event, alone or as a line of a stream
  std::size_t small_body_bytes = 64 << 10;  // attributes, hydrate, admin calls

  // Of one event stream: how its lines are gathered into commands.
  std::size_t batch_acts = 8'192;
  std::size_t batch_bytes = 1 << 20;
  std::size_t batch_problem_bytes = 64 << 10;  // what is to be said about bad lines
  std::size_t batches_in_flight = 4;
  std::size_t gathered_acts = 512 << 10;  // in the unfinished batches of all streams of one io thread together, about
  std::int64_t offer_again_us = 5 * us_per_ms;  // after the engine's intake line was full

  // Of one connection.
  std::size_t read_buffer_bytes = 4 << 10;  // at first, and when idle
  std::size_t read_buffer_max_bytes = 64 << 10;
  std::size_t unsent_bytes = 1 << 20;  // more, and nothing is read until the client has taken some
  std::int64_t header_us = 10 * us_per_second;
  std::int64_t idle_us = 60 * us_per_second;
  std::int64_t body_stall_us = 30 * us_per_second;   // without any byte
  std::int64_t line_stall_us = 60 * us_per_second;   // of a stream, without a complete line
  std::int64_t write_stall_us = 30 * us_per_second;  // without the client taking anything
  std::size_t body_bytes_per_second = 16 << 10;      // a whole body must come at least this fast, after body_stall_us
  std::int64_t linger_us = 2 * us_per_second;        // how long what comes after an early answer is read and dropped
  std::int64_t heartbeat_us = 15 * us_per_second;    // of a live stream
  std::size_t stream_items = 64;                     // read from the feed at a time

  // Of the server.
  std::size_t connections = 10'000;
  std::size_t pool_threads = 2;
  std::size_t pool_waiting = 256;
  std::size_t large_bodies = 16;               // bodies above small_body_bytes that are held at a time
  std::size_t sign_ins = 4;                    // at a time: each takes a thread of the pool and 64 MiB for a moment
  std::size_t exports = 1;                     // at a time: an export holds a thread of the pool
  std::int64_t drain_us = 10 * us_per_second;  // stop() waits this long for requests under way
  std::int64_t keys_us = us_per_second;        // how often the key file is looked at
  std::int64_t sweep_us = 500 * us_per_ms;     // how finely timeouts are kept
  std::int64_t slow_us = us_per_second;        // a request that takes longer is logged
};

inline constexpr std::size_t request_id_bytes_max = 64;
inline constexpr std::size_t idempotency_key_bytes_max = 200;     // leaves room for "#<index>" within an event id
inline constexpr std::size_t array_events_max = 250'000;          // below engine::intake_acts_max
inline constexpr std::size_t array_inline_bytes_max = 256 << 10;  // a larger array is parsed on the pool

}  // namespace zan::api
