#include <algorithm>
#include <cmath>

#include "integrity/chance.h"
#include "integrity/lockstep.h"

namespace zan::integrity {
namespace {

constexpr double candidate_nats = 14;
constexpr double joining_nats = 5;
constexpr double significant_log10 = -3;
// Which of several groups has the word on a like.
int rank(Standing standing) {
  return standing == Standing::confirmed ? 2 : standing == Standing::suspected ? 1 : 0;
}

// A subject remembers its newest groups only; one that it has forgotten goes on speaking for its likes.
Change heard(const Group& group, Change word) {
  if (!group.holds(word.actor, word.subject)) return word;
  if (word.group != 0 && rank(group.standing) <= rank(word.standing)) return word;
  word.group = group.id;
  word.standing = group.standing;
  return word;
}

constexpr std::size_t candidates_max = 16'384;  // then a group begins anew to count what else its members like

}  // namespace

// A copy: following a group may add to the list itself.
Lockstep::GroupIds Lockstep::ids_of(const GroupLists& lists, std::uint32_t list) {
  const std::span<const std::uint32_t> ids = lists.values(list);
  return {ids.begin(), ids.end()};
}

// A like by an account of a group, or on a target of one, or both. The like stands in the lists already.
void Lockstep::follow(const ActView& like) {
  const GroupIds on_target = ids_of(groups_of_subject_, like.subject);
  for (const std::uint32_t id : on_target) {
    if (find_group(id) == nullptr) continue;
    Group& group = *find_group(id);
    if (group.member_set.contains(like.actor))
      take(group, like.actor, like.subject, like.at_us);
    else
      consider_member(group, like.actor);
  }
  const GroupIds by_member = ids_of(groups_of_actor_, like.actor);
  for (const std::uint32_t id : by_member) {
    if (find_group(id) == nullptr) continue;
    Group& group = *find_group(id);
    ++group.member_likes;
    if (!group.target_set.contains(like.subject)) consider_target(group, like.subject);
    // What was cleared is looked at again when it has doubled.
    const std::size_t step = group.standing == Standing::cleared ? group.weighed_likes : group.weighed_likes / 4;
    if (group.likes.size() > group.weighed_likes + step) weigh(group, like.at_us);
  }
}

void Lockstep::follow_again(const ActView& like) {
  const GroupIds on_target = ids_of(groups_of_subject_, like.subject);
  for (const std::uint32_t id : on_target)
    if (Group* group = find_group(id); group != nullptr) take(*group, like.actor, like.subject, like.at_us);
}

// Bayes for somebody who likes some of a group's targets: the target where he is least expected is the odds that a liker of
// it is of the group at all; each further one weighs by how much likelier the group's members like it than he does.
double Lockstep::member_evidence(const Group& group, std::uint32_t actor) {
  const double ln_participation = std::log(group.participation);
  double sum = 0, odds = 1e9, chance = 0;
  std::uint32_t common = 0;
  const std::span<const Done> history = history_.values(actor);
  for (const Done& done : history) {
    const Tally::Entry* target = group.target_set.find(done.subject);
    if (target == nullptr) continue;
    const double ours = target->sum, all = likers_.added(done.subject);
    const double log_ratio = ln_participation - ln_rate(actor, done.subject);
    const double log_odds = std::log((ours + 0.5) / std::max(0.5, all - ours));
    sum += log_ratio;
    if (log_ratio - log_odds < odds) {
      odds = log_ratio - log_odds;
      chance = log_ratio - log_odds;
    }
    ++common;
  }
  return common < 2 ? 0 : sum - std::max(0.0, chance);
}

void Lockstep::consider_member(Group& group, std::uint32_t actor) {
  if (member_evidence(group, actor) > joining_nats) add_member(group, actor);
}

// Everybody who likes targets of the group, again: the group is better known now.
void Lockstep::gather(Group& group) {
  const std::vector<std::uint32_t> targets = group.targets;
  for (const std::uint32_t subject : targets) {
    const std::span<const Liker> likers = likers_.values(subject);
    budget_ -= static_cast<std::int64_t>(likers.size());
    for (const Liker& liker : likers)
      if (!group.member_set.contains(liker.actor)) consider_member(group, liker.actor);
  }
}

void Lockstep::consider_target(Group& group, std::uint32_t subject) {
  if (group.candidates.entries().size() >= candidates_max) group.candidates.clear();
  const std::uint32_t count = ++group.candidates[subject].count;
  if (count < 4 || count < 0.1 * static_cast<double>(group.members.size())) return;
  const double mean = likers_.added(subject) * group.member_likes * 2 / static_cast<double>(likes_);
  if (surprise(count, mean) > candidate_nats) add_target(group, subject);
}

void Lockstep::add_member(Group& group, std::uint32_t actor) {
  if (!group.member_set.insert(actor)) return;
  group.members.push_back(actor);
  group.member_likes += history_.added(actor);
  groups_of_actor_.add(actor, group.id);
  found_.clear();
  const std::span<const Done> history = history_.values(actor);
  for (const Done& done : history) {
    if (group.target_set.contains(done.subject))
      take(group, actor, done.subject, done.at_us());
    else
      found_.push_back(done.subject);
  }
  const std::vector<std::uint32_t> others = found_;
  for (const std::uint32_t subject : others) consider_target(group, subject);
}

void Lockstep::add_target(Group& group, std::uint32_t subject) {
  if (!group.target_set.insert(subject)) return;
  group.targets.push_back(subject);
  groups_of_subject_.add(subject, group.id);
  const std::span<const Liker> likers = likers_.values(subject);
  tally_.clear();
  for (const Liker& liker : likers) {
    if (!group.member_set.contains(liker.actor) || !tally_.insert(liker.actor)) continue;
    const std::span<const Done> history = history_.values(liker.actor);
    for (const Done& done : history)
      if (done.subject == subject) take(group, liker.actor, subject, done.at_us());
  }
}

void Lockstep::take(Group& group, std::uint32_t actor, std::uint32_t subject, std::int64_t at_us) {
  if (!group.holds(actor, subject)) return;
  group.likes.push_back({actor, subject, at_us});
  if (group.first.actor == 0) group.first = group.likes.back();
  group.target_set[subject].sum += 1;
  // Another group may have the word.
  if (const Change word = heard(group, resolve(group.likes.back())); word.group == group.id) changes_.push_back(word);
}

// A like may belong to several groups: a confirmed one decides, then a suspected one.
Change Lockstep::resolve(const GroupLike& like) const {
  Change change{like.actor, like.subject, like.at_us, 0, Standing::cleared};
  for (const std::uint32_t id : groups_of_subject_.values(like.subject))
    if (const Group* group = find_group(id); group != nullptr) change = heard(*group, change);
  return change;
}

// A young group can look like anything for a moment: it is confirmed when two weighings in a row say so, and goes back to
// waiting when a later one says otherwise.
void Lockstep::weigh(Group& group, std::int64_t now_us) {
  if (group.ruled) return;
  group.weighed_likes = group.likes.size();
  group.measures = measure(group);
  group.chance_log10 = chance_log10(group);
  group.points = weigh_group(group.measures);
  const bool again = group.incriminated;
  group.incriminated = group.points > (group.chance_log10 < significant_log10 ? confirm_points : confirm_alone_points);
  if (group.standing == Standing::confirmed) {
    if (group.points < release_points) decide(group, Standing::suspected, now_us);
  } else if (group.incriminated && again) {
    decide(group, Standing::confirmed, now_us);
  }
}

void Lockstep::decide(Group& group, Standing standing, std::int64_t now_us) {
  std::vector<Change> before;
  before.reserve(group.likes.size());
  for (const GroupLike& like : group.likes) before.push_back(heard(group, resolve(like)));
  group.standing = standing;
  group.decided_us = now_us;
  // Also one that was settled waits for a limited time only.
  if (standing == Standing::suspected) group.settled = false;
  for (const Change& word : before) {
    const Change now = heard(group, resolve({word.actor, word.subject, word.at_us}));
    if (now.group != word.group || now.standing != word.standing) changes_.push_back(now);
  }
}

void Lockstep::rule(std::uint32_t id, Standing standing, std::span<const std::uint32_t> actors,
                    std::span<const std::uint32_t> subjects) {
  if (find_group(id) == nullptr) return;
  Group& group = *find_group(id);
  group.ruled = true;
  if (actors.empty() && subjects.empty()) return decide(group, standing, group.decided_us);
  for (const std::uint32_t actor : actors) group.spared_actors.insert(actor);
  for (const std::uint32_t subject : subjects) group.spared_subjects.insert(subject);
  std::vector<GroupLike> spared;
  std::erase_if(group.likes, [&](const GroupLike& like) {
    const bool held = group.holds(like.actor, like.subject);
    if (!held) spared.push_back(like);
    return !held;
  });
  for (const GroupLike& like : spared) changes_.push_back(resolve(like));
}

std::uint32_t Lockstep::group_of(std::uint32_t actor, std::uint32_t subject) const {
  for (const std::uint32_t id : groups_of_subject_.values(subject))
    if (const Group* group = find_group(id);
        group != nullptr && group->member_set.contains(actor) && group->target_set.contains(subject))
      return id;
  return 0;
}

}  // namespace zan::integrity
