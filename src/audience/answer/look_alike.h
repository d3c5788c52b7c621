// LookAlikes: the people who are most like those of a segment, and not in it.
//
// A person's score is the sum of weights of the values they have: the difference of the log-odds of the value among
// the segment's people and among everybody - what naive Bayes says of independent yes-or-no features (Maron 1961;
// Duda, Hart 1973) - clipped, rounded, of the 64 values with the most evidence, and only of tags that serve the
// purpose and are not sensitive. Of equal scores a keyed hash decides.
//
// What protects people: weights come from what the AnswerBook says of the segment and of everybody, so that segments
// which differ by a few people have the same weights; then the lists differ by as few, and counts of them are one
// answer. The similarity is remembered with the weights.
//
// Similarity: of a score, the part of the segment's own people who score no higher: 0.3 is "at least as typical as
// 30 % of them".
// Threads: any; one list is made at a time. A list is kept for ten minutes; whoever must not be counted is left out
//          by the question.
// Errors:  refused: fewer than 1,000 people may be counted, or nothing sets them apart. limited: the key's budget.
// Cost:    some 0.3 s at 10 M people and 200 tags; a kept one nothing. 4 bytes a person in the list, 128 KiB while it
//          is made.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "audience/answer/answer_book.h"
#include "audience/answer/compile.h"
#include "audience/answer/question.h"
#include "audience/answer/value_counts.h"

namespace zan::audience {

inline constexpr std::uint64_t look_alike_members_min = 1'000;  // of the segment
inline constexpr std::uint64_t look_alike_row_min = 50;         // with a value, or without: fewer weigh as if so many
inline constexpr std::size_t look_alike_values_max = 64;
inline constexpr std::size_t look_alikes_kept_max = 16;
inline constexpr std::size_t similarities_kept_max = 1'024;
inline constexpr std::int64_t look_alike_age_us = 10 * us_per_minute;

struct Similarity {
  std::string text;               // of the look-alike's term
  std::uint64_t size = 0;         // as it was asked for
  double lowest = 0, median = 0;  // of those let in; 0 to 1
};

struct LookAlike {
  std::shared_ptr<const UserList> users;
  Similarity similarity;
};

// In eighths of a natural logarithm.
struct ValueWeight {
  ValueId value;
  std::int16_t weight = 0;
};
inline constexpr std::int16_t value_weight_max = 32;

class LookAlikes {
 public:
  // Store and book outlive it.
  LookAlikes(std::shared_ptr<const Catalogue> catalogue, const TagStore& store, const HashKey& secret, AnswerBook& book)
      : catalogue_(std::move(catalogue)), store_(store), secret_(secret), book_(book) {}

  Result<LookAlike> find(const SimilarTo& to, const Question& question);
  [[nodiscard]] std::size_t kept() const;
  // After an erasure: no list is kept.
  void forget();

 private:
  struct Kept {
    std::string key;
    Timestamp made;
    LookAlike found;
  };
  // Which sets the weights are of, and the weights.
  struct Model {
    std::uint64_t seed = 0;
    std::vector<ValueWeight> weights;
  };

  [[nodiscard]] std::optional<LookAlike> recall(const std::string& key, Timestamp now) const;
  void keep(const std::string& key, Timestamp now, const LookAlike& found);
  Result<Model> learn(const SimilarTo& to, const Question& question);
  [[nodiscard]] LookAlike rank(const SimilarTo& to, const Question& question, const Model& model);
  Similarity remembered(std::uint64_t seed, const Similarity& fresh);

  std::shared_ptr<const Catalogue> catalogue_;
  const TagStore& store_;
  const HashKey secret_;
  AnswerBook& book_;
  std::mutex making_;
  mutable std::mutex mutex_;  // guards what follows
  std::deque<Kept> kept_;     // the latest last
  std::map<std::pair<std::uint64_t, std::uint64_t>, Similarity> similarities_;  // by seed and size
  std::deque<std::pair<std::uint64_t, std::uint64_t>> order_;
};

// Weights of the values that tell most, in the order of the evidence. Rows as they were said; nothing: all.
// REQUIRES: members are look_alike_members_min or more.
std::vector<ValueWeight> value_weights(const std::vector<ValueRow>& rows, std::uint64_t members, const Rows& of_members,
                                       std::uint64_t people, const Rows& of_people, double noise_people);

}  // namespace zan::audience
