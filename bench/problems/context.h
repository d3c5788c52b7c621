// What all problems share: where programs and folders are, how often to repeat, where figures go.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "measure/record.h"
#include "servers/postgres.h"
#include "servers/redis.h"
#include "servers/zan.h"

namespace zan::bench {

struct Context {
  std::filesystem::path scratch;  // all data folders are made below it, one disk for everybody
  std::filesystem::path self;     // this very program, for the bare server
  int repetitions = 3;
  std::vector<std::string> contenders;  // empty: all of the problem
  ZanOptions zan;
  RedisOptions redis;
  PostgresOptions postgres;
  Recorder& recorder;

  bool wants(const std::string& contender) const;
};

// "10M", "500k", "123" for the names of variants.
std::string short_number(std::uint64_t number);

}  // namespace zan::bench
