// What a row costs in the runs: written, merged, looked up, scanned. Times are CPU time of the
// calling thread a row, on files of the machine's own disk; the page cache is warm, as it is for a
// server.
//
// The rows are those of likes: 10 M actors, 1 M subjects, milliseconds within 30 days.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/require.h"
#include "base/scratch_folder.h"
#include "storage/run_block.h"
#include "storage/run_key.h"
#include "storage/runs.h"

namespace zan::storage {
namespace {

constexpr std::size_t run_rows = 1'000'000;
constexpr std::uint64_t actor_count = 10'000'000;
constexpr std::uint64_t subject_count = 1'000'000;
constexpr std::uint64_t period_ms = 30ULL * 24 * 3600 * 1000;
constexpr std::uint64_t period_start_us = 1'650'000'000'000'000;

enum Set : std::size_t { reactions, likers, ids, tallies, set_count };

std::vector<RunSchema> bench_schemas() {
  std::vector<RunSchema> schemas(set_count);
  schemas[reactions] = {.name = "reactions", .columns = 4, .key_columns = 2, .filtered = true};
  schemas[reactions].merge = [](Row& older, const Row& newer) {
    if (newer.column[2] >= older.column[2]) older = newer;
  };
  schemas[reactions].keep = [](const Row& row, bool oldest) { return !oldest || row.column[3] != 7; };
  schemas[likers] = {.name = "likers", .columns = 4, .key_columns = 3};
  schemas[ids] = {.name = "ids", .columns = 3, .key_columns = 2, .filtered = true};
  schemas[tallies] = {.name = "tallies", .columns = 3, .key_columns = 2};
  schemas[tallies].merge = [](Row& older, const Row& newer) { older.column[2] += newer.column[2]; };
  return schemas;
}

Row draw(Rng& rng, std::size_t set) {
  const std::uint64_t at = period_start_us + rng.below(period_ms) * 1000;
  const std::uint64_t actor = 1 + rng.below(actor_count);
  const std::uint64_t subject = actor_count + 1 + rng.below(subject_count);
  switch (set) {
    case reactions:
      return {{actor, subject, at, rng.below(4)}};
    case likers:
      return {{subject, static_cast<std::uint64_t>(timestamp_max.us) - at, actor, rng.below(4)}};
    case ids:
      return {{rng.next(), rng.next(), rng.next()}};
    default:
      return {{subject, rng.below(8), rng.below(64)}};
  }
}

std::vector<Row> sorted_rows(std::size_t set, std::uint64_t seed, std::size_t count = run_rows) {
  const unsigned key_columns = bench_schemas()[set].key_columns;
  Rng rng(seed);
  std::vector<Row> rows(count);
  for (Row& row : rows) row = draw(rng, set);
  std::ranges::sort(rows, [&](const Row& a, const Row& b) { return key_less(a, b, key_columns); });
  const auto repeated =
      std::ranges::unique(rows, [&](const Row& a, const Row& b) { return key_equal(a, b, key_columns); });
  rows.erase(repeated.begin(), repeated.end());
  return rows;
}

template <typename T>
T sure(Result<T> result) {
  require(result.ok(), "a step of the benchmark");
  return std::move(result).value();
}
void sure(const Result<void>& result) {
  require(result.ok(), "a step of the benchmark");
}

// A data folder of its own.
class Folder {
 public:
  Folder() : disk_(sure(open_machine_disk(folder_.path()))) {}
  Disk& disk() { return *disk_; }

 private:
  ScratchFolder folder_;
  std::unique_ptr<Disk> disk_;
};

// A set of `runs` runs of a million rows.
std::unique_ptr<Runs> filled(Folder& folder, std::size_t set, std::uint64_t run_count, unsigned fan_in = 8) {
  auto runs = sure(Runs::open(folder.disk(), bench_schemas(), {.fan_in = fan_in}));
  for (std::uint64_t i = 1; i <= run_count; ++i) {
    const std::vector<Row> rows = sorted_rows(set, i);
    const RunSetRows named{set, rows};
    sure(runs->flush(Position{i}, {&named, 1}));
  }
  return runs;
}

void count_rows(benchmark::State& state, double rows_each) {
  const double rows = rows_each * static_cast<double>(state.iterations());
  state.counters["row"] = benchmark::Counter(rows, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void decode_column(benchmark::State& state) {
  const auto width = static_cast<unsigned>(state.range(0));
  Rng rng(1);
  std::vector<std::uint64_t> values(row_block_rows);
  std::vector<std::uint64_t> decoded(row_block_rows * unpack_stride);
  for (std::uint64_t& value : values) value = rng.next() & pack_mask(width);
  std::vector<std::byte> packed(row_block_rows * 8 + pack_slack);
  pack(width, values.data(), row_block_rows / pack_group, packed.data());
  unpack(width, packed.data(), row_block_rows / pack_group, 0, 1, decoded.data());
  for (unsigned i = 0; i < row_block_rows; ++i)
    require(decoded[i * unpack_stride] == values[i], "what was packed comes out");
  for (auto _ : state) {
    unpack(width, packed.data(), row_block_rows / pack_group, 5, 1000, decoded.data());
    benchmark::DoNotOptimize(decoded.data());
  }
  count_rows(state, row_block_rows);
}
BENCHMARK(decode_column)->Arg(0)->Arg(4)->Arg(20)->Arg(32)->Arg(53)->Arg(64);

void encode_blocks(benchmark::State& state) {
  const auto set = static_cast<std::size_t>(state.range(0));
  const std::vector<Row> rows = sorted_rows(set, 1, 16384);
  const unsigned columns = bench_schemas()[set].columns;
  std::vector<std::byte> out(block_bytes_max(columns) + pack_slack);
  std::size_t bytes = 0, count = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i + row_block_rows <= rows.size(); i += row_block_rows) {
      bytes += encode_block({&rows[i], row_block_rows}, columns, {1, i}, out.data());
      count += row_block_rows;
    }
  }
  state.counters["bytes_row"] = static_cast<double>(bytes) / static_cast<double>(count);
  count_rows(state, static_cast<double>(rows.size() / row_block_rows * row_block_rows));
}
BENCHMARK(encode_blocks)->DenseRange(0, 3);

// Sorted rows in, a synced file and a new manifest out.
void flush_rows(benchmark::State& state) {
  const auto set = static_cast<std::size_t>(state.range(0));
  const std::vector<Row> rows = sorted_rows(set, 1);
  Folder folder;
  auto runs = sure(Runs::open(folder.disk(), bench_schemas()));
  const RunSetRows named{set, rows};
  std::uint64_t position = 0;
  for (auto _ : state) sure(runs->flush(Position{++position}, {&named, 1}));
  const auto view = runs->view(set);
  require(view->rows() == rows.size() * position, "every row was written");
  state.counters["bytes_row"] = static_cast<double>(view->bytes()) / static_cast<double>(view->rows());
  count_rows(state, static_cast<double>(rows.size()));
}
BENCHMARK(flush_rows)->DenseRange(0, 3)->Unit(benchmark::kMillisecond);

// Eight runs of a million into one.
void compact_rows(benchmark::State& state) {
  const auto set = static_cast<std::size_t>(state.range(0));
  std::uint64_t rows = 0;
  for (auto _ : state) {
    state.PauseTiming();
    {
      Folder folder;
      auto runs = filled(folder, set, 8);
      rows = runs->view(set)->rows();
      state.ResumeTiming();
      require(sure(runs->compact({})), "a full tier");
      state.PauseTiming();
      const auto view = runs->view(set);
      require(view->run_count() == 1, "one run is left");
      state.counters["bytes_row"] = static_cast<double>(view->bytes()) / static_cast<double>(view->rows());
      state.counters["memory_row"] = static_cast<double>(view->memory_bytes()) / static_cast<double>(view->rows());
    }
    state.ResumeTiming();
  }
  count_rows(state, static_cast<double>(rows));
}
BENCHMARK(compact_rows)->DenseRange(0, 3)->Unit(benchmark::kMillisecond)->Iterations(2);

// The way of a like: is this pair known? Twenty runs of a million, pairs that are absent.
void find_absent(benchmark::State& state) {
  const auto batch = static_cast<std::size_t>(state.range(0));
  Folder folder;
  const auto runs = filled(folder, reactions, 20, 100);
  const auto view = runs->view(reactions);
  Rng rng(99);
  std::vector<Lookup> lookups(batch);
  std::uint64_t found = 0, asked = 0;
  for (auto _ : state) {
    for (Lookup& lookup : lookups) {
      lookup.key0 = 1 + rng.below(actor_count);
      lookup.key1 = actor_count + 1 + rng.below(subject_count);
    }
    sure(view->find_many(lookups));
    for (const Lookup& lookup : lookups) found += lookup.found;
    asked += batch;
  }
  require(found * 100'000 <= asked + 1'000'000, "hardly any random pair is known");
  state.counters["runs"] = static_cast<double>(view->run_count());
  count_rows(state, static_cast<double>(batch));
}
BENCHMARK(find_absent)->Arg(1)->Arg(32)->Arg(128)->Arg(256);

// Pairs that are there, in one run of eight million.
void find_present(benchmark::State& state) {
  Folder folder;
  const auto runs = filled(folder, reactions, 8);
  require(sure(runs->compact({})), "a full tier");
  const auto view = runs->view(reactions);
  const std::vector<Row> rows = sorted_rows(reactions, 3);
  Rng rng(5);
  for (auto _ : state) {
    const Row& row = rows[rng.below(rows.size())];
    Lookup lookup{row.column[0], row.column[1]};
    require(sure(view->find(lookup)), "the pair is there");
    benchmark::DoNotOptimize(lookup);
  }
  count_rows(state, 1);
}
BENCHMARK(find_present);

// The newest hundred likers of a subject that has half of all rows, over twenty runs.
void first_page(benchmark::State& state) {
  Folder folder;
  auto runs = sure(Runs::open(folder.disk(), bench_schemas(), {.fan_in = 100}));
  constexpr std::uint64_t viral = 42;
  for (std::uint64_t i = 1; i <= 20; ++i) {
    std::vector<Row> rows = sorted_rows(likers, i);
    for (std::size_t r = 0; r < rows.size() / 2; ++r) rows[r].column[0] = viral;
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return key_less(a, b, 3); });
    const RunSetRows named{likers, rows};
    sure(runs->flush(Position{i}, {&named, 1}));
  }
  const auto view = runs->view(likers);
  for (auto _ : state) {
    const auto cursor = view->scan({{viral}}, {{viral + 1}});
    Row row, before;
    for (int i = 0; i < 100; ++i) {
      require(sure(cursor->next(row)) && row.column[1] >= before.column[1], "newest first");
      before = row;
    }
  }
}
BENCHMARK(first_page)->Unit(benchmark::kMicrosecond);

// What one actor likes, over twenty runs.
void actor_range(benchmark::State& state) {
  Folder folder;
  const auto runs = filled(folder, reactions, 20, 100);
  const auto view = runs->view(reactions);
  Rng rng(5);
  for (auto _ : state) {
    const std::uint64_t actor = 1 + rng.below(actor_count);
    const auto cursor = view->scan({{actor}}, {{actor + 1}});
    Row row;
    while (sure(cursor->next(row))) require(row.column[0] == actor, "rows of the actor");
  }
}
BENCHMARK(actor_range)->Unit(benchmark::kMicrosecond);

// What a start reads: every tally of one run, and of eight.
void scan_whole(benchmark::State& state) {
  Folder folder;
  const auto runs = filled(folder, tallies, static_cast<std::uint64_t>(state.range(0)), 100);
  const auto view = runs->view(tallies);
  for (auto _ : state) {
    const auto cursor = view->scan({}, {{~0ULL, ~0ULL}});
    std::uint64_t sum = 0;
    for (;;) {
      const auto rows = sure(cursor->next_batch());
      if (rows.empty()) break;
      for (const Row& row : rows) sum += row.column[2];
    }
    require(sum > view->rows(), "tallies were summed");
  }
  count_rows(state, static_cast<double>(view->rows()));
}
BENCHMARK(scan_whole)->Arg(1)->Arg(8)->Unit(benchmark::kMillisecond);

// Opening ten million rows: footers, fences, filters.
void open_again(benchmark::State& state) {
  Folder folder;
  filled(folder, reactions, 10, 100).reset();
  for (auto _ : state) {
    const auto runs = sure(Runs::open(folder.disk(), bench_schemas()));
    require(runs->view(reactions)->run_count() == 10, "all runs are back");
  }
}
BENCHMARK(open_again)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace zan::storage
