// People with tags of all densities, for measuring segments: the i-th tag has a density from 0.01 % to 50 %, evenly on a
// logarithmic scale, and each person has it with that chance, whatever else they have.
//
// Of ten tags seven are flags, two are one_of four values, one is a number from 0 to 100. People come in order, some at a time, so
// ten million of them take no more memory than one. Names say that they are made up: sim-user-17, sim.tag_003.
//
// Threads: one. The same options, the same rows on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"

namespace zan::simulation {

inline constexpr std::uint32_t tagged_tags_max = 1000;

struct TaggedOptions {
  std::uint32_t people = 1'000'000;
  std::uint32_t tags = 200;  // 1 to tagged_tags_max
  std::uint64_t seed = 1;
};

inline constexpr std::string_view tagged_header = "user,tag,value\n";

class TaggedPeople {
 public:
  explicit TaggedPeople(const TaggedOptions& options);

  // Appends the rows of the next people, those of one person together; false: there are none left.
  bool next(std::string& rows);
  [[nodiscard]] std::uint32_t done() const { return done_; }  // people
  // The tags' catalogue, as JSON (docs/tags.md).
  [[nodiscard]] std::string catalogue() const;
  [[nodiscard]] double density(std::uint32_t tag) const;

 private:
  enum class Kind : std::uint8_t { flag, one_of, number };
  struct Line {
    Rng rng;
    double scale = 0;        // of the skips
    std::uint64_t next = 0;  // the next person with this tag
  };
  static constexpr std::uint32_t step_people = 65'536;
  static constexpr std::uint32_t greatest = 100;

  static Kind kind_of(std::uint32_t tag);
  static void skip(Line& line);
  void append(std::string& rows, std::uint32_t person, std::uint32_t tag, std::uint64_t draw) const;

  TaggedOptions options_;
  std::vector<Line> lines_;
  std::uint32_t done_ = 0;
};

}  // namespace zan::simulation
