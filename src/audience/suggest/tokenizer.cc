#include "audience/suggest/tokenizer.h"

#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <mutex>
#include <unordered_set>

#include "base/require.h"

namespace zan::audience {
namespace {

// Words that say nothing of what a text is about.
const std::unordered_set<std::string_view>& function_words() {
  static const std::unordered_set<std::string_view> words = {
      // English, of two letters and more.
      "about", "after", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "did",
      "do", "does", "for", "from", "get", "had", "has", "have", "he", "her", "here", "his", "how", "if", "in", "into",
      "is", "it", "its", "just", "me", "more", "most", "my", "new", "no", "not", "now", "of", "off", "on", "one",
      "only", "or", "our", "out", "over", "she", "so", "some", "than", "that", "the", "their", "them", "then",
      "there", "these", "they", "this", "to", "too", "up", "us", "very", "video", "was", "we", "were", "what", "when",
      "who", "why", "will", "with", "you", "your",
      // Chinese, simplified.
      "一", "一下", "一个", "一些", "一样", "一种", "一起", "上", "下", "不", "不是", "与", "个", "中", "为",
      "为什么", "之", "也", "了", "于", "什么", "今天", "他", "他们", "以", "但", "但是", "你", "你们", "你的", "便",
      "做", "再", "几", "到", "又", "只", "只是", "可", "可以", "吗", "吧", "呀", "呢", "和", "啊", "啦", "因为",
      "在", "大", "大家", "太", "她", "好", "如何", "它", "对", "小", "就", "就是", "已经", "应该", "很", "怎么",
      "怎样", "想", "我", "我们", "我的", "所以", "才", "把", "是", "更", "最", "有", "没", "没有", "点", "用", "的",
      "看", "真", "真的", "着", "给", "而", "自己", "被", "要", "让", "说", "这", "这个", "这些", "这样", "还",
      "还是", "那", "那个", "都", "里", "跟", "过", "这么", "那么", "非常", "视频", "一定", "多", "少", "去", "来",
      "会", "能", "得", "地", "个人",
  };
  return words;
}

std::string utf8_of(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

bool is_single_han(const icu::UnicodeString& word) {
  UErrorCode status = U_ZERO_ERROR;
  return word.countChar32() == 1 && uscript_getScript(word.char32At(0), &status) == USCRIPT_HAN;
}

std::string_view cut(std::string_view text) {
  if (text.size() <= tokenized_bytes_max) return text;
  std::size_t size = tokenized_bytes_max;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return text.substr(0, size);
}

}  // namespace

struct Tokenizer::Icu {
  const icu::Normalizer2* folding = nullptr;
  std::unique_ptr<icu::Transliterator> simplifying;
  std::unique_ptr<icu::BreakIterator> breaks;
  std::mutex mutex;

  icu::UnicodeString folded(std::string_view text) {
    const std::string_view some = cut(text);
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString out = folding->normalize(
        icu::UnicodeString::fromUTF8(icu::StringPiece(some.data(), static_cast<int32_t>(some.size()))), status);
    simplifying->transliterate(out);
    return out;
  }
};

Tokenizer::Tokenizer() : icu_(std::make_unique<Icu>()) {
  UErrorCode status = U_ZERO_ERROR;
  icu_->folding = icu::Normalizer2::getNFKCCasefoldInstance(status);
  icu_->simplifying.reset(icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, status));
  icu_->breaks.reset(icu::BreakIterator::createWordInstance(icu::Locale("zh"), status));
  require(U_SUCCESS(status) != 0, "ICU comes with its data");
}

Tokenizer::~Tokenizer() = default;

std::string Tokenizer::whole(std::string_view text) const {
  const std::lock_guard lock(icu_->mutex);
  icu::UnicodeString out = icu_->folded(text);
  return utf8_of(out.trim());
}

std::vector<std::string> Tokenizer::words(std::string_view text) const {
  const std::lock_guard lock(icu_->mutex);
  const icu::UnicodeString folded = icu_->folded(text);
  std::vector<std::string> out;
  const auto add = [&](std::string word) {
    if (out.size() < text_words_max && std::find(out.begin(), out.end(), word) == out.end())
      out.push_back(std::move(word));
  };
  icu_->breaks->setText(folded);
  std::string before;  // the single character that ends where this word begins
  int32_t start = icu_->breaks->first();
  for (int32_t end = icu_->breaks->next(); end != icu::BreakIterator::DONE; start = end, end = icu_->breaks->next()) {
    const int32_t kind = icu_->breaks->getRuleStatus();
    const icu::UnicodeString word = folded.tempSubStringBetween(start, end);
    const bool single = is_single_han(word);
    std::string bytes = utf8_of(word);
    const bool counts =
        kind >= UBRK_WORD_LETTER && (single || word.countChar32() > 1) && !function_words().contains(bytes);
    if (counts) add(bytes);
    if (counts && single && !before.empty()) add(before + bytes);
    before = counts && single ? bytes : std::string();
  }
  return out;
}

}  // namespace zan::audience
