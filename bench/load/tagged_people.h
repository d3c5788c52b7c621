// People with tags of all densities, random questions about them, and the plain answer: bit vectors, word by word.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace zan::bench {

// A question as a tree: a tag, or `not`, `and`, `or` of others.
struct Question {
  enum class Kind { tag, negation, conjunction, disjunction };
  Kind kind = Kind::tag;
  std::uint32_t tag = 0;
  std::vector<Question> parts;
};

class TaggedPeople {
 public:
  using Bits = std::vector<std::uint64_t>;  // bit i of word w: person 64 w + i

  // Tag i of `tags` has a density from 0.01 % to 50 %, evenly on a logarithmic scale, and each person has it with that chance.
  // `people` is rounded up to a multiple of 64, so that no rival has bits of nobody at its end.
  TaggedPeople(std::uint32_t people, std::uint32_t tags, std::uint64_t seed);

  std::uint32_t people() const { return people_; }
  std::uint32_t tags() const { return static_cast<std::uint32_t>(bits_.size()); }
  const Bits& bits(std::uint32_t tag) const { return bits_[tag]; }
  std::uint64_t count(const Question& question) const;

 private:
  Bits answer(const Question& question) const;

  std::uint32_t people_;
  std::vector<Bits> bits_;
};

// `terms` terms, each a tag or one of 2 to 4 tags, in a random tree of and and or; a fifth of the terms are negated.
std::vector<Question> random_questions(std::size_t count, std::uint32_t terms, std::uint32_t tags, std::uint64_t seed);

}  // namespace zan::bench
