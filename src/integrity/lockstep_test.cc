// Small worlds with an attack in them, or with people who only look like one.
#include "integrity/lockstep.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <tuple>

#include "integrity/sim_stream.h"

namespace zan::integrity {
namespace {

constexpr std::uint32_t strangers = SimStream::strangers;
constexpr std::int64_t hour_us = SimStream::hour_us, day_us = SimStream::day_us;

LockstepOptions small() {
  LockstepOptions options;
  options.log_pair_slots = 18;
  options.log_token_slots = 14;
  return options;
}

struct Verdict {
  std::map<std::uint32_t, Standing> words;  // each group's last
  bool held = false;                        // at any time
  bool held_later = false;                  // by a change, after it came
  [[nodiscard]] bool counts() const {
    return std::all_of(words.begin(), words.end(), [](const auto& word) { return word.second == Standing::cleared; });
  }
};

using LikeName = std::tuple<std::uint32_t, std::uint32_t, std::int64_t>;

// Feeds a stream and holds every word said to what a word may be.
class Judged {
 public:
  explicit Judged(const std::vector<ActView>& acts, const LockstepOptions& options = small()) : lockstep_(options) {
    for (const ActView& act : acts) {
      Verdict& verdict = verdicts_[{act.actor, act.subject, act.at_us}];
      const Lockstep::Outcome outcome = lockstep_.observe(act);
      if (outcome.group != 0) note(verdict, outcome.group, outcome.standing);
      said_.push_back({act.actor, act.subject, act.at_us, outcome.group, outcome.standing});
      take_changes();
      now_us_ = std::max(now_us_, act.at_us);
    }
    if (options.suspicion_us_max == 0) return;
    lockstep_.expire(now_us_ + options.suspicion_us_max);
    take_changes();
    check_groups();
    // Once settled, nothing is said again.
    lockstep_.expire(now_us_ + 2 * options.suspicion_us_max);
    EXPECT_TRUE(lockstep_.changes().empty());
  }

  using Which = std::function<bool(std::uint32_t actor, std::uint32_t subject)>;
  // Shares of the likes that are meant.
  [[nodiscard]] double held(const Which& which) const {
    return share(which, [](const Verdict& verdict) { return verdict.held; });
  }
  [[nodiscard]] double held_later(const Which& which) const {
    return share(which, [](const Verdict& verdict) { return verdict.held_later; });
  }
  [[nodiscard]] double lost(const Which& which) const {
    return share(which, [](const Verdict& verdict) { return !verdict.counts(); });
  }
  [[nodiscard]] const Lockstep& lockstep() const { return lockstep_; }
  [[nodiscard]] const std::vector<Change>& said() const { return said_; }
  [[nodiscard]] const Verdict& verdict(const LikeName& like) const { return verdicts_.at(like); }

 private:
  void note(Verdict& verdict, std::uint32_t group, Standing standing) {
    EXPECT_GE(group, 1u);
    EXPECT_LE(group, lockstep_.group_count());
    const auto [word, fresh] = verdict.words.emplace(group, standing);
    // Said once, and again only when it changed.
    if (!fresh) {
      EXPECT_NE(word->second, standing) << "group " << group;
    }
    word->second = standing;
    if (standing != Standing::cleared) verdict.held = true;
  }

  void take_changes() {
    for (const Change& change : lockstep_.changes()) {
      said_.push_back(change);
      const auto like = verdicts_.find({change.actor, change.subject, change.at_us});
      ASSERT_NE(like, verdicts_.end()) << change.actor << " " << change.subject << " " << change.at_us;
      note(like->second, change.group, change.standing);
      if (change.standing != Standing::cleared) like->second.held_later = true;
    }
    lockstep_.clear_changes();
  }

  void check_groups() const {
    for (std::uint32_t id = 1; id <= lockstep_.group_count(); ++id) {
      const Group& group = lockstep_.group(id);
      EXPECT_EQ(group.id, id);
      EXPECT_NE(group.standing, Standing::suspected);
      EXPECT_TRUE(std::isfinite(group.points));
      EXPECT_LE(group.chance_log10, 0);
      const std::set<std::uint32_t> members(group.members.begin(), group.members.end());
      const std::set<std::uint32_t> targets(group.targets.begin(), group.targets.end());
      EXPECT_EQ(members.size(), group.members.size());
      EXPECT_EQ(targets.size(), group.targets.size());
      std::set<LikeName> likes;
      for (const GroupLike& like : group.likes) {
        EXPECT_TRUE(members.contains(like.actor) && targets.contains(like.subject));
        EXPECT_TRUE(likes.insert({like.actor, like.subject, like.at_us}).second);
        const auto known = verdicts_.find({like.actor, like.subject, like.at_us});
        ASSERT_NE(known, verdicts_.end());
        if (const auto word = known->second.words.find(id); word != known->second.words.end()) {
          EXPECT_EQ(word->second, group.standing);
        }
      }
    }
  }

  template <typename Test>
  [[nodiscard]] double share(const Which& which, const Test& test) const {
    double all = 0, some = 0;
    for (const auto& [like, verdict] : verdicts_) {
      if (!which(std::get<0>(like), std::get<1>(like))) continue;
      ++all;
      some += test(verdict) ? 1 : 0;
    }
    return all == 0 ? 0 : some / all;
  }

  Lockstep lockstep_;
  std::map<LikeName, Verdict> verdicts_;
  std::vector<Change> said_;
  std::int64_t now_us_ = 0;
};

bool attacked(std::uint32_t actor, std::uint32_t subject) {
  return actor >= strangers && subject >= strangers;
}
bool honest(std::uint32_t actor, std::uint32_t /*subject*/) {
  return actor < strangers;
}
bool anything(std::uint32_t /*actor*/, std::uint32_t /*subject*/) {
  return true;
}

// What is common is known by what came before: in a world of a few thousand likes nothing is rare enough.
SimStream world(std::uint64_t seed, std::size_t likes = 50'000) {
  SimStream stream(seed);
  stream.organic(8000, 12'000, likes, day_us, 2 * day_us);
  return stream;
}

TEST(Lockstep, AnHonestWorldLosesNothing) {
  SimStream stream = world(1, 80'000);
  const Judged judged(stream.acts());
  EXPECT_EQ(judged.lost(anything), 0);
}

TEST(Lockstep, ABurstIsFoundAndItsFirstLikesAreHeldLater) {
  SimStream stream = world(2);
  stream.attack({.from_us = 2 * day_us});
  const Judged judged(stream.acts());
  EXPECT_GT(judged.held(attacked), 0.95);
  EXPECT_GT(judged.lost(attacked), 0.95);
  EXPECT_EQ(judged.held(honest), 0);
  const auto first = std::find_if(stream.acts().begin(), stream.acts().end(),
                                  [](const ActView& act) { return attacked(act.actor, act.subject); });
  EXPECT_TRUE(judged.verdict({first->actor, first->subject, first->at_us}).held_later);
}

TEST(Lockstep, ASlowRingIsFound) {
  SimStream stream = world(3);
  stream.attack({.accounts = 30, .targets = 12, .from_us = 2 * day_us, .span_us = day_us});
  const Judged judged(stream.acts());
  EXPECT_GT(judged.held(attacked), 0.9);
  EXPECT_EQ(judged.lost(honest), 0);
}

TEST(Lockstep, CamouflageOneToOneDoesNotHide) {
  SimStream stream = world(4);
  stream.attack({.accounts = 40, .targets = 12, .from_us = 2 * day_us, .span_us = 6 * hour_us});
  for (std::uint32_t i = 0; i < 40; ++i)
    for (int like = 0; like < 12; ++like)
      stream.like(strangers + i, stream.any_subject(12'000), 2 * day_us + stream.within(6 * hour_us));
  const Judged judged(stream.acts());
  EXPECT_GT(judged.held(attacked), 0.9);
  EXPECT_LT(
      judged.held([](std::uint32_t actor, std::uint32_t subject) { return actor >= strangers && subject < strangers; }),
      0.05);
  EXPECT_EQ(judged.lost(honest), 0);
}

TEST(Lockstep, HijackedAccountsKeepTheirOwnLikes) {
  SimStream stream = world(5);
  // Of the more active ones; the lower the number the more active.
  stream.attack({.first_account = 100, .accounts = 40, .targets = 10, .from_us = 2 * day_us, .span_us = 2 * hour_us});
  const Judged judged(stream.acts());
  EXPECT_GT(judged.held([](std::uint32_t, std::uint32_t subject) { return subject >= strangers; }), 0.8);
  EXPECT_EQ(judged.held([](std::uint32_t, std::uint32_t subject) { return subject < strangers; }), 0);
}

TEST(Lockstep, AViralWorkLosesNothing) {
  SimStream stream = world(6);
  for (std::uint32_t actor = 1; actor <= 2000; ++actor)
    stream.like(actor, strangers, 2 * day_us + stream.within(hour_us));
  const Judged judged(stream.acts());
  EXPECT_EQ(judged.lost(anything), 0);
}

// A thousand people of all kinds come and like one to three works of the same person within two hours.
TEST(Lockstep, ACelebrityMentionLosesNothing) {
  SimStream stream = world(7);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const auto actor = static_cast<std::uint32_t>(1 + stream.rng().below(8000));
    const std::int64_t at_us = 2 * day_us + stream.within(2 * hour_us);
    const auto works = static_cast<std::uint32_t>(1 + stream.rng().below(3));
    for (std::uint32_t work = 0; work < works; ++work)
      stream.like(actor, strangers + static_cast<std::uint32_t>(stream.rng().below(3)), at_us + work * 20'000'000);
  }
  const Judged judged(stream.acts());
  EXPECT_EQ(judged.lost(anything), 0);
}

TEST(Lockstep, AFarmOverFewDevicesIsRejected) {
  SimStream stream = world(8);
  stream.attack({.accounts = 120,
                 .targets = 15,
                 .participation = 0.6,
                 .from_us = 2 * day_us,
                 .span_us = 12 * hour_us,
                 .devices = 5});
  const Judged judged(stream.acts());
  EXPECT_GT(judged.lost(attacked), 0.9);
  EXPECT_EQ(judged.lost(honest), 0);
}

// Honest likes of a work that a group attacked stay.
TEST(Lockstep, WhoElseLikesATargetKeepsHisLike) {
  SimStream stream = world(9);
  stream.attack({.from_us = 2 * day_us});
  for (std::uint32_t target = 0; target < 10; ++target)
    for (int like = 0; like < 60; ++like)
      stream.like(static_cast<std::uint32_t>(1 + stream.rng().below(8000)), strangers + target,
                  2 * day_us + stream.within(day_us));
  const Judged judged(stream.acts());
  EXPECT_GT(judged.held(attacked), 0.9);
  EXPECT_LT(judged.lost(honest), 0.002);
}

std::string bytes_of(const std::vector<Change>& changes) {
  std::string bytes;
  for (const Change& change : changes)
    for (const std::int64_t value : {std::int64_t{change.actor}, std::int64_t{change.subject}, change.at_us,
                                     std::int64_t{change.group}, std::int64_t{static_cast<int>(change.standing)}})
      bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  return bytes;
}

TEST(Lockstep, TheSameStreamGivesTheSameBytes) {
  SimStream stream = world(10);
  stream.attack({.from_us = 2 * day_us});
  stream.attack({.first_account = strangers + 500, .first_target = strangers + 5, .from_us = 2 * day_us + hour_us});
  const Judged first(stream.acts()), second(stream.acts());
  EXPECT_EQ(bytes_of(first.said()), bytes_of(second.said()));
  EXPECT_EQ(first.lockstep().bytes(), second.lockstep().bytes());
  EXPECT_GT(first.lockstep().group_count(), 0u);
}

// Prefetching is advice: also of what is not known yet.
TEST(Lockstep, PrefetchingChangesNothing) {
  SimStream stream = world(11, 20'000);
  stream.attack({.from_us = 2 * day_us});
  Lockstep with(small()), without(small());
  for (const ActView& act : stream.acts()) {
    with.prefetch(act);
    const auto a = with.observe(act), b = without.observe(act);
    ASSERT_EQ(a.group, b.group);
    ASSERT_EQ(a.standing, b.standing);
  }
  EXPECT_EQ(bytes_of(with.changes()), bytes_of(without.changes()));
}

TEST(Lockstep, TimesMayBeEqualOrAnyOrWithoutOrder) {
  SimStream stream = world(12, 30'000);
  stream.attack({.from_us = 2 * day_us});
  const std::vector<ActView> acts = stream.acts();
  const std::function<std::int64_t(std::size_t)> clocks[] = {
      [](std::size_t) { return std::int64_t{0}; },
      [](std::size_t) { return 1'700'000'000 * SimStream::second_us; },
      [](std::size_t i) { return (std::int64_t{1} << 52) - static_cast<std::int64_t>(i); },
      [](std::size_t i) { return static_cast<std::int64_t>(i * 7919 % 30'011) * hour_us; },
      [](std::size_t i) { return (static_cast<std::int64_t>(i) - 15'000) * hour_us; },
  };
  for (const auto& clock : clocks) {
    std::vector<ActView> changed = acts;
    for (std::size_t i = 0; i < changed.size(); ++i) changed[i].at_us = clock(i);
    const Judged judged(changed);
    EXPECT_GT(judged.held(attacked), 0.8);
  }
}

// People who comment on the same three works all day are three people.
TEST(Lockstep, RepeatedActsAreNoFurtherPeople) {
  SimStream stream = world(13);
  std::vector<ActView> acts = stream.acts();
  for (std::uint32_t i = 0; i < 300; ++i) {
    ActView act = acts[3000 + 5 * i];
    act.actor = strangers + i % 2;
    act.subject = strangers + 10 + i / 2 % 3;
    acts.insert(acts.begin() + 3000 + 5 * i, act);
  }
  const Judged judged(acts);
  EXPECT_EQ(judged.held(anything), 0);
}

TEST(Lockstep, RepeatedActsOfAGroupAreSaidOnceEach) {
  SimStream stream = world(14);
  stream.attack({.from_us = 2 * day_us});
  std::vector<ActView> acts;
  for (const ActView& act : stream.acts()) {
    acts.push_back(act);
    if (!attacked(act.actor, act.subject) || act.actor % 4 != 0) continue;
    acts.push_back(act);
    acts.back().at_us += 1;
  }
  const Judged judged(acts);
  EXPECT_GT(judged.held(attacked), 0.9);
  EXPECT_EQ(judged.held(honest), 0);
}

TEST(LockstepFacts, AnAccountsLifeIsFromItsFirstLikeToItsLast) {
  Lockstep lockstep(small());
  ActView act;
  act.actor = 5;
  act.device = 9;
  for (std::uint32_t i = 0; i <= 300; ++i) {
    act.subject = i + 1;
    act.at_us = i * day_us / 10;
    lockstep.observe(act);
    const QualityFacts facts = lockstep.account_facts(5);
    ASSERT_NEAR(facts.account_days, i / 10.0, 1e-3);
    ASSERT_EQ(facts.account_likes, i + 1);
    ASSERT_EQ(facts.accounts_on_device, 1);
  }
  EXPECT_EQ(lockstep.account_facts(77).account_likes, 0);
  EXPECT_EQ(lockstep.account_facts(4'000'000'000).account_likes, 0);
}

// The strongest group's word is a like's outcome.
TEST(Lockstep, AConfirmedGroupIsNotOutspokenByASuspectedOne) {
  SimStream stream = world(15);
  for (std::uint32_t group = 0; group < 6; ++group)
    stream.attack({.first_account = strangers,
                   .accounts = 60,
                   .first_target = strangers + group * 4,
                   .targets = 8,
                   .from_us = 2 * day_us + group * 3 * hour_us,
                   .span_us = 2 * hour_us,
                   .devices = 5});
  Lockstep lockstep(small());
  std::map<LikeName, std::set<std::uint32_t>> confirmed;
  for (const ActView& act : stream.acts()) {
    const auto outcome = lockstep.observe(act);
    if (outcome.group == 0) continue;
    bool any = false;
    for (std::uint32_t id = 1; id <= lockstep.group_count(); ++id) {
      const Group& group = lockstep.group(id);
      any |= group.standing == Standing::confirmed && !group.likes.empty() && group.likes.back().actor == act.actor &&
             group.likes.back().subject == act.subject;
    }
    if (any) {
      EXPECT_EQ(outcome.standing, Standing::confirmed);
    }
  }
}

}  // namespace
}  // namespace zan::integrity
