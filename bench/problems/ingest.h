// Problem: N distinct likes in, each answer after its fsync (zan, postgres) or as everysec allows
// (redis), and then all counts, relations and lists right. Headline: likes per second from the
// first byte sent to the last answer, with one read of a count and a list included.
#pragma once

#include <cstdint>

#include "load/population.h"
#include "problems/context.h"

namespace zan::bench {

struct IngestOptions {
  std::uint64_t likes = 10'000'000;
  std::uint64_t postgres_likes = 1'000'000;  // postgres slows down as it grows: a smaller N is kind to it
  std::string shape = "zipf";
  std::uint64_t users = 0;  // 0: likes / 10
  std::uint64_t subjects = 0;
};

void run_ingest(Context& context, const IngestOptions& options);

// `viral` (one subject takes half of all likes) against the uniform case with equally many users.
void run_viral(Context& context, const IngestOptions& options);

}  // namespace zan::bench
