// Saved state from a disk that nobody vouches for. The first byte says whether the bytes come as they are, or as the
// tables behind a frame and options that fit, which is deeper than chance would get. What is taken is saved as it was.
#include <cstdint>

#include "base/require.h"
#include "integrity/burst/burst_detector.h"
#include "integrity/features/feature_store.h"
#include "integrity/features/sealed_bytes.h"

namespace zan::integrity {
namespace {

constexpr std::size_t frame_bytes = 16;

FeatureOptions tiny() {
  FeatureOptions options;
  options.counts.fill(1);
  options.distinct.fill(1);
  options.accounts = 1;
  options.neighbours.fill(1);
  return options;
}

// The frame and options of `like`, with `body` for the rest.
Bytes resealed(ByteSpan like, std::size_t options_bytes, ByteSpan body) {
  ByteReader header(like);
  Bytes out;
  const auto magic = header.fixed<std::uint32_t>();
  SealedWriter frame(out, magic, header.fixed<std::uint32_t>());
  put_bytes(out, like.subspan(frame_bytes, options_bytes));
  put_bytes(out, body);
  frame.end();
  return out;
}

template <typename Saved>
void try_load(Saved saved, ByteSpan bytes) {
  if (!saved.load(bytes).ok()) return;
  Bytes again;
  saved.save(again);
  require(again == Bytes(bytes.begin(), bytes.end()), "what is loaded is saved as it was");
}

template <typename Saved>
void try_body(const Saved& saved, std::size_t options_bytes, ByteSpan body) {
  Bytes like;
  saved.save(like);
  Saved other = saved;
  try_load(std::move(other), resealed(like, options_bytes, body));
}

void try_store_body(ByteSpan body) {
  Bytes like;
  FeatureStore store(tiny());
  store.save(like);
  const std::size_t options_bytes = (count_key_count + relation_count + around_count + 2) * 8;
  const Bytes bytes = resealed(like, options_bytes, body);
  FeatureStore loaded(tiny());
  if (!loaded.load(bytes).ok()) return;
  const ActView act{.actor = 1, .subject = 2, .creator = 3, .device = 4, .network = 5, .at_us = 1'700'000'000'000'000};
  for (std::size_t i = 0; i < feature_count(); ++i) {
    const FeatureId id = feature_at(i);
    double value = 0;
    loaded.read(act, {&id, 1}, {&value, 1});
  }
  loaded.update(act);
}

}  // namespace
}  // namespace zan::integrity

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zan::integrity;
  if (size == 0) return 0;
  const zan::ByteSpan bytes(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
  const BurstOptions burst{.rows = 1, .columns = 2};
  switch (data[0] % 4) {
    case 0:
      try_load(FeatureStore(tiny()), bytes);
      break;
    case 1:
      try_store_body(bytes);
      break;
    case 2:
      try_load(BurstDetector(burst), bytes);
      break;
    default:
      try_body(BurstDetector(burst), 44, bytes);
  }
  return 0;
}
