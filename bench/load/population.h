// The likes of a run, and the truth about them: a seeded list of distinct (user, subject) pairs in
// arrival order, from which every expected answer is computed by plain counting. Every server gets
// exactly these likes.
//
// Shape: `users` people give `likes / users` likes each, in a random global order (a Feistel
// permutation), so that new users appear all the way. Subjects are uniform, Zipf (exponent 1, the
// head takes some percent), or "viral": everybody's first like goes to subject 0, which then has
// half of all likes when each user gives two. `at` is base + index milliseconds: unique, so that
// "newest first" has one right order. Memory: 8 bytes a like. Deterministic in the specification,
// whatever the machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace zan::bench {

enum class Shape { uniform, zipf, viral };

Shape shape_of(const std::string& name);  // "uniform", "zipf", "viral"

struct PopulationSpec {
  std::uint64_t likes = 0;
  std::uint64_t users = 0;     // 0: likes / 10
  std::uint64_t subjects = 0;  // 0: likes / 10
  Shape shape = Shape::zipf;
  std::uint64_t seed = 1;
};

struct Like {
  std::uint32_t user = 0;
  std::uint32_t subject = 0;
};

inline constexpr std::uint64_t kFirstAtMs = 1'650'812'741'436;

class Population {
 public:
  // The number of likes is rounded down to a multiple of the users.
  explicit Population(const PopulationSpec& spec);

  std::span<const Like> likes() const { return likes_; }
  std::size_t size() const { return likes_.size(); }
  std::uint64_t users() const { return users_; }
  std::uint64_t subjects() const { return subjects_; }
  static std::uint64_t at_ms(std::size_t index) { return kFirstAtMs + index; }

 private:
  std::uint64_t users_;
  std::uint64_t subjects_;
  std::vector<Like> likes_;
};

// One entry of a newest-first list: who (or what), and when.
struct Listed {
  std::uint32_t id = 0;
  std::uint64_t at_ms = 0;
  bool operator==(const Listed&) const = default;
};

// The truth about a few users and subjects after the first `sent` likes of a population, by one
// pass over them.
class Sample {
 public:
  // Chooses up to `size` subjects (the most liked ones among them) and `size` users, seeded.
  Sample(const Population& population, std::size_t sent, std::size_t size, std::uint64_t seed = 7);

  struct Subject {
    std::uint32_t id = 0;
    std::uint64_t likes = 0;
    std::vector<Listed> newest;  // likers, newest first, at most kListMax
  };
  struct User {
    std::uint32_t id = 0;
    std::vector<Listed> newest;            // all that the user likes
    std::vector<std::uint32_t> not_liked;  // some subjects that the user does not like
  };
  static constexpr std::size_t kListMax = 100;

  const std::vector<Subject>& subjects() const { return subjects_; }
  const std::vector<User>& users() const { return users_; }

 private:
  std::vector<Subject> subjects_;
  std::vector<User> users_;
};

// splitmix64: for choosing samples.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }

 private:
  std::uint64_t state_;
};

}  // namespace zan::bench
