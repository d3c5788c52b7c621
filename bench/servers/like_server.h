// What every contender of the ingest, footprint and restart problems can do: take a part of a
// population, and answer for it. Each owns a server process and its folder; the destructor stops
// the process.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>

#include "load/population.h"

namespace zan::bench {

class LikeServer {
 public:
  virtual ~LikeServer() = default;

  // Sends likes [begin, end); returns when all are answered. Fails the run when an answer is not
  // the expected one.
  virtual void ingest(const Population& population, std::size_t begin, std::size_t end) = 0;

  // Compares counts, relations and both lists with the truth; fails the run at the first
  // difference.
  virtual void check(const Sample& sample) = 0;

  virtual pid_t pid() const = 0;

  // Bytes of the data folder on disk, and those of its log (journal, append-only file, WAL) if it
  // can be told apart.
  virtual std::uint64_t data_bytes() = 0;
  virtual std::optional<std::uint64_t> log_bytes() { return std::nullopt; }

  // Syncs of the log since the start; nothing where the server does not count them.
  virtual std::optional<double> syncs() { return std::nullopt; }
};

}  // namespace zan::bench
