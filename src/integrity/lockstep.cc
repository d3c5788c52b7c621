#include "integrity/lockstep.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/require.h"
#include "integrity/chance.h"

namespace zan::integrity {
namespace {

std::uint64_t sample_rank(std::uint32_t subject) {
  return mix64(subject + 0x9e3779b97f4a7c15ULL);
}

// Suspicions are looked into when their chance falls below e^-9, and again when their count has grown by a third.
constexpr double suspicion_nats = 9;
const double ln_rate_max = std::log(0.5);

}  // namespace

Lockstep::Lockstep(const LockstepOptions& options)
    : options_(options),
      devices_(options.log_token_slots),
      networks_(options.log_token_slots),
      pairs_(options.log_pair_slots) {
  for (const Standing standing : {Standing::suspected, Standing::confirmed, Standing::cleared})
    forgotten_[static_cast<std::size_t>(standing)].standing = standing;
}

void Lockstep::prefetch(const ActView& like) {
  history_.prefetch_head(like.actor);
  likers_.prefetch_head(like.subject);
  if (like.actor < account_.size()) __builtin_prefetch(&account_[like.actor], 1);
  devices_.prefetch(like.device);
  networks_.prefetch(like.network);
}

void Lockstep::prefetch_lists(const ActView& like) {
  history_.prefetch(like.actor);
  likers_.prefetch(like.subject);
}

double Lockstep::ln_rate(std::uint32_t actor, std::uint32_t subject) const {
  if (history_.added(actor) == 0 || likers_.added(subject) == 0) return -std::numeric_limits<double>::infinity();
  return std::min(ln_rate_max, ln_count(history_.added(actor)) + ln_count(likers_.added(subject)) + ln_rate_unit_);
}

Lockstep::Outcome Lockstep::observe(const ActView& like) {
  require(like.actor - 1 < id_max && like.subject - 1 < id_max, "actors and subjects are dense numbers from 1");
  note_tokens(like);
  budget_ = std::min<std::int64_t>(budget_ + options_.search_steps_per_like, 50'000'000);
  const std::int64_t budget_before = budget_;
  // Who acts on one thing again is no second person, and no second sign of what it likes.
  if (has_liked(like.actor, like.subject)) {
    follow_again(like);
    return changes_.empty() ? Outcome{} : take_outcome(like);
  }
  if (list_bytes() > options_.list_bytes_max) forget_idle(static_cast<std::uint32_t>(like.at_us / 1'000'000));
  note_activity(like);
  ++likes_;
  const std::uint32_t suspicious = count_pairs(like);
  const auto at = static_cast<std::uint64_t>(like.at_us);
  history_.add(like.actor, {like.subject, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at >> 32)});
  if (likers_.added(like.subject) == 0) ++subjects_;
  likers_.add(like.subject, {like.actor, static_cast<std::uint32_t>(like.at_us / 1'000'000)});
  if (likers_.added(like.subject) >= options_.popular_likes) note_popular(like.subject);
  const bool followed = groups_of_actor_.added(like.actor) != 0 || groups_of_subject_.added(like.subject) != 0;
  if (followed || suspicious != 0)
    ln_rate_unit_ = std::log(options_.taste / std::max<double>(static_cast<double>(likes_), 2000));
  if (followed) follow(like);
  if (suspicious != 0) search(suspicious, like.subject, like.at_us);
  search_steps_ += static_cast<std::uint64_t>(budget_before - budget_);
  return changes_.empty() ? Outcome{} : take_outcome(like);
}

void Lockstep::note_popular(std::uint32_t subject) {
  if (subject / 64 >= popular_.size()) popular_.resize(subject / 64 + subject / 128 + 1);
  popular_[subject / 64] |= std::uint64_t{1} << subject % 64;
}

bool Lockstep::has_liked(std::uint32_t actor, std::uint32_t subject) const {
  const std::span<const Done> history = history_.values(actor);
  return std::any_of(history.begin(), history.end(), [&](const Done& done) { return done.subject == subject; });
}

// What was said of this like itself is its outcome: the last word holds.
Lockstep::Outcome Lockstep::take_outcome(const ActView& like) {
  Outcome outcome;
  std::erase_if(changes_, [&](const Change& change) {
    if (change.actor != like.actor || change.subject != like.subject || change.at_us != like.at_us) return false;
    outcome = {change.group, change.standing};
    return true;
  });
  return outcome;
}

void Lockstep::note_tokens(const ActView& like) {
  const auto now_s = static_cast<std::uint32_t>(like.at_us / 1'000'000);
  const TokenTable::Found device = devices_.find(like.device, now_s);
  const TokenTable::Found network = networks_.find(like.network, now_s);
  if (like.actor >= account_.size()) account_.resize(std::size_t{like.actor} + like.actor / 2 + 64);
  Account& account = account_[like.actor];
  account.network = network.number;
  if (device.number == 0) return;
  if (device.fresh) accounts_.clear(device.number);
  if (account.device == device.number && !device.fresh) return;
  account.device = device.number;
  const std::span<const std::uint32_t> known = accounts_.values(device.number);
  if (std::find(known.begin(), known.end(), like.actor) == known.end()) accounts_.add(device.number, like.actor);
}

double& Lockstep::accounts_with(std::uint32_t likes) {
  static constexpr std::size_t usual = 256;
  static const auto steps = [] {
    std::array<std::uint8_t, usual> table{};
    for (std::size_t i = 0; i < usual; ++i)
      table[i] = static_cast<std::uint8_t>(activity_steps * std::log1p(static_cast<double>(i)));
    return table;
  }();
  const auto at = likes < usual ? steps[likes] : static_cast<std::size_t>(activity_steps * std::log1p(likes));
  return accounts_by_activity_[std::min(at, accounts_by_activity_.size() - 1)];
}

void Lockstep::note_activity(const ActView& like) {
  const std::uint32_t likes_before = history_.added(like.actor);
  squares_ += 2.0 * likes_before + 1;
  if (likes_before != 0) --accounts_with(likes_before);
  ++accounts_with(likes_before + 1);
  const auto now_s = static_cast<std::uint32_t>(like.at_us / 1'000'000);
  ++likes_by_hour_[now_s / 3600 % 24];
  Account& account = account_[like.actor];
  // Unsigned: a time before the last one is far away.
  if (likes_before != 0 && now_s - account.liked_s < session_gap_s) ++likes_in_session_;
  if (likes_before == 0) account.first_s = now_s;
  account.liked_s = now_s;
}

// Counts the pairs that this like completes within the account's sample. Answers the other subject of the most suspicious
// one, or zero.
std::uint32_t Lockstep::count_pairs(const ActView& like) {
  // What a known group does needs no more finding.
  for (const std::uint32_t id : groups_of_subject_.values(like.subject))
    if (const Group* group = find_group(id); group != nullptr && group->member_set.contains(like.actor)) return 0;
  if (likers_.added(like.subject) >= options_.popular_likes) return 0;
  struct Candidate {
    std::uint64_t rank;
    std::uint32_t subject;
  };
  std::array<Candidate, decltype(history_)::capacity> sample;
  std::size_t count = 0, smaller = 0;
  const std::uint64_t rank = sample_rank(like.subject);
  const std::span<const Done> history = history_.values(like.actor);
  for (const Done& done : history) {
    const std::uint64_t other = sample_rank(done.subject);
    if (is_popular(done.subject)) continue;
    if (other < rank && ++smaller >= options_.sample) return 0;
    sample[count++] = {other, done.subject};
  }
  const std::size_t keep = std::min<std::size_t>(count, options_.sample - 1);
  if (count > keep)
    std::nth_element(sample.begin(), sample.begin() + keep, sample.begin() + count,
                     [](const Candidate& a, const Candidate& b) { return a.rank < b.rank; });
  std::array<std::uint64_t, decltype(history_)::capacity> keys;
  for (std::size_t i = 0; i < keep; ++i) {
    keys[i] = PairTable::key(sample[i].subject, like.subject);
    pairs_.prefetch(keys[i]);
  }
  const double all = static_cast<double>(likes_);
  const double concentration = squares_ / all / all * options_.taste * (likers_.added(like.subject) + 1);
  std::uint32_t suspicious = 0;
  double strongest = suspicion_nats;
  for (std::size_t i = 0; i < keep; ++i) {
    PairTable::Slot* slot = pairs_.count(keys[i]);
    if (slot == nullptr || slot->count < 3 || slot->count < slot->raised + std::max(1, slot->raised / 3)) continue;
    const double nats = surprise(slot->count, concentration * likers_.added(sample[i].subject));
    if (nats <= suspicion_nats) continue;
    slot->raised = slot->count;
    if (nats > strongest) suspicious = sample[i].subject;
    strongest = std::max(strongest, nats);
  }
  return suspicious;
}

void Lockstep::expire(std::int64_t now_us) {
  for (const Place& place : groups_) {
    if (place.group == nullptr) continue;
    Group& group = *place.group;
    if (group.settled || group.ruled || now_us - group.found_us < options_.suspicion_us_max) continue;
    group.settled = true;
    group.incriminated = true;  // nothing more may come that could say it a second time
    weigh(group, now_us);
    if (group.standing != Standing::cleared && !group.incriminated) decide(group, Standing::cleared, now_us);
  }
}

std::size_t Lockstep::bytes() const {
  return history_.bytes() + likers_.bytes() + accounts_.bytes() + account_.capacity() * sizeof(Account) +
         devices_.bytes() + networks_.bytes() + pairs_.bytes() + groups_of_actor_.bytes() + groups_of_subject_.bytes();
}

}  // namespace zan::integrity
