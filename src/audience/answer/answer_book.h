// AnswerBook: what may be said of the size of a set, and nothing more than that. Four things stand between a count and a person:
//
//   the least number     smaller sets, truly or as they would be said, are not said
//   one answer for near sets   a set that differs by fewer than `near_people` from one that was answered gets that answer again: two
//                        answers never differ because of one person, whatever the expressions were
//   sticky noise         what is said is the count plus a normal deviate that is a keyed hash of the set: asking again, or asking the
//                        same set in other words, gives nothing new to average (Francis et al., "Diffix", 2017)
//   the budget           so many different answers a key and day, beyond which noise could be averaged over many sets
//
// Threads: any; one mutex. Cost: a few µs; 8 KiB an answer that is remembered.
// Errors:  refused: too few people. limited: the budget is used up.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "audience/answer/sketch.h"
#include "base/clock.h"
#include "base/result.h"

namespace zan::audience {

struct AnswerRules {
  double noise_people = 12;           // standard deviation
  std::uint32_t near_people = 50;     // sets that differ by fewer are one
  std::uint32_t answers_a_day = 400;  // new ones, of a key
  std::size_t answers_remembered = 4096;
  std::size_t keys_remembered = 65'536;
};

struct Measured {
  std::uint64_t count = 0;
  Sketch sketch;
};

struct Said {
  std::uint64_t count = 0;
  std::uint64_t seed = 0;    // which set it was; of near sets the same
  std::uint32_t within = 0;  // 95 % of answers are as near as this
};

// Counts of parts of a set, by row; nothing where there are too few, or too few others.
using Rows = std::vector<std::optional<std::uint64_t>>;

class AnswerBook {
 public:
  AnswerBook(const HashKey& secret, const AnswerRules& rules) : secret_(secret), rules_(rules) {}

  // `key`: who asks. `least`: people. `part`: of what the set is; sets of different parts are never near each other.
  Result<Said> say(const std::string& key, std::uint64_t part, const Measured& set, std::uint64_t least, Timestamp now);
  // What is said of the parts of a set that was said. Once for all near sets: who asks about a set less one person gets the
  // numbers of that set, and learns nothing of the one.
  std::shared_ptr<const Rows> say_parts(const Said& whole, const std::vector<std::uint64_t>& counts,
                                        std::uint64_t least);
  [[nodiscard]] const AnswerRules& rules() const { return rules_; }

 private:
  struct Answer {
    std::uint64_t part = 0;
    Measured set;
    Said said;
    std::shared_ptr<const Rows> rows;
  };
  struct Spent {
    std::int64_t day = 0;
    std::uint32_t answers = 0;
  };
  using Answers = std::multimap<std::uint64_t, std::shared_ptr<Answer>>;  // by true count

  [[nodiscard]] std::shared_ptr<Answer> near(std::uint64_t part, const Measured& set) const;
  Result<void> spend(const std::string& key, Timestamp now);
  void remember(std::shared_ptr<Answer> answer);
  [[nodiscard]] std::optional<std::uint64_t> say_row(const Said& whole, std::uint64_t row, std::uint64_t count,
                                                     std::uint64_t least) const;

  const HashKey secret_;
  const AnswerRules rules_;
  std::mutex mutex_;  // guards what follows
  Answers answers_;
  std::deque<Answers::iterator> order_;
  std::unordered_map<std::uint64_t, Answer*> of_seed_;
  std::unordered_map<std::string, Spent> spent_;
};

// A normal deviate from 64 random bits: the same bits, the same deviate.
double normal_of(std::uint64_t seed);

}  // namespace zan::audience
