#include "audience/book/tag_imports.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/random.h"
#include "storage/sim_disk.h"

namespace zan::audience {
namespace {

constexpr Timestamp start{1'700'438'400'000'000};
constexpr Timestamp day(std::int64_t days) {
  return {start.us + days * us_per_day};
}

std::shared_ptr<const Catalogue> small_catalogue() {
  const auto tag = [](const std::string& name, const std::string& rest) {
    return R"({"name":")" + name + R"(","en":"A","zh":"甲","owner":"o","purposes":["reports"],)" + rest + "}";
  };
  const std::string values = R"("values":[{"name":"low","en":"l","zh":"l"},{"name":"high","en":"h","zh":"h"}])";
  const std::string kept = R"("source":"imported","keep_days":10,)";
  auto catalogue = Catalogue::parse(
      R"({"zone_hours":8,"purposes":[{"name":"reports","en":"r","zh":"r","consent":"unless_refused",
    "adults_only":false,"least_people":50}],"categories":[{"id":"pets","en":"pets","zh":"宠物","subject_tags":["cats"]}],"tags":[)" +
      tag("panel", kept + R"("type":"flag")") + "," + tag("spends", kept + R"("type":"one_of",)" + values) + "," +
      tag("likes", kept + R"("type":"many_of",)" + values) + "," +
      tag("visits", kept + R"("type":"number","greatest":100,"unit":"visits")") + "," +
      tag("born", kept + R"("type":"time")") + "," +
      tag("captions",
          R"("type":"flag","source":"declared","sensitivity":"sensitive",
    "rule":{"all":[{"measure":"attribute","attribute":"/a"}]})") +
      "," +
      tag("said", R"("type":"flag","source":"declared","rule":{"all":[{"measure":"attribute","attribute":"/b"}]})") +
      "]}");
  EXPECT_TRUE(catalogue.ok()) << catalogue.error().field << catalogue.error().message;
  return *catalogue;
}

TagImport import(const std::string& tag, const std::string& value, UserList users, std::uint64_t number = 0) {
  return {1, true, tag, value, number, "ops", "shop.csv", std::move(users)};
}
TagImport away(TagImport one) {
  one.on = false;
  return one;
}

struct Imports {
  std::shared_ptr<const Catalogue> catalogue = small_catalogue();
  TagStore store;
  TagImports imports{catalogue, store};

  [[nodiscard]] bool has(std::uint32_t user, const std::string& tag, const std::string& value = "") const {
    const Tag& one = *catalogue->find(tag);
    return store.contains(user, one.is_set() ? one.value(*one.find_value(value)) : one.first);
  }
  [[nodiscard]] std::uint64_t number(std::uint32_t user, const std::string& tag) const {
    const Slices slices = catalogue->find(tag)->slices();
    std::uint64_t out = store.contains(user, slices.known()) ? 0 : 1'000'000;
    for (std::uint32_t i = 0; i < slices.bits; ++i) out += store.contains(user, slices.bit(i)) ? 1ULL << i : 0;
    return out;
  }
  [[nodiscard]] std::pair<ErrorKind, std::string> refusal(const TagImport& one) {
    const auto applied = imports.apply(one, start);
    EXPECT_FALSE(applied.ok());
    EXPECT_EQ(store.version(), 0U) << "nothing has changed";
    return {applied.error().kind, applied.error().field};
  }
};

TEST(TagImports, only_imported_tags_are_taken_and_only_their_values) {
  Imports one;
  using Refusal = std::pair<ErrorKind, std::string>;
  EXPECT_EQ(one.refusal(import("nothing", "", {1})), Refusal(ErrorKind::not_found, "/tag"));
  EXPECT_EQ(one.refusal(import("captions", "", {1})), Refusal(ErrorKind::refused, "/tag"));
  EXPECT_EQ(one.refusal(import("said", "", {1})), Refusal(ErrorKind::refused, "/tag"));
  EXPECT_EQ(one.refusal(import("spends", "lots", {1})), Refusal(ErrorKind::not_found, "/value"));
  EXPECT_EQ(one.refusal(import("panel", "low", {1})), Refusal(ErrorKind::invalid, "/value"));
  EXPECT_EQ(one.refusal(import("panel", "", {1}, 3)), Refusal(ErrorKind::invalid, "/number"));
  EXPECT_EQ(one.refusal(import("born", "", {1}, 65'536)), Refusal(ErrorKind::invalid, "/number"));
  EXPECT_NE(one.imports.check(import("captions", "", {1})).error().message.find("sensitive"), std::string::npos);
}

TEST(TagImports, a_value_is_set_as_its_type_says) {
  Imports one;
  for (const auto& each :
       {import("panel", "", {1, 2}), import("spends", "low", {1, 2}), import("spends", "high", {2}),
        import("likes", "low", {1}), import("likes", "high", {1}), import("visits", "", {1}, 37),
        import("visits", "", {2}, 5'000), import("born", "", {1}, 19'000), away(import("panel", "", {2}))})
    ASSERT_TRUE(one.imports.apply(each, start).ok());
  EXPECT_TRUE(one.has(1, "panel"));
  EXPECT_FALSE(one.has(2, "panel"));
  EXPECT_TRUE(one.has(1, "spends", "low") && !one.has(1, "spends", "high"));
  EXPECT_TRUE(!one.has(2, "spends", "low") && one.has(2, "spends", "high"));
  EXPECT_TRUE(one.has(1, "likes", "low") && one.has(1, "likes", "high"));
  EXPECT_EQ(one.number(1, "visits"), 37U);
  EXPECT_EQ(one.number(2, "visits"), 100U) << "more counts as the greatest";
  EXPECT_EQ(one.number(1, "born"), 19'000U);
  ASSERT_TRUE(one.imports.apply(away(import("visits", "", {1})), start).ok());
  EXPECT_EQ(one.number(1, "visits"), 1'000'000U);
}

TEST(TagImports, a_tag_goes_when_its_days_are_over_unless_it_was_said_again) {
  Imports one;
  ASSERT_TRUE(one.imports.apply(import("panel", "", {1, 2, 3}), day(0)).ok());
  ASSERT_TRUE(one.imports.apply(import("visits", "", {1}, 7), day(0)).ok());
  ASSERT_TRUE(one.imports.apply(import("panel", "", {2}), day(4)).ok());
  one.imports.erase(PersonId{3});
  one.imports.sweep(day(10));
  EXPECT_TRUE(one.has(1, "panel") && one.number(1, "visits") == 7);
  one.imports.sweep(day(11));
  EXPECT_FALSE(one.has(1, "panel"));
  EXPECT_EQ(one.number(1, "visits"), 1'000'000U);
  EXPECT_TRUE(one.has(2, "panel"));
  one.imports.sweep(day(15));
  EXPECT_FALSE(one.has(2, "panel"));
}

TEST(TagImports, where_a_tag_comes_from_is_remembered_so_many_times) {
  Imports one;
  ASSERT_TRUE(one.imports.apply(import("panel", "", {1, 2}), day(0)).ok());
  ASSERT_TRUE(one.imports.apply(import("panel", "", {3}), day(1)).ok());
  EXPECT_EQ(one.imports.recent(),
            (std::vector<ImportEntry>{{1, day(1), true, "panel", "", 0, "ops", "shop.csv", 3}}));
  TagImport next = import("panel", "", {1});
  for (std::uint64_t i = 0; i < imports_kept_max; ++i) {
    next.import = 2 + i;
    ASSERT_TRUE(one.imports.apply(next, day(2)).ok());
  }
  const auto recent = one.imports.recent();
  ASSERT_EQ(recent.size(), imports_kept_max);
  EXPECT_EQ(recent.front().import, imports_kept_max + 1);
  EXPECT_EQ(recent.back().import, 2U);
}

// Random imports, days and erasures; each (value, user) with the day of its last import, kept by hand. The state is
// written and read in between.
TEST(TagImports, agree_with_a_table_by_hand) {
  Imports one, again;
  std::map<std::pair<std::string, std::uint32_t>, std::int64_t> spends, panel;
  std::set<std::uint32_t> erased;
  Rng rng(9);
  const auto forget = [&](auto& table, std::int64_t today) {
    std::erase_if(table, [&](const auto& each) { return today > each.second + 10; });
  };
  for (std::int64_t today = 0; today < 60; ++today) {
    for (std::uint64_t i = rng.below(4); i > 0; --i) {
      std::set<std::uint32_t> users;
      for (std::uint64_t n = rng.below(30); n > 0; --n)
        users.insert(static_cast<std::uint32_t>(1 + rng.below(200)) * 700);
      const bool on = rng.chance(0.8), flag = rng.chance(0.4);
      const std::string value = flag ? "" : rng.chance(0.5) ? "low" : "high";
      TagImport each = import(flag ? "panel" : "spends", value, UserList(users.begin(), users.end()));
      each.on = on;
      ASSERT_TRUE(one.imports.apply(each, day(today)).ok());
      for (const std::uint32_t user : users) {
        if (erased.contains(user)) continue;
        auto& table = flag ? panel : spends;
        if (on && !flag) table.erase({value == "low" ? "high" : "low", user});
        table.erase({value, user});
        if (on) table[{value, user}] = today;
      }
    }
    if (rng.chance(0.3)) {
      const auto user = static_cast<std::uint32_t>(1 + rng.below(200)) * 700;
      one.store.erase(user);
      one.imports.erase(PersonId{user});
      erased.insert(user);
      for (auto* table : {&spends, &panel})
        std::erase_if(*table, [&](const auto& each) { return each.first.second == user; });
    }
    one.imports.sweep(day(today));
    forget(spends, today);
    forget(panel, today);
    for (std::uint32_t user = 700; user <= 140'000; user += 700) {
      ASSERT_EQ(one.has(user, "panel"), panel.contains({"", user})) << today;
      ASSERT_EQ(one.has(user, "spends", "low"), spends.contains({"low", user})) << today;
      ASSERT_EQ(one.has(user, "spends", "high"), spends.contains({"high", user})) << today;
    }
  }
  Bytes state, second;
  const RowDone nothing = [] { return Result<void>(); };
  ASSERT_TRUE(one.imports.put_state(state, nothing).ok());
  ByteReader rows(state);
  for (bool done = false; !done;) ASSERT_TRUE(again.imports.read_row(rows, done).ok());
  EXPECT_TRUE(rows.done());
  ASSERT_TRUE(again.imports.put_state(second, nothing).ok());
  EXPECT_EQ(state, second);
  EXPECT_EQ(again.imports.recent(), one.imports.recent());
  const auto disk = storage::SimDisk::make(1);
  ASSERT_TRUE(disk->make_folder("f").ok() && disk->sync_folder("").ok());
  auto writer = StateWriter::create(*disk, "f/state", {{5}, 77});
  ASSERT_TRUE(writer.ok() && one.imports.save(*writer).ok() && writer->finish().ok());
  Imports loaded;
  auto reader = StateReader::open(*disk, "f/state", 77);
  ASSERT_TRUE(reader.ok() && loaded.imports.load(*reader).ok() && reader->finish().ok());
  EXPECT_EQ(loaded.imports.recent(), one.imports.recent());
  for (std::size_t size = 0; size < state.size(); size += 7) {
    Imports fresh;
    ByteReader in(ByteSpan(state).first(size));
    bool done = false;
    Result<void> read;
    while (!done && read.ok()) read = fresh.imports.read_row(in, done);
    ASSERT_FALSE(done) << size;
    ASSERT_EQ(read.error().kind, ErrorKind::corrupt);
  }
}

}  // namespace
}  // namespace zan::audience
