#include <algorithm>
#include <cmath>
#include <utility>

#include "integrity/chance.h"
#include "integrity/lockstep.h"

namespace zan::integrity {
namespace {

constexpr std::size_t accounts_searched_max = 96;  // whose likes are tallied in one round
constexpr std::size_t targets_min = 3;
constexpr std::size_t members_min = 3;
constexpr double target_nats = 8;
constexpr double member_nats = 11.5;  // e^11.5 = 100,000 accounts to pick from

}  // namespace

// The likers of both, then targets and members in turn until they settle.
void Lockstep::search(std::uint32_t first, std::uint32_t second, std::int64_t now_us) {
  if (budget_ < 0) return;
  ++searches_;
  std::vector<std::uint32_t> members, targets;
  tally_.clear();
  for (const Liker& liker : likers_.values(first)) ++tally_[liker.actor].count;
  for (const Liker& liker : likers_.values(second))
    // Once each, also who acted on them more often.
    if (tally_.contains(liker.actor) && std::exchange(tally_[liker.actor].count, 0) != 0)
      members.push_back(liker.actor);
  budget_ -= static_cast<std::int64_t>(likers_.values(first).size() + likers_.values(second).size());
  if (members.size() < members_min) return;
  if (Group* known = explained_by(first, second, members); known != nullptr) {
    if (known->likes.size() > known->weighed_likes) weigh(*known, now_us);
    return;
  }
  // The newest: an attack that goes on is found by who joined last.
  if (members.size() > accounts_searched_max) members.erase(members.begin(), members.end() - accounts_searched_max);

  double participation = 0.7;
  for (int round = 0; round < 3; ++round) {
    if (!find_targets(members, targets)) return;
    participation = find_members(targets, participation, members);
    if (members.size() < members_min) return;
  }
  if (Group* known = known_group(members, targets); known != nullptr) {
    for (const std::uint32_t subject : targets) add_target(*known, subject);
    for (const std::uint32_t actor : members) add_member(*known, actor);
    weigh(*known, now_us);
    return;
  }
  if (groups_alive_ >= options_.groups_max && !forget_groups(Standing::cleared) && !forget_groups(Standing::confirmed))
    return;
  ++groups_alive_;
  Group& group = *groups_.emplace_back(std::make_unique<Group>()).group;
  group.id = static_cast<std::uint32_t>(groups_.size());
  group.found_us = now_us;
  group.participation = participation;
  for (const std::uint32_t subject : targets) add_target(group, subject);
  for (const std::uint32_t actor : members) add_member(group, actor);
  gather(group);
  weigh(group, now_us);
}

// The confirmed group that has both as targets and all but a few of the accounts: these were looked into already. One that is
// only suspected may still grow by being searched for.
Group* Lockstep::explained_by(std::uint32_t first, std::uint32_t second, const std::vector<std::uint32_t>& accounts) {
  for (const std::uint32_t id : groups_of_subject_.values(first)) {
    Group* group = find_group(id);
    if (group == nullptr || group->standing != Standing::confirmed || !group->target_set.contains(second)) continue;
    const auto known = std::count_if(accounts.begin(), accounts.end(),
                                     [&](std::uint32_t actor) { return group->member_set.contains(actor); });
    budget_ -= static_cast<std::int64_t>(accounts.size());
    if (static_cast<std::size_t>(known) + members_min > accounts.size()) return group;
  }
  return nullptr;
}

// Somebody who acted on one thing several times is counted for it once. REQUIRES: `mark` is not zero, and marks_ was cleared
// with tally_.
bool Lockstep::first_for(const Tally::Entry& entry, std::uint32_t mark) {
  const auto at = static_cast<std::size_t>(&entry - tally_.entries().data());
  if (at >= marks_.size()) marks_.resize(tally_.entries().size());
  return std::exchange(marks_[at], mark) != mark;
}

// Subjects that these accounts like more often than their activity and the subjects' fame explain.
bool Lockstep::find_targets(const std::vector<std::uint32_t>& members, std::vector<std::uint32_t>& targets) {
  tally_.clear();
  double likes = 0;
  const std::size_t searched = std::min(members.size(), accounts_searched_max);
  for (std::size_t i = 0; i < searched; ++i) {
    likes += history_.added(members[i]);
    const std::span<const Done> history = history_.values(members[i]);
    for (const Done& done : history) ++tally_[done.subject].count;
    budget_ -= static_cast<std::int64_t>(history.size());
  }
  targets.clear();
  const double enough = std::max(3.0, 0.15 * static_cast<double>(searched));
  const double scale = likes * options_.taste / static_cast<double>(likes_);
  for (const Tally::Entry& entry : tally_.entries())
    if (entry.count >= enough && surprise(entry.count, likers_.added(entry.key) * scale) > target_nats)
      targets.push_back(entry.key);
  return targets.size() >= targets_min;
}

// Accounts that like so many of the targets that chance does not explain each single one of them. Answers the share of
// the targets that they like.
double Lockstep::find_members(const std::vector<std::uint32_t>& targets, double participation,
                              std::vector<std::uint32_t>& members) {
  tally_.clear();
  marks_.clear();
  const double ln_participation = std::log(participation);
  std::uint32_t target = 0;  // marks who was counted for it
  for (const std::uint32_t subject : targets) {
    const std::span<const Liker> likers = likers_.values(subject);
    budget_ -= static_cast<std::int64_t>(likers.size());
    ++target;
    for (const Liker& liker : likers) {
      Tally::Entry& entry = tally_[liker.actor];
      if (!first_for(entry, target)) continue;
      ++entry.count;
      entry.sum += ln_participation - ln_rate(liker.actor, subject);
    }
  }
  members.clear();
  double likes = 0;
  for (const Tally::Entry& entry : tally_.entries()) {
    if (entry.count < std::min<std::size_t>(3, targets.size()) || entry.sum < member_nats) continue;
    members.push_back(entry.key);
    likes += entry.count;
  }
  if (members.empty()) return participation;
  return std::clamp(likes / static_cast<double>(members.size() * targets.size()), 0.1, 0.95);
}

// A group that these are already, or grow from: half of the smaller in both members and targets.
Group* Lockstep::known_group(const std::vector<std::uint32_t>& members, const std::vector<std::uint32_t>& targets) {
  tally_.clear();
  for (const std::uint32_t actor : members)
    for (const std::uint32_t group : groups_of_actor_.values(actor)) ++tally_[group].count;
  Group* best = nullptr;
  std::uint32_t most = 0;
  for (const Tally::Entry& entry : tally_.entries()) {
    if (find_group(entry.key) == nullptr) continue;
    Group& group = *find_group(entry.key);
    if (entry.count * 3 < std::min(members.size(), group.members.size()) || entry.count <= most) continue;
    std::size_t common = 0;
    for (const std::uint32_t subject : targets) common += group.target_set.contains(subject);
    if (common * 3 < std::min(targets.size(), group.targets.size())) continue;
    best = &group;
    most = entry.count;
  }
  return best;
}

}  // namespace zan::integrity
