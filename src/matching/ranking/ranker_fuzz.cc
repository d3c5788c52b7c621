// Rankers as bytes. The checksum is put right first, so that the fuzzer gets behind it; what is taken is written as it
// was, and gives probabilities.
#include <cmath>
#include <limits>

#include "base/hash.h"
#include "base/require.h"
#include "matching/ranking/ranker.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace zan;
  using namespace zan::matching;
  const ByteSpan raw(reinterpret_cast<const std::byte*>(data), size);
  (void)Ranker::decode(raw).ok();
  Bytes bytes(raw.begin(), raw.end());
  put_fixed(bytes, checksum64(bytes));
  const auto ranker = Ranker::decode(bytes);
  if (!ranker.ok()) return 0;
  const auto again = Ranker::decode(ranker->encode());
  require(again.ok() && again->parts() == ranker->parts(), "a ranker is kept");
  for (const float value : {0.0F, 1.5F, -1e30F, std::numeric_limits<float>::quiet_NaN()}) {
    FeatureRow row;
    row.fill(value);
    for (const float rate : ranker->predict(row)) require(rate >= 0 && rate <= 1, "a rate is a probability");
  }
  return 0;
}
