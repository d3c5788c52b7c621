#include "audience/events/subject_index.h"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <shared_mutex>

namespace zan::audience {

using engagement::ActType;
using engagement::Reaction;
using engagement::Verdict;

namespace {

constexpr std::uint32_t day_max = 0xffff;
constexpr std::uint32_t acts_a_look = 4;
constexpr const char* role_names[role_count] = {"liker", "watcher", "follower", "commenter", "sharer"};

constexpr std::uint32_t day_in(std::uint64_t word) {
  return static_cast<std::uint32_t>(word >> 36);
}
constexpr unsigned role_in(std::uint64_t word) {
  return static_cast<unsigned>(word >> 33 & 7);
}
constexpr std::uint32_t user_in(std::uint64_t word) {
  return static_cast<std::uint32_t>(word >> 1);
}

// Nine tenths: players report the end a little early, and few people wait for the last frame.
bool watched_through(const engagement::RecordedAct& act) {
  return act.type == ActType::complete ||
         (act.type == ActType::view && act.duration_ms != 0 &&
          std::uint64_t{act.watch_ms} * 10 >= std::uint64_t{act.duration_ms} * 9);
}

// Ascending, each once. Of many, by a bit a person: sorting a million takes ten times as long.
std::shared_ptr<const UserList> distinct(UserList users) {
  const std::uint32_t greatest = users.empty() ? 0 : *std::max_element(users.begin(), users.end());
  if (users.size() < greatest / 64) {
    std::sort(users.begin(), users.end());
    users.erase(std::unique(users.begin(), users.end()), users.end());
    return std::make_shared<const UserList>(std::move(users));
  }
  std::vector<std::uint64_t> bits(greatest / 64 + 1);
  for (const std::uint32_t user : users) bits[user / 64] |= std::uint64_t{1} << user % 64;
  UserList out;
  if (!users.empty())
    for (std::uint32_t i = 0; i < bits.size(); ++i)
      for (std::uint64_t left = bits[i]; left != 0; left &= left - 1)
        out.push_back(i * 64 + static_cast<std::uint32_t>(__builtin_ctzll(left)));
  return std::make_shared<const UserList>(std::move(out));
}

}  // namespace

const char* to_string(Role role) {
  return role_names[static_cast<std::size_t>(role)];
}

std::optional<Role> role_of(std::string_view name) {
  for (std::size_t i = 0; i < role_count; ++i)
    if (name == role_names[i]) return static_cast<Role>(i);
  return std::nullopt;
}

SubjectIndex::Word SubjectIndex::word(std::uint32_t day, Role role, std::uint32_t user) {
  return std::uint64_t{day} << 36 | static_cast<std::uint64_t>(role) << 33 | std::uint64_t{user} << 1;
}

std::uint32_t SubjectIndex::day_of(Timestamp at) const {
  return static_cast<std::uint32_t>(
      std::clamp<std::int64_t>((at.us + zone_us_) / us_per_day, 0, std::int64_t{day_max} - 1));
}

std::uint32_t SubjectIndex::oldest_day() const {
  const std::uint32_t newest = newest_.load(std::memory_order_relaxed);
  return newest >= event_days_kept ? newest - event_days_kept + 1 : 0;
}

void SubjectIndex::drop_old(Log& log, std::uint32_t oldest) {
  const auto old = [&](Word word) { return day_in(word) < oldest; };
  const auto begin = log.words.begin();
  const auto kept = std::partition_point(begin, begin + log.sorted, old);
  log.sorted = static_cast<std::uint32_t>(begin + log.sorted - kept);
  log.words.erase(begin, kept);
  if (log.words.capacity() > 2 * log.words.size() + 16) log.words.shrink_to_fit();
}

// Sorts the tail in. Acts come nearly in the order of their days, so little of the front is moved; of that what was
// taken back, or is there twice, goes.
void SubjectIndex::settle(Log& log, std::uint32_t oldest) {
  const auto tail = log.words.begin() + log.sorted;
  std::sort(tail, log.words.end());
  auto from = log.words.begin();
  if (tail != log.words.end()) {
    from = std::lower_bound(log.words.begin(), tail, *tail);
    std::inplace_merge(from, tail, log.words.end());
  }
  const auto gone = [](Word word) { return (word & 1) != 0; };
  log.words.erase(std::remove_if(from, log.words.end(), gone), log.words.end());
  log.words.erase(std::unique(from, log.words.end()), log.words.end());
  log.sorted = static_cast<std::uint32_t>(log.words.size());
  drop_old(log, oldest);
}

void SubjectIndex::note(std::uint32_t target, Role role, std::uint32_t user, std::uint32_t day) {
  if (day > newest_.load(std::memory_order_relaxed)) newest_.store(day, std::memory_order_relaxed);
  const std::uint32_t oldest = oldest_day();
  if (day < oldest) return;
  Stripe& stripe = stripes_[target % stripes];
  const std::unique_lock lock(stripe.mutex);
  const std::size_t slot = target / stripes;
  if (slot >= stripe.logs.size()) stripe.logs.resize(slot + 1);
  std::unique_ptr<Log>& log = stripe.logs[slot];
  if (log == nullptr) log = std::make_unique<Log>();
  std::vector<Word>& words = log->words;
  if (words.size() == words.capacity()) words.reserve(words.size() + std::max<std::size_t>(3, words.size() / 8));
  words.push_back(word(day, role, user));
  const auto tail = static_cast<std::uint32_t>(words.size()) - log->sorted;
  if (tail > std::clamp<std::uint32_t>(log->sorted / 8, 16, log_tail_max)) settle(*log, oldest);
  if (++stripe.acts % acts_a_look == 0) look_at_next(stripe, oldest);
}

void SubjectIndex::look_at_next(Stripe& stripe, std::uint32_t oldest) {
  stripe.next = stripe.next + 1 < stripe.logs.size() ? stripe.next + 1 : 0;
  std::unique_ptr<Log>& log = stripe.logs[stripe.next];
  if (log == nullptr) return;
  drop_old(*log, oldest);
  if (log->words.empty()) log.reset();
}

void SubjectIndex::take_back(std::uint32_t target, Role role, std::uint32_t user, std::uint32_t day) {
  Stripe& stripe = stripes_[target % stripes];
  const std::unique_lock lock(stripe.mutex);
  const std::size_t slot = target / stripes;
  if (slot >= stripe.logs.size() || stripe.logs[slot] == nullptr) return;
  Log& log = *stripe.logs[slot];
  const Word wanted = word(day, role, user);
  const auto tail = log.words.begin() + log.sorted;
  const auto late = std::remove(tail, log.words.end(), wanted);
  if (late != log.words.end()) {
    log.words.erase(late, log.words.end());
    return;
  }
  // One who likes has one word; of the taken back ones beside it the first is the one that counts.
  const auto at = std::lower_bound(log.words.begin(), tail, wanted);
  if (at != tail && *at == wanted) *at |= 1;
}

// A like or a follow: at most one of a person counts, the last.
void SubjectIndex::observe_relation(const engagement::RecordedAct& act, Role role, std::uint32_t target, bool counts) {
  if (act.before == Reaction::liked) take_back(target, role, act.actor.value, day_of(act.before_at));
  if (counts) note(target, role, act.actor.value, day_of(act.at));
}

void SubjectIndex::observe(const engagement::RecordedAct& act) {
  if (act.subject && act.creator) put_creator(act.subject, act.creator);
  if (act.effect != engagement::Effect::changed) return;
  const bool genuine = !act.incentivised && act.judgement.verdict == Verdict::genuine;
  const std::uint32_t user = act.actor.value, day = day_of(act.at);
  switch (act.type) {
    case ActType::like:
    case ActType::unlike:
    case ActType::dislike:
      return observe_relation(act, Role::liker, act.subject.value, genuine && act.type == ActType::like);
    case ActType::follow:
    case ActType::unfollow: {
      const bool follows = act.type == ActType::follow;
      observe_relation(act, Role::follower, act.creator.value, genuine && follows);
      // Whether it is genuine is the creator's log's to say, now and later.
      if (follows && act.subject && !act.incentivised) note(act.subject.value, Role::follower, user, day);
      return;
    }
    case ActType::comment:
      if (genuine) note(act.subject.value, Role::commenter, user, day);
      return;
    case ActType::share:
      if (genuine) note(act.subject.value, Role::sharer, user, day);
      return;
    default:
      if (genuine && watched_through(act)) note(act.subject.value, Role::watcher, user, day);
  }
}

void SubjectIndex::corrected(const engagement::VerdictRecord& record) {
  const engagement::LateVerdict& what = record.what;
  if (record.incentivised || what.type == ActType::dislike) return;
  const Role role = what.type == ActType::follow ? Role::follower : Role::liker;
  const bool was = record.before == Verdict::genuine, is = what.verdict == Verdict::genuine;
  if (was && !is) take_back(what.target, role, what.person.value, day_of(what.at));
  if (!was && is) note(what.target, role, what.person.value, day_of(what.at));
}

std::uint32_t SubjectIndex::creator_of(std::uint32_t subject) const {
  return subject < creator_of_.size() ? creator_of_[subject] : 0;
}

void SubjectIndex::put_creator(SubjectId subject, CreatorId creator) {
  // Nobody else changes them, so that looking needs no lock.
  const std::uint32_t known = creator_of(subject.value);
  if (known == creator.value) return;
  const std::unique_lock lock(creators_mutex_);
  if (known != 0) {
    std::erase(subjects_of_[known], subject.value);
    if (subjects_of_[known].empty()) subjects_of_.erase(known);
  }
  if (subject.value >= creator_of_.size()) creator_of_.resize(subject.value + 1);
  creator_of_[subject.value] = creator.value;
  if (!creator) return;
  std::vector<std::uint32_t>& subjects = subjects_of_[creator.value];
  if (subjects.size() < creator_subjects_max) subjects.push_back(subject.value);
}

void SubjectIndex::erase(PersonId user) {
  for (Stripe& stripe : stripes_) {
    const std::unique_lock lock(stripe.mutex);
    for (const std::unique_ptr<Log>& log : stripe.logs) {
      if (log == nullptr) continue;
      const auto theirs = [&](Word word) { return user_in(word) == user.value; };
      const auto tail = log->words.begin() + log->sorted;
      const auto in_front = static_cast<std::uint32_t>(std::count_if(log->words.begin(), tail, theirs));
      log->words.erase(std::remove_if(log->words.begin(), log->words.end(), theirs), log->words.end());
      log->sorted -= in_front;
    }
  }
}

RoleWindow SubjectIndex::kept(RoleWindow window) const {
  window.first_day = std::max(window.first_day, oldest_day());
  window.last_day = std::min(window.last_day, day_max - 1);
  return window;
}

// Calls each(word) for what was not taken back, under the lock. REQUIRES: a window of kept().
template <typename Each>
void SubjectIndex::each_word(std::uint32_t target, const RoleWindow& window, Each&& each) const {
  if (window.first_day > window.last_day) return;
  const Stripe& stripe = stripes_[target % stripes];
  const std::shared_lock lock(stripe.mutex);
  const std::size_t slot = target / stripes;
  if (slot >= stripe.logs.size() || stripe.logs[slot] == nullptr) return;
  const Log& log = *stripe.logs[slot];
  const auto tail = log.words.begin() + log.sorted;
  const Word first = word(window.first_day, Role::liker, 0), end = word(window.last_day + 1, Role::liker, 0);
  const auto see = [&](Word one) {
    if ((one & 1) == 0 && (window.roles >> role_in(one) & 1) != 0) each(one);
  };
  std::for_each(std::lower_bound(log.words.begin(), tail, first), std::lower_bound(log.words.begin(), tail, end), see);
  std::for_each(tail, log.words.end(), [&](Word one) {
    if (one >= first && one < end) see(one);
  });
}

void SubjectIndex::add_followers_from(SubjectId subject, const RoleWindow& window, UserList& out) const {
  std::uint32_t creator = 0;
  {
    const std::shared_lock lock(creators_mutex_);
    creator = creator_of(subject.value);
  }
  if (creator == 0) return;
  const RoleWindow following{roles_of({Role::follower}), window.first_day, window.last_day};
  std::vector<Word> from_here, now, both;
  each_word(subject.value, following, [&](Word word) { from_here.push_back(word); });
  if (from_here.empty()) return;
  each_word(creator, following, [&](Word word) { now.push_back(word); });
  std::sort(from_here.begin(), from_here.end());
  std::sort(now.begin(), now.end());
  std::set_intersection(from_here.begin(), from_here.end(), now.begin(), now.end(), std::back_inserter(both));
  for (const Word word : both) out.push_back(user_in(word));
}

std::shared_ptr<const UserList> SubjectIndex::people(std::span<const SubjectId> subjects,
                                                     const RoleWindow& window) const {
  RoleWindow here = kept(window);
  const bool follows = (here.roles & roles_of({Role::follower})) != 0;
  here.roles &= static_cast<Roles>(~roles_of({Role::follower}));
  UserList out;
  for (const SubjectId subject : subjects) {
    each_word(subject.value, here, [&](Word word) { out.push_back(user_in(word)); });
    if (follows) add_followers_from(subject, here, out);
  }
  return distinct(std::move(out));
}

std::shared_ptr<const UserList> SubjectIndex::people(CreatorId creator, const RoleWindow& window) const {
  RoleWindow here = kept(window);
  const Roles follower = roles_of({Role::follower});
  UserList out;
  if ((here.roles & follower) != 0)
    each_word(creator.value, {follower, here.first_day, here.last_day},
              [&](Word word) { out.push_back(user_in(word)); });
  here.roles &= static_cast<Roles>(~follower);
  if (here.roles != 0)
    for (const SubjectId subject : subjects_of(creator))
      each_word(subject.value, here, [&](Word word) { out.push_back(user_in(word)); });
  return distinct(std::move(out));
}

std::vector<SubjectId> SubjectIndex::subjects_of(CreatorId creator) const {
  const std::shared_lock lock(creators_mutex_);
  std::vector<SubjectId> out;
  if (const auto known = subjects_of_.find(creator.value); known != subjects_of_.end())
    for (const std::uint32_t subject : known->second) out.push_back({subject});
  return out;
}

std::size_t SubjectIndex::bytes() const {
  constexpr std::size_t of_allocation = 16, of_entry = 40;
  std::size_t total = 0;
  for (const Stripe& stripe : stripes_) {
    const std::shared_lock lock(stripe.mutex);
    total += stripe.logs.capacity() * sizeof(std::unique_ptr<Log>);
    for (const std::unique_ptr<Log>& log : stripe.logs)
      if (log != nullptr) total += sizeof(Log) + log->words.capacity() * sizeof(Word) + 2 * of_allocation;
  }
  const std::shared_lock lock(creators_mutex_);
  for (const auto& [creator, subjects] : subjects_of_) total += of_entry + subjects.capacity() * sizeof(std::uint32_t);
  return total + creator_of_.capacity() * sizeof(std::uint32_t);
}

}  // namespace zan::audience
