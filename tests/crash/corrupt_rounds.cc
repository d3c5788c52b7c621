#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
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

namespace fs = std::filesystem;
using testing_support::Server;
using testing_support::TempFolder;
using testing_support::Trouble;

constexpr std::uint64_t operations_before_damage = 20'000;

struct Damage {
  fs::path file;  // within the data folder
  std::string what;
};

class CorruptRun {
 public:
  explicit CorruptRun(const Options& options) : options_(options), random_(options.seed), shared_(options.seed) {}

  void run() {
    fill();
    for (int round = 1; round <= options_.rounds; ++round) play(round);
    if (options_.keep) folder_.keep();
    if (failed_ > 0)
      throw Trouble(std::to_string(failed_) + " rounds failed; damaged folders kept in " + folder_.path().string());
  }

 private:
  [[nodiscard]] fs::path sound() const { return folder_.path() / "sound"; }
  [[nodiscard]] fs::path victim() const { return folder_.path() / "victim"; }
  [[nodiscard]] fs::path log() const { return folder_.path() / "server.log"; }
  [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  // A sound folder that is several flushes old: loaded and stopped cleanly a few times.
  void fill() {
    for (int part = 0; part < 3; ++part) {
      Server server(options_.zan, sound(), log(), options_.serve_arguments);
      Load load(shared_, server.port(), random_());
      load.wait_for_answers(operations_before_damage / 3);
      load.finish();
      load.join();
      const auto exit = server.stop();
      if (exit.code != 0)
        throw Trouble("a clean stop ended with code " + std::to_string(exit.code) + "\n" + exit.output);
    }
  }

  void play(int round) {
    std::error_code ignored;
    fs::remove_all(victim(), ignored);
    fs::remove(log(), ignored);
    fs::copy(sound(), victim(), fs::copy_options::recursive);
    const Damage damage = do_damage();
    std::string outcome;
    // The rounds know nothing of each other: one that fails is told, its folder kept, and the others go on.
    try {
      outcome = look(damage);
    } catch (const Trouble& trouble) {
      ++failed_;
      folder_.keep();
      fs::rename(victim(), folder_.path() / ("failed-" + std::to_string(round)));
      outcome = std::string("FAILED: ") + trouble.what();
    }
    std::printf("round %d of %d: %s, %s: %s\n", round, options_.rounds, damage.file.c_str(), damage.what.c_str(),
                outcome.c_str());
    std::fflush(stdout);
  }

  // Of one folder: a log has thousands of files, and a folder with only one is worth as much.
  std::vector<fs::path> files() {
    std::map<fs::path, std::vector<fs::path>> by_folder;
    for (const auto& entry : fs::recursive_directory_iterator(victim())) {
      if (!entry.is_regular_file() || entry.file_size() == 0) continue;
      const fs::path file = fs::relative(entry.path(), victim());
      by_folder[file.parent_path()].push_back(file);
    }
    std::vector<fs::path> found =
        std::next(by_folder.begin(), static_cast<std::ptrdiff_t>(below(by_folder.size())))->second;
    std::sort(found.begin(), found.end());
    return found;
  }

  // Up to the last byte that is not zero, and at least one.
  static std::uint64_t used_bytes(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    const auto last = bytes.find_last_not_of('\0');
    return last == std::string::npos ? 1 : last + 1;
  }

  Damage do_damage() {
    const auto candidates = files();
    Damage damage{candidates[below(candidates.size())], {}};
    const fs::path file = victim() / damage.file;
    const std::uint64_t size = fs::file_size(file);
    // Some files end in room for more: damage to those zeros would show little.
    const std::uint64_t at = below(below(8) == 0 ? size : used_bytes(file));
    if (below(3) == 0) {
      fs::resize_file(file, at);
      damage.what = "cut from " + std::to_string(size) + " to " + std::to_string(at) + " bytes";
      return damage;
    }
    std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
    stream.seekg(static_cast<std::streamoff>(at));
    const int bit = static_cast<int>(below(8));
    const char flipped = static_cast<char>(stream.get() ^ (1 << bit));
    stream.seekp(static_cast<std::streamoff>(at));
    stream.put(flipped);
    damage.what =
        "bit " + std::to_string(bit) + " of byte " + std::to_string(at) + " of " + std::to_string(size) + " flipped";
    return damage;
  }

  // What became of the damage; throws when a wrong answer was served, or damage that matters was not named.
  std::string look(const Damage& damage) {
    const auto check = testing_support::run_program({options_.zan.string(), "check", "--data", victim().string()},
                                                    folder_.path() / "check.log");
    // RocksDB's files lead to each other: it may name the one that another led to.
    const bool of_rocksdb = *damage.file.begin() == "kv" && check.output.find("kv") != std::string::npos;
    const bool named = of_rocksdb || check.output.find(damage.file.filename().string()) != std::string::npos;
    if (check.code >= 128) throw Trouble("zan check died:\n" + check.output);
    const std::string unnamed = check.code == 0 || named ? "" : "zan check does not name the file:\n" + check.output;
    std::unique_ptr<Server> server;
    try {
      server = std::make_unique<Server>(options_.zan, victim(), log(), options_.serve_arguments);
    } catch (const Trouble& trouble) {
      if (check.code == 0) throw Trouble(std::string("zan check found nothing, but: ") + trouble.what());
      if (!unnamed.empty()) throw Trouble(unnamed);
      return "named by check, refused by serve";
    }
    const std::uint64_t refused = verify(server->port(), shared_.model, Tolerance::refusals);
    if (!unnamed.empty()) throw Trouble(unnamed);
    if (refused > 0 && check.code == 0) throw Trouble("zan check found nothing, but the server refused to answer");
    if (check.code != 0)
      return "named by check; " + std::to_string(refused) + " requests refused, the others answered right";
    return "harmless, all answers right";
  }

  const Options& options_;
  std::mt19937_64 random_;
  SharedModel shared_;
  TempFolder folder_;
  int failed_ = 0;
};

}  // namespace

void run_corrupt_rounds(const Options& options) {
  CorruptRun(options).run();
}

}  // namespace zan::crash
