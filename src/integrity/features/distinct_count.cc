#include "integrity/features/distinct_count.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "integrity/features/portable_log.h"

namespace zan::integrity {
namespace {

constexpr unsigned key_bits = 22;
constexpr unsigned minute_bits = 26;
constexpr std::uint64_t minute_mask = (1U << minute_bits) - 1;
constexpr unsigned index_bits = 5;
constexpr unsigned register_count = 1U << index_bits;
constexpr unsigned rank_max = 15;
constexpr double alpha = 0.697;  // of 32 registers
static_assert(second_max / 60 <= minute_mask);

std::uint32_t key_of(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash >> (64 - key_bits));
}

bool within(std::uint32_t minute, std::uint32_t now_minute, std::size_t window) {
  return minute + window_seconds[distinct_windows[window]] / 60 > now_minute;
}

}  // namespace

void DistinctCount::add(std::uint32_t& last, const Moment& moment, std::uint64_t hash) {
  const std::uint32_t key = key_of(hash);
  const std::uint32_t before = last;
  last = std::max(last, moment.second);
  if (sketched_ != 0 && moment.second > before) move_on(before, moment);
  if (sketched_ == 0) add_exact(last, moment.second / 60, key);
  if (sketched_ == 0) return;
  for (std::size_t w = 0; w < distinct_window_count; ++w) {
    const std::size_t window = distinct_windows[w];
    raise(w, moment.bucket[window] < last / window_seconds[window], key);
  }
}

// Leaves the record a sketch, without the key, where there is no room.
void DistinctCount::add_exact(std::uint32_t last, std::uint32_t minute, std::uint32_t key) {
  for (std::size_t i = 0; i < count_; ++i) {
    const std::uint64_t found = entry(i);
    if (found >> minute_bits != key) continue;
    if ((found & minute_mask) < minute) set_entry(i, std::uint64_t{key} << minute_bits | minute);
    return;
  }
  if (count_ == distinct_exact_max) drop_expired(last / 60);
  if (count_ == distinct_exact_max) return turn_into_sketch(last);
  set_entry(count_++, std::uint64_t{key} << minute_bits | minute);
}

void DistinctCount::drop_expired(std::uint32_t last_minute) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    const std::uint64_t value = entry(i);
    if (within(static_cast<std::uint32_t>(value & minute_mask), last_minute, 2)) set_entry(kept++, value);
  }
  for (std::size_t i = kept; i < count_; ++i) set_entry(i, 0);
  count_ = static_cast<std::uint8_t>(kept);
}

void DistinctCount::turn_into_sketch(std::uint32_t last) {
  const DistinctCount exact = *this;
  *this = {};
  sketched_ = 1;
  for (std::size_t i = 0; i < exact.count_; ++i) {
    const std::uint64_t value = exact.entry(i);
    const auto second = static_cast<std::uint32_t>(value & minute_mask) * 60;
    for (std::size_t w = 0; w < distinct_window_count; ++w) {
      const std::uint32_t length = window_seconds[distinct_windows[w]];
      const std::uint32_t buckets = last / length - second / length;
      if (buckets <= 1) raise(w, buckets == 1, static_cast<std::uint32_t>(value >> minute_bits));
    }
  }
}

void DistinctCount::move_on(std::uint32_t last, const Moment& moment) {
  for (std::size_t w = 0; w < distinct_window_count; ++w) {
    const std::uint32_t buckets = moment.bucket[distinct_windows[w]] - last / window_seconds[distinct_windows[w]];
    if (buckets == 0) continue;
    if (buckets > 1 && w + 1 == distinct_window_count) {
      *this = {};
      return;
    }
    std::uint8_t* const now = bytes_.data() + 2 * w * register_bytes;
    std::uint8_t* const before = now + register_bytes;
    if (buckets == 1) {
      std::memcpy(before, now, register_bytes);
    } else {
      std::memset(before, 0, register_bytes);
    }
    std::memset(now, 0, register_bytes);
  }
}

// Five bits choose the register, the zeros before the first one among the other 17 are the rank.
void DistinctCount::raise(std::size_t window, bool before, std::uint32_t key) {
  const unsigned index = key % register_count;
  const unsigned rank = std::min<unsigned>(
      static_cast<unsigned>(std::countr_zero((key >> index_bits) | 1U << (key_bits - index_bits))) + 1, rank_max);
  std::uint8_t& pair = bytes_[(2 * window + before) * register_bytes + index / 2];
  const unsigned shift = index % 2 * 4;
  if (rank > (pair >> shift & 15U)) pair = static_cast<std::uint8_t>((pair & (0xf0U >> shift)) | rank << shift);
}

DistinctCount::Registers DistinctCount::registers(std::size_t window, bool before) const {
  Registers registers;
  std::memcpy(registers.data(), bytes_.data() + (2 * window + before) * register_bytes, register_bytes);
  return registers;
}

double DistinctCount::estimate(const Registers& registers) {
  std::uint32_t sum = 0;  // of 2^-rank, in units of 2^-15
  std::uint32_t zeros = 0;
  for (const std::uint8_t pair : registers) {
    for (const unsigned rank : {unsigned{pair} & 15U, unsigned{pair} >> 4U}) {
      sum += 1U << (rank_max - rank);
      zeros += rank == 0;
    }
  }
  constexpr double m = register_count;
  const double raw = alpha * m * m * (1 << rank_max) / sum;
  return raw <= 2.5 * m && zeros > 0 ? m * portable_log(m / zeros) : raw;  // linear counting while small
}

double DistinctCount::read(std::uint32_t last, const Moment& moment, std::size_t window) const {
  const std::uint32_t second = std::max(last, moment.second);
  if (sketched_ == 0) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < count_; ++i)
      count += within(static_cast<std::uint32_t>(entry(i) & minute_mask), second / 60, window);
    return static_cast<double>(count);
  }
  const std::uint32_t length = window_seconds[distinct_windows[window]];
  const std::uint32_t buckets = second / length - last / length;
  if (buckets > 1) return 0;
  const double share = share_of_before(second, distinct_windows[window]);
  const Registers now = registers(window, false);
  if (buckets == 1) return share * estimate(now);
  Registers both = registers(window, true);
  for (std::size_t i = 0; i < register_bytes; ++i) {
    const unsigned low = std::max(both[i] & 15U, now[i] & 15U);
    both[i] = static_cast<std::uint8_t>(low | std::max(both[i] & 0xf0U, now[i] & 0xf0U));
  }
  const double current = estimate(now);
  return current + share * std::max(0.0, estimate(both) - current);
}

Seen DistinctCount::seen(std::uint32_t last, const Moment& moment, std::uint64_t hash) const {
  const std::uint32_t minute = std::max(last, moment.second) / 60;
  if (sketched_ != 0) return within(last / 60, minute, 2) ? Seen::unknown : Seen::no;
  const std::uint32_t key = key_of(hash);
  for (std::size_t i = 0; i < count_; ++i) {
    if (entry(i) >> minute_bits != key) continue;
    return within(static_cast<std::uint32_t>(entry(i) & minute_mask), minute, 2) ? Seen::yes : Seen::no;
  }
  return Seen::no;
}

bool DistinctCount::valid(std::uint32_t last) const {
  if (sketched_ > 1 || count_ > distinct_exact_max) return false;
  if (sketched_ == 1) {
    constexpr auto used = static_cast<std::ptrdiff_t>(2 * distinct_window_count * register_bytes);
    return count_ == 0 && std::all_of(bytes_.begin() + used, bytes_.end(), [](std::uint8_t byte) { return byte == 0; });
  }
  for (std::size_t i = 0; i < distinct_exact_max; ++i) {
    if (i >= count_ && entry(i) != 0) return false;
    if ((entry(i) & minute_mask) > last / 60) return false;
  }
  return true;
}

std::uint64_t DistinctCount::entry(std::size_t i) const {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes_.data() + i * entry_bytes, entry_bytes);
  return value;
}

void DistinctCount::set_entry(std::size_t i, std::uint64_t value) {
  std::memcpy(bytes_.data() + i * entry_bytes, &value, entry_bytes);
}

}  // namespace zan::integrity
