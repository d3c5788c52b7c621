#include "load/population.h"

#include <algorithm>
#include <array>
#include <bit>
#include <unordered_map>
#include <unordered_set>

#include "load/zipf.h"
#include "measure/fail.h"

namespace zan::bench {

namespace {

constexpr std::uint64_t kDefaultLikesPerUser = 10;

std::uint64_t mix(std::uint64_t x) {  // the finalizer of splitmix64
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// A permutation of 0 .. n-1: four Feistel rounds on the next even number of bits, repeated until
// below n.
class Permutation {
 public:
  Permutation(std::uint64_t n, std::uint64_t seed)
      : n_(n),
        half_bits_(static_cast<unsigned>(std::bit_width(n) + 1) / 2),
        mask_((1ULL << half_bits_) - 1),
        seed_(seed) {}

  std::uint64_t operator()(std::uint64_t value) const {
    do {
      std::uint64_t left = value >> half_bits_, right = value & mask_;
      for (std::uint64_t round = 0; round < 4; ++round) {
        const std::uint64_t next = left ^ (mix(right + (seed_ + round) * 0x9e3779b97f4a7c15ULL) & mask_);
        left = right;
        right = next;
      }
      value = (left << half_bits_) | right;
    } while (value >= n_);
    return value;
  }

 private:
  std::uint64_t n_;
  unsigned half_bits_;
  std::uint64_t mask_;
  std::uint64_t seed_;
};

// Draws subjects for one user after the other; what one user draws is distinct.
class Chooser {
 public:
  Chooser(Shape shape, std::uint64_t subjects, std::uint64_t seed)
      : shape_(shape), subjects_(subjects), zipf_(subjects), random_(seed) {}

  void next_user() { chosen_.clear(); }

  std::uint32_t choose() {
    std::uint32_t subject = draw();
    while (std::find(chosen_.begin(), chosen_.end(), subject) != chosen_.end()) subject = draw();
    chosen_.push_back(subject);
    return subject;
  }

 private:
  std::uint32_t draw() {
    if (shape_ == Shape::zipf) return static_cast<std::uint32_t>(zipf_(random_));
    if (shape_ == Shape::viral) {
      if (chosen_.empty()) return 0;
      return static_cast<std::uint32_t>(1 + random_.below(subjects_ - 1));
    }
    return static_cast<std::uint32_t>(random_.below(subjects_));
  }

  Shape shape_;
  std::uint64_t subjects_;
  Zipf zipf_;
  Random random_;
  std::vector<std::uint32_t> chosen_;
};

}  // namespace

std::uint64_t Random::next() {
  state_ += 0x9e3779b97f4a7c15ULL;
  return mix(state_);
}

Shape shape_of(const std::string& name) {
  if (name == "uniform") return Shape::uniform;
  if (name == "zipf") return Shape::zipf;
  if (name == "viral") return Shape::viral;
  fail("no such shape: {} (uniform, zipf or viral)", name);
}

Population::Population(const PopulationSpec& spec)
    : users_(spec.users != 0 ? spec.users : std::max<std::uint64_t>(spec.likes / kDefaultLikesPerUser, 1)),
      subjects_(spec.subjects != 0 ? spec.subjects : std::max<std::uint64_t>(spec.likes / kDefaultLikesPerUser, 100)) {
  const std::uint64_t per_user = spec.likes / users_;
  if (per_user == 0) fail("fewer likes than users");
  if (per_user * 4 > subjects_) fail("too few subjects for {} distinct likes of a user", per_user);
  likes_.resize(per_user * users_);
  const Permutation place(likes_.size(), spec.seed);
  Chooser chooser(spec.shape, subjects_, spec.seed);
  std::uint64_t slot = 0;
  for (std::uint64_t user = 0; user < users_; ++user) {
    chooser.next_user();
    for (std::uint64_t i = 0; i < per_user; ++i, ++slot) {
      likes_[place(slot)] = {static_cast<std::uint32_t>(user), chooser.choose()};
    }
  }
}

Sample::Sample(const Population& population, std::size_t sent, std::size_t size, std::uint64_t seed) {
  const std::span<const Like> likes = population.likes().first(sent);
  std::unordered_map<std::uint32_t, std::size_t> subject_place, user_place;
  const auto want_subject = [&](std::uint32_t id) {
    if (subject_place.try_emplace(id, subjects_.size()).second) subjects_.push_back({.id = id});
  };
  const auto want_user = [&](std::uint32_t id) {
    if (user_place.try_emplace(id, users_.size()).second) users_.push_back({.id = id});
  };
  Random random(seed);
  for (std::uint32_t top = 0; top < std::min<std::size_t>(size / 4, population.subjects()); ++top) {
    want_subject(top);  // the heads of the Zipf and viral shapes
  }
  for (std::size_t i = 0; i < size; ++i) {
    if (!likes.empty()) want_subject(likes[random.below(likes.size())].subject);
    want_user(static_cast<std::uint32_t>(random.below(population.users())));
  }
  for (std::size_t i = likes.size(); i-- > 0;) {
    if (const auto found = subject_place.find(likes[i].subject); found != subject_place.end()) {
      Subject& subject = subjects_[found->second];
      ++subject.likes;
      if (subject.newest.size() < kListMax) {
        subject.newest.push_back({likes[i].user, Population::at_ms(i)});
      }
    }
    if (const auto found = user_place.find(likes[i].user); found != user_place.end()) {
      users_[found->second].newest.push_back({likes[i].subject, Population::at_ms(i)});
    }
  }
  for (User& user : users_) {
    std::unordered_set<std::uint32_t> liked;
    for (const Listed& item : user.newest) liked.insert(item.id);
    while (user.not_liked.size() < 20) {
      const auto subject = static_cast<std::uint32_t>(random.below(population.subjects()));
      if (!liked.contains(subject)) user.not_liked.push_back(subject);
    }
  }
}

}  // namespace zan::bench
