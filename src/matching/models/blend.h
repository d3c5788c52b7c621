// Blend: several models' scores added up, each with a weight.
//
// Models scale their scores as they like, so each user's scores of each model are first divided by their spread: the
// standard deviation over all items, or the best score among the items the user has not. Different families err
// differently, which is why the sum ranks better than the best of them.
#pragma once

#include <memory>
#include <vector>

#include "matching/models/model.h"

namespace zan::matching {

enum class Spread { deviation, best };

// What to multiply one user's scores with; 0 if they do not differ. `taken`: the user's items, ascending.
float scale_of(Spread spread, std::span<const float> scores, std::span<const std::uint32_t> taken);

struct BlendMember {
  std::unique_ptr<Model> model;
  double weight = 1;
};

// Whoever has no items gets what is popular; where models say nothing, popularity decides, too.
// Lifetime: refers to `matrix`. Memory in score(): one more matrix of scores.
std::unique_ptr<Model> blend(const Interactions& matrix, std::vector<BlendMember> members, Spread spread);

}  // namespace zan::matching
