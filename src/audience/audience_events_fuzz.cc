// Records of the room out of a damaged journal, or from whoever hands one in: refused for a reason, or read again as
// they were.
#include <cstdint>

#include "audience/events.h"
#include "base/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zan;
  const auto change = audience::read_audience_change(std::as_bytes(std::span(data, size)));
  if (!change.ok()) {
    require(!change.error().message.empty(), "what is refused is refused for a reason");
    return 0;
  }
  require(audience::check(*change).ok(), "what is read is within the limits");
  Bytes again;
  audience::put_audience_change(again, *change);
  require(audience::is_audience_change(again), "its tag is of this room");
  require(audience::read_audience_change(again).value() == *change, "what is written is read as it was");
  return 0;
}
