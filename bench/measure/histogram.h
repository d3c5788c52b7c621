// Latencies in buckets that are 1/64 of their value wide (log-linear, as in HdrHistogram):
// quantiles are right to 1.6 %, whatever the range. One writer thread; add histograms up
// afterwards.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace zan::bench {

class Histogram {
 public:
  void record(std::int64_t nanoseconds) {
    ++buckets_[bucket_of(static_cast<std::uint64_t>(std::max<std::int64_t>(nanoseconds, 0)))];
    ++count_;
  }

  void add(const Histogram& other) {
    for (std::size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
    count_ += other.count_;
  }

  std::uint64_t count() const { return count_; }

  // The upper edge of the bucket that holds the q-quantile, in milliseconds; 0 when empty.
  double quantile_ms(double q) const {
    const auto wanted = static_cast<std::uint64_t>(q * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      seen += buckets_[i];
      if (seen > wanted) return static_cast<double>(upper_edge(i)) * 1e-6;
    }
    return 0;
  }

 private:
  static constexpr unsigned kSubBits = 6;
  static constexpr std::size_t kSub = std::size_t{1} << kSubBits;

  static std::size_t bucket_of(std::uint64_t value) {
    if (value < kSub) return static_cast<std::size_t>(value);
    const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - kSubBits - 1;
    return (shift + 1) * kSub + static_cast<std::size_t>((value >> shift) - kSub);
  }
  static std::uint64_t upper_edge(std::size_t bucket) {
    if (bucket < kSub) return bucket + 1;
    const std::size_t shift = bucket / kSub - 1;
    return (static_cast<std::uint64_t>(bucket % kSub + kSub) + 1) << shift;
  }

  std::array<std::uint64_t, 60 * kSub> buckets_{};
  std::uint64_t count_ = 0;
};

}  // namespace zan::bench
