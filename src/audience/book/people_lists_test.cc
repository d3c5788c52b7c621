#include "audience/book/people_lists.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/random.h"

namespace zan::audience {
namespace {

ListPart part_of(std::uint64_t upload, std::uint32_t part, std::uint32_t parts, const std::string& name,
                 UserList users) {
  return {upload, part, parts, name, "ops", "a file", std::move(users)};
}

std::optional<ErrorKind> put(PeopleLists& lists, const ListPart& part) {
  const auto fits = lists.fits(part);
  if (!fits.ok()) return fits.error().kind;
  lists.add(part, {5});
  return std::nullopt;
}

TEST(PeopleLists, a_list_is_there_once_all_parts_have_come) {
  PeopleLists lists;
  ASSERT_FALSE(put(lists, part_of(1, 0, 1, "l", {9})));
  const auto before = lists.find("l");
  ASSERT_FALSE(put(lists, part_of(2, 2, 3, "l", {5, 6})));
  ASSERT_FALSE(put(lists, part_of(2, 0, 3, "l", {1, 2})));
  EXPECT_EQ(put(lists, part_of(2, 0, 3, "l", {1, 2})), ErrorKind::conflict) << "that part is there";
  EXPECT_EQ(put(lists, part_of(2, 1, 4, "l", {1, 2})), ErrorKind::conflict) << "another number of parts";
  EXPECT_EQ(put(lists, part_of(2, 1, 3, "m", {1, 2})), ErrorKind::conflict) << "another name";
  EXPECT_EQ(lists.find("l"), before);
  ASSERT_FALSE(put(lists, part_of(2, 1, 3, "l", {2, 3, 7})));
  EXPECT_EQ(*lists.find("l"), (UserList{1, 2, 3, 5, 6, 7})) << "put in order, nobody twice";
  EXPECT_EQ(*before, UserList{9}) << "what was handed out stays";
  EXPECT_EQ(lists.uploads(), 0U);
  EXPECT_EQ(lists.infos(), (std::vector<ListInfo>{{"l", "ops", "a file", {5}, 6}}));
  EXPECT_TRUE(lists.remove("l"));
  EXPECT_FALSE(lists.remove("l"));
  EXPECT_EQ(lists.find("l"), nullptr);
}

TEST(PeopleLists, limits_are_reached) {
  PeopleLists lists({.lists = 3, .list_users = 4, .all_users = 6, .uploads = 2});
  EXPECT_EQ(put(lists, part_of(1, 0, 1, "a", {1, 2, 3, 4, 5})), ErrorKind::limited);
  ASSERT_FALSE(put(lists, part_of(1, 0, 2, "a", {1, 2, 3})));
  EXPECT_EQ(put(lists, part_of(1, 1, 2, "a", {4, 5})), ErrorKind::limited) << "both parts together";
  ASSERT_FALSE(put(lists, part_of(1, 1, 2, "a", {4})));
  EXPECT_EQ(put(lists, part_of(2, 0, 1, "b", {1, 2, 3})), ErrorKind::limited) << "all lists together";
  EXPECT_EQ(put(lists, part_of(2, 0, 1, "a", {1, 2, 3})), std::nullopt) << "it replaces the one before";
  ASSERT_FALSE(put(lists, part_of(3, 0, 1, "b", {1})));
  ASSERT_FALSE(put(lists, part_of(4, 0, 1, "c", {})));
  EXPECT_EQ(put(lists, part_of(5, 0, 1, "d", {})), ErrorKind::limited) << "a fourth list";
  // A third upload under way: the first one is given up, and begins anew.
  for (std::uint64_t upload = 10; upload < 13; ++upload) ASSERT_FALSE(put(lists, part_of(upload, 0, 2, "c", {})));
  EXPECT_EQ(lists.uploads(), 2U);
  ASSERT_FALSE(put(lists, part_of(12, 1, 2, "c", {1})));
  EXPECT_EQ(*lists.find("c"), UserList{1});
  ASSERT_FALSE(put(lists, part_of(10, 1, 2, "c", {2})));
  EXPECT_EQ(*lists.find("c"), UserList{1});
}

// Parts, removals and erasures in any order, against plain sets.
TEST(PeopleLists, agree_with_plain_sets) {
  Rng rng(7);
  PeopleLists lists;
  std::map<std::string, std::set<std::uint32_t>> twin;
  std::set<std::uint32_t> erased;
  for (std::uint64_t upload = 1; upload < 400; ++upload) {
    const std::string name = std::string(1, static_cast<char>('a' + rng.below(5)));
    const auto parts = static_cast<std::uint32_t>(1 + rng.below(4));
    std::vector<std::set<std::uint32_t>> some(parts);
    for (auto& part : some)
      for (std::uint64_t i = rng.below(20); i > 0; --i) part.insert(static_cast<std::uint32_t>(1 + rng.below(60)));
    std::vector<std::uint32_t> order(parts);
    for (std::uint32_t i = 0; i < parts; ++i) order[i] = i;
    for (std::uint32_t i = parts; i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
    for (const std::uint32_t i : order) {
      ASSERT_FALSE(put(lists, part_of(upload, i, parts, name, UserList(some[i].begin(), some[i].end()))));
      if (!rng.chance(0.05)) continue;
      const auto user = static_cast<std::uint32_t>(1 + rng.below(60));
      lists.erase(user);
      erased.insert(user);
      for (auto& [other, users] : twin) users.erase(user);
    }
    twin[name].clear();
    for (const auto& part : some)
      for (const std::uint32_t user : part)
        if (!erased.contains(user)) twin[name].insert(user);
    if (rng.chance(0.1)) {
      EXPECT_EQ(lists.remove("a"), twin.erase("a") == 1);
    }
    ASSERT_EQ(lists.infos().size(), twin.size());
    for (const auto& [other, users] : twin) ASSERT_EQ(*lists.find(other), UserList(users.begin(), users.end()));
  }
  EXPECT_GT(erased.size(), 20U);
}

}  // namespace
}  // namespace zan::audience
