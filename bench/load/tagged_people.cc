#include "load/tagged_people.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <random>
#include <utility>

namespace zan::bench {

namespace {

Question combine(Question::Kind kind, std::vector<Question> parts) {
  Question out;
  out.kind = kind;
  for (Question& part : parts) {
    // "a and (b and c)" is one command to whoever takes many operands.
    if (part.kind == kind && kind != Question::Kind::negation) {
      std::move(part.parts.begin(), part.parts.end(), std::back_inserter(out.parts));
    } else {
      out.parts.push_back(std::move(part));
    }
  }
  return out;
}

Question random_term(std::mt19937_64& random, std::uint32_t tags) {
  const auto any = [&] {
    Question leaf;
    leaf.tag = static_cast<std::uint32_t>(random() % tags);
    return leaf;
  };
  Question term = any();
  if (random() % 10 < 3) {
    std::vector<Question> values = {term};
    for (std::uint64_t more = 1 + random() % 3; more > 0; --more) values.push_back(any());
    term = combine(Question::Kind::disjunction, std::move(values));
  }
  if (random() % 5 == 0) term = combine(Question::Kind::negation, {std::move(term)});
  return term;
}

}  // namespace

TaggedPeople::TaggedPeople(std::uint32_t people, std::uint32_t tags, std::uint64_t seed)
    : people_((people + 63) / 64 * 64) {
  for (std::uint32_t tag = 0; tag < tags; ++tag) {
    const double density = 0.0001 * std::pow(5000.0, tags < 2 ? 1.0 : tag / static_cast<double>(tags - 1));
    Bits& bits = bits_.emplace_back(people_ / 64);
    std::mt19937_64 random(seed * 1000 + tag);
    std::geometric_distribution<std::uint64_t> skip(density);
    for (std::uint64_t at = skip(random); at < people_; at += 1 + skip(random))
      bits[at / 64] |= std::uint64_t{1} << (at % 64);
  }
}

TaggedPeople::Bits TaggedPeople::answer(const Question& question) const {
  if (question.kind == Question::Kind::tag) return bits_[question.tag];
  Bits out = answer(question.parts.front());
  if (question.kind == Question::Kind::negation)
    for (std::uint64_t& word : out) word = ~word;
  for (std::size_t i = 1; i < question.parts.size(); ++i) {
    const Bits part = answer(question.parts[i]);
    for (std::size_t w = 0; w < out.size(); ++w)
      out[w] = question.kind == Question::Kind::conjunction ? out[w] & part[w] : out[w] | part[w];
  }
  return out;
}

std::uint64_t TaggedPeople::count(const Question& question) const {
  std::uint64_t total = 0;
  for (const std::uint64_t word : answer(question)) total += static_cast<std::uint64_t>(std::popcount(word));
  return total;
}

std::vector<Question> random_questions(std::size_t count, std::uint32_t terms, std::uint32_t tags,
                                       std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Question> out;
  while (out.size() < count) {
    std::vector<Question> parts;
    for (std::uint32_t i = 0; i < terms; ++i) parts.push_back(random_term(random, tags));
    while (parts.size() > 1) {
      const std::size_t at = random() % (parts.size() - 1);
      const auto kind = random() % 2 == 0 ? Question::Kind::conjunction : Question::Kind::disjunction;
      std::vector<Question> pair = {std::move(parts[at]), std::move(parts[at + 1])};
      parts[at] = combine(kind, std::move(pair));
      parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    }
    out.push_back(std::move(parts.front()));
  }
  return out;
}

}  // namespace zan::bench
