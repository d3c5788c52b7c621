// Model: what has been learnt from interactions and can say how well every item suits a user.
//
// All models score users of the matrix they learnt from. Scores of one user can be compared with each other, not with
// another user's or another model's.
#pragma once

#include <cstdint>
#include <span>

#include "matching/interactions.h"

namespace zan::matching {

// Threads: score() may be called from any number of threads. Lifetime: a model may keep a reference to the interactions
// it was made from; they must outlive it.
class Model {
 public:
  virtual ~Model() = default;

  // Row k of `scores`, item_count floats, becomes what items are worth to users[k]; higher is better, finite.
  // REQUIRES: scores.size() == users.size() * item_count; every user < user_count.
  virtual void score(std::span<const std::uint32_t> users, std::span<float> scores) const = 0;
};

}  // namespace zan::matching
