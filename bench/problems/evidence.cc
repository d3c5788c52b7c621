#include "problems/evidence.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <string>

#include "measure/clock.h"
#include "measure/cost.h"
#include "measure/fail.h"
#include "measure/machine.h"
#include "measure/scratch.h"
#include "problems/evidence_freshness.h"
#include "problems/evidence_receipts.h"
#include "problems/single.h"
#include "servers/zan_evidence.h"

namespace zan::bench {

namespace {

constexpr std::size_t kSampleSize = 100;
constexpr std::size_t kReceiptsChecked = 200;
constexpr double kSettleSecondsMax = 120;
constexpr int kSyncProbes = 30;

// On and off take turns in going first.
std::array<bool, 2> turns(int repetition) {
  const bool first = repetition % 2 == 1;
  return {first, !first};
}

ZanOptions with_evidence(const Context& context, bool on) {
  ZanOptions options = context.zan;
  options.evidence = on;
  return options;
}

const char* name_of(bool on) {
  return on ? "on" : "off";
}

// Bytes of the files themselves, without what is left of their last blocks.
std::uint64_t length_of(const std::filesystem::path& folder) {
  std::uint64_t total = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.is_regular_file()) total += file.file_size();
  }
  return total;
}

void measure_space(Context& context, const ZanServer& server, std::size_t likes, const std::string& variant,
                   int repetition) {
  const auto per_entry = [&](std::uint64_t bytes) { return static_cast<double>(bytes) / static_cast<double>(likes); };
  const std::filesystem::path log = server.data() / "log", own = server.data() / "evidence";
  context.recorder.add({"evidence space",
                        variant,
                        "zan",
                        repetition,
                        {{"log_bytes_per_entry", per_entry(length_of(log))},
                         {"log_blocks_per_entry", per_entry(disk_bytes(log))},
                         {"index_bytes_per_entry", per_entry(length_of(own))},
                         {"index_blocks_per_entry", per_entry(disk_bytes(own))}}});
}

void measure_start(Context& context, ZanServer& server, std::size_t likes, const std::string& variant,
                   const std::string& contender, bool kill, int repetition) {
  const double ready_s = kill ? server.restart_after_kill() : server.restart_after_stop();
  const Stopwatch clock;
  await_well(server);
  const double well_s = ready_s + clock.seconds();
  await_published(server, likes);
  context.recorder.add({"evidence start", variant, contender, repetition, {{"well_s", well_s}, {"ready_s", ready_s}}});
}

// One run of the likes; its likes per second.
double measure_likes(Context& context, const EvidenceOptions& options, const Population& population, bool on,
                     int repetition) {
  const std::string variant = short_number(population.size()) + " zipf";
  const ScratchFolder folder(context.scratch, "evidence");
  const double fdatasync_ms = fdatasync_median_ms(folder.path(), kSyncProbes);
  ZanServer server(folder.path(), with_evidence(context, on));
  const auto likes = static_cast<double>(population.size());
  const Cost before = cost_of(server.pid());
  const Stopwatch clock;
  server.ingest(population, 0, population.size());
  server.check(Sample(population, population.size(), 1));
  const double answered_s = clock.seconds();
  const Cost answered = cost_of(server.pid());

  Record record{"evidence likes", variant, name_of(on), repetition, {}};
  record.figures.emplace_back("likes_per_s", likes / answered_s);
  record.figures.emplace_back("cpu_s_per_m_likes", (answered.cpu_seconds - before.cpu_seconds) * 1e6 / likes);
  if (on) {
    HttpClient client(server.port());
    const std::uint64_t published = evidence_state(client).published;
    const double behind_s = await_published(server, population.size());
    const double all_s = clock.seconds();
    record.figures.emplace_back("entries_per_s", likes / all_s);
    record.figures.emplace_back("published_share_at_last_answer", static_cast<double>(published) / likes);
    record.figures.emplace_back("behind_s", behind_s);
    record.figures.emplace_back("catch_up_entries_per_s", (likes - static_cast<double>(published)) / behind_s);
  }
  wait_until_idle(server.pid(), kSettleSecondsMax);
  const Cost settled = cost_of(server.pid());
  record.figures.emplace_back("settled_cpu_s_per_m_likes", (settled.cpu_seconds - before.cpu_seconds) * 1e6 / likes);
  record.figures.emplace_back("written_bytes_per_like", static_cast<double>(settled.written_bytes) / likes);
  record.figures.emplace_back("rss_mb", static_cast<double>(settled.rss_bytes) * 1e-6);
  record.figures.emplace_back("fdatasync_ms", fdatasync_ms);
  server.check(Sample(population, population.size(), kSampleSize));
  if (on) check_receipts(server, population, population.size(), kReceiptsChecked);
  context.recorder.add(record);

  if (on && context.wants("receipts")) {
    measure_space(context, server, population.size(), variant, repetition);
    measure_receipts(context, options, server, population.size(), variant, repetition);
    measure_start(context, server, population.size(), variant, "after a clean stop", false, repetition);
    measure_start(context, server, population.size(), variant, "after kill -9", true, repetition);
    check_receipts(server, population, population.size(), kReceiptsChecked);
  }
  return likes / answered_s;
}

void run_likes(Context& context, const EvidenceOptions& options) {
  const Population population({.likes = options.likes});
  for (int i = 1; i <= context.repetitions; ++i) {
    double with = 0, without = 0;
    for (const bool on : turns(i)) {
      (on ? with : without) = measure_likes(context, options, population, on, i);
    }
    context.recorder.add(
        {"evidence likes", short_number(population.size()) + " zipf", "on / off", i, {{"ratio", with / without}}});
  }
}

double figure_of(const Record& record, const std::string& name) {
  for (const auto& [each, value] : record.figures) {
    if (each == name) return value;
  }
  fail("no figure {}", name);
}

void run_singles(Context& context, const EvidenceOptions& options) {
  SingleOptions single;
  single.seconds = options.seconds;
  const Population population({.likes = single.likes});
  for (int i = 1; i <= context.repetitions; ++i) {
    std::array<double, 2> p99{};
    std::array<double, 2> rate{};
    for (const bool on : turns(i)) {
      const auto afterwards = [&](const ZanServer& server, std::size_t likes) {
        if (on) await_published(server, likes);
      };
      Record record = run_single_once(context, with_evidence(context, on), single, population, i, afterwards);
      record.problem = "evidence single";
      record.contender = name_of(on);
      p99[on ? 1 : 0] = figure_of(record, "p99_ms");
      rate[on ? 1 : 0] = figure_of(record, "requests_per_s");
      context.recorder.add(record);
    }
    context.recorder.add({"evidence single",
                          fmt::format("{} connections", single.connections),
                          "on / off",
                          i,
                          {{"ratio_of_p99", p99[1] / p99[0]}, {"ratio_of_rate", rate[1] / rate[0]}}});
  }
}

}  // namespace

void run_evidence(Context& context, const EvidenceOptions& options) {
  if (context.wants("likes")) run_likes(context, options);
  if (context.wants("single")) run_singles(context, options);
  if (!context.wants("freshness")) return;
  for (const double pace : options.paces) {
    for (int i = 1; i <= context.repetitions; ++i) measure_freshness(context, options, pace, i);
  }
}

}  // namespace zan::bench
