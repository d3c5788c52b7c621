#include "zan/judge_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <map>

namespace zan::app {
namespace {

using testing::HasSubstr;
using enum TimeUnit;

class ScratchFile {
 public:
  explicit ScratchFile(const std::string& content)
      : path_((std::filesystem::temp_directory_path() / "zan-judge-XXXXXX").string()) {
    const int descriptor = ::mkstemp(path_.data());
    if (descriptor >= 0) ::close(descriptor);
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~ScratchFile() { std::filesystem::remove(path_); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

const std::vector<std::string> usual = {"at", "actor", "subject", "device", "network"};

struct Read {
  std::vector<std::string> rows;  // "at_us actor subject"; "-" for what cannot be used
  std::vector<integrity::ActView> acts;
  std::string error, first_fault;
  std::uint64_t unusable = 0;
  TimeUnit unit = unknown;
};

Read read_file(const std::string& path, const std::vector<std::string>& columns, TimeUnit unit) {
  Read read;
  auto input = JudgeInput::open(path, columns, unit);
  if (!input.ok()) {
    read.error = input.error().message;
    return read;
  }
  // Twice: the second reading is that of the writing.
  for (int reading = 0; reading < 2; ++reading) {
    std::vector<std::string> rows;
    JudgeRow row;
    for (;;) {
      const auto more = (*input)->next(row);
      EXPECT_TRUE(more.ok());
      if (!more.ok() || !*more) break;
      if (!row.usable) {
        rows.emplace_back("-");
        continue;
      }
      rows.push_back(std::to_string(row.act.at_us) + " " + std::string(row.actor) + " " + std::string(row.subject));
      if (reading == 0) read.acts.push_back(row.act);
    }
    if (reading == 1) {
      EXPECT_EQ(rows, read.rows);
    }
    read.rows = rows;
    read.unusable = (*input)->unusable();
    read.first_fault = (*input)->first_fault();
    EXPECT_TRUE((*input)->rewind().ok());
  }
  read.unit = (*input)->unit();
  return read;
}

Read read_text(const std::string& text, const std::vector<std::string>& columns = usual, TimeUnit unit = seconds) {
  const ScratchFile file(text);
  return read_file(file.path(), columns, unit);
}

using Rows = std::vector<std::string>;

TEST(GuessUnit, ByMagnitudeAndSpan) {
  EXPECT_EQ(guess_unit(1'700'000'000, 1'700'086'400), seconds);
  EXPECT_EQ(guess_unit(1'700'000'000'000, 1'700'086'400'000), milliseconds);
  EXPECT_EQ(guess_unit(1'700'000'000'000'000, 1'700'086'400'000'000), microseconds);
  EXPECT_EQ(guess_unit(5e8, 5e8), seconds);
  EXPECT_EQ(guess_unit(0, 86'400), seconds);
  EXPECT_EQ(guess_unit(0, 60 * 86'400), seconds);
  EXPECT_EQ(guess_unit(0, 60 * 86'400 + 1), milliseconds);
  EXPECT_EQ(guess_unit(0, 0), seconds);
}

TEST(ParseTime, WholeNumbersFractionsAndExponents) {
  EXPECT_EQ(parse_time("0", seconds), 0);
  EXPECT_EQ(parse_time("-0", seconds), 0);
  EXPECT_EQ(parse_time("12", seconds), 12'000'000);
  EXPECT_EQ(parse_time("12", milliseconds), 12'000);
  EXPECT_EQ(parse_time("12", microseconds), 12);
  EXPECT_EQ(parse_time("1.5", seconds), 1'500'000);
  EXPECT_EQ(parse_time("1.7e9", seconds), 1'700'000'000'000'000);
  EXPECT_EQ(parse_time("1e-6", seconds), 1);
}

TEST(ParseTime, WhatIsNoTime) {
  for (const char* text : {"", " ", "-1", "-0.5", "+1", " 1", "1 ", "1s", "0x10", "nan", "inf", "-inf", "1e400", "1e",
                           "9223372036854775807", "99999999999999999999999", "4503599628", "1,5", "2026-01-01"})
    EXPECT_FALSE(parse_time(text, seconds)) << text;
  EXPECT_EQ(parse_time("4503599627", seconds), 4'503'599'627'000'000);
  EXPECT_EQ(parse_time("4503599627370496", microseconds), std::int64_t{1} << 52);
  EXPECT_FALSE(parse_time("4503599627370497", microseconds));
}

RC_GTEST_PROP(ParseTime, MicrosecondsSurviveAsFractionsOfSeconds, ()) {
  const auto whole = *rc::gen::inRange<std::int64_t>(0, 2'000'000'000);
  const auto micros = *rc::gen::inRange<std::int64_t>(0, 1'000'000);
  std::string fraction = std::to_string(micros);
  fraction.insert(0, 6 - fraction.size(), '0');
  RC_ASSERT(parse_time(std::to_string(whole) + "." + fraction, seconds) == whole * 1'000'000 + micros);
}

RC_GTEST_PROP(ParseTime, AnyTextIsATimeInBoundsOrNone, (const std::string& text)) {
  for (const TimeUnit unit : {seconds, milliseconds, microseconds})
    if (const auto time = parse_time(text, unit)) RC_ASSERT(*time >= 0 && *time <= std::int64_t{1} << 52);
}

RC_GTEST_PROP(Numbers, AreDenseAndStay, ()) {
  Numbers numbers;
  std::map<std::string, std::uint32_t> twin;
  for (const int draw : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 3000))) {
    const std::string name = "u" + std::to_string(draw);
    const auto next = static_cast<std::uint32_t>(twin.size() + 1);
    const auto known = twin.emplace(name, next).first;
    RC_ASSERT(numbers.number(name) == known->second);
    RC_ASSERT(numbers.count() == twin.size());
  }
}

TEST(JudgeInput, FindsColumnsByName) {
  const Read read = read_text("subject,extra,at,actor\nv1,x,5,u1\nv2,,6,u1\n", {"at", "actor", "subject"});
  EXPECT_EQ(read.rows, (Rows{"5000000 u1 v1", "6000000 u1 v2"}));
  EXPECT_EQ(read.acts[0].actor, read.acts[1].actor);
  EXPECT_NE(read.acts[0].subject, read.acts[1].subject);
  EXPECT_EQ(read_text("at,actor,subject\n5,u1,v1\n", {}).rows, (Rows{"5000000 u1 v1"}));
}

TEST(JudgeInput, TakesColumnsByPlaceUnderOtherNames) {
  const Read read = read_text("time,user,item\n5,u1,v1\n", {"at", "actor", "subject"});
  EXPECT_EQ(read.rows, (Rows{"5000000 u1 v1"}));
}

TEST(JudgeInput, TakesTheFirstLineOfAFileWithoutHeader) {
  const Read read = read_text("5,u1,v1,,\n6,u2,v1,d,n\n");
  EXPECT_EQ(read.rows, (Rows{"5000000 u1 v1", "6000000 u2 v1"}));
  EXPECT_EQ(read.acts[0].device, 0u);
  EXPECT_NE(read.acts[1].device, 0u);
  EXPECT_EQ(read_text("5,7,7\n5,5,5\n", {"at", "actor", "subject"}).rows, (Rows{"5000000 7 7", "5000000 5 5"}));
  EXPECT_EQ(read_text("\xef\xbb\xbf"
                      "5,7,7\n",
                      {"at", "actor", "subject"})
                .rows,
            (Rows{"5000000 7 7"}));
}

TEST(JudgeInput, SaysWhatIsMissing) {
  EXPECT_THAT(read_text("time,user,item\n5,u1,v1\n", {}).error, HasSubstr("has no column \"at\"; name what stands"));
  EXPECT_THAT(read_text("at,user,item\n5,u1,v1\n", {}).error, HasSubstr("has no column \"actor\""));
  EXPECT_THAT(read_text("5,u1,v1\n", {"at", "actor"}).error, HasSubstr("has no column \"subject\""));
  EXPECT_THAT(read_text("5,u1,v1\n", {"at", "actor", "thing"}).error, HasSubstr("has no column \"thing\""));
  EXPECT_THAT(read_text("5,u1\n", usual).error, HasSubstr("has 2 columns, --columns names 5"));
  EXPECT_THAT(read_text("at,actor,subject,actor\n5,u1,v1,u2\n", {}).error, HasSubstr("\"actor\" is named twice"));
  EXPECT_THAT(read_text("", usual).error, HasSubstr("is empty"));
  EXPECT_THAT(read_file("/nowhere/at/all.csv", usual, seconds).error, HasSubstr("/nowhere/at/all.csv"));
}

TEST(JudgeInput, HostileColumnsAreRefused) {
  const std::string text = "5,u1,v1\n6,u2,v2\n";
  const std::vector<std::vector<std::string>> hostile = {
      {""},
      {"", "", ""},
      {"at", "at", "at"},
      {"at", "actor", "subject", "at"},
      {"region", "duration_ms", "watch_ms"},
      std::vector<std::string>(5000, "at"),
      {"at", "actor", std::string(1 << 20, 'x')},
      {"at\n", "actor", "subject"},
      {std::string("\0", 1), "actor", "subject"},
      {"{}", "{0}", "%s"},
  };
  for (const auto& columns : hostile) EXPECT_FALSE(read_text(text, columns).error.empty()) << columns.front();
}

RC_GTEST_PROP(JudgeInput, AnyColumnsAreTakenOrRefused, ()) {
  const auto names = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "at", "actor", "subject", "device", "network", "type", "creator", "watch_ms", "duration_ms", "region", "", "x"));
  const auto text = *rc::gen::element<std::string>("5,u1,v1,like,6\n7,u1,v1,like,8\n", "at,actor,subject\n5,u1,v1\n",
                                                   "x,x,x\n,,\n", "\n\n", "5\n");
  const Read read = read_text(text, names, *rc::gen::element(unknown, seconds));
  RC_ASSERT(!read.error.empty() || read.rows.size() <= 2);
}

TEST(JudgeInput, EveryRecordIsARowAndTheFirstFaultIsNamed) {
  const Read read = read_text(
      "at,actor,subject,type\n"
      "5,u1,v1,like\n"
      "never,u1,v1,like\n"
      "6,,v1,like\n"
      "7,u1,,like\n"
      "8,u1,v1,lick\n"
      "9,u1\n"
      "10,u\"1,v1,like\n"
      "\n"
      "11,u1,v1,\n",
      {});
  EXPECT_EQ(read.rows, (Rows{"5000000 u1 v1", "-", "-", "-", "-", "-", "-", "11000000 u1 v1"}));
  EXPECT_EQ(read.unusable, 6u);
  EXPECT_EQ(read.first_fault, "line 3: \"never\" is no time");
}

TEST(JudgeInput, TheFirstLineMayBeUnusableToo) {
  const Read read = read_text("5,,v1\n6,u1,v1\n", {"at", "actor", "subject"}, unknown);
  EXPECT_EQ(read.rows, (Rows{"-", "6000000 u1 v1"}));
  EXPECT_EQ(read.first_fault, "line 1: actor or subject is empty");
}

TEST(JudgeInput, QuotesLineEndsAndCarriageReturns) {
  const Read read = read_text("at,actor,subject\r\n5,\"u,1\",\"a \"\"v\"\"\"\r\n6,\"two\nlines\",v1\r\n", {});
  EXPECT_EQ(read.rows, (Rows{"5000000 u,1 a \"v\"", "6000000 two\nlines v1"}));
}

TEST(JudgeInput, KindsWatchingAndLengths) {
  const Read read = read_text(
      "at,actor,subject,type,watch_ms,duration_ms\n5,u,v,view,1500,1e4\n6,u,v,,-3,nan\n7,u,v,unlike,,99999999999\n",
      {});
  ASSERT_EQ(read.acts.size(), 3u);
  EXPECT_EQ(read.acts[0].kind, integrity::ActKind::view);
  EXPECT_EQ(read.acts[0].watch_ms, 1500u);
  EXPECT_EQ(read.acts[0].duration_ms, 10'000u);
  EXPECT_EQ(read.acts[1].kind, integrity::ActKind::like);
  EXPECT_EQ(read.acts[1].watch_ms, 0u);
  EXPECT_EQ(read.acts[2].kind, integrity::ActKind::other);
  EXPECT_EQ(read.acts[2].duration_ms, 0u);
}

TEST(JudgeInput, FindsTheUnitOverAllLines) {
  EXPECT_EQ(read_text("1,u,v\n2,u,w\n6000000,u,x\n", {"at", "actor", "subject"}, unknown).unit, milliseconds);
  EXPECT_EQ(read_text("1,u,v\nx,u,w\n3,u,x\n", {"at", "actor", "subject"}, unknown).unit, seconds);
  EXPECT_EQ(read_text("at,actor,subject\n1700000000000,u,v\n", {}, unknown).unit, milliseconds);
  EXPECT_EQ(read_text("at,actor,subject\n", {}, unknown).rows, Rows{});
}

TEST(JudgeInput, ReadsGzip) {
  const ScratchFile file("");
  gzFile packed = ::gzopen(file.path().c_str(), "wb");
  ASSERT_NE(packed, nullptr);
  ::gzputs(packed, "at,actor,subject\n5,u1,v1\n");
  ::gzclose(packed);
  EXPECT_EQ(read_file(file.path(), {}, unknown).rows, (Rows{"5000000 u1 v1"}));
}

}  // namespace
}  // namespace zan::app
