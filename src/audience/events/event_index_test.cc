#include "audience/events/event_index.h"

#include <gtest/gtest.h>

#include <map>

#include "base/random.h"
#include "storage/sim_disk.h"

namespace zan::audience {
namespace {

using engagement::ActType;

constexpr std::int64_t day0_us = 1'700'438'400'000'000;

engagement::RecordedAct act(ActType type, std::uint32_t user, std::int64_t at_us) {
  engagement::RecordedAct out;
  out.type = type;
  out.actor = {user};
  out.at = {at_us};
  return out;
}

TEST(EventIndex, windows_agree_with_adding_up_every_act) {
  EventIndex index(3, 0);
  TagStore store;  // only says which blocks there are
  std::vector<std::uint32_t> everybody;
  for (std::uint32_t user = 0; user < 70'000; ++user) everybody.push_back(user);
  store.assign({0}, everybody);
  struct Acted {
    ActType type;
    std::uint32_t user, category, day;
  };
  std::vector<Acted> twin;
  Rng rng(6);
  const std::uint32_t first = index.day_of({day0_us});
  for (int i = 0; i < 60'000; ++i) {
    const auto user = static_cast<std::uint32_t>(rng.chance(0.8) ? rng.below(3'000) : rng.below(70'000));
    const auto day = static_cast<std::uint32_t>(rng.below(10));
    const auto category = static_cast<std::uint32_t>(rng.below(3));
    const ActType type = rng.chance(0.7) ? ActType::like : ActType::share;
    index.observe(act(type, user, day0_us + day * us_per_day), {{category}});
    twin.push_back({type, user, category, first + day});
  }
  index.erase(5);
  std::erase_if(twin, [](const Acted& one) { return one.user == 5; });
  Evaluation evaluation(store);
  for (int i = 0; i < 30; ++i) {
    EventIndex::Window window;
    window.acts = rng.chance(0.5) ? std::vector{ActType::like} : std::vector{ActType::like, ActType::share};
    window.category = static_cast<std::uint32_t>(rng.below(4));
    window.first_day = first + static_cast<std::uint32_t>(rng.below(10));
    window.last_day = window.first_day + static_cast<std::uint32_t>(rng.below(4));
    window.low = static_cast<std::uint32_t>(1 + rng.below(3));
    window.high = rng.chance(0.5) ? 255 : window.low + static_cast<std::uint32_t>(rng.below(3));
    std::map<std::uint32_t, std::uint32_t> counts;
    for (const Acted& one : twin) {
      const bool of_type = one.type == ActType::like || window.acts.size() == 2;
      const bool of_category = window.category == 0 || window.category == one.category + 1;
      if (of_type && of_category && one.day >= window.first_day && one.day <= window.last_day) ++counts[one.user];
    }
    std::uint64_t expected = 0;
    const auto term = index.term(window);
    for (const auto& [user, count] : counts) {
      const bool in = count >= window.low && count <= window.high;
      expected += in ? 1 : 0;
      if (user < 300) {
        ASSERT_EQ(term->contains(user), in);
      }
    }
    ASSERT_EQ(evaluation.count(Plan::of(term), Plan::of(ValueId{0})), expected);
    ASSERT_EQ(evaluation.math().buffers_in_use(), 0U);
  }
}

TEST(EventIndex, counts_stop_at_255_and_days_that_are_too_old_go) {
  EventIndex index(0, 0);
  for (int i = 0; i < 400; ++i) index.observe(act(ActType::like, 9, day0_us), {});
  EventIndex::Window window;
  window.acts = {ActType::like};
  window.first_day = window.last_day = index.day_of({day0_us});
  window.low = 255;
  EXPECT_TRUE(index.term(window)->contains(9));
  const std::size_t before = index.bytes();
  index.observe(act(ActType::like, 9, day0_us + event_days_kept * us_per_day), {});
  EXPECT_FALSE(index.term(window)->contains(9));
  EXPECT_LT(index.bytes(), before);
  // What comes that late is passed over; what comes a little late is not.
  index.observe(act(ActType::like, 9, day0_us), {});
  window.low = 1;
  EXPECT_FALSE(index.term(window)->contains(9));
  index.observe(act(ActType::like, 9, day0_us + us_per_day), {});
  window.first_day = window.last_day = index.day_of({day0_us + us_per_day});
  EXPECT_TRUE(index.term(window)->contains(9));
}

// Acts that are taken back, put in again and taken back: the index is that of a history without those that stay out, also when
// it was saved in between.
TEST(EventIndex, after_verdicts_it_is_as_if_the_fakes_had_never_been) {
  const auto disk = storage::SimDisk::make(1);
  EventIndex judged(3, 0), honest(3, 0), loaded(3, 0);
  Rng rng(8);
  const std::uint32_t first = judged.day_of({day0_us});
  std::vector<std::pair<engagement::VerdictRecord, std::uint32_t>> verdicts;
  for (int i = 0; i < 30'000; ++i) {
    const ActType type = rng.chance(0.7) ? ActType::like : ActType::dislike;
    const auto category = static_cast<std::uint32_t>(rng.below(3));
    const engagement::RecordedAct one =
        act(type, static_cast<std::uint32_t>(rng.below(70'000)), day0_us + static_cast<std::int64_t>(rng.below(5)) * us_per_day);
    judged.observe(one, {{category}});
    const bool fake = rng.chance(0.4);
    if (!fake) honest.observe(one, {{category}});
    if (!fake && rng.chance(0.9)) continue;
    engagement::VerdictRecord record;
    record.what.person = one.actor;
    record.what.type = type;
    record.what.at = one.at;
    record.what.verdict = engagement::Verdict::held;
    judged.corrected(record, {{category}});
    record.before = engagement::Verdict::held;
    record.what.verdict = fake ? engagement::Verdict::rejected : engagement::Verdict::genuine;
    verdicts.emplace_back(record, category);
  }
  StateWriter writer = StateWriter::create(*disk, "state", {{9}, 1}).value();
  ASSERT_TRUE(judged.save(writer).ok() && writer.finish().ok());
  StateReader reader = StateReader::open(*disk, "state", 1).value();
  ASSERT_TRUE(loaded.load(reader).ok() && reader.finish().ok());
  for (const auto& [record, category] : verdicts) {
    judged.corrected(record, {{category}});
    loaded.corrected(record, {{category}});
  }
  TagStore store;
  std::vector<std::uint32_t> everybody(70'000);
  for (std::uint32_t user = 0; user < everybody.size(); ++user) everybody[user] = user;
  store.assign({0}, everybody);
  Evaluation evaluation(store);
  const auto count = [&](const EventIndex& index, const EventIndex::Window& window) {
    return evaluation.count(Plan::of(index.term(window)), Plan::of(ValueId{0}));
  };
  std::uint64_t all = 0;
  for (std::uint32_t day = 0; day < 5; ++day) {
    for (std::uint32_t category = 0; category < 4; ++category) {
      for (const ActType type : {ActType::like, ActType::dislike}) {
        const EventIndex::Window window{{type}, category, first + day, first + day + 1, 1, 255};
        ASSERT_EQ(count(judged, window), count(honest, window));
        ASSERT_EQ(count(loaded, window), count(honest, window));
        all += count(honest, window);
      }
    }
  }
  EXPECT_GT(all, 10'000U);
}

// Byte for byte, as saved: acts on a hundred days, some late, verdicts and an erasure among them.
TEST(EventIndex, in_bulk_the_same_comes_out) {
  const auto saved = [](unsigned threads) {
    EventIndex index(3, 0);
    Rng rng(12);
    if (threads != 0) index.begin_bulk(threads);
    for (int i = 0; i < 60'000; ++i) {
      const auto day = static_cast<std::int64_t>(i / 600) - static_cast<std::int64_t>(rng.below(3) * rng.below(60));
      const std::uint32_t categories[] = {static_cast<std::uint32_t>(rng.below(3)), 1};
      const engagement::RecordedAct one =
          act(ActType::like, static_cast<std::uint32_t>(rng.below(200'000)), day0_us + day * us_per_day);
      index.observe(one, std::span(categories).first(rng.below(3)));
      if (i % 30'000 == 29'000) {
        engagement::VerdictRecord record;
        record.what.person = one.actor;
        record.what.at = one.at;
        record.what.verdict = engagement::Verdict::held;
        index.corrected(record, {});
        index.erase(7);
      }
    }
    EXPECT_EQ(index.in_bulk(), threads != 0);
    if (threads != 0) index.end_bulk();
    const auto disk = storage::SimDisk::make(1);
    StateWriter writer = StateWriter::create(*disk, "state", {{9}, 1}).value();
    EXPECT_TRUE(index.save(writer).ok() && writer.finish().ok());
    return storage::read_file(*disk, "state").value();
  };
  const Bytes live = saved(0);
  EXPECT_GT(live.size(), 100'000U);
  for (const unsigned threads : {1U, 2U, event_threads_max + 1}) EXPECT_EQ(saved(threads), live);
}

TEST(EventIndex, more_acts_than_are_put_off_are_written_down_on_the_way_and_categories_have_a_limit) {
  EventIndex index(8, 0);
  index.begin_bulk(2);
  const std::uint32_t many[] = {0, 1, 2, 3, 4, 5};
  for (int i = 0; i < 1'100'000; ++i)
    index.observe(act(ActType::like, static_cast<std::uint32_t>(i % 300'000), day0_us),
                  std::span<const std::uint32_t>(many).first(i == 0 ? 6 : 0));
  const std::uint32_t day = index.day_of({day0_us});
  EXPECT_TRUE(index.term({{ActType::like}, 0, day, day, 1, 255})->contains(5)) << "a question amid it";
  index.end_bulk();
  EXPECT_TRUE(index.term({{ActType::like}, 0, day, day, 4, 4})->contains(5));
  EXPECT_TRUE(index.term({{ActType::like}, event_categories_max, day, day, 1, 255})->contains(0));
  EXPECT_FALSE(index.term({{ActType::like}, event_categories_max + 1, day, day, 1, 255})->contains(0));
}

TEST(EventIndex, a_verdict_on_what_is_not_there_changes_nothing_and_a_damaged_state_is_refused) {
  EventIndex index(3, 0);
  engagement::VerdictRecord record;
  record.what = {{5}, 0, ActType::follow, {day0_us}, engagement::Verdict::held, 0, 0, {}};
  index.corrected(record, {{2}});
  index.observe(act(ActType::follow, 5, day0_us), {{2}});
  index.corrected(record, {{2}});
  index.corrected(record, {{2}});
  const std::uint32_t day = index.day_of({day0_us});
  EXPECT_FALSE(index.term({{ActType::follow}, 0, day, day, 1, 255})->contains(5));
  EXPECT_TRUE(index.term({{ActType::follow}, 3, day, day, 1, 255})->contains(5)) << "the verdict names no subject";
  const auto disk = storage::SimDisk::make(1);
  StateWriter writer = StateWriter::create(*disk, "state", {{9}, 1}).value();
  ASSERT_TRUE(writer.begin("events").ok());
  writer.chunk().resize(7, std::byte{0x70});
  ASSERT_TRUE(writer.finish().ok());
  StateReader reader = StateReader::open(*disk, "state", 1).value();
  EventIndex other(3, 0);
  EXPECT_EQ(other.load(reader).error().kind, ErrorKind::corrupt);
}

}  // namespace
}  // namespace zan::audience
