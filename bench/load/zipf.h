// Zipf-distributed ranks 0 .. n-1 with exponent 1 by rejection-inversion (Hörmann and Derflinger,
// "Rejection-inversion to generate variates from monotone discrete distributions", 1996), for the
// exponent 1 where the integral is a logarithm.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace zan::bench {

class Zipf {
 public:
  explicit Zipf(std::uint64_t n)
      : n_(static_cast<double>(n)),
        area_low_(std::log(1.5) - 1.0),
        area_high_(std::log(n_ + 0.5)),
        shortcut_(2.0 - std::exp(std::log(2.5) - 0.5)) {}

  template <typename Random>
  std::uint64_t operator()(Random& random) const {
    while (true) {
      const double area = area_high_ + random.unit() * (area_low_ - area_high_);
      const double x = std::exp(area);
      const double k = std::clamp(std::floor(x + 0.5), 1.0, n_);
      if (k - x <= shortcut_ || area >= std::log(k + 0.5) - 1.0 / k) {
        return static_cast<std::uint64_t>(k) - 1;
      }
    }
  }

 private:
  double n_;
  double area_low_;
  double area_high_;
  double shortcut_;
};

}  // namespace zan::bench
