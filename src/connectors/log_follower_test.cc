// Logs that grow, and logs that lie: rolled back, forked, with tiles that are not what was signed.
#include "connectors/log_follower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/sim_log.h"

namespace zan::connectors {
namespace {

using testing::HasSubstr;

TEST(LogFollower, follows_a_log_that_grows) {
  SimLog log;
  const evidence::Policy policy = log.policy();
  LogFollower follower(log, policy);
  EXPECT_EQ(follower.look()->new_entries, 0u);
  for (const std::uint64_t more : {1, 254, 1, 1, 700}) {
    log.grow(more);
    const auto looked = follower.look();
    ASSERT_TRUE(looked.ok()) << looked.error().message;
    EXPECT_EQ(looked->new_entries, more);
    EXPECT_EQ(follower.tree().size(), log.log().size());
  }
  LogFollower another(log, policy);
  ASSERT_TRUE(another.remember(follower.remembered()).ok());
  EXPECT_EQ(another.look()->new_entries, 0u);
}

TEST(LogFollower, shouts_at_a_rollback_and_remembers_the_larger_tree) {
  SimLog log, old;
  const evidence::Policy policy = log.policy();
  log.grow(300);
  old.grow(299);
  LogFollower before(log, policy);
  ASSERT_TRUE(before.look().ok());
  LogFollower after(old, policy);
  ASSERT_TRUE(after.remember(before.remembered()).ok());
  const auto looked = after.look();
  ASSERT_FALSE(looked.ok());
  EXPECT_EQ(looked.error().kind, ErrorKind::conflict);
  EXPECT_THAT(looked.error().message, HasSubstr("rolled back: it has 299 entries, and had signed 300"));
  EXPECT_EQ(after.remembered(), before.remembered());
}

TEST(LogFollower, shouts_at_a_fork_of_the_same_size_and_of_a_larger_one) {
  for (const std::uint64_t more : {0, 1, 500}) {
    SimLog log, fork;
    const evidence::Policy policy = log.policy();
    log.grow(300);
    fork.grow(150);
    fork.grow(150 + more, 1);
    LogFollower before(log, policy);
    ASSERT_TRUE(before.look().ok());
    LogFollower after(fork, policy);
    ASSERT_TRUE(after.remember(before.remembered()).ok());
    const auto looked = after.look();
    ASSERT_FALSE(looked.ok()) << more;
    EXPECT_EQ(looked.error().kind, ErrorKind::conflict);
    EXPECT_THAT(looked.error().message, HasSubstr("forked"));
    EXPECT_EQ(after.remembered(), before.remembered());
  }
}

TEST(LogFollower, shouts_at_tiles_and_entries_that_are_not_what_was_signed) {
  for (const char* path : {"log/tile/0/001", "log/tile/0/002.p/88", "log/tile/1/000.p/2", "log/tile/entries/000",
                           "log/tile/entries/002.p/88"}) {
    SimLog log;
    const evidence::Policy policy = log.policy();
    log.grow(600);
    ASSERT_TRUE(log.disk().flip(path, 40, 2).ok()) << path;
    LogFollower follower(log, policy);
    const auto looked = follower.look();
    ASSERT_FALSE(looked.ok()) << path;
    EXPECT_EQ(looked.error().kind, ErrorKind::conflict) << path;
    EXPECT_EQ(follower.remembered(), "");
  }
}

TEST(LogFollower, a_missing_tile_is_no_proof_of_anything) {
  SimLog log;
  const evidence::Policy policy = log.policy();
  log.grow(600);
  ASSERT_TRUE(log.disk().remove("log/tile/0/001").ok());
  LogFollower follower(log, policy);
  EXPECT_EQ(follower.look().error().kind, ErrorKind::not_found);
}

TEST(LogFollower, believes_nobody_but_the_key_it_was_given) {
  SimLog log(1), stranger(2);
  log.grow(5);
  stranger.grow(5);
  const evidence::Policy policy = log.policy();
  LogFollower follower(stranger, policy);
  EXPECT_EQ(follower.look().error().kind, ErrorKind::refused);
  EXPECT_EQ(follower.remember(stranger.read_checkpoint().value()).error().kind, ErrorKind::refused);
  EXPECT_EQ(follower.remember("nonsense").error().kind, ErrorKind::invalid);
  EXPECT_EQ(follower.remembered(), "");
}

TEST(VerifyContinues, takes_older_checkpoints_of_the_same_log_alone) {
  SimLog log, fork;
  const evidence::Policy policy = log.policy();
  std::vector<std::string> older;
  for (const std::uint64_t more : {0, 1, 255, 1, 400}) {
    if (more > 0) log.grow(more);
    older.push_back(log.read_checkpoint().value());
  }
  fork.grow(300, 1);
  auto tree = log.log().reader().value();
  for (const std::string& note : older) EXPECT_TRUE(verify_continues(tree, note, SimLog::origin, policy).ok());
  const std::string forked = fork.read_checkpoint().value();
  EXPECT_EQ(verify_continues(tree, forked, SimLog::origin, policy).error().kind, ErrorKind::conflict);
  EXPECT_EQ(verify_continues(tree, older[1], "example.com/other", policy).error().kind, ErrorKind::conflict);
  EXPECT_EQ(verify_continues(tree, "", SimLog::origin, policy).error().kind, ErrorKind::invalid);
}

TEST(LogUrl, is_a_server_and_a_prefix) {
  EXPECT_EQ(parse_log_url("http://h:81")->prefix, "/log");
  EXPECT_EQ(parse_log_url("http://h:81/")->prefix, "/log");
  EXPECT_EQ(parse_log_url("http://h:81/a/b/")->prefix, "/a/b");
  EXPECT_EQ(parse_log_url("http://h:81/a")->server.port, 81);
  EXPECT_EQ(parse_prefix_url("http://h")->prefix, "");
  EXPECT_EQ(parse_log_url("https://h/log").error().kind, ErrorKind::unsupported);
  for (const char* url : {"", "h:81", "http://", "http:///log", "http://h/a b", "http://h/a\r\nX: y", "http://h/?a"})
    EXPECT_EQ(parse_log_url(url).error().kind, ErrorKind::invalid) << url;
}

}  // namespace
}  // namespace zan::connectors
