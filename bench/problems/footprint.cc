#include "problems/footprint.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include <unistd.h>

#include "measure/clock.h"
#include "measure/cost.h"
#include "measure/scratch.h"

namespace zan::bench {

namespace {

constexpr std::size_t kParts = 10;
constexpr std::size_t kSampleSize = 100;
constexpr double kSettleSecondsMax = 1800;

// Looks at the resident memory four times a second for as long as it lives.
class MemoryWatch {
 public:
  explicit MemoryWatch(pid_t pid)
      : thread_([this, pid](const std::stop_token& stop) {
          while (!stop.stop_requested()) {
            most_ = std::max(most_.load(), cost_of(pid).rss_bytes);
            usleep(250'000);
          }
        }) {}
  double most_mb() const { return static_cast<double>(most_.load()) * 1e-6; }

 private:
  std::atomic<std::uint64_t> most_ = 0;
  std::jthread thread_;
};

void add_disk(Record& record, ZanServer& zan, const std::string& prefix, std::size_t likes) {
  double all_but_journal = 0;
  for (const auto& [part, bytes] : disk_bytes_by_part(zan.data())) {
    const double per_like = static_cast<double>(bytes) / static_cast<double>(likes);
    if (per_like < 0.01) continue;
    record.figures.emplace_back(fmt::format("{}_{}_bytes_per_like", prefix, part), per_like);
    if (part != "journal") all_but_journal += per_like;
  }
  record.figures.emplace_back(prefix + "_without_journal_bytes_per_like", all_but_journal);
}

}  // namespace

void run_footprint(Context& context, const FootprintOptions& options) {
  const Population population({.likes = options.likes});
  const Sample sample(population, population.size(), kSampleSize);
  const ScratchFolder folder(context.scratch, "footprint");
  ZanServer zan(folder.path(), context.zan);
  Record record{"footprint", short_number(options.likes) + " zipf", "zan", 1, {}};
  auto& figures = record.figures;

  const MemoryWatch memory(zan.pid());
  const std::size_t part = population.size() / kParts;
  const Stopwatch whole;
  double first_s = 0, slowest_s = 0;
  for (std::size_t i = 0; i < kParts; ++i) {
    const Stopwatch one;
    const std::size_t end = i + 1 == kParts ? population.size() : (i + 1) * part;
    zan.ingest(population, i * part, end);
    const double seconds = one.seconds();
    if (i == 0) first_s = seconds;
    slowest_s = std::max(slowest_s, seconds);
    fmt::print("# part {}: {:.0f} likes/s, resident {:.0f} MB, disk {:.1f} bytes/like\n", i + 1,
               static_cast<double>(end - i * part) / seconds, static_cast<double>(cost_of(zan.pid()).rss_bytes) * 1e-6,
               static_cast<double>(zan.data_bytes()) / static_cast<double>(end));
    std::fflush(stdout);
  }
  const double seconds = whole.seconds();
  const double likes = static_cast<double>(population.size());
  figures.emplace_back("likes_per_s", likes / seconds);
  figures.emplace_back("first_tenth_likes_per_s", static_cast<double>(part) / first_s);
  figures.emplace_back("slowest_tenth_likes_per_s", static_cast<double>(part) / slowest_s);
  figures.emplace_back("cpu_s_per_m_likes", cost_of(zan.pid()).cpu_seconds * 1e6 / likes);
  zan.check(sample);
  add_disk(record, zan, "before", population.size());

  const Stopwatch compaction;
  zan.compact();
  wait_until_idle(zan.pid(), kSettleSecondsMax);
  figures.emplace_back("compaction_s", compaction.seconds());
  zan.check(sample);
  add_disk(record, zan, "compacted", population.size());
  const Cost cost = cost_of(zan.pid());
  figures.emplace_back("settled_cpu_s_per_m_likes", cost.cpu_seconds * 1e6 / likes);
  figures.emplace_back("rss_mb", static_cast<double>(cost.rss_bytes) * 1e-6);
  figures.emplace_back("most_rss_mb", std::max(memory.most_mb(), static_cast<double>(cost.peak_bytes) * 1e-6));
  context.recorder.add(record);
}

}  // namespace zan::bench
