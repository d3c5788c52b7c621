// Suggester, the interest tag engine: of a new video's title, tags, creator and length the people who are most likely
// to care, as a segment that a person can read and change, with the evidence for each of its terms.
//
// Two roads lead to a term. The catalogue: a tag or a word of the title names a category. The likers: known videos
// that share words with the new one (TermIndex) were liked by people (SubjectIndex) among whom some tags are far more
// common than among everybody; those are asked for as a portrait, and stand behind all that protects people in one:
// least number, noise, hidden rows, budget. Interests are joined by "or"; a language, or ages, that nearly all of the
// likers share is added by "and".
//
// Threads: changes by one thread; questions from any, beside it.
// Errors:  not_found: nothing in the video leads anywhere; the message says what was looked for. invalid: no such
//          purpose. limited: the key's budget of answers is used up.
// Cost:    a portrait and a count: some 50 ms at 10 M people.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "audience/answer/answers.h"
#include "audience/events/subject_index.h"
#include "audience/suggest/term_index.h"
#include "audience/suggest/tokenizer.h"

namespace zan::audience {

inline constexpr std::size_t near_videos_max = 200;
inline constexpr std::size_t suggested_interests_max = 6;
inline constexpr std::size_t evidence_words_max = 5;
inline constexpr std::size_t video_tags_max = 64;

struct SuggestRules {
  double lift = 1.3;           // of an interest: its share among the likers over that among everybody
  double surprise = 3;         // standard errors between the two
  double of_strongest = 0.5;   // an interest is at least as strong as that part of the strongest
  double shared_by_all = 0.8;  // a language or ages that are added by "and" hold for that many of the likers
};

struct Video {
  std::string title;
  std::vector<std::string> tags;  // the first video_tags_max count
  std::string creator;            // by name; empty: not known
  std::uint64_t duration_ms = 0;  // 0: not known
};

// Why a term is in the suggestion.
struct Evidence {
  Node term;
  std::string text;
  bool of_catalogue = false;       // a tag or word names the category
  std::vector<std::string> words;  // of the video, those that led to it
  std::uint32_t videos = 0;        // known ones that share such words
  // Of the likers of those videos, as a composition says it; all zero: nothing could be said.
  std::uint64_t likers = 0;
  double share = 0, base_share = 0;
};

struct Suggestion {
  Node segment;  // canonical
  std::string text;
  std::optional<SizeAnswer> size;    // nothing: too few to be told
  std::vector<Evidence> evidence;    // of every term, the strongest first
  std::uint32_t videos = 0;          // near ones
  std::optional<SizeAnswer> likers;  // of those; nothing: too few to be told
  std::vector<std::string> missing;  // what would have made it better, in sentences
};

class Suggester {
 public:
  // Answers and index outlive it.
  Suggester(Answers& answers, const SubjectIndex& subjects, const SuggestRules& rules = {},
            const TermLimits& limits = {});

  // What a subject's attributes say, as PUT has them: title, tags, creator, duration_ms. corrupt: no JSON object.
  Result<void> put_subject(SubjectId subject, std::string_view attributes);
  [[nodiscard]] TermIndex& terms() { return terms_; }

  // The purpose is what the segment is to be used for.
  Result<Suggestion> suggest(const Video& video, const Question& question);

 private:
  struct Terms {
    std::vector<std::string> of_content;  // words, tags, creator, categories
    std::vector<std::string> besides;     // length
  };
  struct Draft;
  [[nodiscard]] Terms terms_of(const Video& video) const;
  void name_categories(Terms& terms, const std::vector<std::string>& words) const;
  Result<void> ask_likers(const Question& question, Draft& draft);
  void add_interests(const Composition& portrait, Draft& draft) const;
  void add_categories(const Question& question, Draft& draft) const;
  void add_shared(const Composition& portrait, Draft& draft) const;
  [[nodiscard]] std::optional<Evidence> over_represented(const Tag& tag, std::span<const CompositionRow> rows) const;
  void tell_words(const Draft& draft, std::optional<std::uint32_t> category, Evidence& evidence) const;
  [[nodiscard]] Node compose(const Draft& draft) const;

  Answers& answers_;
  const SubjectIndex& subjects_;
  const SuggestRules rules_;
  Tokenizer tokenizer_;
  TermIndex terms_;
  std::unordered_map<std::string, std::uint32_t> category_of_word_;
};

}  // namespace zan::audience
