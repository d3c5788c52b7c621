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
  Side(const Vectors& fixed, std::span<const float> squares, const IalsOptions& options)
      : fixed_(fixed), options_(options), dimension_(options.dimension), squares_(squares) {
    const auto count = static_cast<double>(fixed.size() / std::max<std::size_t>(dimension_, 1));
    constant_penalty_ = options.unobserved_weight * count;
  }

  bool solve(std::span<const std::uint32_t> taken, float* out, Room& room) const {
    const std::size_t d = dimension_;
    std::fill_n(out, d, 0.0F);
    if (taken.empty()) return true;
    room.gathered.resize(taken.size() * d);
    for (std::size_t k = 0; k < taken.size(); ++k) std::copy_n(fixed_.data() + taken[k] * d, d, &room.gathered[k * d]);
    const double penalty =
        options_.penalty * std::pow(static_cast<double>(taken.size()) + constant_penalty_, options_.penalty_exponent);
    return taken.size() < d ? solve_few(taken.size(), penalty, out, room) : solve_many(taken.size(), penalty, out, room);
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
  double constant_penalty_;
};

// `fixed` is turned, and `out` solved in the turned coordinates.
bool solve_all(const Interactions& matrix, Vectors& fixed, const IalsOptions& options, Vectors& out) {
  const std::size_t d = options.dimension;
  Vectors axes = gram_of({fixed.data(), fixed.size() / d, d, d}, options.threads), squares(d), turned;
  if (!eigen_in_place({axes.data(), d, d, d}, squares)) return false;
  rotate(fixed, {axes.data(), d, d, d}, turned, options.threads);
  fixed.swap(turned);
  const Side side(fixed, squares, options);
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
  FactorModel(Vectors users, Vectors items, std::size_t dimension)
      : users_(std::move(users)), items_(std::move(items)), dimension_(dimension) {}

  void score(std::span<const std::uint32_t> users, std::span<float> scores) const override {
    const std::size_t count = items_.size() / dimension_;
    Vectors rows;
    for (const std::uint32_t user : users)
      rows.insert(rows.end(), users_.begin() + static_cast<std::ptrdiff_t>(user * dimension_),
                  users_.begin() + static_cast<std::ptrdiff_t>((user + 1) * dimension_));
    multiply(ConstBlock(rows.data(), users.size(), dimension_, dimension_), Turn::as_is,
             ConstBlock(items_.data(), count, dimension_, dimension_), Turn::transposed,
             Block{scores.data(), users.size(), count, count});
  }

 private:
  Vectors users_, items_;
  std::size_t dimension_;
};

}  // namespace

Result<std::unique_ptr<Model>> ials(const Interactions& matrix, const IalsOptions& options) {
  const Interactions turned = transposed(matrix);
  const std::size_t d = options.dimension;
  Vectors users(matrix.user_count() * d, 0.0F), items(matrix.item_count * d);
  Rng rng(options.seed);
  const double scale = 0.1 / std::sqrt(static_cast<double>(d));
  // Twelve uniform numbers less six are normal enough, and the same on every machine.
  for (float& value : items) {
    double sum = -6;
    for (int k = 0; k < 12; ++k) sum += rng.unit();
    value = static_cast<float>(sum * scale);
  }
  for (std::uint32_t round = 0; round < options.rounds; ++round) {
    if (!solve_all(matrix, items, options, users) || !solve_all(turned, users, options, items))
      return unavailable("iALS met a singular system; its penalty is too small");
  }
  if (!solve_all(matrix, items, options, users)) return unavailable("iALS met a singular system");
  return std::unique_ptr<Model>(std::make_unique<FactorModel>(std::move(users), std::move(items), d));
}

}  // namespace zan::matching
