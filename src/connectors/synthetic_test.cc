#include "connectors/synthetic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <map>

#include "engagement/engagement.h"

namespace zan::connectors {
namespace {

using testing::HasSubstr;

constexpr Timestamp end{1'700'000'000'000'000};

SyntheticOptions small() {
  SyntheticOptions options;
  options.seed = 7;
  options.users = 300;
  options.subjects = 200;
  options.acts = 20'000;
  options.end = end;
  return options;
}

std::string lines_of(Source& source) {
  std::string lines;
  Batch batch;
  for (batch.clear(); source.next(batch).value(); batch.clear()) lines += batch.lines;
  return lines;
}

std::string lines_of(const SyntheticOptions& options) {
  return lines_of(**make_synthetic(options));
}

TEST(Synthetic, IsTheSameForTheSameSeed) {
  const std::string lines = lines_of(small());
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 20'000);
  EXPECT_EQ(lines, lines_of(small()));
  SyntheticOptions other = small();
  other.seed = 8;
  EXPECT_NE(lines, lines_of(other));
}

TEST(Synthetic, GoesOnFromAnyCursorAsIfItHadNotStopped) {
  const std::string whole = lines_of(small());
  auto first = make_synthetic(small());
  std::string lines;
  Batch batch;
  for (int i = 0; i < 3; ++i) {
    batch.clear();
    ASSERT_TRUE((*first)->next(batch).value());
    lines += batch.lines;
  }
  SyntheticOptions later = small();
  later.end = {end.us + us_per_day};  // the cursor knows better
  auto second = make_synthetic(later);
  ASSERT_TRUE((*second)->resume(batch.cursor).ok());
  EXPECT_EQ(lines + lines_of(**second), whole);
  EXPECT_FALSE((*make_synthetic(small()))->resume("nonsense").ok());
}

TEST(Synthetic, IsLabelledInEveryName) {
  auto source = make_synthetic(small());
  Batch batch;
  std::size_t puts = 0;
  for (; (*source)->next(batch).value(); batch.clear()) {
    for (const AttributesPut& put : batch.attributes) {
      EXPECT_TRUE(put.name.starts_with("sim-")) << put.name;
      EXPECT_THAT(put.json, HasSubstr("\"simulated\":true"));
      ++puts;
    }
    for (const EventLine& event : batch.events) {
      const std::string text(batch.text(event));
      EXPECT_THAT(text, HasSubstr(R"("actor":"sim-user-)"));
      EXPECT_THAT(text, HasSubstr(R"("subject":"sim-video-)"));
      EXPECT_THAT(text, HasSubstr(R"("surface":"simulator")"));
    }
  }
  EXPECT_EQ(puts, 500u);
}

TEST(Synthetic, SpeaksTheGrammarOfTheEngine) {
  auto source = make_synthetic(small());
  engagement::Parser parser(HashKey{});
  engagement::ActBatch acts;
  Batch batch;
  for (; (*source)->next(batch).value(); batch.clear()) {
    for (const AttributesPut& put : batch.attributes) {
      if (put.kind == AttributesPut::Kind::user) {
        EXPECT_TRUE(parser.parse_user(put.json).ok());
      } else {
        EXPECT_TRUE(parser.parse_subject(put.json).ok());
      }
    }
    batch.lines.append(engagement::Parser::padding_bytes, ' ');
    for (const EventLine& event : batch.events) EXPECT_TRUE(parser.parse_event(batch.text(event), 0, acts).ok());
  }
  EXPECT_EQ(acts.acts.size(), 20'000u);
}

// Not a test of one number but of the shape that is promised: who watches longer likes more, few videos get much, evenings
// are busier than nights, some likes are withdrawn.
TEST(Synthetic, HasTheShapeOfACommunity) {
  SyntheticOptions options = small();
  options.acts = 200'000;
  const std::string lines = lines_of(options);
  std::map<std::string, int> types, views;
  std::map<int, int> hours;
  simdjson::dom::parser parser;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t line_end = lines.find('\n', at);
    simdjson::dom::element event = parser.parse(lines.data() + at, line_end - at);
    const std::string type{std::string_view(event["type"])};
    ++types[type];
    if (type == "view") ++views[std::string(std::string_view(event["subject"]))];
    const auto when = static_cast<std::int64_t>(std::uint64_t(event["at"])) * us_per_ms;
    ++hours[static_cast<int>(when % us_per_day / us_per_hour)];
    EXPECT_GT(when, end.us - 7 * us_per_day);
    EXPECT_LT(when, end.us + us_per_day);
    at = line_end + 1;
  }
  EXPECT_EQ(types.size(), 9u);
  EXPECT_GT(types["view"], types["complete"]);
  EXPECT_GT(types["complete"], types["like"]);
  EXPECT_GT(types["like"], 10 * types["unlike"]);
  EXPECT_GT(types["unlike"], 0);
  EXPECT_GT(hours[20], 5 * hours[4]);
  std::vector<int> counts;
  for (const auto& [subject, count] : views) counts.push_back(count);
  std::sort(counts.rbegin(), counts.rend());
  EXPECT_GT(counts[0], 10 * counts[counts.size() / 2]);
}

TEST(Synthetic, RefusesSizesThatMakeNoSense) {
  SyntheticOptions options = small();
  options.users = 0;
  EXPECT_EQ(make_synthetic(options).error().kind, ErrorKind::invalid);
  options = small();
  options.end = {us_per_day};
  EXPECT_EQ(make_synthetic(options).error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace zan::connectors
