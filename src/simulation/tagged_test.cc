#include "simulation/tagged.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <sstream>
#include <string>

namespace zan::simulation {
namespace {

std::string all_rows(const TaggedOptions& options) {
  TaggedPeople people(options);
  std::string rows;
  while (people.next(rows)) continue;
  EXPECT_EQ(people.done(), options.people);
  return rows;
}

TEST(TaggedPeople, everybody_has_each_tag_with_its_chance) {
  const TaggedOptions options{200'000, 30, 7};
  const TaggedPeople people(options);
  std::map<std::string, std::uint32_t> had;
  std::istringstream lines(all_rows(options));
  std::int64_t before = -1;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t one = line.find(','), two = line.find(',', one + 1);
    ASSERT_EQ(line.rfind("sim-user-", 0), 0U) << line;
    const std::int64_t user = std::stoll(line.substr(9, one - 9));
    ASSERT_GE(user, before) << "people come in order";
    ASSERT_LT(user, options.people);
    before = user;
    const std::string tag = line.substr(one + 1, two - one - 1), value = line.substr(two + 1);
    ++had[tag];
    const int place = std::stoi(tag.substr(8)) % 10;
    const bool letter = value == "a" || value == "b" || value == "c" || value == "d";
    const bool right = place < 7 ? value == "true" : place < 9 ? letter : std::stoi(value) <= 100;
    ASSERT_TRUE(right) << line;
  }
  EXPECT_DOUBLE_EQ(people.density(29), 0.5);
  for (std::uint32_t tag = 0; tag < options.tags; ++tag) {
    const double expected = people.density(tag) * options.people;
    const double sigma = std::sqrt(expected);
    const std::string name = (tag < 10 ? "sim.tag_00" : "sim.tag_0") + std::to_string(tag);
    EXPECT_NEAR(had[name], expected, 5 * sigma) << name;
  }
}

TEST(TaggedPeople, the_same_seed_gives_the_same_rows_and_another_one_others) {
  EXPECT_EQ(all_rows({70'000, 10, 1}), all_rows({70'000, 10, 1}));
  EXPECT_NE(all_rows({70'000, 10, 1}), all_rows({70'000, 10, 2}));
  EXPECT_EQ(all_rows({0, 10, 1}), "");
  // A longer row of people begins as a shorter one.
  const std::string some = all_rows({65'536, 10, 1});
  EXPECT_EQ(all_rows({70'000, 10, 1}).substr(0, some.size()), some);
  EXPECT_FALSE(all_rows({1000, tagged_tags_max, 1}).empty());
  EXPECT_EQ(TaggedPeople({1, 1, 1}).density(0), TaggedPeople({1, 200, 1}).density(199));
}

}  // namespace
}  // namespace zan::simulation
