// Model files. The checksum is put right first, so that the fuzzer gets behind it; what is taken is written as it was,
// and scores.
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/require.h"
#include "integrity/model/model.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zan;
  using namespace zan::integrity::model;
  const ByteSpan raw(reinterpret_cast<const std::byte*>(data), size);
  (void)decode_model(raw).ok();
  Bytes bytes(raw.begin(), raw.end());
  put_fixed(bytes, checksum64(bytes));
  const auto model = decode_model(bytes);
  if (!model.ok()) return 0;
  require(encode_model(*model) == bytes || decode_model(encode_model(*model)).value() == *model, "a model is kept");
  const Scorer scorer(*model);
  for (const float value : {0.0F, 1.5F, -1e30F, std::nanf("")}) {
    const std::vector<float> row(model->features.size(), value);
    const double p = scorer.probability(row);
    require(p >= 0 && p <= 1, "a score is a probability");
  }
  return 0;
}
