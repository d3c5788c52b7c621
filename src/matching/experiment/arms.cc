#include "matching/experiment/arms.h"

#include <numeric>
#include <vector>

#include "base/wide.h"

namespace zan::matching {
namespace {

std::uint32_t bucket_of(const HashKey& key, std::string_view name, Unit unit) {
  std::string bytes(name);
  for (unsigned shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<char>(unit.token() >> shift));
  return static_cast<std::uint32_t>(scaled(keyed_hash64(key, as_bytes(bytes)), whole_bp));
}

}  // namespace

bool Holdout::has(Unit unit) const {
  // No experiment can be called this: names have no control characters.
  return share_bp_ != 0 && bucket_of(key_, "\x01holdout", unit) < share_bp_;
}

Arms::Arms(const HashKey& key, std::string name, Holdout holdout)
    : key_(key), name_(std::move(name)), holdout_(holdout) {}

Result<std::uint32_t> Arms::set(std::span<const std::uint32_t> shares_bp) {
  if (shares_bp.empty() || shares_bp.size() > arms_max)
    return invalid("an experiment has 1 to " + std::to_string(arms_max) + " arms");
  const auto sum = std::accumulate(shares_bp.begin(), shares_bp.end(), std::uint64_t{0});
  if (sum > whole_bp) return invalid("the shares are more than " + std::to_string(whole_bp) + " basis points");

  std::array<std::uint32_t, 256> wanted{}, kept{};
  wanted[arm_none] = whole_bp - static_cast<std::uint32_t>(sum);
  for (std::size_t i = 0; i < shares_bp.size(); ++i) wanted[arm_control + i] = shares_bp[i];
  std::vector<std::uint32_t> free;
  for (std::uint32_t bucket = 0; bucket < whole_bp; ++bucket) {
    const Arm arm = buckets_[bucket];
    if (kept[arm] < wanted[arm])
      ++kept[arm];
    else
      free.push_back(bucket);
  }
  std::size_t arm = arm_none;
  for (const std::uint32_t bucket : free) {
    while (kept[arm] == wanted[arm]) ++arm;
    buckets_[bucket] = static_cast<Arm>(arm);
    ++kept[arm];
  }
  count_ = shares_bp.size();
  return static_cast<std::uint32_t>(free.size());
}

Arm Arms::of(Unit unit) const {
  if (holdout_.has(unit)) return arm_holdout;
  return buckets_[bucket_of(key_, name_, unit)];
}

std::uint32_t Arms::share_bp(Arm arm) const {
  std::uint32_t share = 0;
  for (const Arm owner : buckets_) share += owner == arm ? 1 : 0;
  return share;
}

}  // namespace zan::matching
