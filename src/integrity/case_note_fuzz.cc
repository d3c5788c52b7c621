// A note on a case, whatever its bytes, is read or refused; what was read is written with the same meaning.
#include "base/require.h"
#include "integrity/case_note.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zan;
  const auto note = integrity::read_note(std::as_bytes(std::span(data, size)));
  if (!note.ok()) return 0;
  Bytes written;
  integrity::put_note(written, *note);
  require(integrity::read_note(written).value() == *note, "a note reads back");
  return 0;
}
