// Any bytes as the head of a request to a witness.
#include <cstdint>

#include "base/require.h"
#include "zan/witness_server.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zan;
  using namespace zan::app;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  WitnessHead head;
  if (!parse_witness_head(bytes, head)) {
    require(size < witness_head_bytes_max, "a head is whole or refused before it is too long");
    return 0;
  }
  if (head.refusal != 0) return 0;
  require(head.bytes <= bytes.size() && bytes.substr(0, head.bytes).ends_with("\r\n\r\n"),
          "a head ends in an empty line");
  require(head.body_bytes <= evidence::witness_request_bytes_max, "a body has a bound");
  require(!head.method.empty() && !head.target.empty(), "a request has a method and a target");
  return 0;
}
