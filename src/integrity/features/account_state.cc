#include "integrity/features/account_state.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/hash.h"
#include "integrity/features/portable_log.h"

namespace zan::integrity {
namespace {

constexpr double gap_weight = 1.0 / 16;
constexpr double gap_seconds_min = 1e-3;
constexpr float gap_variance_max = 1e6;

void count(std::uint32_t& counter) {
  counter += counter < std::numeric_limits<std::uint32_t>::max();
}

// Moves the value to the front; what falls off the end is forgotten.
template <typename T, std::size_t n>
std::size_t to_front(std::array<T, n>& ring, T value) {
  const auto found = std::find(ring.begin(), ring.end(), value);
  const auto end = found == ring.end() ? ring.end() : found + 1;
  std::rotate(ring.begin(), end - 1, end);
  ring.front() = value;
  return static_cast<std::size_t>(end - 1 - ring.begin());  // where it, or what was forgotten, had been
}

std::uint16_t print_of(std::uint64_t hash) {
  const auto print = static_cast<std::uint16_t>(mix64(hash) >> 48);
  return print == 0 ? 1 : print;
}

template <typename Ring, typename T>
bool has(const Ring& ring, T value) {
  return std::find(ring.begin(), ring.end(), value) != ring.end();
}

std::uint64_t ms_of(std::int64_t at_us) {
  return static_cast<std::uint64_t>(std::clamp<std::int64_t>(at_us / 1000, 0, std::int64_t{second_max} * 1000)) + 1;
}

}  // namespace

void AccountState::add(std::uint32_t& last, const ActView& act, const Moment& moment) {
  if (first_second_ == 0 || moment.second < first_second_) first_second_ = moment.second;
  last = std::max(last, moment.second);
  if (act.kind == ActKind::like) add_like(act);
  if (act.kind == ActKind::view) add_view(act);
  if (act.device != 0) to_front(devices_, print_of(act.device));
  if (act.network != 0) to_front(networks_, print_of(act.network));
}

void AccountState::add_like(const ActView& act) {
  const std::uint64_t ms = ms_of(act.at_us);
  if (last_like_ms_ != 0 && ms >= last_like_ms_) add_gap(static_cast<double>(ms - last_like_ms_) / 1000);
  last_like_ms_ = std::max(last_like_ms_, ms);
  count(likes_);
  if (watched_ms(act.subject) < 0) count(likes_without_view_);
}

void AccountState::add_view(const ActView& act) {
  count(views_);
  if (act.subject == 0) return;
  const std::size_t from = to_front(watched_, act.subject);
  std::rotate(watched_ds_.begin(), watched_ds_.begin() + static_cast<std::ptrdiff_t>(from),
              watched_ds_.begin() + static_cast<std::ptrdiff_t>(from) + 1);
  watched_ds_.front() = static_cast<std::uint16_t>(std::min<std::uint32_t>(act.watch_ms / 100, 0xffff));
}

// Exponentially weighted mean and variance (Finch 2009), even weights while there are few gaps.
void AccountState::add_gap(double seconds) {
  const double gap = portable_log(std::max(seconds, gap_seconds_min));
  const double weight = std::max(1.0 / std::max<std::uint32_t>(likes_, 1), gap_weight);
  const double off = gap - static_cast<double>(gap_mean_);
  gap_mean_ = static_cast<float>(static_cast<double>(gap_mean_) + weight * off);
  gap_variance_ = static_cast<float>((1 - weight) * (static_cast<double>(gap_variance_) + weight * off * off));
}

double AccountState::likes_without_view_share() const {
  return likes_ == 0 ? 0 : static_cast<double>(likes_without_view_) / likes_;
}

double AccountState::gap_deviation() const {
  return std::sqrt(static_cast<double>(gap_variance_));
}

double AccountState::seconds_since_like(std::int64_t at_us) const {
  if (last_like_ms_ == 0) return -1;
  const std::uint64_t ms = ms_of(at_us);
  return ms <= last_like_ms_ ? 0 : static_cast<double>(ms - last_like_ms_) / 1000;
}

double AccountState::watched_ms(std::uint32_t subject) const {
  if (subject == 0) return -1;
  const auto found = std::find(watched_.begin(), watched_.end(), subject);
  return found == watched_.end() ? -1 : 100.0 * watched_ds_[static_cast<std::size_t>(found - watched_.begin())];
}

bool AccountState::knows_device(std::uint64_t device) const {
  return has(devices_, print_of(device));
}

bool AccountState::knows_network(std::uint64_t network) const {
  return has(networks_, print_of(network));
}

bool AccountState::valid(std::uint32_t last) const {
  return first_second_ <= last && likes_without_view_ <= likes_ &&
         last_like_ms_ <= std::uint64_t{second_max} * 1000 + 1 && std::abs(gap_mean_) < 1000 && gap_variance_ >= 0 &&
         gap_variance_ <= gap_variance_max;
}

}  // namespace zan::integrity
