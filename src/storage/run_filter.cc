#include "storage/run_filter.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/require.h"

namespace zan::storage {
namespace {

// Random lines of a large filter are as many misses of the page table as of the cache, unless the
// pages are large too.
constexpr std::size_t large_page_bytes = 2 << 20;
constexpr std::size_t add_ahead = 32;  // lines fetched before the first of them is written

}  // namespace

void Filter::Free::operator()(std::uint64_t* words) const {
  std::free(words);
}

std::uint64_t Filter::lines_for(std::uint64_t keys) {
  constexpr std::uint64_t line_bits = filter_line_bytes * 8;
  return (keys * filter_bits_per_key + line_bits - 1) / line_bits;
}

Filter::Filter(std::uint64_t line_count) : line_count_(line_count) {
  if (line_count == 0) return;
  const bool large = bytes() >= large_page_bytes / 2;
  const std::size_t alignment = large ? large_page_bytes : filter_line_bytes;
  const std::size_t size = (bytes() + alignment - 1) / alignment * alignment;
  words_.reset(static_cast<std::uint64_t*>(std::aligned_alloc(alignment, size)));
  require(words_ != nullptr, "memory for a filter");
  if (large) ::madvise(words_.get(), size, MADV_HUGEPAGE);  // advice: fine if it is not taken
  std::memset(words_.get(), 0, bytes());
}

void Filter::add(std::span<const std::uint64_t> hashes) {
  const FilterView lines = view();
  for (std::size_t from = 0; from < hashes.size(); from += add_ahead) {
    const auto group = hashes.subspan(from, std::min(add_ahead, hashes.size() - from));
    for (const std::uint64_t hash : group)
      __builtin_prefetch(words_.get() + lines.line_index(hash) * filter_line_words, 1);
    for (const std::uint64_t hash : group) {
      std::uint64_t* const words = words_.get() + lines.line_index(hash) * filter_line_words;
      std::uint64_t bits = FilterView::in_line_bits(hash);
      for (unsigned i = 0; i < filter_line_words; ++i, bits >>= 6)
        words[i] |= std::uint64_t{1} << (bits & 63);
    }
  }
}

}  // namespace zan::storage
