#include "audience/suggest/tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zan::audience {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

TEST(Tokenizer, nothing_has_no_words) {
  const Tokenizer tokenizer;
  EXPECT_TRUE(tokenizer.words("").empty());
  EXPECT_TRUE(tokenizer.words(" \n\t!?... 123 4.5 x 的 the").empty());
  EXPECT_TRUE(tokenizer.words("\xff\xfe\x80").empty());
  EXPECT_EQ(tokenizer.whole(" \t"), "");
}

TEST(Tokenizer, chinese_is_split_by_the_dictionary) {
  const Tokenizer tokenizer;
  EXPECT_THAT(tokenizer.words("我的猫咪今天学会了弹钢琴"), Contains("猫咪"));
  EXPECT_THAT(tokenizer.words("我的猫咪今天学会了弹钢琴"), Contains("钢琴"));
  EXPECT_THAT(tokenizer.words("我的猫咪今天学会了弹钢琴"), Not(Contains("我的")));
  EXPECT_THAT(tokenizer.words("北京美食推荐"), ElementsAre("北京", "美食", "推荐"));
  EXPECT_THAT(tokenizer.words("猫 狗"), ElementsAre("猫", "狗"));
}

TEST(Tokenizer, characters_whose_word_is_unknown_are_words_by_pairs) {
  const Tokenizer tokenizer;
  const auto words = tokenizer.words("犇鱻");
  EXPECT_THAT(words, ElementsAre("犇", "鱻", "犇鱻"));
  EXPECT_THAT(tokenizer.words("犇 鱻"), Not(Contains("犇鱻")));
}

TEST(Tokenizer, width_case_and_script_make_no_difference) {
  const Tokenizer tokenizer;
  EXPECT_EQ(tokenizer.words("ＧＵＩＴＡＲ Ｓｏｌｏ"), tokenizer.words("guitar solo"));
  EXPECT_EQ(tokenizer.words("攝影教學"), tokenizer.words("摄影教学"));
  EXPECT_EQ(tokenizer.words("Straße"), tokenizer.words("STRASSE"));
  EXPECT_EQ(tokenizer.whole("  街頭攝影 "), "街头摄影");
}

TEST(Tokenizer, reads_so_many_bytes_and_words_and_no_half_character) {
  const Tokenizer tokenizer;
  std::string many;
  for (int i = 0; i < 90; ++i) {
    many += "ab";
    many += static_cast<char>('a' + i / 26);
    many += static_cast<char>('a' + i % 26);
    many += ' ';
  }
  EXPECT_EQ(tokenizer.words(many).size(), text_words_max);
  std::string long_text(tokenized_bytes_max - 1, 'z');
  EXPECT_EQ(tokenizer.words(long_text + "猫").front(), long_text);
  EXPECT_EQ(tokenizer.whole(long_text + "猫"), long_text);
  EXPECT_EQ(tokenizer.whole(long_text + "zz"), long_text + "z");
}

}  // namespace
}  // namespace zan::audience
