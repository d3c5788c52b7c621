#include "accounts/lockout.h"

#include <algorithm>

namespace zan::accounts {

std::int64_t Lockout::wait_us(std::string_view key, std::int64_t now_us) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? 0 : std::max<std::int64_t>(0, found->second->until_us - now_us);
}

void Lockout::begin(std::string_view key, std::int64_t now_us) {
  auto found = by_key_.find(key);
  if (found == by_key_.end()) {
    if (entries_.size() >= limits_.entries_max) clear(std::string(entries_.front().key));
    entries_.push_back({std::string(key)});
    found = by_key_.emplace(entries_.back().key, std::prev(entries_.end())).first;
  } else {
    entries_.splice(entries_.end(), entries_, found->second);
  }
  Entry& entry = *found->second;
  if (now_us - entry.last_us > limits_.forget_us) entry.failures = 0;
  entry.last_us = now_us;
  if (++entry.failures < limits_.free) return;
  const std::uint32_t doublings = std::min<std::uint32_t>(entry.failures - limits_.free, 30);
  entry.until_us = now_us + std::min(limits_.most_us, limits_.first_us << doublings);
}

void Lockout::take_back(std::string_view key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return;
  Entry& entry = *found->second;
  if (entry.failures <= 1) return clear(key);
  --entry.failures;
  entry.until_us = 0;
}

void Lockout::clear(std::string_view key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return;
  const Entries::iterator entry = found->second;
  by_key_.erase(found);
  entries_.erase(entry);
}

}  // namespace zan::accounts
