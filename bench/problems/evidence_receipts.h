// The part of the evidence problem that reads: receipts by number, from memory and from disk.
#pragma once

#include <string>

#include "problems/context.h"
#include "problems/evidence.h"

namespace zan::bench {

// REQUIRES: a server that has published `likes` likes and nothing else. It is started again on the way.
void measure_receipts(Context& context, const EvidenceOptions& options, ZanServer& server, std::size_t likes,
                      const std::string& variant, int repetition);

}  // namespace zan::bench
