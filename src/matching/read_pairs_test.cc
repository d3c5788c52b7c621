#include "matching/read_pairs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

namespace zan::matching {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string why(std::string_view text, std::size_t pairs_max = benchmark_pairs_max) {
  const auto read = read_pairs(text, "a.txt", pairs_max);
  return read.ok() ? "read" : read.error().message;
}

TEST(ReadPairs, AUserALine) {
  const auto read = read_pairs("0 5 7\n3 5\n", "a.txt");
  ASSERT_TRUE(read.ok());
  EXPECT_THAT(read->users, ElementsAre(0, 3));
  EXPECT_THAT(read->pairs, ElementsAre(Pair{0, 5}, Pair{0, 7}, Pair{3, 5}));
}

TEST(ReadPairs, IsTolerantOfBlanksAndLineEnds) {
  const auto read = read_pairs("\r\n  0\t5  7 \r\n\n3\r\n4 1", "a.txt");
  ASSERT_TRUE(read.ok());
  EXPECT_THAT(read->users, ElementsAre(0, 3, 4));
  EXPECT_THAT(read->pairs, ElementsAre(Pair{0, 5}, Pair{0, 7}, Pair{4, 1}));
}

TEST(ReadPairs, AnEmptyFileHasNobody) {
  const auto read = read_pairs("", "a.txt");
  ASSERT_TRUE(read.ok());
  EXPECT_THAT(read->users, IsEmpty());
}

TEST(ReadPairs, SaysWhereAndWhatWasExpected) {
  EXPECT_EQ(why("0 1\nx 2\n"), "a.txt:2: expected the number of a user, not \"x\"");
  EXPECT_EQ(why("0 1\n\n1 2,3\n"), "a.txt:3: expected the number of an item, not \"2,3\"");
  EXPECT_EQ(why("0 -1"), "a.txt:1: expected the number of an item, not \"-1\"");
  EXPECT_EQ(why("0 1.5"), "a.txt:1: expected the number of an item, not \"1.5\"");
  EXPECT_EQ(why(std::string_view("0 1\0 2", 6)), "a.txt:1: expected the number of an item, not \"1?\"");
  EXPECT_EQ(why("0 " + std::string(60, 'z')),
            "a.txt:1: expected the number of an item, not \"" + std::string(40, 'z') + "\"");
}

TEST(ReadPairs, KeepsItsLimits) {
  EXPECT_EQ(why("0 4000000000"), "read");
  EXPECT_EQ(why("0 4000000001"), "a.txt:1: 4000000001 is above the largest number, 4000000000");
  EXPECT_EQ(why("99999999999999999999 1"), "a.txt:1: 99999999999999999999 is above the largest number, 4000000000");
  EXPECT_EQ(why("0 1 2 3", 3), "read");
  EXPECT_EQ(why("0 1 2\n1 3 4", 3), "a.txt:2: more than 3 items in the file");
  EXPECT_EQ(read_pairs("0 1 2", "a.txt", 1).error().kind, ErrorKind::limited);
  EXPECT_EQ(read_pairs("0 a", "a.txt").error().kind, ErrorKind::invalid);
}

TEST(Benchmark, BothFilesShareTheirNumbers) {
  auto train = read_pairs("7 100 300\n9 300", "train"), test = read_pairs("9 4000000000 100\n50 100 100\n7", "test");
  const auto made = benchmark_of(std::move(*train), std::move(*test));
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->train.user_count(), 3U);  // 7, 9, 50
  EXPECT_EQ(made->test.user_count(), 3U);
  EXPECT_EQ(made->train.item_count, 3U);  // 100, 300, 4000000000
  EXPECT_THAT(made->train.of(0), ElementsAre(0, 1));
  EXPECT_THAT(made->train.of(2), IsEmpty());
  EXPECT_THAT(made->test.of(0), IsEmpty());
  EXPECT_THAT(made->test.of(1), ElementsAre(0, 2));
  EXPECT_THAT(made->test.of(2), ElementsAre(0));
}

RC_GTEST_PROP(ReadPairs, ReadsBackWhatIsWritten, ()) {
  const auto rows = *rc::gen::arbitrary<std::map<std::uint16_t, std::vector<std::uint16_t>>>();
  std::string text;
  std::vector<Pair> pairs;
  for (const auto& [user, items] : rows) {
    text += std::to_string(user);
    for (const auto item : items) {
      text += ' ' + std::to_string(item);
      pairs.emplace_back(user, item);
    }
    text += '\n';
  }
  const auto read = read_pairs(text, "a.txt");
  RC_ASSERT(read.ok());
  RC_ASSERT(read->pairs == pairs);
  RC_ASSERT(read->users.size() == rows.size());
}

}  // namespace
}  // namespace zan::matching
