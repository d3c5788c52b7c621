#include "servers/redis.h"

#include <signal.h>
#include <unistd.h>

#include <fmt/format.h>

#include <vector>

#include "load/lines.h"
#include "measure/clock.h"
#include "measure/fail.h"
#include "measure/scratch.h"
#include "servers/workers.h"

namespace zan::bench {

namespace {

constexpr double kStartSeconds = 300;  // loading an append-only file of 10 M likes takes its time

}  // namespace

RedisServer::RedisServer(const std::filesystem::path& folder, const RedisOptions& options)
    : folder_(folder), options_(options), port_(free_port()) {
  start();
}

void RedisServer::start() {
  child_ = Child::start(
      {"redis-server", "--bind", "127.0.0.1", "--port", std::to_string(port_), "--dir", folder_.string(), "--save", "",
       "--appendonly", "yes", "--appendfsync", "everysec", "--auto-aof-rewrite-percentage", "0"},
      {.log = folder_ / "redis.log"});
  const Stopwatch waited;
  while (waited.seconds() < kStartSeconds) {
    if (!child_.running()) fail("redis-server ended:\n{}", log_tail(folder_ / "redis.log"));
    if (try_connect_loopback(port_).open()) {
      try {
        if (RespClient(port_).call({"PING"}).text == "PONG") return;
      } catch (const BenchFailure&) {  // -LOADING: not yet
      }
    }
    usleep(5'000);
  }
  fail("redis-server does not answer");
}

double RedisServer::restart_after_kill() {
  child_.kill_hard();
  const Stopwatch clock;
  start();
  return clock.seconds();
}

std::string RedisServer::user(std::uint32_t id) const {
  return options_.integer_ids ? std::to_string(id) : user_id(id);
}
std::string RedisServer::subject(std::uint32_t id) const {
  return options_.integer_ids ? std::to_string(id) : subject_id(id);
}

void RedisServer::append_like(std::string& out, const Like& like, std::uint64_t at_ms) const {
  const std::string who = user(like.user), what = subject(like.subject);
  append_command(out, {"SADD", "l:" + who, what});
  if (options_.lists) {
    append_command(out, {"LPUSH", "s:" + what, who});
    append_command(out, {"INCR", "c:" + what});
    return;
  }
  append_command(out, {"ZADD", "s:" + what, std::to_string(at_ms), who});
  append_command(out, {"HINCRBY", "c:" + what, "likes", "1"});
}

void RedisServer::ingest(const Population& population, std::size_t begin, std::size_t end) {
  std::vector<RespClient> clients;
  for (std::size_t i = 0; i < options_.connections; ++i) clients.emplace_back(port_);
  std::vector<std::string> buffers(options_.connections);
  for_slices(options_.connections, begin, end, options_.pipeline,
             [&](std::size_t worker, std::size_t from, std::size_t to) {
               std::string& commands = buffers[worker];
               commands.clear();
               for (std::size_t i = from; i < to; ++i) {
                 append_like(commands, population.likes()[i], Population::at_ms(i));
               }
               clients[worker].round_trip(commands, 3 * (to - from));
             });
}

void RedisServer::check_subject(RespClient& client, const Sample::Subject& expected) const {
  const std::string id = subject(expected.id);
  const RespValue count = options_.lists ? client.call({"GET", "c:" + id}) : client.call({"HGET", "c:" + id, "likes"});
  const std::string wanted = expected.likes == 0 ? "" : std::to_string(expected.likes);
  if (count.text != wanted) fail("redis: {} has {} likes, expected {}", id, count.text, wanted);
  if (options_.lists) return check_plain_list(client, expected);
  const RespValue list = client.call({"ZREVRANGE", "s:" + id, "0", std::to_string(Sample::kListMax - 1), "WITHSCORES"});
  if (list.items.size() != 2 * expected.newest.size()) fail("redis: wrong likers of {}", id);
  for (std::size_t i = 0; i < expected.newest.size(); ++i) {
    if (list.items[2 * i].text != user(expected.newest[i].id) ||
        list.items[2 * i + 1].text != std::to_string(expected.newest[i].at_ms)) {
      fail("redis: liker {} of {} is wrong", i, id);
    }
  }
}

// Several connections push in an order of their own: only the length is certain.
void RedisServer::check_plain_list(RespClient& client, const Sample::Subject& expected) const {
  const std::string key = "s:" + subject(expected.id);
  if (client.call({"LLEN", key}).integer != static_cast<std::int64_t>(expected.likes)) {
    fail("redis: {} has the wrong length", key);
  }
}

void RedisServer::check_user(RespClient& client, const Sample::User& expected) const {
  const std::string key = "l:" + user(expected.id);
  const auto liked = [&](std::uint32_t id) { return client.call({"SISMEMBER", key, subject(id)}).integer == 1; };
  if (client.call({"SCARD", key}).integer != static_cast<std::int64_t>(expected.newest.size())) {
    fail("redis: {} has the wrong size", key);
  }
  for (const Listed& item : expected.newest) {
    if (!liked(item.id)) fail("redis: {} lacks {}", key, item.id);
  }
  for (const std::uint32_t id : expected.not_liked) {
    if (liked(id)) fail("redis: {} has {} too much", key, id);
  }
}

void RedisServer::check(const Sample& sample) {
  RespClient client(port_);
  for (const Sample::Subject& expected : sample.subjects()) check_subject(client, expected);
  for (const Sample::User& expected : sample.users()) check_user(client, expected);
}

std::uint64_t RedisServer::data_bytes() {
  return disk_bytes(folder_);
}

}  // namespace zan::bench
