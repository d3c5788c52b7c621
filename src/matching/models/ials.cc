#include "matching/models/ials.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "base/random.h"
#include "matching/models/dense.h"
#include "matching/models/tall.h"
#include "matching/parallel.h"

namespace zan::matching {
namespace {

using Vectors = std::vector<float>;  // count x dimension, row after row

// What one thread needs besides.
struct Room {
  Vectors gathered, scaled, system, solution;
};

// Solves for the vectors of one side, those of the other being given, and turned so that the sum of their v vᵀ is
// diagonal. A row with fewer entries than dimensions is then solved in as many unknowns as it has entries (Woodbury).
class Side {
 public:
  // `squares`: of each dimension, over all fixed vectors.
  // `mean_size`: entries of the mean row of the side to solve.
  Side(const Vectors& fixed, std::span<const float> squares, double mean_size, const IalsOptions& options)
      : fixed_(fixed), options_(options), dimension_(options.dimension), squares_(squares) {
    const auto count = static_cast<double>(fixed.size() / std::max<std::size_t>(dimension_, 1));
    weight_of_all_ = options.unobserved_weight * count;
    mean_weight_ = std::max(mean_size + weight_of_all_, 1e-9);
  }

  bool solve(std::span<const std::uint32_t> taken, float* out, Room& room) const {
    const std::size_t d = dimension_;
    std::fill_n(out, d, 0.0F);
    if (taken.empty()) return true;
    room.gathered.resize(taken.size() * d);
    for (std::size_t k = 0; k < taken.size(); ++k) std::copy_n(fixed_.data() + taken[k] * d, d, &room.gathered[k * d]);
    const double weight = static_cast<double>(taken.size()) + weight_of_all_;
    const double penalty = options_.penalty * mean_weight_ * std::pow(weight / mean_weight_, options_.penalty_exponent);
    return taken.size() < d ? solve_few(taken.size(), penalty, out, room)
                            : solve_many(taken.size(), penalty, out, room);
  }

 private:
  [[nodiscard]] float diagonal(std::size_t c, double penalty) const {
    return static_cast<float>(options_.unobserved_weight * std::max(0.0, static_cast<double>(squares_[c])) + penalty);
  }

  // D + Vᵀ V, with V the taken vectors, d unknowns.
  bool solve_many(std::size_t count, double penalty, float* out, Room& room) const {
    const std::size_t d = dimension_;
    for (std::size_t k = 0; k < count; ++k) {
      for (std::size_t c = 0; c < d; ++c) out[c] += room.gathered[k * d + c];
    }
    room.system.assign(d * d, 0.0F);
    add_gram({room.gathered.data(), count, d, d}, {room.system.data(), d, d, d}, 0);
    for (std::size_t c = 0; c < d; ++c) room.system[c * d + c] += diagonal(c, penalty);
    return solve_in_place({room.system.data(), d, d, d}, {out, d});
  }

  // (D + Vᵀ V)^-1 Vᵀ 1 = D^-1 Vᵀ (1 + V D^-1 Vᵀ)^-1 1.
  bool solve_few(std::size_t count, double penalty, float* out, Room& room) const {
    const std::size_t d = dimension_;
    room.scaled.resize(count * d);
    for (std::size_t c = 0; c < d; ++c) {
      const float scale = 1 / diagonal(c, penalty);
      for (std::size_t k = 0; k < count; ++k) room.scaled[k * d + c] = room.gathered[k * d + c] * scale;
    }
    room.system.resize(count * count);
    multiply({room.scaled.data(), count, d, d}, Turn::as_is, {room.gathered.data(), count, d, d}, Turn::transposed,
             {room.system.data(), count, count, count});
    for (std::size_t k = 0; k < count; ++k) room.system[k * count + k] += 1;
    room.solution.assign(count, 1.0F);
    if (!solve_in_place({room.system.data(), count, count, count}, room.solution)) return false;
    for (std::size_t k = 0; k < count; ++k) {
      for (std::size_t c = 0; c < d; ++c) out[c] += room.solution[k] * room.scaled[k * d + c];
    }
    return true;
  }

  const Vectors& fixed_;
  const IalsOptions& options_;
  std::size_t dimension_;
  std::span<const float> squares_;
  double weight_of_all_, mean_weight_;
};

// `fixed` is turned, and `out` solved in the turned coordinates.
bool solve_all(const Interactions& matrix, Vectors& fixed, const IalsOptions& options, Vectors& out) {
  const std::size_t d = options.dimension;
  Vectors axes = gram_of({fixed.data(), fixed.size() / d, d, d}, options.threads), squares(d), turned;
  if (!eigen_in_place({axes.data(), d, d, d}, squares)) return false;
  rotate(fixed, {axes.data(), d, d, d}, turned, options.threads);
  fixed.swap(turned);
  const double rows = std::max(1.0, static_cast<double>(matrix.user_count()));
  const Side side(fixed, squares, static_cast<double>(matrix.pair_count()) / rows, options);
  std::vector<Room> rooms(options.threads);
  std::atomic<bool> good = true;
  in_chunks(options.threads, matrix.user_count(), 32, [&](std::size_t begin, std::size_t end, std::size_t worker) {
    for (std::size_t row = begin; row < end && good; ++row) {
      if (!side.solve(matrix.of(static_cast<std::uint32_t>(row)), out.data() + row * d, rooms[worker])) good = false;
    }
  });
  return good;
}

class FactorModel final : public Model {
 public:
  FactorModel(const Interactions& matrix, std::shared_ptr<const Factors> factors, double target_exponent)
      : factors_(std::move(factors)) {
    for (const std::uint32_t degree : item_degrees(matrix))
      target_.push_back(static_cast<float>(std::pow(std::max(1.0, static_cast<double>(degree)), -target_exponent)));
  }

  void score(std::span<const std::uint32_t> users, std::span<float> scores) const override {
    const std::size_t d = factors_->dimension, count = target_.size();
    Vectors rows(users.size() * d);
    for (std::size_t row = 0; row < users.size(); ++row)
      std::copy_n(factors_->users.begin() + static_cast<std::ptrdiff_t>(users[row] * d), d,
                  rows.begin() + static_cast<std::ptrdiff_t>(row * d));
    multiply(ConstBlock(rows.data(), users.size(), d, d), Turn::as_is, ConstBlock(factors_->items.data(), count, d, d),
             Turn::transposed, Block{scores.data(), users.size(), count, count});
    for (std::size_t row = 0; row < users.size(); ++row) {
      for (std::size_t item = 0; item < count; ++item) scores[row * count + item] *= target_[item];
    }
  }

 private:
  std::shared_ptr<const Factors> factors_;
  std::vector<float> target_;
};

}  // namespace

Result<Factors> ials(const Interactions& matrix, const IalsOptions& options) {
  const Interactions turned = transposed(matrix);
  const std::size_t d = options.dimension;
  Factors factors{d, Vectors(matrix.user_count() * d, 0.0F), Vectors(matrix.item_count * d)};
  Rng rng(options.seed);
  const double scale = 0.1 / std::sqrt(static_cast<double>(d));
  // Twelve uniform numbers less six are normal enough, and the same on every machine.
  for (float& value : factors.items) {
    double sum = -6;
    for (int k = 0; k < 12; ++k) sum += rng.unit();
    value = static_cast<float>(sum * scale);
  }
  bool good = true;
  for (std::uint32_t round = 0; good && round < options.rounds; ++round)
    good = solve_all(matrix, factors.items, options, factors.users) &&
           solve_all(turned, factors.users, options, factors.items);
  if (!good || !solve_all(matrix, factors.items, options, factors.users))
    return unavailable("iALS met a singular system; its penalty is too small");
  return factors;
}

std::unique_ptr<Model> factor_model(const Interactions& matrix, std::shared_ptr<const Factors> factors,
                                    double target_exponent) {
  return std::make_unique<FactorModel>(matrix, std::move(factors), target_exponent);
}

}  // namespace zan::matching
