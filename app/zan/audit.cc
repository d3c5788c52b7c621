#include <fmt/format.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>

#include "connectors/connectors.h"
#include "evidence/evidence.h"
#include "storage/storage.h"
#include "zan/commands.h"
#include "zan/exit_code.h"
#include "zan/interrupts.h"
#include "zan/progress_bar.h"
#include "zan/proof_text.h"
#include "zan/trust.h"

namespace zan::app {
namespace {

constexpr auto between_tries = std::chrono::milliseconds(500);

struct Options {
  std::string url;
  TrustFiles trust;
  std::string state;
  std::string key;
  std::vector<std::string> subjects;
  std::uint32_t interval = 10;
  std::uint32_t stale = 600;
  bool once = false;
};

// False: interrupted.
bool wait(const Interrupts& interrupts, std::chrono::milliseconds how_long) {
  std::mutex mutex;
  std::condition_variable_any condition;
  std::unique_lock lock(mutex);
  condition.wait_for(lock, interrupts.token(), how_long, [] { return false; });
  return !interrupts.happened();
}

// The state file: a signed checkpoint, replaced as a whole.
class State {
 public:
  static Result<State> open(const std::string& file) {
    const auto path = std::filesystem::absolute(file).lexically_normal();
    if (!path.has_filename() || std::filesystem::is_directory(path)) return invalid("is a folder", file);
    ZAN_ASSIGN(auto disk, storage::open_machine_disk(path.parent_path().string()));
    return State(std::move(disk), path.filename().string());
  }
  Result<std::string> read() const {
    ZAN_ASSIGN(const bool there, disk_->exists(name_));
    if (!there) return std::string();
    ZAN_ASSIGN(const Bytes bytes, storage::read_file(*disk_, name_));
    return std::string(as_text(bytes));
  }
  Result<void> write(const std::string& note) const { return storage::write_file(*disk_, name_, as_bytes(note)); }

 private:
  State(std::unique_ptr<storage::Disk> disk, std::string name) : disk_(std::move(disk)), name_(std::move(name)) {}
  std::unique_ptr<storage::Disk> disk_;
  std::string name_;
};

class Auditor {
 public:
  Auditor(const Options& options, const evidence::Policy& policy, State state, const Interrupts& interrupts)
      : options_(options), policy_(policy), state_(std::move(state)), interrupts_(interrupts) {}

  int run() {
    const auto url = connectors::parse_log_url(options_.url);
    if (!url.ok()) return fail(url.error());
    const auto remembered = state_.read();
    if (!remembered.ok()) return fail(remembered.error());
    remembered_ = *remembered;
    advanced_us_ = machine_clock().monotonic_us();
    for (;;) {
      const auto looked = look(*url);
      if (!looked.ok() && (options_.once || !may_pass(looked.error()))) return judge(looked.error());
      if (!looked.ok()) fmt::print(stderr, "warning: {}; trying again\n", printable(looked.error().message));
      if (options_.once) return exit_ok;
      warn_if_stale();
      if (!wait(interrupts_, std::chrono::seconds(options_.interval))) return exit_ok;
    }
  }

 private:
  // A fault of the moment, that may be gone at the next look.
  static bool may_pass(const Error& error) {
    return error.kind == ErrorKind::unavailable || error.kind == ErrorKind::not_found;
  }

  static int judge(const Error& error) {
    if (may_pass(error)) {
      fail(error);
      return exit_failed;
    }
    if (error.kind != ErrorKind::conflict) {
      fmt::print(stderr, "refused: {}\n", printable(error.message));
      return exit_findings;
    }
    fmt::print(stderr, "ALARM: {}\n", printable(error.message));
    return exit_alarm;
  }

  Result<void> look(const connectors::LogUrl& url) {
    ZAN_ASSIGN(const auto source, connectors::open_log_server(url, options_.key));
    connectors::LogFollower follower(*source, policy_);
    if (!remembered_.empty()) ZAN_TRY(follower.remember(remembered_));
    ProgressBar bar("reading the log");
    ZAN_ASSIGN(const auto looked,
               follower.look([&](double share) { bar.update(static_cast<std::uint64_t>(share * 1000), 1000, ""); }));
    if (looked.new_entries > 0) bar.finish(grouped(looked.new_entries) + " new entries");
    if (looked.new_entries > 0 || remembered_.empty() || options_.once) say(looked);
    ZAN_TRY(keep(follower));
    ZAN_TRY(audit_subjects(url, follower));
    return keep(follower);
  }

  void say(const connectors::LogFollower::Look& looked) {
    advanced_us_ = machine_clock().monotonic_us();
    const evidence::Checkpoint& tree = looked.verdict.checkpoint;
    fmt::print("{}: {} entries, {} new since the last look, are one log; {}\n", printable(tree.origin),
               grouped(tree.size), grouped(looked.new_entries), signers_text(policy_, looked.verdict));
    std::fflush(stdout);
  }

  Result<void> keep(const connectors::LogFollower& follower) {
    if (follower.remembered() == remembered_) return {};
    ZAN_TRY(state_.write(follower.remembered()));
    remembered_ = follower.remembered();
    return {};
  }

  Result<void> audit_subjects(const connectors::LogUrl& url, connectors::LogFollower& follower) {
    if (options_.subjects.empty()) return {};
    ZAN_ASSIGN(const auto client, connectors::HttpClient::connect({url.server, options_.key, "zan-audit"}));
    connectors::SubjectAudit audit(*client, follower, [&] { return wait(interrupts_, between_tries); });
    for (const std::string& subject : options_.subjects) {
      const auto report = audit.audit(subject);
      if (interrupts_.happened()) return {};
      if (!report.ok() && report.error().kind != ErrorKind::limited) return report.error();
      if (!report.ok()) {
        fmt::print("{}\n", printable(report.error().message));
      } else {
        fmt::print("{}: {} entries of the log add up to {}\n", printable(subject), grouped(report->rows),
                   to_string(report->counts));
      }
      std::fflush(stdout);
    }
    return {};
  }

  void warn_if_stale() {
    const std::int64_t now_us = machine_clock().monotonic_us();
    if (now_us - advanced_us_ < static_cast<std::int64_t>(options_.stale) * us_per_second) return;
    fmt::print(stderr, "warning: the log has not grown for {}\n", duration_text(now_us - advanced_us_));
    advanced_us_ = now_us;
  }

  const Options& options_;
  const evidence::Policy& policy_;
  State state_;
  const Interrupts& interrupts_;
  std::string remembered_;
  std::int64_t advanced_us_ = 0;
};

int run(const Options& options) {
  const auto policy = load_trust(options.trust);
  if (!policy.ok()) return fail(policy.error());
  auto state = State::open(options.state);
  if (!state.ok()) return fail(state.error());
  const Interrupts interrupts;
  return Auditor(options, *policy, std::move(state).value(), interrupts).run();
}

}  // namespace

void add_audit(CLI::App& root, Run& chosen) {
  CLI::App* command = root.add_subcommand("audit", "Follow a running log, and shout when it contradicts itself");
  const auto options = std::make_shared<Options>();
  command->add_option("url", options->url, "http://HOST:PORT, or the log's own URL")->required();
  add_trust(*command, options->trust);
  command->add_option("--state", options->state, "File that remembers the last checkpoint; made if absent")->required();
  command->add_option("--subject", options->subjects,
                      "Also: do the counts of this subject add up from entries of the log? Repeatable");
  command->add_flag("--once", options->once, "One look, and no more");
  command->add_option("--interval", options->interval, "Seconds between two looks")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  command->add_option("--stale", options->stale, "Seconds without a new entry after which it warns")
      ->check(CLI::Range(1, 100'000'000))
      ->capture_default_str();
  command->add_option("--key", options->key, "API key, where the server wants one")->envname("ZAN_API_KEY");
  command->footer(
      "The first look reads the whole log. An alarm ends it with exit code 4 and leaves the state as it was: keep "
      "that\n"
      "file, it holds what the log has signed. 3: the checkpoint is not signed as wanted; 1: --once could not look.\n"
      "What the sums prove, and what they cannot: docs/decisions/0004-auditing-counts.md.");
  command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

}  // namespace zan::app
