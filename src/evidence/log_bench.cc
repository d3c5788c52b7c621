// What the log costs: entries integrated durably with tiles written and checkpoints signed and published, a start over
// them, and a proof out of them. On files of the machine's own disk; wall time, since syncing is most of what may be
// slow.
//
// Entries are of 34 bytes, as a type, a version and a commitment take. What was written is verified before anything is
// reported.

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/require.h"
#include "evidence/log.h"

namespace zan::evidence {
namespace {

constexpr std::size_t entry_size = 34;

template <typename T>
T sure(Result<T> result) {
  if (!result.ok()) fmt::print(stderr, "{}\n", result.error().message);
  require(result.ok(), "a step of the benchmark");
  return std::move(result).value();
}
void sure(const Result<void>& result) {
  if (!result.ok()) fmt::print(stderr, "{}\n", result.error().message);
  require(result.ok(), "a step of the benchmark");
}

// All folders go at the end of the program: ext4 keeps an inode back for up to six minutes after its file was removed,
// and looks at all of those whenever a file is made. Two runs of this program within six minutes are not comparable.
struct Folders {
  Folders() { std::filesystem::create_directories(root); }
  ~Folders() { std::filesystem::remove_all(root); }
  Folders(const Folders&) = delete;
  Folders& operator=(const Folders&) = delete;
  std::filesystem::path root = std::filesystem::temp_directory_path() / fmt::format("zan-log-bench-{}", ::getpid());
  int made = 0;
};

class Folder {
 public:
  Folder() {
    static Folders folders;
    path_ = folders.root / std::to_string(++folders.made);
    disk_ = sure(storage::open_machine_disk(path_.string()));
  }

  storage::Disk& disk() { return *disk_; }
  std::unique_ptr<Log> open() { return sure(Log::open(*disk_, machine_entropy(), {.origin = "example.com/bench"})); }
  // Of the tiles: as a server counts them, and as the file system does.
  std::pair<std::uint64_t, std::uint64_t> tile_bytes() const {
    std::uint64_t bytes = 0;
    std::uint64_t files = 0;
    for (const auto& file : std::filesystem::recursive_directory_iterator(path_ / "log" / "tile")) {
      if (!file.is_regular_file()) continue;
      bytes += file.file_size();
      ++files;
    }
    return {bytes, files};
  }

 private:
  std::filesystem::path path_;
  std::unique_ptr<storage::Disk> disk_;
};

void fill(Log& log, std::uint64_t count, std::size_t batch_size, Rng& rng) {
  EntryBatch batch;
  std::uint64_t entry[(entry_size + 7) / 8];
  for (std::uint64_t done = 0; done < count;) {
    batch.clear();
    for (; batch.count() < batch_size && done < count; ++done) {
      for (std::uint64_t& word : entry) word = rng.next();
      sure(batch.add(std::as_bytes(std::span(entry)).first(entry_size)));
    }
    sure(log.integrate(batch));
    sure(log.publish());
  }
}

// range(0): entries; range(1): entries a batch, which is a checkpoint.
void integrate(benchmark::State& state) {
  const auto count = static_cast<std::uint64_t>(state.range(0));
  for (auto _ : state) {
    state.PauseTiming();
    Folder folder;
    Rng rng(1);
    auto log = folder.open();
    state.ResumeTiming();
    fill(*log, count, static_cast<std::size_t>(state.range(1)), rng);
    sure(log->settle());
    state.PauseTiming();
    require(log->size() == count, "every entry is in the log");
    sure(log->verify());
    const auto [bytes, files] = folder.tile_bytes();
    state.counters["bytes_entry"] = static_cast<double>(bytes) / static_cast<double>(count);
    state.counters["files"] = static_cast<double>(files);
    log.reset();
    state.ResumeTiming();
  }
  state.counters["entries/s"] = benchmark::Counter(static_cast<double>(count) * static_cast<double>(state.iterations()),
                                                   benchmark::Counter::kIsRate);
}
BENCHMARK(integrate)
    ->Args({1'000'000, 1'000})
    ->Args({1'000'000, 16'384})
    ->Args({10'000'000, 65'536})
    ->Args({10'000'000, 262'144})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

// After a clean stop, and after a kill with as much staged as there may be.
void start(benchmark::State& state) {
  Folder folder;
  Rng rng(1);
  {
    auto log = folder.open();
    fill(*log, static_cast<std::uint64_t>(state.range(0)), 65'536, rng);
    if (state.range(1) != 0) sure(log->settle());
  }
  for (auto _ : state) {
    const auto log = folder.open();
    require(log->size() == static_cast<std::uint64_t>(state.range(0)), "all is there");
  }
}
BENCHMARK(start)
    ->Args({10'000'000, 1})
    ->Args({10'000'000, 0})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

// An inclusion proof by a reader that has no tile yet, and by one that has those above.
void prove(benchmark::State& state) {
  Folder folder;
  Rng rng(1);
  auto log = folder.open();
  fill(*log, 1'000'000, 65'536, rng);
  auto kept = sure(log->reader());
  for (auto _ : state) {
    const std::uint64_t index = rng.below(log->size());
    auto fresh = state.range(0) == 0 ? sure(log->reader()) : std::move(kept);
    const auto proof = sure(fresh.inclusion(index));
    sure(verify_inclusion(index, log->size(), sure(fresh.hash(0, index)), proof, log->checkpoint().root));
    kept = std::move(fresh);
  }
}
BENCHMARK(prove)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

void hash_leaf(benchmark::State& state) {
  const Bytes entry(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(leaf_hash(entry));
}
BENCHMARK(hash_leaf)->Arg(34)->Arg(200);

void hash_node(benchmark::State& state) {
  Hash left{}, right{};
  for (auto _ : state) benchmark::DoNotOptimize(left = node_hash(left, right));
}
BENCHMARK(hash_node);

}  // namespace
}  // namespace zan::evidence
