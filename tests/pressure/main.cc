// zan_pressure: the real server under more than it can take, see README.md.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <future>
#include <string>
#include <string_view>

#include "crowd.h"
#include "nuisance.h"
#include "support/outcome.h"
#include "support/process.h"
#include "support/temp_folder.h"

namespace zan::pressure {
namespace {

using testing_support::Trouble;

struct Options {
  std::string zan;
  int rounds = 6;
  std::uint64_t memory_mb = 1024;  // 0: any
};

std::uint64_t peak_memory_mb(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::strtoull(line.c_str() + 6, nullptr, 10) / 1024;
  throw Trouble("no peak memory of process " + std::to_string(pid));
}

void expect_likes(std::uint16_t port, const std::string& subject, std::uint64_t expected) {
  testing_support::Connection connection(port);
  const auto answer = connection.request("GET", "/v1/subjects/" + subject + "/counts");
  const std::string wanted = "\"likes\":" + std::to_string(expected) + ",";
  if (answer.status != 200 || answer.body.find(wanted) == std::string::npos)
    throw Trouble(subject + ": " + std::to_string(expected) + " likes were accepted, and it has " + answer.body);
}

void press(const Options& options, testing_support::Server& server) {
  const std::uint16_t port = server.port();
  const auto nuisance = start_nuisance(port);
  send_nonsense(port);
  std::atomic<bool> enough = false;
  auto ordinary = std::async(std::launch::async, [&] { return ordinary_client(port, enough); });
  Tally sum;
  for (int round = 0; round < options.rounds; ++round) {
    const Tally tally = crowd_round(port, round);
    sum.accepted_requests += tally.accepted_requests;
    sum.refused_requests += tally.refused_requests;
  }
  enough = true;
  const std::uint64_t ordinary_likes = ordinary.get();
  const std::uint64_t peak_mb = peak_memory_mb(server.pid());
  std::printf("%llu arrays taken, %llu refused; %llu ordinary likes beside them; peak memory %llu MB\n",
              static_cast<unsigned long long>(sum.accepted_requests),
              static_cast<unsigned long long>(sum.refused_requests), static_cast<unsigned long long>(ordinary_likes),
              static_cast<unsigned long long>(peak_mb));
  if (sum.accepted_requests == 0 || sum.refused_requests == 0) throw Trouble("the crowd was all taken or all refused");
  if (ordinary_likes == 0) throw Trouble("the ordinary client was shut out");
  if (options.memory_mb != 0 && peak_mb > options.memory_mb) throw Trouble("more memory than its bound");
  for (int work = 0; work < crowd_works; ++work)
    expect_likes(port, "crowd-" + std::to_string(work), sum.accepted_requests * crowd_people);
  expect_likes(port, "ordinary", ordinary_likes);
}

int run(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--zan") options.zan = argv[i + 1];
    if (name == "--rounds") options.rounds = std::atoi(argv[i + 1]);
    if (name == "--memory-mb") options.memory_mb = std::strtoull(argv[i + 1], nullptr, 10);
  }
  if (options.zan.empty() || options.rounds < 1) {
    std::fputs("Usage: zan_pressure --zan PATH [--rounds N] [--memory-mb N]\n", stderr);
    return 2;
  }
  rlimit descriptors{};
  ::getrlimit(RLIMIT_NOFILE, &descriptors);
  descriptors.rlim_cur = descriptors.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &descriptors);
  const testing_support::TempFolder folder;
  const auto log = folder.path() / "log";
  {
    testing_support::Server server(options.zan, folder.path() / "data", log);
    press(options, server);
    const auto exit = server.stop();
    if (exit.code != 0) throw Trouble("the stop ended with " + std::to_string(exit.code) + "\n" + exit.output);
  }
  const auto check =
      testing_support::run_program({options.zan, "check", "--data", (folder.path() / "data").string()}, log);
  if (check.code != 0) throw Trouble("zan check: " + check.output);
  return 0;
}

}  // namespace
}  // namespace zan::pressure

int main(int argc, char** argv) try { return zan::pressure::run(argc, argv); } catch (const std::exception& trouble) {
  std::fprintf(stderr, "FAILED: %s\n", trouble.what());
  return 1;
}
