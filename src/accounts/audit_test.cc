#include "accounts/audit.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/scratch_folder.h"

namespace zan::accounts {
namespace {

AuditEntry act(int number) {
  return {.at = {number * us_per_second},
          .by = "ann",
          .role = "operator",
          .what = "PUT /v1/feed/policy",
          .target = "v" + std::to_string(number),
          .request_id = "r1",
          .status = 200};
}

class AuditTest : public ::testing::Test {
 protected:
  AuditTest() { open(); }
  void open(const AuditLimits& limits = {}) {
    trail_.reset();
    auto opened = AuditTrail::open(folder_.path(), limits);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    trail_ = std::move(opened).value();
  }
  void note(int from, int to) {
    for (int i = from; i <= to; ++i) trail_->note(act(i));
  }
  // Targets of all, page by page.
  std::string all(std::size_t limit = 3) {
    std::string text;
    std::uint64_t before = 0;
    do {
      const auto page = trail_->page(limit, before);
      EXPECT_TRUE(page.ok());
      if (!page.ok()) return text;
      for (const AuditEntry& entry : page->entries) text += entry.target + " ";
      before = page->next;
    } while (before != 0);
    return text;
  }
  std::string bytes(const std::string& name = "audit") { return *read_whole(folder_.at(name), 1 << 20); }

  const ScratchFolder folder_;
  std::unique_ptr<AuditTrail> trail_;
};

TEST_F(AuditTest, ATornTailIsPutAsideAndTheRestGoesOn) {
  note(1, 3);
  trail_->stop();
  const std::string whole = bytes();
  std::string one;
  append_audit(one, act(4));
  for (std::size_t left = 1; left < one.size(); left += 7) {
    ASSERT_TRUE(replace_file(folder_.at("audit"), whole + one.substr(0, left)).ok());
    open();
    EXPECT_EQ(all(), "v3 v2 v1 ");
    note(9, 9);
    EXPECT_EQ(all(), "v9 v3 v2 v1 ");
    trail_->stop();
    EXPECT_EQ(bytes("audit.torn"), one.substr(0, left));
  }
}

TEST_F(AuditTest, AFlippedBitIsNoticed) {
  note(1, 3);
  trail_->stop();
  std::string damaged = bytes();
  damaged.back() = static_cast<char>(damaged.back() ^ 1);
  ASSERT_TRUE(replace_file(folder_.at("audit"), damaged).ok());
  open();
  EXPECT_EQ(all(), "v2 v1 ");
}

TEST_F(AuditTest, WhatIsNoTrailIsNotWrittenTo) {
  trail_->stop();
  ASSERT_TRUE(replace_file(folder_.at("audit"), "zhenzan audit 2\nsomething").ok());
  EXPECT_EQ(AuditTrail::open(folder_.path()).error().kind, ErrorKind::unsupported);
  ASSERT_TRUE(replace_file(folder_.at("audit"), "zhen").ok());
  open();
  EXPECT_EQ(all(), "") << "not even its head had been written";
}

TEST_F(AuditTest, ComesBackNewestFirstInPagesAndAfterAReopening) {
  note(1, 7);
  EXPECT_EQ(all(), "v7 v6 v5 v4 v3 v2 v1 ");
  EXPECT_EQ(all(7), all(200));
  const AuditEntry newest = trail_->page(1, 0)->entries[0];
  EXPECT_EQ(newest.number, 7U);
  EXPECT_EQ(newest.by + newest.role + newest.what + newest.request_id, "annoperatorPUT /v1/feed/policyr1");
  EXPECT_EQ(newest.status, 200);
  open();
  note(8, 8);
  EXPECT_EQ(all(), "v8 v7 v6 v5 v4 v3 v2 v1 ");
}

TEST_F(AuditTest, IsBoundedByDroppingTheOldestFile) {
  open({.file_bytes = 300, .files = 3});
  for (int i = 1; i <= 40; ++i) {
    note(i, i);
    (void)trail_->page(1, 0);
  }
  const std::string text = all();
  EXPECT_TRUE(text.starts_with("v40 v39 v38 v37 v36 v35 ")) << text;
  EXPECT_EQ(text.find("v1 "), std::string::npos);
  EXPECT_LT(bytes().size(), 500U);
  EXPECT_NE(bytes("audit.2"), "");
  EXPECT_EQ(bytes("audit.3"), "");
  open({.file_bytes = 300, .files = 3});
  EXPECT_EQ(all(), text);
  note(41, 41);
  EXPECT_EQ(trail_->page(1, 0)->entries[0].number, 41U);
}

TEST_F(AuditTest, WhatIsTooLongIsCutAndWhatComesAfterTheEndIsLost) {
  AuditEntry large = act(1);
  large.target = std::string(5000, 'x');
  trail_->note(large);
  EXPECT_EQ(trail_->page(1, 0)->entries[0].target.size(), audit_text_bytes_max);
  EXPECT_EQ(trail_->lost(), 0U);
  trail_->stop();
  note(2, 2);
  EXPECT_EQ(trail_->lost(), 1U);
}

RC_GTEST_PROP(AuditFile, TakesAnyBytes, (const std::string& bytes)) {
  const auto parsed = parse_audit(std::string(audit_head) + bytes);
  RC_ASSERT(parsed.ok());
  RC_ASSERT(parsed->good_bytes <= audit_head.size() + bytes.size());
}

}  // namespace
}  // namespace zan::accounts
