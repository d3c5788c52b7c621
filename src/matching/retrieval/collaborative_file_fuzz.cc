// Any bytes are read or refused; what is read answers, and is written as the same bytes. Checksums are put right first, or
// nothing would come past them.
#include <algorithm>
#include <cstring>

#include "base/hash.h"
#include "base/require.h"
#include "matching/retrieval/model_file.h"

namespace {

using namespace zan;
using namespace zan::matching;

void put_checksums_right(Bytes& bytes) {
  for (std::size_t at = 12; at + 12 <= bytes.size();) {
    std::uint32_t kind = 0;
    std::uint64_t size = 0;
    std::memcpy(&kind, &bytes[at], sizeof kind);
    std::memcpy(&size, &bytes[at + 4], sizeof size);
    at += 12;
    // Fuzzed files are shorter than a chunk.
    if (size == 0) continue;
    if (size > bytes.size() - at || bytes.size() - at - size < 8) return;
    const std::uint64_t sum = checksum64({&bytes[at], size}, std::uint64_t{kind} << 32);
    std::memcpy(&bytes[at + size], &sum, sizeof sum);
    at += size + 8;
  }
}

void ask(const Collaborative& model) {
  std::vector<Ranked> best;
  std::vector<float> vector(model.dimension());
  const std::uint32_t tags[] = {1, 2, 3};
  model.cold_vector({1}, tags, vector);
  for (std::uint32_t row = 0; row < std::min(model.size(), 20U); ++row) {
    require(model.row_of(model.subject_of(row)) == row, "a row is known by its subject");
    const Weighted taken[] = {{row, 1}, {row / 2, 2}};
    model.fold_in(taken, vector);
    model.nearest(vector, 5, best);
    model.similar(row, 5, best);
    for (const Ranked& entry : best) require(entry.item < model.size(), "rows that there are");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  Bytes bytes(size);
  if (size > 0) std::memcpy(bytes.data(), data, size);
  put_checksums_right(bytes);
  std::size_t at = 0;
  const ModelSource source = [&](std::span<std::byte> out) -> Result<void> {
    require(out.size() <= bytes.size() - at, "no more is asked for than there is");
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), out.size(), out.begin());
    at += out.size();
    return {};
  };
  const auto model = read_model(source, size, 1);
  if (!model.ok()) return 0;
  ask(*model);
  Bytes again;
  const auto written = write_model(*model, [&](ByteSpan part) -> Result<void> {
    put_bytes(again, part);
    return {};
  });
  require(written.ok() && again == bytes, "what was read is written as it was");
  return 0;
}
