// Lists of models. The checksum is put right first, so that the fuzzer gets behind it; what is taken is written as it was.
#include <fmt/format.h>

#include <cstdint>

#include "base/require.h"
#include "integrity/model/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zan;
  using namespace zan::integrity::model;
  std::string text(reinterpret_cast<const char*>(data), size);
  (void)decode_manifest(text).ok();
  text += fmt::format("sum {:016x}\n", checksum64(as_bytes(text)));
  const auto manifest = decode_manifest(text);
  if (!manifest.ok()) return 0;
  require(encode_manifest(*manifest) == text, "a list is kept");
  require(manifest->active() == 0 || manifest->find(manifest->active()) != nullptr, "what serves is there");
  return 0;
}
