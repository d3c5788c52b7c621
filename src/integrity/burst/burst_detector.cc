#include "integrity/burst/burst_detector.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "base/hash.h"
#include "base/require.h"
#include "integrity/features/portable_log.h"
#include "integrity/features/sealed_bytes.h"

namespace zan::integrity {
namespace {

constexpr std::uint32_t saved_magic = 0x5a424431;  // "1DBZ"
constexpr std::uint32_t saved_version = 1;
constexpr std::uint64_t source_salt = 0x9e3779b97f4a7c15ULL;
constexpr std::uint64_t target_salt = 0xc2b2ae3d27d4eb4fULL;

bool plausible(float value) {
  return value >= 0 && value <= std::numeric_limits<float>::max();
}

void put_options(Bytes& out, const BurstOptions& options) {
  put_fixed(out, static_cast<std::uint32_t>(options.statistic));
  put_fixed(out, options.rows);
  put_fixed(out, options.columns);
  put_fixed(out, options.fading);
  put_fixed(out, options.filter_score);
  put_fixed(out, options.prior);
  put_fixed(out, options.seed);
}

}  // namespace

double BurstDetector::Scores::highest() const {
  return std::max({pair, source, target});
}

BurstDetector::BurstDetector(const BurstOptions& options) : options_(options) {
  require(options.rows >= 1 && options.rows <= burst_rows_max, "rows of a burst detector");
  require(options.columns >= 1 && options.columns <= burst_columns_max, "columns of a burst detector");
  require(options.fading >= 0 && options.fading < 1, "fading of a burst detector");
  require(options.prior >= 0 && options.filter_score > 0, "options of a burst detector");
  double power = 1;
  for (float& fade : fade_) {
    fade = static_cast<float>(power);
    power *= options.fading;
  }
  fade_.back() = 0;
  for (Sketch* sketch : {&pairs_, &sources_, &targets_}) sketch->resize(std::size_t{options.rows} * options.columns);
}

std::uint64_t BurstDetector::bytes() const {
  return 3 * pairs_.size() * sizeof(Cell);
}

BurstDetector::Scores BurstDetector::observe(std::uint64_t source, std::uint64_t target, std::uint64_t tick) {
  tick_ = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(tick, tick_, std::numeric_limits<std::uint32_t>::max()));
  const std::uint64_t source_hash = mix64(source ^ options_.seed ^ source_salt);
  const std::uint64_t target_hash = mix64(target ^ options_.seed ^ target_salt);
  return {count(pairs_, mix64(source_hash + std::rotl(target_hash, 23))), count(sources_, source_hash),
          count(targets_, target_hash)};
}

// The ticks since the cell was touched, at once. Let n ticks lie before it and k since; its score has not changed, so
// either every one of them was added to the past, now * (1 + f + ... + f^(k-1)), or none was and the mean stood still.
void BurstDetector::bring_up(Cell& cell) const {
  const std::uint32_t ticks = tick_ - cell.tick;
  if (ticks == 0) return;
  const float fade = fade_[std::min<std::size_t>(ticks, fade_.size() - 1)];
  if (cell.score < options_.filter_score) {
    cell.past += cell.now * (1 - fade) / static_cast<float>(1 - options_.fading);
  } else if (cell.tick > 1) {
    cell.past *= static_cast<float>(tick_ - 1) / static_cast<float>(cell.tick - 1);
  }
  cell.now *= fade;
  cell.tick = tick_;
}

double BurstDetector::count(Sketch& sketch, std::uint64_t hash) {
  Cell* cells[burst_rows_max];
  float now = std::numeric_limits<float>::max();
  float past = now;
  for (std::uint32_t row = 0; row < options_.rows; ++row) {
    const std::uint64_t column = ((hash & 0xffff'ffff) * options_.columns) >> 32;
    hash = row % 2 == 0 ? std::rotl(hash, 32) : mix64(hash + row);
    Cell& cell = sketch[std::size_t{row} * options_.columns + column];
    bring_up(cell);
    cell.now += 1;
    now = std::min(now, cell.now);
    past = std::min(past, cell.past);
    cells[row] = &cell;
  }
  const double score = score_of(now, past);
  for (std::uint32_t row = 0; row < options_.rows; ++row) cells[row]->score = static_cast<float>(score);
  return score;
}

double BurstDetector::score_of(float now, float past) const {
  if (tick_ == 1) return 0;
  const bool deviance = options_.statistic == BurstStatistic::deviance;
  const double usual = (static_cast<double>(past) + (deviance ? options_.prior : 0)) / (tick_ - 1);
  if (usual <= 0 || now <= usual) return 0;
  const double more = now - usual;
  const double score = deviance ? 2 * (now * portable_log(now / usual) - more) : more * more / usual;
  return std::min<double>(score, std::numeric_limits<float>::max());
}

void BurstDetector::save(Bytes& out) const {
  SealedWriter frame(out, saved_magic, saved_version);
  put_options(out, options_);
  put_fixed(out, tick_);
  for (const Sketch* sketch : {&pairs_, &sources_, &targets_})
    put_bytes(out, {reinterpret_cast<const std::byte*>(sketch->data()), sketch->size() * sizeof(Cell)});
  frame.end();
}

Result<void> BurstDetector::load(ByteSpan bytes) {
  ZAN_ASSIGN(const ByteSpan body, open_sealed(bytes, saved_magic, saved_version));
  Bytes mine;
  put_options(mine, options_);
  ByteReader reader(body);
  const ByteSpan theirs = reader.take(mine.size());
  const auto tick = reader.fixed<std::uint32_t>();
  if (!reader.ok() || tick == 0) return corrupt("a saved burst detector without its options");
  if (!std::equal(theirs.begin(), theirs.end(), mine.begin(), mine.end()))
    return invalid("the burst detector was saved with other options");
  if (reader.left() != this->bytes()) return corrupt("a saved burst detector of another size");
  std::array<Sketch, 3> sketches;
  for (Sketch& sketch : sketches) {
    sketch.resize(pairs_.size());
    std::memcpy(sketch.data(), reader.take(sketch.size() * sizeof(Cell)).data(), sketch.size() * sizeof(Cell));
    for (const Cell& cell : sketch) {
      if (!plausible(cell.now) || !plausible(cell.past) || !plausible(cell.score) || cell.tick == 0 || cell.tick > tick)
        return corrupt("a saved burst detector with impossible counts");
    }
  }
  tick_ = tick;
  pairs_ = std::move(sketches[0]);
  sources_ = std::move(sketches[1]);
  targets_ = std::move(sketches[2]);
  return {};
}

}  // namespace zan::integrity
