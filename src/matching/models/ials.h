// iALS: users and items as vectors whose product says how well they suit; what nobody took up counts a little as a no.
//
// Minimises sum over pairs of (1 - u·v)^2 + weight * sum over all users and items of (u·v)^2 + penalties that grow with
// how often a user or item occurs, by turns over users and items (Hu, Koren, Volinsky, ICDM 2008). Penalty as in
// "Revisiting the Performance of iALS" (Rendle et al., RecSys 2022): penalty * (count + weight * other side)^exponent.
#pragma once

#include <memory>

#include "base/result.h"
#include "matching/models/model.h"

namespace zan::matching {

struct IalsOptions {
  std::uint32_t dimension = 64;
  double unobserved_weight = 0.1;
  double penalty = 0.003;
  double penalty_exponent = 1;
  std::uint32_t rounds = 10;
  std::uint64_t seed = 1;
  std::size_t threads = 1;
};

// Copies nothing of the matrix; refers to it no longer than the call. unavailable: a system is singular.
// Cost a round, for each row with n entries: n^2 d + n^3 / 3 where n < dimension d, n d^2 + d^3 / 3 elsewhere.
Result<std::unique_ptr<Model>> ials(const Interactions& matrix, const IalsOptions& options);

}  // namespace zan::matching
