// Sudden groups of edges in a stream: scores each edge by how much more often its source, its target and the two
// together are seen just now than they were before.
//
// After MIDAS-R and MIDAS-F (Bhatia, Hooi, Yoon, Shin, Faloutsos, "MIDAS: Microcluster-Based Detector of Anomalies in
// Edge Streams", AAAI 2020; Bhatia, Liu, Hooi, Yoon, Shin, Faloutsos, "Real-time Anomaly Detection in Edge Streams",
// TKDD 2022), written from the papers. Three count-min sketches (pairs, sources, targets) hold for each cell what is
// seen now, fading by `fading` a tick, and the sum of that over all ticks before. A cell whose last score is over
// `filter_score` does not let its present into its past, so an attack that lasts does not become the usual.
//
// What differs from the papers:
//   - cells are brought up to date when touched, by closed forms of the same sums, not all of them at each tick: the
//     cost of an edge depends neither on the width nor on how many ticks passed
//   - Statistic::deviance, the default: twice the log likelihood ratio of Poisson counts (Wilks 1938), 2 (a ln(a/m) - a + m)
//     for a seen where m is usual. The papers' (a - m)^2 / m grows without bound as m goes to zero, so a single edge of
//     a rare pair beats any burst; and it is left out where nothing was seen before, so a burst out of nothing is found
//     only if the sketch is small enough to collide. `prior` stands for what nobody has seen yet. docs/integrity_burst.md
//     has the numbers.
//   - a lull scores zero
//
// Threads: one. Memory: columns * rows * 48 bytes, fixed. Cost: rows * 3 cells an edge.
// Ticks:   any even step of time, a minute say, from 1; one that goes back counts as the latest seen.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace zan::integrity {

enum class BurstStatistic : std::uint8_t { deviance = 0, chi_square = 1 };

struct BurstOptions {
  BurstStatistic statistic = BurstStatistic::deviance;
  std::uint32_t rows = 2;        // 1 .. burst_rows_max
  std::uint32_t columns = 2048;  // 1 .. burst_columns_max
  double fading = 0.9;           // what a tick leaves of the present, in [0, 1): 0.9 remembers about ten ticks
  double filter_score = 300;     // above it, the present stays out of the past
  double prior = 0.1;            // added to the sum of the past; deviance only
  std::uint64_t seed = 0;        // of the hashes; secret, or strangers choose who collides
};

inline constexpr std::uint32_t burst_rows_max = 4;
inline constexpr std::uint32_t burst_columns_max = 1 << 22;

class BurstDetector {
 public:
  explicit BurstDetector(const BurstOptions& options = {});

  struct Scores {
    double pair = 0, source = 0, target = 0;
    [[nodiscard]] double highest() const;
  };

  // Counts the edge, and says how unusual each of its parts is now; zero: as ever.
  Scores observe(std::uint64_t source, std::uint64_t target, std::uint64_t tick);
  double score(std::uint64_t source, std::uint64_t target, std::uint64_t tick) {
    return observe(source, target, tick).highest();
  }

  [[nodiscard]] std::uint64_t bytes() const;

  void save(Bytes& out) const;
  // Leaves the detector as it was where it fails. Errors: corrupt, unsupported; invalid where options differ.
  Result<void> load(ByteSpan bytes);

 private:
  struct Cell {
    float now = 0;    // of the tick, fading
    float past = 0;   // sum of `now` over the ticks before
    float score = 0;  // the last
    std::uint32_t tick = 1;
  };
  using Sketch = std::vector<Cell>;

  void bring_up(Cell& cell) const;
  double count(Sketch& sketch, std::uint64_t hash);
  [[nodiscard]] double score_of(float now, float past) const;

  BurstOptions options_;
  std::uint32_t tick_ = 1;
  std::array<float, 257> fade_{};  // fading to the power of the index
  Sketch pairs_, sources_, targets_;
};

}  // namespace zan::integrity
