// Tokenizer: the words of a title or tag, alike for whoever writes them: NFKC and case folding, traditional
// characters as simplified ones, Chinese split by ICU's dictionary (BreakIterator: Unicode UAX 29 and a CJK
// dictionary).
//
// A word of the function kind ("the", "的") is none. A single Han character is one ("猫"); where several stand side by
// side the dictionary did not know their word, so each two of them are a word as well. Numbers and single letters are
// none.
//
// Threads: any; one mutex, held for some 20 µs a title. Cost: a few ms to make one.
// Errors:  none: what is no UTF-8 is read as replacement characters, which are no words.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace zan::audience {

inline constexpr std::size_t tokenized_bytes_max = 1'000;  // as long as a title may be; the rest is not read
inline constexpr std::size_t text_words_max = 64;          // of one text; the first ones

class Tokenizer {
 public:
  Tokenizer();
  ~Tokenizer();
  Tokenizer(const Tokenizer&) = delete;
  Tokenizer& operator=(const Tokenizer&) = delete;

  // Each once, in the order in which they first stand.
  [[nodiscard]] std::vector<std::string> words(std::string_view text) const;
  // All of it as one word, without blanks around it. Empty: nothing is left.
  [[nodiscard]] std::string whole(std::string_view text) const;

 private:
  struct Icu;
  std::unique_ptr<Icu> icu_;
};

}  // namespace zan::audience
