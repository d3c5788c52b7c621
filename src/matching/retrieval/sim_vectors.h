// Made-up vectors for tests: works of many topics and sub-topics, most of them short and a few long, as learnt ones are;
// people of a few topics each.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/random.h"

namespace zan::matching {

struct SimVectors {
  std::size_t dimension;
  std::vector<float> works, people;  // rows of `dimension`
};

// Same seed, same vectors. `topics`: 0 makes them random in all directions, with nothing to go by.
inline SimVectors sim_vectors(std::size_t works, std::size_t people, std::size_t dimension, std::size_t topics,
                              std::uint64_t seed) {
  Rng rng(seed);
  const auto normal = [&] {
    double sum = -6;
    for (int k = 0; k < 12; ++k) sum += rng.unit();
    return sum;
  };
  const auto fall = [](std::size_t axis) { return 1 / std::sqrt(1 + static_cast<double>(axis) / 8); };
  constexpr std::size_t parts = 20;  // of a topic
  std::vector<double> centres;
  for (std::size_t topic = 0; topic < topics; ++topic) {
    std::vector<double> middle;
    for (std::size_t c = 0; c < dimension; ++c) middle.push_back(normal() * fall(c));
    for (std::size_t part = 0; part < parts; ++part) {
      for (std::size_t c = 0; c < dimension; ++c) centres.push_back(middle[c] + 0.7 * normal() * fall(c));
    }
  }
  const auto add = [&](std::size_t mixed, double noise, double length, std::vector<float>& to) {
    std::vector<double> vector(dimension, 0.0);
    for (std::size_t k = 0; topics > 0 && k < mixed; ++k) {
      const std::size_t at = rng.below(topics * parts);
      for (std::size_t c = 0; c < dimension; ++c)
        vector[c] += centres[at * dimension + c] / static_cast<double>(mixed);
    }
    double square = 1e-9;
    for (std::size_t c = 0; c < dimension; ++c) {
      vector[c] += noise * normal() * (topics > 0 ? fall(c) : 1);
      square += vector[c] * vector[c];
    }
    for (const double value : vector) to.push_back(static_cast<float>(value * length / std::sqrt(square)));
  };
  SimVectors made{dimension, {}, {}};
  for (std::size_t k = 0; k < works; ++k) add(1, 0.8, 0.15 * std::pow(rng.unit() + 1e-6, -0.25), made.works);
  for (std::size_t k = 0; k < people; ++k) add(4, 0.5, 1, made.people);
  return made;
}

}  // namespace zan::matching
