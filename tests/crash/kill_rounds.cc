#include <cstdio>
#include <memory>
#include <random>

#include "load.h"
#include "rounds.h"
#include "support/outcome.h"
#include "support/process.h"
#include "support/temp_folder.h"
#include "verify.h"

namespace zan::crash {
namespace {

using testing_support::Server;
using testing_support::TempFolder;
using testing_support::Trouble;

class KillRun {
 public:
  explicit KillRun(const Options& options)
      : options_(options), random_(options.seed), shared_(options.seed), log_(folder_.path() / "server.log") {}

  void run() {
    try {
      for (int round = 1; round <= options_.rounds; ++round) play(round);
      verify_all();
      stop_cleanly();
      check();
    } catch (const Trouble& trouble) {
      folder_.keep();
      throw Trouble(std::string(trouble.what()) + "\nfolder kept: " + folder_.path().string() +
                    "\n--- the server's log\n" + testing_support::tail(log_));
    }
    if (options_.keep) folder_.keep();
  }

 private:
  [[nodiscard]] std::filesystem::path data() const { return folder_.path() / "data"; }
  [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  void start() { server_ = std::make_unique<Server>(options_.zan, data(), log_, options_.serve_arguments); }

  void stop_cleanly() {
    const auto exit = server_->stop();
    server_.reset();
    if (exit.code != 0) throw Trouble("a clean stop ended with code " + std::to_string(exit.code));
  }

  void check() const {
    const auto exit = testing_support::run_program({options_.zan.string(), "check", "--data", data().string()},
                                                   folder_.path() / "check.log");
    if (exit.code != 0) throw Trouble("zan check ended with code " + std::to_string(exit.code) + ":\n" + exit.output);
  }

  // Leaves the server running, everything sent so far answered and found right.
  void verify_all() {
    if (!server_) start();
    Model& model = shared_.model;
    verify(server_->port(), model, Tolerance::none);
    const auto pending = model.pending();
    resend(server_->port(), pending, false);
    for (const Operation& operation : pending) model.finish(operation);
    resend(server_->port(), some_answered(), true);
    verify(server_->port(), model, Tolerance::none);
  }

  std::vector<Operation> some_answered() {
    const auto& answered = shared_.model.answered();
    std::vector<Operation> some;
    for (int i = 0; i < 500 && !answered.empty(); ++i) some.push_back(answered[below(answered.size())]);
    return some;
  }

  // From a handful of answers to tens of thousands: short rounds crash young servers, long ones crash flushes.
  std::uint64_t goal() {
    switch (below(4)) {
      case 0:
        return below(10);
      case 1:
        return below(500);
      case 2:
        return below(5'000);
      default:
        return below(40'000);
    }
  }

  void play(int round) {
    verify_all();
    if (below(3) == 0) {
      stop_cleanly();
      check();
      start();
    }
    const std::uint64_t answers = goal();
    {
      Load load(shared_, server_->port(), random_());
      load.wait_for_answers(answers);
      kill_somehow();
      load.join();
    }
    server_.reset();
    // Sometimes recovery itself is killed, once or more, and sometimes the folder is looked at as the crash left it.
    while (below(4) == 0) {
      testing_support::start_and_kill(options_.zan, data(), log_, options_.serve_arguments,
                                      static_cast<int>(below(200)));
    }
    if (below(3) == 0) check();
    std::printf("round %d of %d: %llu operations answered, %zu in flight when it was killed\n", round, options_.rounds,
                static_cast<unsigned long long>(shared_.model.answered_count()), shared_.model.pending().size());
    std::fflush(stdout);
  }

  // Mostly at once; sometimes in the middle of a clean stop.
  void kill_somehow() {
    if (below(4) == 0) {
      server_->stop_or_kill(static_cast<int>(below(100)));
    } else {
      server_->kill_hard();
    }
  }

  const Options& options_;
  std::mt19937_64 random_;
  SharedModel shared_;
  TempFolder folder_;
  std::filesystem::path log_;
  std::unique_ptr<Server> server_;
};

}  // namespace

void run_kill_rounds(const Options& options) {
  KillRun(options).run();
}

}  // namespace zan::crash
