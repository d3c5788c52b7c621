#include "matching/models/spectral.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "matching/models/dense.h"
#include "matching/models/item_graph.h"
#include "matching/models/tall.h"
#include "matching/parallel.h"

namespace zan::matching {
namespace {

constexpr std::size_t rows_at_a_time = 256;

std::vector<float> item_powers(const Interactions& matrix, double exponent) {
  std::vector<float> powers;
  for (const std::uint32_t degree : item_degrees(matrix))
    powers.push_back(degree == 0 ? 0.0F : static_cast<float>(std::pow(static_cast<double>(degree), -exponent)));
  return powers;
}

// to.row(r) = row_scale_r * sum over the columns c of r of column_scale_c * from.row(c)
void sparse_times(const Interactions& matrix, const std::vector<float>& row_scale,
                  const std::vector<float>& column_scale, const std::vector<float>& from, std::vector<float>& to,
                  std::size_t width, std::size_t threads) {
  in_chunks(threads, matrix.user_count(), rows_at_a_time, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t row = begin; row < end; ++row) {
      float* out = to.data() + row * width;
      std::fill_n(out, width, 0.0F);
      for (const std::uint32_t column : matrix.of(static_cast<std::uint32_t>(row))) {
        const float scale = row_scale[row] * column_scale[column];
        const float* in = from.data() + column * width;
        for (std::size_t k = 0; k < width; ++k) out[k] += scale * in[k];
      }
    }
  });
}

// Columns of `basis` (rows x width) become orthonormal, through the eigenvectors of their Gram matrix; directions that
// are only rounding are left out. Returns the new width, 0 if the eigenproblem failed.
std::size_t orthonormalise(std::vector<float>& basis, std::size_t rows, std::size_t width, std::vector<float>& room,
                           std::size_t threads) {
  std::vector<float> gram = gram_of({basis.data(), rows, width, width}, threads);
  std::vector<float> values(width);
  if (!eigen_in_place({gram.data(), width, width, width}, values)) return 0;
  const float least = std::max(values.back() * 1e-6F, 1e-30F);
  std::size_t first = 0;
  while (first < width && values[first] < least) ++first;
  for (std::size_t k = first; k < width; ++k) {
    const float scale = 1 / std::sqrt(values[k]);
    for (std::size_t c = 0; c < width; ++c) gram[k * width + c] *= scale;
  }
  rotate(basis, {gram.data() + first * width, width - first, width, width}, room, threads);
  basis.swap(room);
  return width - first;
}

std::vector<float> random_basis(std::size_t rows, std::size_t width, std::uint64_t seed) {
  std::vector<float> basis(rows * width);
  Rng rng(seed);
  for (float& value : basis) value = static_cast<float>(rng.unit() + rng.unit() + rng.unit() + rng.unit() - 2);
  return basis;
}

class SpectralModel final : public Model {
 public:
  SpectralModel(const Interactions& matrix, const Spectrum& spectrum, const SpectralOptions& options)
      : matrix_(matrix), rank_(std::min(options.rank, spectrum.rank)) {
    const auto source = item_powers(matrix, options.source_exponent);
    const auto target = item_powers(matrix, options.target_exponent);
    for (std::size_t item = 0; item < matrix.item_count; ++item) {
      for (std::size_t k = 0; k < rank_; ++k) {
        const float value = spectrum.vectors[item * spectrum.rank + k];
        const double square = static_cast<double>(spectrum.values[k]) * static_cast<double>(spectrum.values[k]);
        const double pass = options.softness > 0 ? square / (square + options.softness) : 1;
        in_.push_back(source[item] * value * static_cast<float>(pass));
        out_.push_back(target[item] * value);
      }
    }
  }

  void score(std::span<const std::uint32_t> users, std::span<float> scores) const override {
    std::vector<float> waves(users.size() * rank_, 0.0F);
    for (std::size_t row = 0; row < users.size(); ++row) {
      for (const std::uint32_t item : matrix_.of(users[row])) {
        for (std::size_t k = 0; k < rank_; ++k) waves[row * rank_ + k] += in_[item * rank_ + k];
      }
    }
    multiply(ConstBlock(waves.data(), users.size(), rank_, rank_), Turn::as_is,
             ConstBlock(out_.data(), matrix_.item_count, rank_, rank_), Turn::transposed,
             Block{scores.data(), users.size(), matrix_.item_count, matrix_.item_count});
  }

 private:
  const Interactions& matrix_;
  std::size_t rank_;
  std::vector<float> in_, out_;
};

}  // namespace

Result<Spectrum> spectrum_of(const Interactions& matrix, const SpectrumOptions& options) {
  const Interactions turned = transposed(matrix);
  const std::vector<float> user_scale = user_weights(matrix, options.user_exponent / 2);
  const std::vector<float> item_scale = item_powers(matrix, options.item_exponent / 2);
  const std::size_t users = matrix.user_count(), items = matrix.item_count;
  std::size_t width = std::min<std::size_t>(options.rank + 16, std::min(users, items));
  if (width == 0) return Spectrum{};
  std::vector<float> basis = random_basis(items, width, options.seed), other, room;
  for (std::uint32_t round = 0; round < options.iterations; ++round) {
    width = orthonormalise(basis, items, width, room, options.threads);
    if (width == 0) return unavailable("the subspace of the spectral filter does not converge");
    other.resize(users * width);
    sparse_times(matrix, user_scale, item_scale, basis, other, width, options.threads);
    if (round + 1 == options.iterations) break;
    sparse_times(turned, item_scale, user_scale, other, basis, width, options.threads);
  }
  // Rayleigh-Ritz: the basis turned so that X̃ V has orthogonal columns, whose lengths are the singular values.
  std::vector<float> gram = gram_of({other.data(), users, width, width}, options.threads), values(width);
  if (!eigen_in_place({gram.data(), width, width, width}, values))
    return unavailable("the eigenvalues of the spectral filter do not converge");
  Spectrum spectrum;
  spectrum.rank = static_cast<std::uint32_t>(std::min<std::size_t>(options.rank, width));
  std::vector<float> turn;
  for (std::size_t k = width; k-- > width - spectrum.rank;) {
    spectrum.values.push_back(std::sqrt(std::max(values[k], 0.0F)));
    turn.insert(turn.end(), gram.begin() + static_cast<std::ptrdiff_t>(k * width),
                gram.begin() + static_cast<std::ptrdiff_t>((k + 1) * width));
  }
  rotate(basis, {turn.data(), spectrum.rank, width, width}, spectrum.vectors, options.threads);
  return spectrum;
}

std::unique_ptr<Model> spectral_model(const Interactions& matrix, const Spectrum& spectrum,
                                      const SpectralOptions& options) {
  return std::make_unique<SpectralModel>(matrix, spectrum, options);
}

}  // namespace zan::matching
