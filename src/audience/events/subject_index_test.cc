// The index beside a twin that keeps every act and works out who is what only when it is asked.
#include "audience/events/subject_index.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/random.h"
#include "storage/sim_disk.h"

namespace zan::audience {
namespace {

using engagement::ActType;
using engagement::Reaction;
using engagement::RecordedAct;
using engagement::Verdict;

constexpr std::int64_t day0_us = 1'700'438'400'000'000;
constexpr std::uint32_t first_subject = 1000, first_creator = 2000;

std::int64_t at_day(std::uint32_t day) {
  return day0_us + day * us_per_day;
}
UserList asked(const SubjectIndex& index, std::uint32_t subject, const RoleWindow& window) {
  const SubjectId one{subject};
  return *index.people({&one, 1}, window);
}

RecordedAct act(ActType type, std::uint32_t user, std::uint32_t subject, std::uint32_t day) {
  RecordedAct out;
  out.type = type;
  out.actor = {user};
  out.subject = {subject};
  out.at = {at_day(day)};
  return out;
}

// Sets of (subject, role, user) with their day; a relation as the engine keeps it.
class Twin {
 public:
  struct Relation {
    bool on = false, paid = false;
    Verdict verdict = Verdict::genuine;
    std::uint32_t day = 0;
    std::set<std::pair<std::uint32_t, std::uint32_t>> from;  // subject and day of every follow
  };
  std::map<std::pair<std::uint32_t, std::uint32_t>, Relation> likes, follows;  // by user and target
  std::set<std::tuple<std::uint32_t, Role, std::uint32_t, std::uint32_t>> others;

  [[nodiscard]] static bool counts(const Relation& one, const RoleWindow& window) {
    return one.on && !one.paid && one.verdict == Verdict::genuine && within(one.day, window);
  }
  [[nodiscard]] static bool within(std::uint32_t day, const RoleWindow& window) {
    return day >= window.first_day && day <= window.last_day;
  }
  [[nodiscard]] static bool asks(const RoleWindow& window, Role role) {
    return (window.roles & roles_of({role})) != 0;
  }

  // `follows_from`: of followers, those who came from the subject; else all of the creator's.
  void add(std::uint32_t target, const RoleWindow& window, bool follows_from, std::set<std::uint32_t>& out) const {
    if (asks(window, Role::liker))
      for (const auto& [pair, one] : likes)
        if (pair.second == target && counts(one, window)) out.insert(pair.first);
    if (asks(window, Role::follower))
      for (const auto& [pair, one] : follows)
        if ((follows_from ? one.from.contains({target, one.day}) : pair.second == target) && counts(one, window))
          out.insert(pair.first);
    for (const auto& [subject, role, user, day] : others)
      if (subject == target && asks(window, role) && within(day, window)) out.insert(user);
  }
};

// Draws acts that the engine could have recorded, and tells index and twin.
class Life {
 public:
  explicit Life(std::uint64_t seed) : rng_(seed), index(0) {}

  void step(std::uint32_t day) {
    const auto user = static_cast<std::uint32_t>(1 + rng_.below(60));
    const auto subject = static_cast<std::uint32_t>(first_subject + rng_.below(12));
    const std::uint32_t creator = first_creator + subject % 3;
    const std::uint64_t pick = rng_.below(100);
    if (pick < 45) return relation(twin.likes, ActType::like, user, subject, creator, day);
    if (pick < 65) return relation(twin.follows, ActType::follow, user, subject, creator, day);
    if (pick < 75) return verdict(pick % 2 == 0);
    if (pick == 75) return erase(user);
    other(user, subject, creator, day);
  }

 private:
  using Relations = std::map<std::pair<std::uint32_t, std::uint32_t>, Twin::Relation>;

  void relation(Relations& relations, ActType on, std::uint32_t user, std::uint32_t subject, std::uint32_t creator,
                std::uint32_t day) {
    const bool follow = on == ActType::follow;
    Twin::Relation& known = relations[{user, follow ? creator : subject}];
    const bool turns_on = rng_.chance(0.6);
    RecordedAct one = act(turns_on ? on : follow ? ActType::unfollow : ActType::unlike, user, subject, day);
    if (!turns_on && !follow && rng_.chance(0.5)) one.type = ActType::dislike;
    if (follow && rng_.chance(0.3)) one.subject = {};
    one.creator = {creator};
    one.effect = rng_.chance(0.1) ? engagement::Effect::none : engagement::Effect::changed;
    one.incentivised = turns_on && rng_.chance(0.2);
    if (turns_on && rng_.chance(0.2)) one.judgement.verdict = Verdict::held;
    one.before = known.on ? Reaction::liked : Reaction::never;
    one.before_incentivised = known.paid;
    one.before_verdict = known.verdict;
    one.before_at = {at_day(known.day)};
    index.observe(one);
    if (one.effect != engagement::Effect::changed) return;
    if (turns_on && !one.incentivised) known.from.insert({one.subject.value, day});
    known = {turns_on, one.incentivised, one.judgement.verdict, day, known.from};
  }

  void verdict(bool of_like) {
    Relations& relations = of_like ? twin.likes : twin.follows;
    if (relations.empty()) return;
    auto at = relations.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(rng_.below(relations.size())));
    auto& [pair, known] = *at;
    if (!known.on) return;
    engagement::VerdictRecord record;
    record.what.person = {pair.first};
    record.what.target = pair.second;
    record.what.type = of_like ? ActType::like : ActType::follow;
    record.what.at = {at_day(known.day)};
    record.before = known.verdict;
    record.incentivised = known.paid;
    record.what.verdict = static_cast<Verdict>((static_cast<unsigned>(known.verdict) + 1 + rng_.below(2)) % 3);
    known.verdict = record.what.verdict;
    index.corrected(record);
  }

  void erase(std::uint32_t user) {
    index.erase({user});
    const auto theirs = [&](const auto& one) { return one.first.first == user; };
    std::erase_if(twin.likes, theirs);
    std::erase_if(twin.follows, theirs);
    std::erase_if(twin.others, [&](const auto& one) { return std::get<2>(one) == user; });
  }

  void other(std::uint32_t user, std::uint32_t subject, std::uint32_t creator, std::uint32_t day) {
    static constexpr ActType types[] = {ActType::view, ActType::complete, ActType::comment, ActType::share};
    RecordedAct one = act(types[rng_.below(4)], user, subject, day);
    one.creator = {creator};
    one.duration_ms = rng_.chance(0.1) ? 0 : 1000;
    one.watch_ms = static_cast<std::uint32_t>(700 + rng_.below(400));
    one.incentivised = rng_.chance(0.1);
    if (rng_.chance(0.1)) one.judgement.verdict = Verdict::rejected;
    index.observe(one);
    if (one.incentivised || one.judgement.verdict != Verdict::genuine) return;
    if (one.type == ActType::view && (one.duration_ms == 0 || one.watch_ms < 900)) return;
    const Role role = one.type == ActType::comment ? Role::commenter
                      : one.type == ActType::share ? Role::sharer
                                                   : Role::watcher;
    twin.others.insert({subject, role, user, day});
  }

  Rng rng_;

 public:
  SubjectIndex index;
  Twin twin;
};

RoleWindow random_window(Rng& rng, std::uint32_t days) {
  RoleWindow window;
  window.roles = rng.chance(0.3) ? all_roles : static_cast<Roles>(1 + rng.below(all_roles));
  window.first_day = static_cast<std::uint32_t>(rng.below(days));
  window.last_day = window.first_day + static_cast<std::uint32_t>(rng.below(days));
  return window;
}

TEST(SubjectIndex, agrees_with_the_twin_through_unlikes_late_verdicts_and_erasures) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    Life life(seed);
    Rng rng(seed + 100);
    const std::uint32_t day0 = life.index.day_of({day0_us});
    for (std::uint32_t step = 0; step < 12'000; ++step) {
      // In order but for some late ones.
      life.step(step / 600 + static_cast<std::uint32_t>(rng.below(3)));
      if (step % 150 != 0) continue;
      const RoleWindow window = random_window(rng, 25);
      const RoleWindow asking{window.roles, window.first_day + day0, window.last_day + day0};
      const auto subject = static_cast<std::uint32_t>(first_subject + rng.below(12));
      std::set<std::uint32_t> expected;
      life.twin.add(subject, window, true, expected);
      ASSERT_EQ(asked(life.index, subject, asking), UserList(expected.begin(), expected.end())) << seed << ' ' << step;
      const auto creator = static_cast<std::uint32_t>(first_creator + rng.below(3));
      expected.clear();
      RoleWindow of_subject = window, of_creator = window;
      of_subject.roles &= static_cast<Roles>(~roles_of({Role::follower}));
      of_creator.roles &= roles_of({Role::follower});
      for (std::uint32_t one = first_subject; one < first_subject + 12; ++one)
        if (one % 3 == creator % first_creator) life.twin.add(one, of_subject, false, expected);
      life.twin.add(creator, of_creator, false, expected);
      ASSERT_EQ(*life.index.people(CreatorId{creator}, asking), UserList(expected.begin(), expected.end()));
    }
  }
}

TEST(SubjectIndex, goes_on_from_its_file_as_if_it_had_never_stopped) {
  Life life(7);
  Rng rng(8);
  for (std::uint32_t step = 0; step < 6'000; ++step)
    life.step(step / 600 + static_cast<std::uint32_t>(rng.below(3)));
  // One log that is longer than a piece of the file, and one that is no longer kept.
  for (std::uint32_t user = 0; user < 150'000; ++user) life.index.observe(act(ActType::share, 5'000 + user, 999, 3));
  const auto disk = storage::SimDisk::make(1);
  auto writer = StateWriter::create(*disk, "state", {});
  ASSERT_TRUE(writer.ok() && life.index.save(*writer).ok() && writer->finish().ok());
  SubjectIndex loaded(0);
  auto reader = StateReader::open(*disk, "state", 0);
  ASSERT_TRUE(reader.ok() && loaded.load(*reader).ok() && reader->finish().ok());
  const std::uint32_t day0 = loaded.day_of({day0_us});
  const auto compare = [&] {
    for (std::uint32_t subject = 999; subject < first_subject + 12; ++subject)
      for (unsigned roles = 1; roles <= all_roles; ++roles) {
        const RoleWindow window{static_cast<Roles>(roles), day0 + roles / 4, day0 + 20};
        ASSERT_EQ(asked(loaded, subject, window), asked(life.index, subject, window));
      }
    for (std::uint32_t creator = first_creator; creator < first_creator + 3; ++creator) {
      ASSERT_EQ(loaded.subjects_of({creator}), life.index.subjects_of({creator}));
      ASSERT_EQ(*loaded.people(CreatorId{creator}, {}), *life.index.people(CreatorId{creator}, {}));
    }
  };
  compare();
  for (std::uint32_t user = 1; user < 60; ++user) {
    RecordedAct unlike = act(ActType::unlike, user, first_subject, 11);
    unlike.before = Reaction::liked;
    for (const auto& [pair, one] : life.twin.likes)
      if (pair.first == user && pair.second == first_subject) unlike.before_at = {at_day(one.day)};
    loaded.observe(unlike);
    life.index.observe(unlike);
  }
  compare();
}

TEST(SubjectIndex, a_section_that_makes_no_sense_is_refused) {
  using Numbers = std::initializer_list<std::uint64_t>;
  const auto refused = [](Numbers subjects, Numbers creators) {
    const auto disk = storage::SimDisk::make(1);
    auto writer = StateWriter::create(*disk, "state", {});
    EXPECT_TRUE(writer.ok() && writer->begin("subjects").ok());
    for (const std::uint64_t one : subjects) put_varint(writer->chunk(), one);
    EXPECT_TRUE(writer->begin("creators").ok());
    for (const std::uint64_t one : creators) put_varint(writer->chunk(), one);
    EXPECT_TRUE(writer->finish().ok());
    auto reader = StateReader::open(*disk, "state", 0);
    EXPECT_TRUE(reader.ok());
    SubjectIndex index(0);
    const auto loaded = index.load(*reader);
    return !loaded.ok() && loaded.error().kind == ErrorKind::corrupt;
  };
  constexpr std::uint64_t word = std::uint64_t{5} << 36 | 7 << 1;
  EXPECT_FALSE(refused({5}, {}));
  EXPECT_FALSE(refused({5, 9, 1, word}, {3, 4}));
  EXPECT_TRUE(refused({}, {})) << "no newest day";
  EXPECT_TRUE(refused({70'000}, {})) << "a day that is none";
  EXPECT_TRUE(refused({5, 0, 1, word}, {})) << "no subject";
  EXPECT_TRUE(refused({5, 9, 0}, {})) << "an empty log";
  EXPECT_TRUE(refused({5, 9, 2, word}, {})) << "short";
  EXPECT_TRUE(refused({4, 9, 1, word}, {})) << "newer than the newest";
  EXPECT_TRUE(refused({5, 9, 2, word, 0}, {})) << "twice";
  EXPECT_TRUE(refused({5, 9, 1, word | 1}, {})) << "taken back";
  EXPECT_TRUE(refused({5, 9, 1, word | std::uint64_t{7} << 33}, {})) << "a role that is none";
  EXPECT_TRUE(refused({5, 9, 70'000, word}, {})) << "a piece that is too long";
  EXPECT_TRUE(refused({5}, {3}));
  EXPECT_TRUE(refused({5}, {0, 3}));
}

TEST(SubjectIndex, knows_nobody_of_what_never_was) {
  SubjectIndex index(0);
  EXPECT_TRUE(asked(index, 7, {}).empty());
  EXPECT_TRUE(index.people(CreatorId{7}, {})->empty());
  EXPECT_TRUE(index.people(std::span<const SubjectId>(), {})->empty());
  index.observe(act(ActType::share, 1, 7, 0));
  EXPECT_TRUE(asked(index, 7, {all_roles, 5, 4}).empty());
  EXPECT_TRUE(asked(index, 7, {0, 0, 0xffff}).empty());
  EXPECT_EQ(asked(index, 7, {}), UserList{1});
}

TEST(SubjectIndex, days_that_are_too_old_are_in_no_answer_and_leave_memory) {
  SubjectIndex index(0);
  for (std::uint32_t user = 1; user <= 5'000; ++user) index.observe(act(ActType::like, user, 640, 0));
  EXPECT_EQ(asked(index, 640, {}).size(), 5'000U);
  const std::size_t before = index.bytes();
  index.observe(act(ActType::like, 1, 64, event_days_kept));
  EXPECT_TRUE(asked(index, 640, {}).empty());
  // Too late to count.
  index.observe(act(ActType::like, 9, 64, 0));
  EXPECT_EQ(asked(index, 64, {}), UserList{1});
  // Later acts on others of the stripe come across the old log.
  for (std::uint32_t user = 2; user < 120; ++user) index.observe(act(ActType::like, user, 64, event_days_kept));
  EXPECT_LT(index.bytes(), before / 4);
}

TEST(SubjectIndex, a_word_takes_about_eight_bytes_however_acts_come) {
  SubjectIndex index(0);
  Rng rng(3);
  constexpr std::uint32_t acts = 300'000, subjects = 3'000;
  for (std::uint32_t i = 0; i < acts; ++i)
    index.observe(act(ActType::share, 10'000 + i, static_cast<std::uint32_t>(1 + rng.below(subjects)), i / 10'000));
  EXPECT_LT(index.bytes(), acts * 8 * 5 / 4 + subjects * 100);
  for (std::uint32_t i = 0; i < acts; ++i) index.observe(act(ActType::comment, 10'000 + i, 5, 30));
  const UserList all = asked(index, 5, {roles_of({Role::commenter})});
  EXPECT_EQ(all.size(), acts);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
}

TEST(SubjectIndex, a_creator_has_so_many_subjects_and_they_may_change_hands) {
  SubjectIndex index(0);
  const CreatorId first{1}, second{2};
  for (std::uint32_t i = 0; i < creator_subjects_max + 5; ++i) index.put_creator({10 + i}, first);
  EXPECT_EQ(index.subjects_of(first).size(), creator_subjects_max);
  index.put_creator({10}, second);
  EXPECT_EQ(index.subjects_of(second), std::vector<SubjectId>{{10}});
  EXPECT_EQ(index.subjects_of(first).size(), creator_subjects_max - 1);
  index.put_creator({10}, {});
  EXPECT_TRUE(index.subjects_of(second).empty());
}

TEST(Role, names_lead_back_to_roles) {
  for (std::size_t i = 0; i < role_count; ++i)
    EXPECT_EQ(role_of(to_string(static_cast<Role>(i))), static_cast<Role>(i));
  EXPECT_FALSE(role_of("likers"));
}

}  // namespace
}  // namespace zan::audience
