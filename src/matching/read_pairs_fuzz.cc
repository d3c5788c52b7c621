// Any bytes are read or refused; what is read makes matrices that hold every pair.
#include "base/require.h"
#include "matching/read_pairs.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace zan::matching;
  auto read = read_pairs({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!read.ok()) return 0;
  const std::size_t pairs = read->pairs.size();
  const auto made = benchmark_of(*read, *read);
  zan::require(made.ok() && made->train.pair_count() <= pairs, "every pair once");
  zan::require(made->train.items == made->test.items, "the same text gives the same matrix");
  return 0;
}
