#include "base/log.h"

#include <gtest/gtest.h>

#include <limits>

namespace zan::log {
namespace {

constexpr Timestamp at{1'650'899'141'436'000};

TEST(Log, a_line_is_an_object) {
  EXPECT_EQ(format_line(at, Level::info, "hello", {}),
            R"({"at":"2022-04-25T15:05:41.436Z","level":"info","message":"hello"})");
}

TEST(Log, fields_keep_their_kinds) {
  const std::string text = "text";
  EXPECT_EQ(format_line(at, Level::warn, "m",
                        {{"text", text},
                         {"literal", "x"},
                         {"minus", -1},
                         {"big", std::numeric_limits<std::uint64_t>::max()},
                         {"half", 0.5},
                         {"yes", true},
                         {"none", std::numeric_limits<double>::infinity()}}),
            R"({"at":"2022-04-25T15:05:41.436Z","level":"warn","message":"m","text":"text","literal":"x","minus":-1,)"
            R"("big":18446744073709551615,"half":0.5,"yes":true,"none":null})");
}

TEST(Log, whatever_a_text_holds_it_is_one_line_of_valid_json) {
  const auto field = [](std::string_view text) {
    const std::string line = format_line(at, Level::error, "m", {{"t", text}});
    const std::size_t start = line.find("\"t\":") + 5;
    return line.substr(start, line.size() - start - 2);
  };
  EXPECT_EQ(field("a\"b\\c"), R"(a\"b\\c)");
  EXPECT_EQ(field("a\nb\tc\x01\x7f"), R"(a\u000ab\u0009c\u0001\u007f)");
  EXPECT_EQ(field(std::string_view("\0", 1)), R"(\u0000)");
  EXPECT_EQ(field("真赞 é 😀"), "真赞 é 😀");
  EXPECT_EQ(field("\xff"), R"(\ufffd)");
  EXPECT_EQ(field("a\xc3"), R"(a\ufffd)");                    // cut short
  EXPECT_EQ(field("\xc0\xaf"), R"(\ufffd\ufffd)");            // over-long
  EXPECT_EQ(field("\xed\xa0\x80"), R"(\ufffd\ufffd\ufffd)");  // a surrogate
  EXPECT_EQ(field("\xf4\x90\x80\x80"), R"(\ufffd\ufffd\ufffd\ufffd)");
}

TEST(Log, writes_to_standard_error_from_the_level_on) {
  testing::internal::CaptureStderr();
  debug("not seen");
  info("seen", {{"n", 1}});
  set_level(Level::error);
  warn("not seen");
  error("seen too");
  set_level(Level::info);
  const std::string written = testing::internal::GetCapturedStderr();
  EXPECT_EQ(written.find("not seen"), std::string::npos);
  EXPECT_NE(written.find("\"message\":\"seen\",\"n\":1}\n"), std::string::npos);
  EXPECT_NE(written.find("\"message\":\"seen too\"}\n"), std::string::npos);
}

}  // namespace
}  // namespace zan::log
