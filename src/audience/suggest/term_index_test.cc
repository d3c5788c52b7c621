#include "audience/suggest/term_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/random.h"
#include "storage/sim_disk.h"

namespace zan::audience {
namespace {

using Texts = std::vector<std::string>;

std::vector<std::uint32_t> subjects_of(const std::vector<NearSubject>& found) {
  std::vector<std::uint32_t> out;
  for (const NearSubject& one : found) out.push_back(one.subject.value);
  return out;
}

// By the formula, over all subjects.
std::vector<std::uint32_t> nearest_of(const std::map<std::uint32_t, std::set<std::string>>& twin, const Texts& terms,
                                      std::size_t count_max) {
  std::vector<std::pair<double, std::uint32_t>> scores;
  for (const auto& [subject, held] : twin) {
    double score = 0;
    for (const std::string& term : terms) {
      const auto holds = [&](const auto& one) { return one.second.contains(term); };
      const auto holders = std::count_if(twin.begin(), twin.end(), holds);
      if (!held.contains(term)) continue;
      const double weight = std::log(1 + static_cast<double>(twin.size()) / static_cast<double>(holders));
      score += static_cast<float>(weight * weight);
    }
    const double length = std::sqrt(static_cast<double>(held.size()));
    if (score > 0) scores.emplace_back(-static_cast<float>(score) / length, subject);
  }
  std::sort(scores.begin(), scores.end());
  std::vector<std::uint32_t> out;
  for (std::size_t i = 0; i < std::min(count_max, scores.size()); ++i) out.push_back(scores[i].second);
  return out;
}

TEST(TermIndex, an_empty_one_knows_nothing) {
  TermIndex index;
  EXPECT_TRUE(index.nearest({"a"}, {"b"}, 5).empty());
  EXPECT_EQ(index.frequency("a"), 0U);
  EXPECT_FALSE(index.holds({1}, "a"));
  index.put({1}, {});
  EXPECT_EQ(index.size(), 0U);
}

TEST(TermIndex, the_nearest_share_the_rarest_terms) {
  TermIndex index;
  for (std::uint32_t i = 1; i <= 20; ++i) index.put({i}, {"common", i == 7 ? "rare" : "other"});
  const auto found = index.nearest({"common", "rare"}, {}, 3);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].subject.value, 7U);
  EXPECT_EQ(found[0].shared, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(found[1].subject.value, 20U) << "of equal ones the latest";
  EXPECT_EQ(found[1].shared, std::vector<std::uint32_t>{0});
  EXPECT_TRUE(index.nearest({"nowhere"}, {"common"}, 3).empty());
  EXPECT_EQ(index.nearest({"rare"}, {"common"}, 3).size(), 1U);
}

TEST(TermIndex, agrees_with_the_formula_while_subjects_change_and_go) {
  Rng rng(5);
  TermIndex index;
  std::map<std::uint32_t, std::set<std::string>> twin;
  const auto some_terms = [&](std::uint64_t most) {
    Texts out;
    for (std::uint64_t i = rng.below(most + 1); i > 0; --i)
      out.push_back("t" + std::to_string(rng.below(1 + rng.below(60))));
    return out;
  };
  for (int step = 0; step < 600; ++step) {
    const auto subject = static_cast<std::uint32_t>(1 + rng.below(80));
    const Texts terms = some_terms(6);
    index.put({subject}, terms);
    twin.erase(subject);
    if (!terms.empty()) twin[subject] = {terms.begin(), terms.end()};
    ASSERT_EQ(index.size(), twin.size());
    if (step % 10 != 0) continue;
    // Equal scores may stand in any order here: the sums are floats. The sets of the first many are compared.
    Texts asked = some_terms(8);
    std::sort(asked.begin(), asked.end());
    asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
    auto got = subjects_of(index.nearest(asked, {}, 100)), expected = nearest_of(twin, asked, 100);
    std::sort(got.begin(), got.end());
    std::sort(expected.begin(), expected.end());
    ASSERT_EQ(got, expected) << step;
    if (!asked.empty() && !got.empty()) {
      ASSERT_GT(index.nearest(asked, {}, 1).front().score, 0);
    }
  }
  for (std::uint32_t subject = 1; subject <= 80; ++subject) index.put({subject}, {});
  EXPECT_EQ(index.size(), 0U);
  EXPECT_EQ(index.terms(), 0U);
}

TEST(TermIndex, the_oldest_go_when_there_are_too_many) {
  TermIndex index({.subjects = 3, .terms_of_subject = 2, .subjects_of_term = 8});
  for (std::uint32_t i = 1; i <= 5; ++i) index.put({i}, {"all", "own" + std::to_string(i), "one too many"});
  EXPECT_EQ(index.size(), 3U);
  EXPECT_EQ(subjects_of(index.nearest({"all"}, {}, 9)), (std::vector<std::uint32_t>{5, 4, 3}));
  EXPECT_FALSE(index.holds({5}, "one too many"));
  EXPECT_EQ(index.terms(), 4U);
  const std::string longer(term_bytes_max + 40, 'x');
  index.put({6}, {longer});
  EXPECT_TRUE(index.holds({6}, longer));
  EXPECT_TRUE(index.holds({6}, longer.substr(0, term_bytes_max)));
}

TEST(TermIndex, a_long_list_forgets_its_oldest) {
  TermIndex index({.subjects = 100, .terms_of_subject = 4, .subjects_of_term = 16});
  for (std::uint32_t i = 1; i <= 60; ++i) index.put({i}, {"all"});
  EXPECT_EQ(index.frequency("all"), 60U);
  const auto found = subjects_of(index.nearest({"all"}, {}, 100));
  EXPECT_LE(found.size(), 16U);
  EXPECT_EQ(found.front(), 60U);
  for (std::uint32_t i = 1; i <= 60; ++i) index.put({i}, {});
  EXPECT_EQ(index.terms(), 0U);
}

TEST(TermIndex, goes_on_from_its_file) {
  TermIndex index({.subjects = 50, .terms_of_subject = 8, .subjects_of_term = 1000});
  Rng rng(9);
  for (std::uint32_t i = 1; i <= 80; ++i) index.put({i}, {"all", "t" + std::to_string(rng.below(9))});
  const auto disk = storage::SimDisk::make(1);
  auto writer = StateWriter::create(*disk, "state", {});
  ASSERT_TRUE(writer.ok() && index.save(*writer).ok() && writer->finish().ok());
  TermIndex loaded({.subjects = 50, .terms_of_subject = 8, .subjects_of_term = 1000});
  auto reader = StateReader::open(*disk, "state", 0);
  ASSERT_TRUE(reader.ok() && loaded.load(*reader).ok() && reader->finish().ok());
  for (std::uint32_t i = 81; i <= 100; ++i) {
    loaded.put({i}, {"all"});
    index.put({i}, {"all"});
  }
  for (const char* term : {"all", "t1", "t8"})
    EXPECT_EQ(subjects_of(loaded.nearest({term}, {}, 99)), subjects_of(index.nearest({term}, {}, 99)));
  TermIndex smaller({.subjects = 50, .terms_of_subject = 1, .subjects_of_term = 1000});
  auto again = StateReader::open(*disk, "state", 0);
  EXPECT_EQ(smaller.load(*again).error().kind, ErrorKind::corrupt);
}

}  // namespace
}  // namespace zan::audience
