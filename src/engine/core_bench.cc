// The write path in process: batches of distinct likes through a Core on the machine's disk, flushes included.
// Checks its answer: the counters must add up to the likes that were handed in.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "engine/core.h"
#include "engine/intake_judge.h"

namespace zan::engine {
namespace {

constexpr std::size_t batch_acts = 8192;

engagement::NameRef put_name(engagement::ActBatch& batch, const HashKey& secret, storage::NameKind kind, char prefix,
                             std::uint64_t number) {
  engagement::NameRef name;
  name.offset = static_cast<std::uint32_t>(batch.arena.size());
  batch.arena += prefix;
  batch.arena += std::to_string(number);
  name.length = static_cast<std::uint32_t>(batch.arena.size() - name.offset);
  name.hash = storage::name_hash(secret, kind, batch.text(name));
  return name;
}

// Likes from number `from` on, of `total`: users and subjects in scattered order, no pair twice.
// With tokens, each user has a device of their own, and ten users a network.
Command likes(const HashKey& secret, std::uint64_t from, std::uint64_t total, bool tokens = false) {
  const std::uint64_t users = total / 10;
  const std::uint64_t subjects = total / 100;
  constexpr std::uint64_t scatter =
      2'654'435'761;  // a prime above any total: i * scatter mod total meets each number once
  Command command{engagement::ActBatch{}};
  auto& batch = std::get<engagement::ActBatch>(command.body);
  for (std::uint64_t i = from; i < from + batch_acts; ++i) {
    engagement::Act& act = batch.acts.emplace_back();
    const std::uint64_t scattered = i * scatter % total;
    const std::uint64_t user = scattered % users;
    act.index = static_cast<std::uint32_t>(i - from);
    act.actor = put_name(batch, secret, storage::NameKind::person, 'u', user);
    act.subject =
        put_name(batch, secret, storage::NameKind::subject, 'v', (scattered / users * 7919 + user * 31) % subjects);
    if (tokens) act.device = mix64(user + 1);
    if (tokens) act.network = mix64(1'000'000'000 + user / 10);
    act.at = {(1'650'812'741'436 + static_cast<std::int64_t>(mix64(i) % 2'592'000'000)) * us_per_ms};
  }
  return command;
}

// All is genuine: what the door and its bytes in the journal cost.
class Approver final : public engagement::ActJudge {
 public:
  engagement::Judgement judge(const engagement::RecordedAct&) override {
    engagement::Judgement judgement;
    judgement.judged = true;
    judgement.quality = 50;
    return judgement;
  }
  void committed(Position last) override { last_ = last; }
  void dropped() override {}
  [[nodiscard]] Position position() const override { return last_; }
  void observe(const engagement::RecordedAct&, Position) override {}

 private:
  Position last_;
};

void ingest(benchmark::State& state) {
  const auto total = static_cast<std::uint64_t>(state.range(0)) * 1'000'000 / batch_acts * batch_acts;
  for (auto _ : state) {
    state.PauseTiming();
    const auto folder = std::filesystem::temp_directory_path() / ("zan-core-bench-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder);
    auto disk = storage::open_machine_disk(folder.string()).value();
    Approver approver;
    CoreOptions options;
    const std::unique_ptr<IntakeJudge> intake = IntakeJudge::make({}).value();
    if (state.range(1) == 1) options.judge = &approver;
    if (state.range(1) == 2) options.judge = intake.get();
    auto core = Core::open(*disk, machine_clock(), machine_entropy(), options).value();
    if (state.range(1) == 2 && !intake->start(*core).ok()) std::abort();
    double making_s = 0, committing_s = 0, flushing_s = 0;
    std::uint64_t accepted = 0;
    const auto now = [] { return static_cast<double>(machine_clock().monotonic_us()) * 1e-6; };
    state.ResumeTiming();
    for (std::uint64_t at = 0; at < total; at += batch_acts) {
      state.PauseTiming();
      const double start = now();
      const Command command = likes(core->secret(), at, total, state.range(2) != 0);
      state.ResumeTiming();
      const double made = now();
      accepted += core->commit({&command, 1}).front().value().accepted;
      const double committed = now();
      if (core->full()) {
        core->freeze();
        if (!core->flush().ok()) state.SkipWithError("flush failed");
        while (core->compact({}).value()) {
        }
      }
      making_s += made - start;
      committing_s += committed - made;
      flushing_s += now() - committed;
    }
    state.PauseTiming();
    std::uint64_t counted = 0;
    for (const std::uint32_t subject : core->store().totals_unlocked().subjects())
      counted += core->store().totals_unlocked().likes(subject);
    if (state.range(1) == 2) {
      const IntakeStatus judged = intake->status();
      counted += judged.held + judged.rejected;
      if (judged.genuine + judged.held + judged.rejected != total) std::abort();
    }
    if (accepted != total || counted != total) std::abort();  // a wrong answer is not timed
    state.counters["commit_ns"] = committing_s * 1e9 / static_cast<double>(total);
    state.counters["flush_ns"] = flushing_s * 1e9 / static_cast<double>(total);
    state.counters["making_ns"] = making_s * 1e9 / static_cast<double>(total);
    state.counters["syncs"] = static_cast<double>(core->journal().syncs() + core->registry().syncs());
    state.counters["journal_B"] = static_cast<double>(core->journal().bytes()) / static_cast<double>(total);
    core.reset();
    std::filesystem::remove_all(folder);
    state.ResumeTiming();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(total) * static_cast<std::int64_t>(state.iterations()));
}
// Millions of likes; not judged, approved, or judged at intake; without devices and networks, or with.
BENCHMARK(ingest)
    ->Args({2, 0, 0})
    ->Args({10, 0, 0})
    ->Args({10, 1, 0})
    ->Args({4, 0, 1})
    ->Args({4, 2, 1})
    ->Args({4, 0, 1})
    ->Args({4, 2, 1})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

// A tenth of two million flushed likes are found out, scattered over all subjects, as many at once as a command holds.
void find_out(benchmark::State& state) {
  constexpr std::uint64_t total = 2'000'000 / batch_acts * batch_acts;
  const auto folder = std::filesystem::temp_directory_path() / ("zan-core-bench-" + std::to_string(::getpid()));
  std::filesystem::remove_all(folder);
  auto disk = storage::open_machine_disk(folder.string()).value();
  auto core = Core::open(*disk, machine_clock(), machine_entropy()).value();
  for (std::uint64_t at = 0; at < total; at += batch_acts) {
    const Command command = likes(core->secret(), at, total);
    if (!core->commit({&command, 1}).front().ok()) std::abort();
  }
  core->freeze();
  if (!core->flush().ok()) std::abort();
  std::vector<engagement::LateVerdict> found;
  constexpr std::uint64_t all = ~std::uint64_t{0};
  const auto cursor = core->runs().view(engagement::set_reactions)->scan({}, {{all, all, all, all}});
  storage::Row row;
  for (std::uint64_t i = 0; cursor->next(row).value(); ++i) {
    if (i % 10 != 0) continue;
    engagement::LateVerdict& what = found.emplace_back();
    what.person = {static_cast<std::uint32_t>(row.column[0])};
    what.target = static_cast<std::uint32_t>(row.column[1]);
    what.at = {static_cast<std::int64_t>(row.column[2])};
    what.verdict = engagement::Verdict::rejected;
    what.group = 1;
  }
  std::uint64_t applied = 0;
  for (auto _ : state)
    for (std::size_t at = 0; at < found.size(); at += engagement::late_verdicts_max) {
      const std::size_t count = std::min(engagement::late_verdicts_max, found.size() - at);
      const auto from = found.begin() + static_cast<std::ptrdiff_t>(at);
      const Command command{JudgeActs{{from, from + static_cast<std::ptrdiff_t>(count)}}};
      applied += core->commit({&command, 1}).front().value().verdicts_applied;
    }
  if (applied != found.size()) std::abort();
  state.SetItemsProcessed(static_cast<std::int64_t>(applied));
  core.reset();
  std::filesystem::remove_all(folder);
}
BENCHMARK(find_out)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace zan::engine
