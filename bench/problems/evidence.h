// Problem: what the transparency log costs the likes, and what it gives. Likes with and without it, alternating; how soon
// all are published; receipts over HTTP, warm and cold; the time from a like's answer to the checkpoint that has it; space;
// starting again.
//
// Headlines: likes per second and the latency of single likes, with against without (`on` and `off`); entries per second of
// the whole way, journal to published log and index; p99 of receipts and of freshness.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "problems/context.h"

namespace zan::bench {

struct EvidenceOptions {
  std::uint64_t likes = 10'000'000;
  double seconds = 10;
  std::size_t receipts = 20'000;
  std::size_t cold_receipts = 1'000;
  std::vector<double> paces = {2'000, 20'000};
};

// --contenders chooses parts: likes, receipts (with space and start), single, freshness.
void run_evidence(Context& context, const EvidenceOptions& options);

}  // namespace zan::bench
