// Draws from distributions that come out the same on every machine.
//
// The standard library's distributions and the machine's exp() and log() may differ from place to place in the last bit, which is
// enough to make two streams of one seed part. Here both are polynomials over IEEE additions and products, good to 1e-10.
//
// Threads: plain functions; an Rng belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/random.h"

namespace zan::simulation {

double natural_log(double x);  // x > 0
double exponential(double x);  // |x| < 700
double power(double base, double exponent);

// An Rng of its own for each purpose and each number, so that what one part draws moves no other part.
Rng rng_of(std::uint64_t seed, std::uint64_t purpose, std::uint64_t number = 0);

// Draws stand in statements of their own, or in an order the language fixes: operands of * and + are in none.
// In [0, 1), the small more likely: the product of two uniform values.
double draw_small(Rng& rng);
double draw_normal(Rng& rng);
double draw_log_normal(Rng& rng, double median, double sigma);
double draw_waiting(Rng& rng, double mean);
std::uint32_t draw_poisson(Rng& rng, double mean);
// In [low, high]; each value as likely.
std::uint32_t draw_between(Rng& rng, std::uint32_t low, std::uint32_t high);
double draw_between_real(Rng& rng, double low, double high);
// In [low, high]; each order of magnitude as likely. low > 0.
double draw_scale(Rng& rng, double low, double high);

// Items with weights. Picks by binary search over the running sums.
class Weighted {
 public:
  void clear() { sums_.clear(); }
  void reserve(std::size_t count) { sums_.reserve(count); }
  void add(double weight) { sums_.push_back(total() + weight); }
  [[nodiscard]] double total() const { return sums_.empty() ? 0 : sums_.back(); }
  [[nodiscard]] std::size_t size() const { return sums_.size(); }
  // Among the items [first, last). REQUIRES: one of them weighs something.
  [[nodiscard]] std::size_t pick(Rng& rng, std::size_t first, std::size_t last) const;
  [[nodiscard]] std::size_t pick(Rng& rng) const { return pick(rng, 0, sums_.size()); }
  [[nodiscard]] double weight(std::size_t first, std::size_t last) const {
    return first == last ? 0 : sums_[last - 1] - (first == 0 ? 0 : sums_[first - 1]);
  }

 private:
  std::vector<double> sums_;
};

// Fisher and Yates.
template <typename T>
void shuffle(Rng& rng, std::vector<T>& items) {
  for (std::size_t i = items.size(); i > 1; --i) {
    const auto other = static_cast<std::size_t>(rng.below(i));
    T kept = items[i - 1];
    items[i - 1] = items[other];
    items[other] = kept;
  }
}

}  // namespace zan::simulation
