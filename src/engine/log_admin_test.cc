// Backups, restores and what an operator does to a log, on real folders.
#include "engine/log_admin.h"

#include <gtest/gtest.h>

#include "base/scratch_folder.h"
#include "engine/evidence_view.h"
#include "engine/fake.h"
#include "engine/threads.h"

namespace zan::engine {
namespace {

using engagement::ActBatch;
using engagement::ActType;

// A folder that is served for a moment: acts, then as many steps as they need.
class Served {
 public:
  explicit Served(const std::string& folder, const std::string& lock_folder = {}) {
    disk_ = storage::open_machine_disk(folder).value();
    core_ = Core::open(*disk_, clock_, machine_entropy()).value();
    view_ = EvidenceView::open(*core_, machine_entropy(), {.origin = "", .lock_folder = lock_folder}).value();
  }
  ~Served() {
    EXPECT_TRUE(view_->close().ok());
    view_.reset();
    EXPECT_TRUE(core_->close().ok());
  }

  void like(int from, int to) {
    Command command{ActBatch{}};
    for (int i = from; i < to; ++i)
      add(std::get<ActBatch>(command.body), core_->secret(),
          {ActType::like, "u" + std::to_string(i), "v1", "c1", 0, "like " + std::to_string(i)});
    ASSERT_TRUE(core_->commit({&command, 1}).front().ok());
  }
  Result<void> log() {
    for (;;) {
      ZAN_ASSIGN(const bool more, view_->step());
      if (!more) return {};
    }
  }
  std::string checkpoint() { return std::string(as_text(view_->file("checkpoint").value())); }
  evidence::Receipt receipt(int i) {
    const auto answer = view_->receipt("like " + std::to_string(i), "u" + std::to_string(i));
    EXPECT_TRUE(answer.ok()) << answer.error().message;
    return answer.ok() ? answer->receipt : evidence::Receipt{};
  }
  EvidenceView& view() { return *view_; }
  Core& core() { return *core_; }

 private:
  FakeClock clock_;
  std::unique_ptr<storage::Disk> disk_;
  std::unique_ptr<Core> core_;
  std::unique_ptr<EvidenceView> view_;
};

class LogAdmin : public testing::Test {
 protected:
  std::string folder(const char* name) { return scratch_.at(name); }
  void expect_clean(const std::string& data) {
    const auto findings = check(data, [](double) {});
    ASSERT_TRUE(findings.ok()) << findings.error().message;
    for (const Finding& finding : *findings) ADD_FAILURE() << finding.what;
  }
  // Fills `live`, backs it up half-way, and returns its two checkpoints: of the backup, and the last.
  std::pair<std::string, std::string> back_up_and_go_on() {
    Served served(folder("live"));
    served.like(0, 300);
    EXPECT_TRUE(served.log().ok());
    const std::string then = served.checkpoint();
    served.like(300, 310);  // in the backup's journal, and not in its log
    EXPECT_TRUE(copy_backup(served.core(), folder("backup")).ok());
    EXPECT_TRUE(served.log().ok());
    return {then, served.checkpoint()};
  }

  ScratchFolder scratch_;
};

TEST_F(LogAdmin, a_restored_folder_signs_nothing_until_the_newest_checkpoint_is_shown) {
  const auto [then, last] = back_up_and_go_on();
  ASSERT_TRUE(restore(folder("backup"), folder("restored"), "none").ok());
  expect_clean(folder("restored"));
  {
    Served served(folder("restored"));
    const auto step = served.view().step();
    ASSERT_FALSE(step.ok());
    EXPECT_EQ(step.error().kind, ErrorKind::conflict);
    EXPECT_NE(served.view().status().trouble.find("restored"), std::string::npos);
    served.like(1000, 1001);  // likes go on
  }
  // The world has seen more than the backup holds: to sign on would be a fork.
  EXPECT_EQ(resume_log(folder("restored"), last).error().kind, ErrorKind::conflict);
  EXPECT_EQ(resume_log(folder("restored"), "no checkpoint").error().kind, ErrorKind::invalid);
  EXPECT_FALSE(Served(folder("restored")).log().ok());
  ASSERT_TRUE(resume_log(folder("restored"), then).ok());
  {
    Served served(folder("restored"));
    ASSERT_TRUE(served.log().ok());
    EXPECT_EQ(served.view().status().published, 311U);
    EXPECT_EQ(served.receipt(7).index, 7U);
  }
  expect_clean(folder("restored"));
}

TEST_F(LogAdmin, what_cannot_go_on_is_put_aside_and_another_log_begins) {
  back_up_and_go_on();
  ASSERT_TRUE(restore(folder("backup"), folder("restored"), "none").ok());
  const auto where = abandon_log(folder("restored"));
  ASSERT_TRUE(where.ok()) << where.error().message;
  Served served(folder("restored"));
  ASSERT_TRUE(served.log().ok());
  EXPECT_EQ(served.view().status().published, 310U);
  const auto old = storage::open_machine_disk(folder("restored")).value();
  EXPECT_TRUE(old->exists(*where + "/checkpoint").value());
}

TEST_F(LogAdmin, a_lock_on_another_disk_shows_that_an_old_folder_was_put_back) {
  {
    Served served(folder("live"), folder("lock"));
    served.like(0, 10);
    ASSERT_TRUE(served.log().ok());
    ASSERT_TRUE(copy_backup(served.core(), folder("backup")).ok());
    served.like(10, 20);
    ASSERT_TRUE(served.log().ok());
  }
  ASSERT_TRUE(restore(folder("backup"), folder("restored"), "none").ok());
  ASSERT_TRUE(resume_log(folder("restored"), std::nullopt).ok()) << "an operator who is wrong";
  Served served(folder("restored"), folder("lock"));
  const auto step = served.view().step();
  ASSERT_FALSE(step.ok());
  EXPECT_EQ(step.error().kind, ErrorKind::conflict) << step.error().message;
}

TEST_F(LogAdmin, an_index_is_made_again_by_one_call) {
  evidence::Receipt before;
  {
    Served served(folder("live"));
    served.like(0, 500);
    ASSERT_TRUE(served.log().ok());
    before = served.receipt(123);
  }
  EXPECT_EQ(reindex_log(folder("live")).value(), 500U);
  Served served(folder("live"));
  ASSERT_TRUE(served.log().ok());
  EXPECT_EQ(served.receipt(123), before);
}

TEST_F(LogAdmin, keys_are_rotated_without_a_gap) {
  std::string old_key;
  {
    Served served(folder("live"));
    served.like(0, 5);
    ASSERT_TRUE(served.log().ok());
    old_key = as_text(served.view().file("log.vkey").value());
  }
  const std::string both = add_log_key(folder("live")).value();
  ASSERT_TRUE(both.ends_with(old_key));
  ASSERT_GT(both.size(), old_key.size());
  const auto opens_with = [&](const std::string& line) {
    const auto key = evidence::parse_vkey(line.substr(0, line.size() - 1)).value();
    const auto disk = storage::open_machine_disk(folder("live")).value();
    const Bytes note = storage::read_file(*disk, "log/checkpoint").value();
    return evidence::open_checkpoint(as_text(note), key.name, {&key, 1}).ok();
  };
  const std::string new_key = both.substr(0, both.size() - old_key.size());
  EXPECT_TRUE(opens_with(old_key));
  EXPECT_TRUE(opens_with(new_key));
  EXPECT_EQ(retire_log_keys(folder("live")).value(), new_key);
  EXPECT_FALSE(opens_with(old_key));
  EXPECT_TRUE(opens_with(new_key));
  Served served(folder("live"));
  served.like(5, 6);
  ASSERT_TRUE(served.log().ok());
  EXPECT_TRUE(opens_with(new_key));
}

TEST_F(LogAdmin, tiles_below_the_minimum_index_are_denied_and_the_rest_stays_provable) {
  {
    Served served(folder("live"));
    served.like(0, 1000);
    ASSERT_TRUE(served.log().ok());
  }
  EXPECT_EQ(retain_log(folder("live"), 600, "").error().field, "policy");
  EXPECT_EQ(retain_log(folder("live"), 1001, "https://example.org/retention").error().field, "minimum_index");
  ASSERT_TRUE(retain_log(folder("live"), 600, "https://example.org/retention").ok());
  EXPECT_EQ(retain_log(folder("live"), 599, "https://example.org/retention").error().kind, ErrorKind::conflict);
  Served served(folder("live"));
  ASSERT_TRUE(served.log().ok());
  for (const char* denied : {"tile/0/000", "tile/0/001", "tile/entries/000", "tile/entries/001"})
    EXPECT_EQ(served.view().file(denied).error().kind, ErrorKind::expired) << denied;
  for (const char* kept : {"tile/0/002", "tile/entries/002", "tile/0/003.p/232", "tile/1/000.p/3", "retention"})
    EXPECT_TRUE(served.view().file(kept).ok()) << kept;
  EXPECT_EQ(served.receipt(700).index, 700U);
}

TEST_F(LogAdmin, needs_a_folder_with_a_log_that_nobody_serves) {
  EXPECT_EQ(reindex_log(folder("nothing")).error().kind, ErrorKind::not_found);
  Served served(folder("live"));
  EXPECT_EQ(add_log_key(folder("live")).error().kind, ErrorKind::conflict);
}

TEST_F(LogAdmin, check_finds_an_entry_that_is_not_the_journals) {
  {
    Served served(folder("live"));
    served.like(0, 400);
    ASSERT_TRUE(served.log().ok());
  }
  expect_clean(folder("live"));
  const auto disk = storage::open_machine_disk(folder("live")).value();
  Bytes bundle = storage::read_file(*disk, "log/tile/entries/000").value();
  bundle[500] ^= std::byte{1};
  ASSERT_TRUE(storage::write_file(*disk, "log/tile/entries/000", bundle).ok());
  const auto findings = check(folder("live"), [](double) {}).value();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_NE(findings.front().what.find("log: "), std::string::npos) << findings.front().what;
}

}  // namespace
}  // namespace zan::engine
