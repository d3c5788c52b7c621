// Spectral filter: keeps what is smooth over the graph of users and items - its slow waves - and drops the rest.
//
// X̃ = Du^-g/2 X Di^-1/2 is cut to its largest singular values by randomized subspace iteration (Halko, Martinsson,
// Tropp 2011); score = x_u Di^-a V f(s) Vᵀ Di^b. With f = 1 this is the ideal low-pass of GF-CF (Shen et al., CIKM
// 2021) and BSPM (Choi et al., SIGIR 2023).
#pragma once

#include <memory>

#include "base/result.h"
#include "matching/models/model.h"

namespace zan::matching {

// Right singular vectors and values.
struct Spectrum {
  std::uint32_t rank = 0;
  std::vector<float> values;   // descending
  std::vector<float> vectors;  // item_count x rank, row after row
};

struct SpectrumOptions {
  std::uint32_t rank = 256;
  double user_exponent = 1;
  double item_exponent = 1;
  std::uint32_t iterations = 6;
  std::uint64_t seed = 1;
  std::size_t threads = 1;
};

// Fewer than `rank` where the matrix has not as many. unavailable: the small eigenproblem does not converge.
Result<Spectrum> spectrum_of(const Interactions& matrix, const SpectrumOptions& options);

struct SpectralOptions {
  std::uint32_t rank = 256;       // of those there are
  double source_exponent = 0.5;   // a
  double target_exponent = -0.5;  // -b: as in LinkFilter, scores are divided by users_j^exponent
  double softness = 0;            // f = s^2 / (s^2 + softness); 0: f = 1
};

// Lifetime: refers to `matrix`; the spectrum is copied.
std::unique_ptr<Model> spectral_model(const Interactions& matrix, const Spectrum& spectrum,
                                      const SpectralOptions& options);

}  // namespace zan::matching
