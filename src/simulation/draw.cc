#include "simulation/draw.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/hash.h"

namespace zan::simulation {
namespace {

constexpr double ln_2 = 0.693147180559945309417;
constexpr double sqrt_2 = 1.41421356237309504880;

double power_of_two(int exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

}  // namespace

// x = m * 2^k with m around 1, and ln m = 2 artanh((m - 1) / (m + 1)).
double natural_log(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  int k = static_cast<int>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0x000f'ffff'ffff'ffffULL) | 0x3ff0'0000'0000'0000ULL);
  if (m > sqrt_2) {
    m /= 2;
    ++k;
  }
  const double s = (m - 1) / (m + 1);
  const double q = s * s;
  double sum = 1.0 / 13;
  for (const double odd : {11.0, 9.0, 7.0, 5.0, 3.0, 1.0}) sum = sum * q + 1 / odd;
  return 2 * s * sum + k * ln_2;
}

// exp(x) = 2^k exp(r) with |r| <= ln 2 / 2, the latter by Taylor's series.
double exponential(double x) {
  const double k = std::floor(x / ln_2 + 0.5);
  const double r = x - k * ln_2;
  double sum = 1;
  for (int n = 11; n > 0; --n) sum = 1 + sum * r / n;
  return sum * power_of_two(static_cast<int>(k));
}

double power(double base, double exponent) {
  return exponential(exponent * natural_log(base));
}

Rng rng_of(std::uint64_t seed, std::uint64_t purpose, std::uint64_t number) {
  return Rng(mix64(mix64(mix64(seed + 0x9e3779b97f4a7c15ULL) + purpose) + number));
}

double draw_small(Rng& rng) {
  const double first = rng.unit();
  return first * rng.unit();
}

// Marsaglia's polar method; the second value is thrown away, so that a draw depends on nothing before it.
double draw_normal(Rng& rng) {
  for (;;) {
    const double u = 2 * rng.unit() - 1;
    const double v = 2 * rng.unit() - 1;
    const double s = u * u + v * v;
    if (s > 0 && s < 1) return u * std::sqrt(-2 * natural_log(s) / s);
  }
}

double draw_log_normal(Rng& rng, double median, double sigma) {
  return median * exponential(sigma * draw_normal(rng));
}

double draw_waiting(Rng& rng, double mean) {
  return -mean * natural_log(1 - rng.unit());
}

std::uint32_t draw_poisson(Rng& rng, double mean) {
  if (mean <= 0) return 0;
  if (mean > 30) {
    const double value = mean + std::sqrt(mean) * draw_normal(rng) + 0.5;
    return value < 0 ? 0 : static_cast<std::uint32_t>(value);
  }
  const double limit = exponential(-mean);
  std::uint32_t count = 0;
  for (double product = rng.unit(); product > limit; product *= rng.unit()) ++count;
  return count;
}

std::uint32_t draw_between(Rng& rng, std::uint32_t low, std::uint32_t high) {
  return low + static_cast<std::uint32_t>(rng.below(static_cast<std::uint64_t>(high) - low + 1));
}

double draw_between_real(Rng& rng, double low, double high) {
  return low + (high - low) * rng.unit();
}

double draw_scale(Rng& rng, double low, double high) {
  return exponential(draw_between_real(rng, natural_log(low), natural_log(high)));
}

std::size_t Weighted::pick(Rng& rng, std::size_t first, std::size_t last) const {
  const double below = first == 0 ? 0 : sums_[first - 1];
  const double sum = below + rng.unit() * (sums_[last - 1] - below);
  const auto begin = sums_.begin();
  const auto found =
      std::upper_bound(begin + static_cast<std::ptrdiff_t>(first), begin + static_cast<std::ptrdiff_t>(last - 1), sum);
  return static_cast<std::size_t>(found - begin);
}

}  // namespace zan::simulation
