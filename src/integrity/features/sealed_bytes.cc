#include "integrity/features/sealed_bytes.h"

#include "base/hash.h"

namespace zan::integrity {
namespace {

constexpr std::size_t header_bytes = 16;
constexpr std::size_t trailer_bytes = 8;

}  // namespace

SealedWriter::SealedWriter(Bytes& out, std::uint32_t magic, std::uint32_t version) : out_(out), from_(out.size()) {
  put_fixed(out_, magic);
  put_fixed(out_, version);
  put_fixed(out_, std::uint64_t{0});
}

void SealedWriter::end() {
  const std::uint64_t body_bytes = out_.size() - from_ - header_bytes;
  std::memcpy(out_.data() + from_ + 8, &body_bytes, sizeof body_bytes);
  put_fixed(out_, checksum64(ByteSpan(out_).subspan(from_)));
}

Result<ByteSpan> open_sealed(ByteSpan bytes, std::uint32_t magic, std::uint32_t version) {
  if (bytes.size() < header_bytes + trailer_bytes) return corrupt("saved state is cut short");
  ByteReader header(bytes);
  if (header.fixed<std::uint32_t>() != magic) return corrupt("saved state of another kind");
  const auto found = header.fixed<std::uint32_t>();
  const auto body_bytes = header.fixed<std::uint64_t>();
  if (body_bytes != bytes.size() - header_bytes - trailer_bytes) return corrupt("saved state has another length");
  ByteReader trailer(bytes.last(trailer_bytes));
  if (trailer.fixed<std::uint64_t>() != checksum64(bytes.first(bytes.size() - trailer_bytes)))
    return corrupt("saved state does not match its checksum");
  if (found != version) return unsupported("saved state of version " + std::to_string(found));
  return bytes.subspan(header_bytes, body_bytes);
}

}  // namespace zan::integrity
