// What a zan server says about its transparency log, and whether its receipts hold: checked with the project's own library,
// as anybody could with the receipt and the log's public key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "load/population.h"
#include "net/http.h"
#include "servers/zan.h"

namespace zan::bench {

// The evidence object of /v1/status.
struct EvidenceState {
  std::uint64_t journal_position = 0;
  std::uint64_t entries = 0;
  std::uint64_t published = 0;
  bool well = false;  // no trouble
};
EvidenceState evidence_state(HttpClient& client);

// Waits until exactly `likes` entries are published; the seconds waited. Fails the run when there are more, or when no
// further one comes for a minute.
double await_published(const ZanServer& server, std::uint64_t likes);
// Waits until the log has no trouble.
void await_well(const ZanServer& server);

// Asks for receipts of `count` random events of `likes`, with their persons, and verifies them: signature, proof, and that
// they say what was sent. REQUIRES: a fresh folder that got likes [0, likes) of the population and nothing else.
void check_receipts(const ZanServer& server, const Population& population, std::size_t likes, std::size_t count);

// Size of the published checkpoint.
std::uint64_t checkpoint_size(HttpClient& client);

}  // namespace zan::bench
