#include "connectors/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <zlib.h>

#include "connectors/csv_events.h"
#include "connectors/scratch_file.h"

namespace zan::connectors {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Rows = std::vector<std::vector<std::string>>;

struct Content {
  std::vector<std::string> header;
  Rows rows;
  std::vector<std::pair<std::uint64_t, std::string>> faults;
};

Content read_all(const std::string& text) {
  const ScratchFile file(text);
  auto reader = CsvReader::open(file.path());
  EXPECT_TRUE(reader.ok()) << reader.error().message;
  Content content;
  content.header = (*reader)->header();
  CsvRecord record;
  for (;;) {
    const auto more = (*reader)->next(record);
    EXPECT_TRUE(more.ok());
    if (!more.ok() || !more.value()) return content;
    if (!record.fault.empty()) {
      content.faults.emplace_back(record.line, record.fault);
    } else {
      content.rows.emplace_back(record.fields.begin(), record.fields.end());
    }
  }
}

TEST(Csv, ReadsPlainAndQuotedFields) {
  const Content content = read_all("a,b\n1,2\n\"x, y\",\"he said \"\"no\"\"\"\r\n,\n\"two\nlines\",\"\"");
  EXPECT_THAT(content.header, ElementsAre("a", "b"));
  EXPECT_THAT(content.rows, ElementsAre(ElementsAre("1", "2"), ElementsAre("x, y", "he said \"no\""),
                                        ElementsAre("", ""), ElementsAre("two\nlines", "")));
  EXPECT_THAT(content.faults, IsEmpty());
}

TEST(Csv, NamesTheLineOfABadRecordAndGoesOn) {
  const Content content = read_all("a,b\n1\n2,3\nx\"y,4\n\"z\"w,5\n6,7,8\n9,10\n");
  EXPECT_THAT(content.rows, ElementsAre(ElementsAre("2", "3"), ElementsAre("9", "10")));
  ASSERT_EQ(content.faults.size(), 4u);
  EXPECT_EQ(content.faults[0].first, 2u);
  EXPECT_EQ(content.faults[0].second, "has 1 fields, the header 2");
  EXPECT_EQ(content.faults[1].first, 4u);
  EXPECT_THAT(content.faults[1].second, HasSubstr("not quoted"));
  EXPECT_EQ(content.faults[2].first, 5u);
  EXPECT_EQ(content.faults[3].first, 6u);
}

TEST(Csv, AQuoteThatIsNeverClosedIsOneFault) {
  const Content content = read_all("a,b\n1,2\n\"open,3\n4,5\n");
  EXPECT_THAT(content.rows, ElementsAre(ElementsAre("1", "2")));
  ASSERT_EQ(content.faults.size(), 1u);
  EXPECT_EQ(content.faults[0].first, 3u);
  EXPECT_THAT(content.faults[0].second, HasSubstr("end of the file"));
}

TEST(Csv, ALineBeyondTheLimitIsSkippedWhole) {
  const Content content = read_all("a\n" + std::string(csv_record_bytes_max + 10, 'x') + "\nshort\n");
  EXPECT_THAT(content.rows, ElementsAre(ElementsAre("short")));
  ASSERT_EQ(content.faults.size(), 1u);
  EXPECT_EQ(content.faults[0].first, 2u);
}

TEST(Csv, RefusesAnEmptyFileAndARepeatedColumn) {
  const ScratchFile empty(""), twice("a,b,a\n");
  EXPECT_THAT(CsvReader::open(empty.path()).error().message, HasSubstr("header"));
  EXPECT_THAT(CsvReader::open(twice.path()).error().message, HasSubstr("\"a\" is named twice"));
  EXPECT_EQ(CsvReader::open(empty.path() + ".absent").error().kind, ErrorKind::not_found);
}

TEST(Csv, UnpacksGzipAndNoticesThatItIsCut) {
  std::string text = "a,b\n";
  for (int i = 0; i < 50'000; ++i) text += std::to_string(i * 7919) + "," + std::to_string(i) + "\n";
  const ScratchFile whole("");
  const gzFile file = gzopen(whole.path().c_str(), "wb");
  ASSERT_EQ(gzwrite(file, text.data(), static_cast<unsigned>(text.size())), static_cast<int>(text.size()));
  gzclose(file);
  const std::string packed = whole.content();
  EXPECT_EQ(read_all(packed).rows.size(), 50'000u);

  const ScratchFile cut(packed.substr(0, packed.size() / 2));
  auto reader = CsvReader::open(cut.path());
  ASSERT_TRUE(reader.ok());
  CsvRecord record;
  Result<bool> more = true;
  while (more.ok() && more.value()) more = (*reader)->next(record);
  ASSERT_FALSE(more.ok());
  EXPECT_EQ(more.error().kind, ErrorKind::corrupt);
}

std::string quoted(const std::string& value) {
  std::string out = "\"";
  for (const char c : value) out.append(c == '"' ? 2 : 1, c);
  return out + "\"";
}

RC_GTEST_PROP(Csv, WhatIsWrittenByTheRfcIsReadBack, ()) {
  const auto columns = *rc::gen::inRange<std::size_t>(1, 5);
  const auto value = rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab,\"\n\r ")));
  const auto rows = *rc::gen::container<Rows>(rc::gen::container<std::vector<std::string>>(columns, value));
  std::string text;
  for (std::size_t i = 0; i < columns; ++i) text += (i > 0 ? ",c" : "c") + std::to_string(i);
  for (const auto& row : rows) {
    text += "\r\n";
    for (std::size_t i = 0; i < columns; ++i) text += (i > 0 ? "," : "") + quoted(row[i]);
  }
  RC_ASSERT(read_all(text).rows == rows);
}

Batch read_events(const std::string& text, const std::string& map) {
  const ScratchFile file(text);
  auto mapping = parse_csv_mapping(map);
  EXPECT_TRUE(mapping.ok()) << mapping.error().message;
  auto source = open_csv(file.path(), *mapping);
  EXPECT_TRUE(source.ok()) << source.error().message;
  Batch batch;
  EXPECT_TRUE((*source)->next(batch).ok());
  return batch;
}

TEST(CsvEvents, MapsColumnsAndConstants) {
  const Batch batch = read_events("user,item,ts,paid,n\nu\"1,v1,1700000000000,1,007\nu2,v2,2024-01-01T00:00:00Z,,5\n",
                                  "type=const:view,actor=user,subject=item,at=ts,incentivised=paid,watch_ms=n,id=ts");
  ASSERT_EQ(batch.bad.size(), 1u);
  EXPECT_EQ(batch.bad[0].row, 2u);
  const Batch good =
      read_events("user,item,ts,paid,n\n\"u\"\"1\",v1,1700000000000,1,007\nu2,v2,2024-01-01T00:00:00Z,,5\n",
                  "type=const:view,actor=user,subject=item,at=ts,incentivised=paid,watch_ms=n,id=ts");
  EXPECT_EQ(
      good.lines,
      R"({"type":"view","actor":"u\"1","subject":"v1","at":1700000000000,"incentivised":true,"watch_ms":7,"id":"1700000000000"})"
      "\n"
      R"({"type":"view","actor":"u2","subject":"v2","at":"2024-01-01T00:00:00Z","watch_ms":5,"id":"2024-01-01T00:00:00Z"})"
      "\n");
}

TEST(CsvEvents, GivesRowsWithoutAnIdOneOfTheirPlace) {
  const std::string map = "type=const:like,actor=u,subject=v";
  const Batch batch = read_events("u,v\n1,2\n1,2\n", map);
  ASSERT_EQ(batch.events.size(), 2u);
  EXPECT_NE(batch.text(batch.events[0]), batch.text(batch.events[1]));
  EXPECT_THAT(std::string(batch.text(batch.events[0])), HasSubstr("\"id\":\"import:"));
  EXPECT_EQ(read_events("u,v\n1,2\n1,2\n", map).lines, batch.lines);
  EXPECT_EQ(read_events("u,v\n1,2\n1,2\n3,4\n", map).lines.substr(0, batch.lines.size()), batch.lines);
  EXPECT_NE(read_events("u,v\n1,3\n1,2\n", map).events[0].length, 0u);
}

TEST(CsvEvents, ReportsValuesThatCannotBe) {
  const Batch batch = read_events("u,v,w,i\n1,2,x,\n1,2,-3,\n1,2,4,maybe\n1,2,5,0\n",
                                  "type=const:view,actor=u,subject=v,watch_ms=w,incentivised=i");
  ASSERT_EQ(batch.bad.size(), 3u);
  EXPECT_EQ(batch.bad[0].row, 2u);
  EXPECT_EQ(batch.bad[0].reason, "w is not a whole number");
  EXPECT_EQ(batch.bad[2].reason, "i is neither true, false, 1 nor 0");
  EXPECT_EQ(batch.events.size(), 1u);
}

TEST(CsvEvents, ExplainsABadMapping) {
  const auto message = [](const char* text) { return parse_csv_mapping(text).error().message; };
  EXPECT_THAT(message("actor=a,subject=b"), HasSubstr("needs type="));
  EXPECT_THAT(message("type=const:like,actor=a"), HasSubstr("needs subject="));
  EXPECT_THAT(message("type=const:like,actor=a,subject"), HasSubstr("FIELD=COLUMN"));
  EXPECT_THAT(message("typ=const:like,actor=a,subject=b"), HasSubstr("\"typ\" is not a field"));
  EXPECT_THAT(message("type=const:like,actor=a,actor=b,subject=c"), HasSubstr("mapped twice"));
  const ScratchFile file("a,b\n");
  EXPECT_THAT(open_csv(file.path(), *parse_csv_mapping("type=const:like,actor=a,subject=c")).error().message,
              HasSubstr("has no column \"c\""));
}

}  // namespace
}  // namespace zan::connectors
