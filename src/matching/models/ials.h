// iALS: users and items as vectors whose product says how well they suit; what nobody took up counts a little as a no.
//
// Minimises sum over pairs of (1 - u·v)^2 + weight * sum over all users and items of (u·v)^2 + penalties that grow with
// how often a user or item occurs, by turns over users and items (Hu, Koren, Volinsky, ICDM 2008). Penalty as in
// "Revisiting the Performance of iALS" (Rendle et al., RecSys 2022), (count + weight * other side)^exponent, in units
// of that of the mean row, so that exponents can be compared.
#pragma once

#include <memory>

#include "base/result.h"
#include "matching/models/model.h"

namespace zan::matching {

struct IalsOptions {
  std::uint32_t dimension = 64;
  double unobserved_weight = 0.1;
  double penalty = 0.01;
  double penalty_exponent = 1;
  std::uint32_t rounds = 8;
  std::uint64_t seed = 1;
  std::size_t threads = 1;
};

// What was learnt: rows of `dimension` floats.
struct Factors {
  std::size_t dimension = 0;
  std::vector<float> users, items;
};

// unavailable: a system is singular. Cost a round, for each row with n entries: n^2 d + n^3 / 3 where n < dimension d,
// n d^2 + d^3 / 3 elsewhere.
Result<Factors> ials(const Interactions& matrix, const IalsOptions& options);

// score(u, j) = u·v_j / users_j^target. REQUIRES: the factors are those of the matrix.
std::unique_ptr<Model> factor_model(const Interactions& matrix, std::shared_ptr<const Factors> factors,
                                    double target_exponent);

}  // namespace zan::matching
