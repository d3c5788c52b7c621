// The importer against totals that are counted from the same files by separate, simpler code. Needs the dataset: in
// $ZAN_DATASETS/kuairand or ../shared/datasets/kuairand beside the source folder; says so where it is not there.
#include "connectors/kuairand.h"

#include <gtest/gtest.h>
#include <simdjson.h>
#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "base/scratch_folder.h"
#include "connectors/import.h"
#include "connectors/sink.h"
#include "engine/engine.h"

namespace zan::connectors {
namespace {

using Pair = std::pair<std::string, std::string>;

std::string dataset_folder() {
  const char* given = std::getenv("ZAN_DATASETS");
  const std::filesystem::path root = given != nullptr ? given : ZAN_SOURCE_DIR "/../shared/datasets";
  return (root / "kuairand").string();
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

std::string unpacked(const std::string& path) {
  std::string text;
  const gzFile file = gzopen(path.c_str(), "rb");
  char buffer[1 << 16];
  for (int count; (count = gzread(file, buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(count));
  gzclose(file);
  return text;
}

struct Counted {
  std::map<std::string, std::uint64_t> totals;
  std::set<Pair> liked;                                     // pairs whose last word is a like, both periods
  std::map<std::string, std::uint64_t> likes_of, views_of;  // per video
};

// The log has no quotes: a comma is a comma. Columns by number, as the header has them.
void count_log(const std::string& folder, Counted& counted) {
  std::map<Pair, std::map<std::string, char>> reactions;  // by time, 'L' or 'H'; a hate of the same moment wins
  std::istringstream log(unpacked(folder + "/log_0425_0508.csv.gz"));
  std::string line;
  std::getline(log, line);
  while (std::getline(log, line)) {
    const auto cell = split(line, ',');
    const Pair pair{cell[0], cell[1]};
    ++counted.totals["exposures"];
    counted.totals["clicks"] += cell[5] == "1";
    counted.views_of[cell[1]] += cell[5] == "1";
    counted.totals["likes"] += cell[6] == "1";
    counted.totals["follows"] += cell[7] == "1";
    counted.totals["comments"] += cell[8] == "1";
    counted.totals["shares"] += cell[9] == "1";
    counted.totals["dislikes"] += cell[10] == "1";
    counted.totals["completes"] += std::stoll(cell[13]) > 0 && std::stoll(cell[12]) >= std::stoll(cell[13]);
    counted.totals["profile visits"] += cell[16] == "1";
    if (cell[6] == "1") reactions[pair].emplace(cell[4], 'L');
    if (cell[10] == "1") reactions[pair][cell[4]] = 'H';
  }
  for (const auto& [pair, by_time] : reactions) {
    counted.liked.erase(pair);
    if (by_time.rbegin()->second == 'L') counted.liked.insert(pair);
  }
}

// user_id,history_len,last_time_ms,watch_seq,like_seq,long_watch_seq: the lists hold no commas.
void count_sequences(const std::string& folder, Counted& counted) {
  std::ifstream file(folder + "/user_sequences_0408_0424.csv");
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::erase(line, '"');
    const auto cell = split(line, ',');
    for (const std::string& video : split(cell[4], ' ')) {
      ++counted.totals["likes of the first period"];
      counted.liked.insert({cell[0], video});
    }
  }
}

Counted count(const std::string& folder) {
  Counted counted;
  count_sequences(folder, counted);
  count_log(folder, counted);
  for (const auto& [user, video] : counted.liked) ++counted.likes_of[video];
  return counted;
}

class KuaiRandTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = dataset_folder();
    if (!std::filesystem::exists(folder_))
      GTEST_SKIP() << "no KuaiRand dataset at " << folder_ << "; set ZAN_DATASETS to the folder that holds kuairand/";
  }

  std::string folder_;
};

TEST_F(KuaiRandTest, EveryTotalOfTheFilesIsReadAndEmitted) {
  const Counted counted = count(folder_);
  auto source = open_kuairand(folder_);
  ASSERT_TRUE(source.ok()) << source.error().message;
  std::map<std::string, std::uint64_t> emitted;
  simdjson::dom::parser parser;
  Batch batch;
  for (; (*source)->next(batch).value(); batch.clear()) {
    EXPECT_TRUE(batch.bad.empty());
    emitted["showing"] += batch.showings.size();
    for (const EventLine& line : batch.events) {
      const std::string text(batch.text(line));
      simdjson::dom::element event = parser.parse(text);
      std::string type{std::string_view(event["type"])};
      if (event["surface"].error() != simdjson::SUCCESS) type += " of the first period";
      ++emitted[type];
    }
  }
  std::map<std::string, std::uint64_t> read;
  for (const ReadTotal& total : (*source)->totals()) read[total.name] = total.count;
  for (const auto& [name, value] : counted.totals) EXPECT_EQ(read[name], value) << name;
  EXPECT_EQ(read["exposures"], 228'329u);
  EXPECT_EQ(read["clicks"], 100'900u);
  EXPECT_EQ(read["likes"], 3'915u);
  EXPECT_EQ(read["likes of the first period"], 22'534u);
  EXPECT_EQ(read["users"], 27'285u);
  EXPECT_EQ(read["videos"], 7'583u);
  EXPECT_EQ(emitted["showing"], read["exposures"]);
  EXPECT_EQ(emitted["view"], read["clicks"]);
  EXPECT_EQ(emitted["like"], read["likes"]);
  EXPECT_EQ(emitted["like of the first period"], read["likes of the first period"]);
  EXPECT_EQ(emitted["dislike"], read["dislikes"]);
  EXPECT_EQ(emitted["comment"], read["comments"]);
  EXPECT_EQ(emitted["share"], read["shares"]);
  EXPECT_EQ(emitted["follow"], read["follows"]);
  EXPECT_EQ(emitted["profile_visit"], read["profile visits"]);
  EXPECT_EQ(emitted["complete"], read["completes"]);
}

// Sums of the counts of all videos, as the engine answers them.
engagement::Tally sum_of_counts(const engine::Engine& engine, const Counted& counted) {
  engagement::Tally sum;
  for (std::uint64_t video = 0; video < 7'583; ++video) {
    const auto tally = engine.reads().subject_counts(std::to_string(video)).value();
    const auto expect = [&](engagement::Tallied kind, const std::map<std::string, std::uint64_t>& of) {
      const auto found = of.find(std::to_string(video));
      EXPECT_EQ(tally.organic[static_cast<std::size_t>(kind)], found == of.end() ? 0 : found->second) << video;
    };
    expect(engagement::Tallied::likes, counted.likes_of);
    expect(engagement::Tallied::views, counted.views_of);
    for (std::size_t i = 0; i < engagement::tallied_count; ++i) sum.organic[i] += tally.organic[i];
  }
  return sum;
}

TEST_F(KuaiRandTest, InTheEngineEveryVideoHasTheCountsOfTheFilesAndTwiceCountsOnce) {
  const Counted counted = count(folder_);
  const ScratchFolder data;
  auto engine = engine::Engine::open({data.path()});
  ASSERT_TRUE(engine.ok()) << engine.error().message;
  for (const bool again : {false, true}) {
    auto source = open_kuairand(folder_);
    const auto sink = make_engine_sink(**engine);
    const auto report = import_into(*sink, **source, {});
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_EQ(report->bad, 0u);
    const std::uint64_t events = 100'900 + 3'915 + 22'534 + 190 + 579 + 195 + 304 + 4'231 + 31'307;
    EXPECT_EQ(report->accepted, again ? 0 : events);
    EXPECT_EQ(report->duplicates, again ? events : 0);
    EXPECT_EQ(report->showings, 228'329u);
    const engagement::Tally sum = sum_of_counts(**engine, counted);
    const auto of = [&](engagement::Tallied kind) { return sum.organic[static_cast<std::size_t>(kind)]; };
    EXPECT_EQ(of(engagement::Tallied::likes), counted.liked.size());
    EXPECT_EQ(of(engagement::Tallied::views), 100'900u);
    EXPECT_EQ(of(engagement::Tallied::completes), 31'307u);
    EXPECT_EQ(of(engagement::Tallied::comments), 579u);
    EXPECT_EQ(of(engagement::Tallied::shares), 195u);
  }
}

TEST_F(KuaiRandTest, AnInterruptedImportGoesOnWhereItWas) {
  auto source = open_kuairand(folder_);
  Batch batch;
  for (int i = 0; i < 90; ++i) {
    batch.clear();
    ASSERT_TRUE((*source)->next(batch).value());
  }
  auto resumed = open_kuairand(folder_);
  ASSERT_TRUE((*resumed)->resume(batch.cursor).ok());
  Batch after, expected;
  ASSERT_TRUE((*source)->next(expected).value());
  ASSERT_TRUE((*resumed)->next(after).value());
  EXPECT_EQ(after.lines, expected.lines);
  ASSERT_EQ(after.showings.size(), expected.showings.size());
  EXPECT_GT(after.showings.size(), 0u);
  EXPECT_EQ(after.cursor, expected.cursor);
  EXPECT_FALSE((*open_kuairand(folder_))->resume("phase 9 row 9").ok());
}

TEST_F(KuaiRandTest, ItsDaysMayBeMovedAndACursorRemembersByHowMany) {
  const Timestamp now = parse_rfc3339("2026-11-22T15:59:59Z").value();
  EXPECT_EQ(kuairand_days_to(now), 1658u) << "the day that begins at 16:00 is not over";
  EXPECT_EQ(kuairand_days_to({now.us + us_per_second}), 1659u);
  EXPECT_EQ(kuairand_days_to({0}), 0u);
  auto plain = open_kuairand(folder_), moved = open_kuairand(folder_, 1658), resumed = open_kuairand(folder_, 3);
  Batch as_is, later;
  for (std::size_t batches = 0; as_is.events.empty(); ++batches) {
    as_is.clear();
    later.clear();
    ASSERT_TRUE((*plain)->next(as_is).value());
    ASSERT_TRUE((*moved)->next(later).value());
    ASSERT_EQ(as_is.attributes.size(), later.attributes.size());
    if (batches == 0) {
      EXPECT_NE(as_is.attributes.front().json.find(R"("published_at":"2022-)"), std::string::npos);
      EXPECT_NE(later.attributes.front().json.find(R"("published_at":"2026-)"), std::string::npos);
    }
  }
  const auto at_of = [](const std::string& lines) { return std::stoll(lines.substr(lines.find("\"at\":") + 5)); };
  EXPECT_EQ(at_of(later.lines) - at_of(as_is.lines), 1658ll * us_per_day / us_per_ms);
  EXPECT_TRUE(later.cursor.starts_with("1658 days later ")) << later.cursor;
  ASSERT_TRUE((*resumed)->resume(later.cursor).ok());
  as_is.clear();
  later.clear();
  ASSERT_TRUE((*resumed)->next(as_is).value());
  ASSERT_TRUE((*moved)->next(later).value());
  EXPECT_EQ(as_is.lines, later.lines);
  EXPECT_FALSE((*resumed)->resume("many days later log row 1").ok());
}

TEST(KuaiRand, NamesTheFileThatIsMissing) {
  const ScratchFolder empty;
  const auto source = open_kuairand(empty.path());
  ASSERT_FALSE(source.ok());
  EXPECT_EQ(source.error().kind, ErrorKind::not_found);
  EXPECT_NE(source.error().message.find("user_features_pure.csv"), std::string::npos);
}

}  // namespace
}  // namespace zan::connectors
