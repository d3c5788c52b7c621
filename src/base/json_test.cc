#include "base/json.h"

#include <gtest/gtest.h>

namespace zan {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(Json, Strings) {
  EXPECT_EQ(quoted("plain"), "\"plain\"");
  EXPECT_EQ(quoted(""), "\"\"");
  EXPECT_EQ(quoted("a\"b\\c\n\r\t\x01\x1f/ 真赞"), R"("a\"b\\c\n\r\t\u0001\u001f/ 真赞")");
}

}  // namespace
}  // namespace zan
