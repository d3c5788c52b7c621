// Saved state in one frame: magic, version, length, body, checksum. Whoever reads it gets the whole body or an error.
//
//   u32 magic | u32 version | u64 body length | body | u64 checksum of all before
//
// Errors: corrupt for anything that was not written like this; unsupported for a version not spoken here.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

namespace zan::integrity {

// Appends the frame to `out`: begin, then the body by the caller, then end.
class SealedWriter {
 public:
  SealedWriter(Bytes& out, std::uint32_t magic, std::uint32_t version);
  void end();

 private:
  Bytes& out_;
  std::size_t from_;
};

// The body of a frame that is all of `bytes`, viewing it.
Result<ByteSpan> open_sealed(ByteSpan bytes, std::uint32_t magic, std::uint32_t version);

}  // namespace zan::integrity
