#include <fmt/format.h>

#include <array>
#include <chrono>
#include <fstream>
#include <string>

#include "integrity/integrity.h"
#include "zan/commands.h"
#include "zan/csv_field.h"
#include "zan/exit_code.h"
#include "zan/interrupts.h"
#include "zan/judge_input.h"
#include "zan/judged_lines.h"
#include "zan/output.h"
#include "zan/progress_bar.h"
#include "zan/proof_text.h"

namespace zan::app {
namespace {

using integrity::ActView;
using integrity::Lockstep;
using integrity::Standing;

struct Options {
  std::string csv;
  std::string out;
  std::vector<std::string> columns;
  std::string unit = "auto";
  integrity::LockstepOptions lockstep;
  std::size_t memory_mb = integrity::LockstepOptions{}.list_bytes_max / 1'000'000;
};

// A file on its way through the detectors.
struct Judging {
  explicit Judging(const integrity::LockstepOptions& options) : lockstep(options) {}
  Lockstep lockstep;
  JudgedLines lines;
  std::int64_t now_us = 0, expired_us = 0;
  std::uint64_t backwards = 0;  // acts before the time that the file had reached
  double judging_s = 0;
};

bool counts_as_like(integrity::ActKind kind) {
  using enum integrity::ActKind;
  return kind == like || kind == comment || kind == share || kind == follow;
}

void judge_some(std::span<const ActView> acts, Judging& judging) {
  constexpr std::size_t ahead = 16;
  constexpr std::int64_t expiry_us = std::int64_t{3600} * 1'000'000;  // how often it is looked whom to clear
  for (std::size_t i = 0; i < std::min(ahead, acts.size()); ++i) judging.lockstep.prefetch(acts[i]);
  for (std::size_t i = 0; i < acts.size(); ++i) {
    if (i + ahead < acts.size()) judging.lockstep.prefetch(acts[i + ahead]);
    if (i + ahead / 2 < acts.size()) judging.lockstep.prefetch_lists(acts[i + ahead / 2]);
    const ActView& act = acts[i];
    judging.now_us = act.at_us;
    if (judging.now_us - judging.expired_us >= expiry_us) {
      judging.expired_us = judging.now_us;
      judging.lockstep.expire(judging.now_us);
    }
    judging.lines.add(act, counts_as_like(act.kind) ? judging.lockstep.observe(act) : Lockstep::Outcome{});
    for (const integrity::Change& change : judging.lockstep.changes()) judging.lines.change(change, act.at_us);
    judging.lockstep.clear_changes();
  }
}

void settle(Judging& judging, std::int64_t suspicion_us_max) {
  // The stream has ended: whoever is still only suspected was not found to be an attack.
  judging.lockstep.expire(judging.now_us + suspicion_us_max);
  for (const integrity::Change& change : judging.lockstep.changes()) judging.lines.change(change, judging.now_us);
  judging.lockstep.clear_changes();
}

Result<void> judge_all(JudgeInput& input, const Interrupts& interrupts, Judging& judging) {
  using Clock = std::chrono::steady_clock;
  constexpr std::size_t batch_acts = 4096;
  std::vector<ActView> acts;
  JudgeRow row;
  for (bool more = true; more;) {
    if (interrupts.happened()) return Error{ErrorKind::expired, "interrupted", {}};
    acts.clear();
    while (acts.size() < batch_acts) {
      ZAN_ASSIGN(more, input.next(row));
      if (!more) break;
      if (!row.usable) continue;
      std::int64_t& at_us = row.act.at_us;
      const std::int64_t reached = acts.empty() ? judging.now_us : acts.back().at_us;
      if (at_us < reached) ++judging.backwards;
      at_us = std::max(at_us, reached);
      acts.push_back(row.act);
    }
    const auto start = Clock::now();
    judge_some(acts, judging);
    judging.judging_s += std::chrono::duration<double>(Clock::now() - start).count();
  }
  return {};
}

std::string_view verdict_name(Standing standing) {
  switch (standing) {
    case Standing::suspected:
      return "held";
    case Standing::confirmed:
      return "rejected";
    case Standing::cleared:
      return "genuine";
  }
  return "genuine";
}

std::string reason_of(const integrity::Group& group) {
  return fmt::format("lockstep: {} accounts like the same {} subjects; chance 1e{:.0f}", group.members.size(),
                     group.targets.size(), group.chance_log10);
}

std::uint8_t score_of(const ActView& act, std::uint32_t actor, Standing standing, const Lockstep& lockstep) {
  integrity::QualityFacts facts = lockstep.account_facts(actor);
  facts.watch_known = act.watch_ms != 0;
  facts.watched = act.watch_ms / (act.duration_ms != 0 ? static_cast<double>(act.duration_ms) : 30'000.0);
  facts.held = standing == Standing::suspected;
  facts.rejected = standing == Standing::confirmed;
  return integrity::quality_of(facts).score;
}

std::int64_t in_unit(std::int64_t at_us, TimeUnit unit) {
  return unit == TimeUnit::seconds ? at_us / 1'000'000 : unit == TimeUnit::milliseconds ? at_us / 1000 : at_us;
}

void append_verdict(std::string& text, const JudgeRow& row, std::size_t line, const Judging& judging, TimeUnit unit) {
  const Standing standing = judging.lines.standing(line);
  const std::uint32_t group = standing == Standing::cleared ? 0 : judging.lines.group(line);
  text.append(row.at) += ',';
  append_csv(text, row.actor);
  text += ',';
  append_csv(text, row.subject);
  text.append(",").append(verdict_name(standing)) += ',';
  text += fmt::format_int(score_of(row.act, judging.lines.actor(line), standing, judging.lockstep)).c_str();
  text += ',';
  if (group != 0) text += fmt::format("g{}", group);
  text += ',';
  if (group != 0) append_csv(text, reason_of(judging.lockstep.group(group)));
  text += ',';
  text += fmt::format_int(in_unit(judging.lines.since_us(line), unit)).c_str();
  text += '\n';
}

// A line for each record of the file, also for one that could not be used: they stand beside each other.
Result<std::array<std::uint64_t, 3>> write_verdicts(JudgeInput& input, Judging& judging, Output& output) {
  constexpr std::size_t text_bytes = 1 << 20, prefetch_lines = 16;
  std::array<std::uint64_t, 3> counts{};
  ZAN_TRY(input.rewind());
  std::string text = "at,actor,subject,verdict,score,group,reason,judged_at\n";
  std::size_t line = 0;
  for (JudgeRow row;;) {
    ZAN_ASSIGN(const bool more, input.next(row));
    if (!more) break;
    if (!row.usable) {
      text += ",,,unusable,,,,\n";
    } else {
      if (line == judging.lines.size()) return unavailable("the file became longer while it was read");
      if (line + prefetch_lines < judging.lines.size())
        judging.lockstep.prefetch({.actor = judging.lines.actor(line + prefetch_lines)});
      ++counts[static_cast<std::size_t>(judging.lines.standing(line))];
      append_verdict(text, row, line++, judging, input.unit());
    }
    if (text.size() < text_bytes) continue;
    ZAN_TRY(output.write(text));
    text.clear();
  }
  if (line < judging.lines.size()) return unavailable("the file became shorter while it was read");
  ZAN_TRY(output.write(text));
  ZAN_TRY(output.finish());
  return counts;
}

std::uint64_t peak_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6)) * 1024;
  return 0;
}

void print_summary(const JudgeInput& input, const Judging& judging, const std::array<std::uint64_t, 3>& counts) {
  const Lockstep& lockstep = judging.lockstep;
  std::uint32_t confirmed = 0, suspected = 0;
  for (std::uint32_t id = 1; id <= lockstep.group_count(); ++id) {
    confirmed += lockstep.group(id).standing == Standing::confirmed ? 1 : 0;
    suspected += 1;
  }
  constexpr const char* units[] = {"unknown", "seconds", "milliseconds", "microseconds"};
  fmt::print("events      {} by {} actors on {} subjects, times in {}\n", grouped(judging.lines.size()),
             grouped(input.actors()), grouped(input.subjects()), units[static_cast<std::size_t>(input.unit())]);
  if (input.unusable() != 0)
    fmt::print("unusable    {} lines, the first: {}\n", grouped(input.unusable()), printable(input.first_fault()));
  if (judging.backwards != 0)
    fmt::print("backwards   {} lines came before the time the file had reached; taken as of then\n",
               grouped(judging.backwards));
  fmt::print("genuine     {}\nheld        {}\nrejected    {}\n", grouped(counts[2]), grouped(counts[0]),
             grouped(counts[1]));
  fmt::print("groups      {} confirmed of {} that were looked at\n", confirmed, suspected);
  fmt::print("judging     {} events/s on one thread ({:.2f} s)\n",
             grouped(static_cast<std::uint64_t>(static_cast<double>(judging.lines.size()) /
                                                std::max(judging.judging_s, 1e-9))),
             judging.judging_s);
  fmt::print("memory      {} MB of state, {} MB at most in all\n", lockstep.bytes() / 1'000'000,
             peak_bytes() / 1'000'000);
}

int run(const Options& options) {
  constexpr std::pair<const char*, TimeUnit> units[] = {{"auto", TimeUnit::unknown},
                                                        {"s", TimeUnit::seconds},
                                                        {"ms", TimeUnit::milliseconds},
                                                        {"us", TimeUnit::microseconds}};
  TimeUnit unit = TimeUnit::unknown;
  for (const auto& [name, value] : units)
    if (options.unit == name) unit = value;
  const Interrupts interrupts;
  auto input = JudgeInput::open(options.csv, options.columns, unit);
  if (!input.ok()) return fail(input.error());
  auto output = Output::open(options.out);
  if (!output.ok()) return fail(output.error());
  integrity::LockstepOptions lockstep = options.lockstep;
  lockstep.list_bytes_max = options.memory_mb * 1'000'000;
  Judging judging(lockstep);
  if (const Result<void> judged = judge_all(**input, interrupts, judging); !judged.ok()) {
    const int code = fail(judged.error());
    return interrupts.happened() ? exit_interrupted : code;
  }
  settle(judging, lockstep.suspicion_us_max);
  const auto counts = write_verdicts(**input, judging, **output);
  if (!counts.ok()) return fail(counts.error());
  print_summary(**input, judging, *counts);
  return exit_ok;
}

}  // namespace

void add_judge(CLI::App& root, Run& chosen) {
  CLI::App* command =
      root.add_subcommand("judge", "Judge the likes in a file, in time order, by the detectors of the server");
  const auto options = std::make_shared<Options>();
  command->add_option("--csv", options->csv, "The likes")->required();
  command
      ->add_option("--columns", options->columns,
                   "Names of the columns, as in the header or in the order they stand: at, actor, subject, device, "
                   "network, type, "
                   "creator, watch_ms, duration_ms, region")
      ->delimiter(',');
  command->add_option("--out", options->out, "Where the verdicts go, a line for each of the file's, in its order")
      ->required();
  command->add_option("--unit", options->unit, "Of `at`: auto, s, ms, us")
      ->check(CLI::IsMember({"auto", "s", "ms", "us"}))
      ->capture_default_str();
  command
      ->add_option("--pairs", options->lockstep.log_pair_slots, "Log2 of the slots for pairs of subjects, 8 bytes each")
      ->check(CLI::Range(16, 30))
      ->capture_default_str();
  command->add_option("--memory", options->memory_mb, "MB for who liked what; then the longest idle are forgotten")
      ->check(CLI::Range(16, 1'000'000))
      ->capture_default_str();
  command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace zan::app
