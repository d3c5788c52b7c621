// Workloads: what people do, as seeded batches of commands. Named, so that a failure can be told in a word.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/random.h"
#include "engine/fake.h"

namespace zan::sim {

using engine::Said;

struct UserPut {
  std::string user, json;
};
struct SubjectPut {
  std::string subject, json;
};
struct Erase {
  std::string user;
};
// Somebody thinks otherwise of acts that were sent before; of different pairs, so that a second try finds nothing to do.
struct Verdicts {
  struct One {
    Said act;
    engagement::Verdict verdict = engagement::Verdict::genuine;
  };
  std::vector<One> verdicts;
};
// One command in words; what is committed together is a list of them.
using Spoken = std::variant<std::vector<Said>, UserPut, SubjectPut, Erase, Verdicts>;

struct Mix {
  std::string_view name;
  std::array<unsigned, 11> weights{};  // by ActType
  std::uint64_t users = 20, subjects = 10;
  double resend = 0.1;           // share of acts that were sent before
  double put = 0.05, erase = 0;  // share of commands
  bool judged = false;           // by a FakeJudge
  double late = 0;               // share of groups with late verdicts
};

// "likes", "deeds", "follows", "everything", "viral", "erasures", "judged"
const std::vector<Mix>& mixes();

inline constexpr std::int64_t base_us = 1'700'000'000'000'000;  // where the simulated clock starts

class Workload {
 public:
  // `server_time`: acts carry no time of their own; else they come in any order of their times.
  Workload(const Mix& mix, std::uint64_t seed, bool server_time) : mix_(mix), rng_(seed), server_time_(server_time) {}

  // What is committed together next.
  std::vector<Spoken> next();

 private:
  Said act();
  Said fresh_act();
  engagement::ActType pick_type();
  std::vector<Said> batch();
  Verdicts verdicts();

  const Mix mix_;
  Rng rng_;
  const bool server_time_;
  std::vector<Said> sent_;
  std::uint64_t acts_ = 0;
  std::uint64_t puts_ = 0;
};

}  // namespace zan::sim
