// GroupMeans: a vector for a work that nobody has taken up yet, from its creator and its tags.
//
// A creator's other works and all works of a tag have mean vectors, drawn towards nothing where they are few. They
// count by how much the works of the group are alike: |mean|^2 over the mean of |v|^2, which is 1 where all are the same
// and about 1 / works where they have nothing in common.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/ids.h"

namespace zan::matching {

// What is known of an item without anybody taking it up.
struct ItemTraits {
  CreatorId creator;  // 0: not known
  std::vector<std::uint32_t> tags;
};

inline constexpr std::uint32_t mean_works_min = 3;         // of a tag
inline constexpr std::size_t mean_tags_max = 20'000;       // the commonest
inline constexpr std::size_t creator_works_few = 4;        // up to so many a mean is made when it is asked for
inline constexpr double mean_shrinkage = 4;                // means are of so many works of nothing, too

// Owns: 4 bytes an item and 8 a creator, d + 2 floats a tag, d + 1 floats a creator with more than a few works: at most
// a fifth of what vectors take. Threads: immutable, once average_creators() is done.
class GroupMeans {
 public:
  // Plain data: what is saved.
  struct Parts {
    std::vector<std::uint32_t> creators;  // ascending
    std::vector<std::uint32_t> offsets;   // into rows; one more than creators, empty if there are none
    std::vector<std::uint32_t> rows;
    std::vector<std::uint32_t> tags;   // ascending
    std::vector<float> means;          // of tags, shrunk, dimension floats each
    std::vector<float> likeness;       // of tags
  };

  GroupMeans() = default;
  explicit GroupMeans(Parts parts) : parts_(std::move(parts)) {}
  // `traits`: one for each row of `vectors`, or none at all. Items at nothing (nobody took them up) count for nothing.
  static GroupMeans of(std::span<const float> vectors, std::size_t dimension, std::span<const ItemTraits> traits);

  // Makes the means of creators with many works, which are not saved. REQUIRES: `vectors` are those it was made of, here
  // and below. Cost: reads them once.
  void average_creators(std::span<const float> vectors, std::size_t dimension);
  // False, and all zero: nothing is known of the creator or any of the tags. REQUIRES: average_creators() is done.
  bool vector_for(CreatorId creator, std::span<const std::uint32_t> tags, std::span<const float> vectors,
                  std::span<float> vector) const;
  [[nodiscard]] const Parts& parts() const { return parts_; }
  [[nodiscard]] std::size_t bytes() const;

 private:
  static constexpr std::uint32_t few = ~std::uint32_t{0};

  Parts parts_;
  std::vector<std::uint32_t> mean_of_;     // of each creator: which mean of creators, or few
  std::vector<float> creator_means_;       // shrunk, dimension floats each
  std::vector<float> creator_likeness_;
};

}  // namespace zan::matching
