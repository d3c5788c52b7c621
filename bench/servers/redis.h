// Redis 7 with the same facts: liked set of a user (SADD), likers of a subject with the time
// (ZADD), counter (HINCRBY); pipelines of 100 likes; appendonly yes, appendfsync everysec. Kind to
// it: no snapshots, no rewriting of the append-only file during the run, no check for repeated
// likes (a real deployment would need a script for that). Two cheaper layouts, so that nobody says
// we chose the slow one: likers as a plain list without times (LPUSH) and the counter a string
// (INCR); and on top of that integer ids, which Redis packs best.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "measure/child.h"
#include "net/resp.h"
#include "servers/like_server.h"

namespace zan::bench {

struct RedisOptions {
  bool lists = false;           // LPUSH and INCR in place of ZADD and HINCRBY
  bool integer_ids = false;     // members without their letter: small sets of integers are Redis's cheapest form
  std::size_t connections = 2;  // one thread each
  std::size_t pipeline = 100;   // likes (three commands each) in one round trip
};

class RedisServer final : public LikeServer {
 public:
  RedisServer(const std::filesystem::path& folder, const RedisOptions& options);

  void ingest(const Population& population, std::size_t begin, std::size_t end) override;
  void check(const Sample& sample) override;
  pid_t pid() const override { return child_.pid(); }
  std::uint64_t data_bytes() override;
  std::optional<std::uint64_t> log_bytes() override { return data_bytes(); }

  std::uint16_t port() const { return port_; }
  std::string user(std::uint32_t id) const;
  std::string subject(std::uint32_t id) const;

  // Kills without warning, starts again over the same folder, and returns the seconds until it
  // answers.
  double restart_after_kill();

  // The three commands of a like.
  void append_like(std::string& out, const Like& like, std::uint64_t at_ms) const;

 private:
  void start();
  void check_subject(RespClient& client, const Sample::Subject& expected) const;
  void check_plain_list(RespClient& client, const Sample::Subject& expected) const;
  void check_user(RespClient& client, const Sample::User& expected) const;

  std::filesystem::path folder_;
  RedisOptions options_;
  std::uint16_t port_;
  Child child_;
};

}  // namespace zan::bench
