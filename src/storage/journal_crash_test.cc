// The journal against a disk that crashes, fills up and fails: what was synced stays, what was not is there as a prefix.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "storage/journal_twin.h"
#include "storage/sim_disk.h"

namespace zan::storage {
namespace {

constexpr JournalOptions small{.segment_bytes = 3000, .reserve_bytes = 1600};

// What a correct journal may hold: all of `promised`, then any number of `hoped` from the start.
struct Model {
  std::vector<TwinGroup> promised;
  std::vector<TwinGroup> hoped;

  [[nodiscard]] bool allows(const std::vector<TwinGroup>& found) const {
    if (found.size() < promised.size() || found.size() > promised.size() + hoped.size()) return false;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const TwinGroup& expected = i < promised.size() ? promised[i] : hoped[i - promised.size()];
      if (!(found[i] == expected)) return false;
    }
    return true;
  }
  void promise() {
    promised.insert(promised.end(), hoped.begin(), hoped.end());
    hoped.clear();
  }
};

class CrashRun {
 public:
  explicit CrashRun(std::uint64_t seed) : disk_(SimDisk::make(seed)), rng_(seed ^ 0x5eed) {}

  void step() {
    if (!journal_) return start();
    const std::uint64_t what = rng_.below(100);
    if (what < 55) return append();
    if (what < 85) return sync();
    if (what < 88) return close();
    if (what < 92) return trouble();
    if (what < 96)
      journal_.reset();  // kill -9: the page cache lives on
    else
      crash();
  }

  void finish() {
    disk_->set_faults({});
    journal_.reset();
    start();
    sync();
    crash();
    start();
    RC_ASSERT(model_.hoped.empty());
    RC_ASSERT(journal_->verify().ok());
  }

 private:
  void start() {
    auto opened = Journal::open(*disk_, small);
    if (!opened.ok()) {
      RC_ASSERT(opened.error().kind == ErrorKind::unavailable);
      disk_->set_faults({});
      return;
    }
    journal_ = std::move(opened).value();
    const auto found = read_all(*journal_).value();
    RC_ASSERT(model_.allows(found));
    // What open() shows is durable.
    model_ = {found, {}};
    RC_ASSERT(journal_->last() == journal_->synced());
  }

  void append() {
    const auto records = random_records(rng_, 4, 200);
    const Position first{journal_->last().value + 1};
    const Timestamp at{static_cast<std::int64_t>(rng_.below(1000))};
    const auto appended = journal_->append(build(records), at);
    if (appended.ok()) {
      model_.hoped.push_back({first, at, records});
      RC_ASSERT(appended->value == first.value + records.size() - 1);
    } else {
      RC_ASSERT(appended.error().kind == ErrorKind::unavailable);
      RC_ASSERT(journal_->last().value + 1 == first.value);
    }
    check_readers();
  }

  void sync() {
    const auto synced = journal_->sync();
    if (synced.ok()) {
      model_.promise();
      RC_ASSERT(journal_->synced() == journal_->last());
    } else {
      RC_ASSERT(synced.error().kind == ErrorKind::unavailable);
      // From now on it must refuse, until somebody starts again.
      disk_->set_faults({});
      RC_ASSERT(!journal_->append(build({"x"}), {}).ok());
      RC_ASSERT(!journal_->sync().ok());
      if (rng_.chance(0.5)) disk_->crash();
      journal_.reset();
    }
  }

  void close() {
    if (!journal_->close().ok()) return;
    model_.promise();
    journal_.reset();
  }

  void trouble() {
    SimFaults faults;
    switch (rng_.below(4)) {
      case 0:
        faults.write_failure = 0.3;
        break;
      case 1:
        faults.sync_failure = 0.3;
        break;
      case 2:
        faults.bytes_max = disk_->bytes_used() + rng_.below(1000);
        break;
      default:
        break;
    }
    disk_->set_faults(faults);
  }

  void crash() {
    journal_.reset();
    disk_->set_faults({});
    disk_->crash();
  }

  // Readers see what is synced, exactly. A roll syncs without being asked.
  void check_readers() {
    if (journal_->synced().value >= model_.promised.size() && !model_.hoped.empty()) {
      while (!model_.hoped.empty() && model_.hoped.front().last() <= journal_->synced()) {
        model_.promised.push_back(model_.hoped.front());
        model_.hoped.erase(model_.hoped.begin());
      }
    }
    if (!rng_.chance(0.1)) return;
    const auto found = read_all(*journal_);
    RC_ASSERT(found.ok());
    RC_ASSERT(*found == model_.promised);
  }

  std::unique_ptr<SimDisk> disk_;
  Rng rng_;
  std::unique_ptr<Journal> journal_;
  Model model_;
};

RC_GTEST_PROP(JournalCrash, keeps_every_promise, (std::uint64_t seed)) {
  CrashRun run(seed);
  for (int i = 0; i < 150; ++i) run.step();
  run.finish();
}

// Every amount of room a disk may run out at, and then there is room again.
TEST(JournalFullDisk, every_call_may_meet_it) {
  for (std::uint64_t bytes_max = 0; bytes_max < 9000; bytes_max += 53) {
    const auto disk = SimDisk::make(bytes_max);
    disk->set_faults({.bytes_max = bytes_max});
    auto opened = Journal::open(*disk, small);
    if (!opened.ok()) {
      ASSERT_EQ(opened.error().kind, ErrorKind::unavailable);
      disk->set_faults({});
      opened = Journal::open(*disk, small);
      ASSERT_TRUE(opened.ok()) << bytes_max << " " << opened.error().message;
    }
    auto& journal = **opened;
    TwinJournal twin(journal);
    Rng rng(bytes_max);
    for (int i = 0; i < 30; ++i) {
      const auto appended = twin.append(random_records(rng, 4, 100), {i});
      if (!appended.ok()) {
        ASSERT_NE(appended.error().message.find("no space left"), std::string::npos) << appended.error().message;
        if (i % 3 == 0) disk->set_faults({});
      }
      ASSERT_TRUE(journal.sync().ok());
    }
    ASSERT_EQ(read_all(journal).value(), twin.groups()) << bytes_max;
    disk->set_faults({});
    ASSERT_TRUE(twin.append({"there is room again"}, {99}).ok());
    ASSERT_TRUE(journal.sync().ok());
    disk->crash();
    ASSERT_EQ(read_all(*Journal::open(*disk, small).value()).value(), twin.groups()) << bytes_max;
  }
}

}  // namespace
}  // namespace zan::storage
