// A look-alike of 100,000 people among 10 M with 200 tags of 0.01 % to 50 %, made anew each time.
#include <benchmark/benchmark.h>

#include <algorithm>

#include "audience/answer/look_alike.h"
#include "audience/bitmap/sim_people.h"
#include "base/require.h"

namespace zan::audience {
namespace {

constexpr std::uint32_t users = 10'000'000, tags = 200;

std::shared_ptr<const Catalogue> catalogue() {
  std::string json = R"({"half_life_days":{"habits":14,"interests":30},"zone_hours":8,"purposes":[{"name":"reports",
      "en":"r","zh":"r","consent":"unless_refused","adults_only":false,"least_people":50}],"categories":[],"tags":[)";
  for (std::uint32_t i = 0; i < tags; ++i)
    json += std::string(i == 0 ? "" : ",") + R"({"name":"t)" + std::to_string(i) +
            R"(","type":"flag","en":"t","zh":"t","source":"imported","purposes":["reports"],"owner":"b",)" +
            R"("keep_days":9})";
  const auto read = Catalogue::parse(json + "]}");
  require(read.ok(), "the catalogue reads");
  return *read;
}

void look_alike_of_two_millions(benchmark::State& state) {
  const auto known = catalogue();
  TagStore store;
  std::vector<std::uint32_t> everybody(users);
  for (std::uint32_t i = 0; i < users; ++i) everybody[i] = i;
  store.assign(known->known(), everybody);
  for (std::uint32_t i = 0; i < tags; ++i)
    store.assign(known->tags()[i].first, sim_users(users, sim_density(i, tags), 1000 + i));
  const HashKey secret{1};
  AnswerRules rules;
  rules.answers_a_day = 1'000'000;
  AnswerBook book(secret, rules);
  LookAlikes look_alikes(known, store, secret, book);
  // A fifth of everybody, who all have one tag in common and another of two.
  std::vector<Plan> other = {Plan::of(known->tags()[190].first), Plan::of(known->tags()[185].first)};
  std::vector<Plan> parts = {Plan::of(known->tags()[195].first), Plan::either(std::move(other))};
  SimilarTo to{"", "", Plan::both(std::move(parts)), 100'000};
  Question question{{"bench", false}, 0, {1'700'000'000'000'000}};
  for (auto _ : state) {
    question.now.us += look_alike_age_us;
    const auto found = look_alikes.find(to, question);
    require(found.ok() && found->users->size() == to.size, "so many are found");
  }
}
BENCHMARK(look_alike_of_two_millions)->Unit(benchmark::kMillisecond)->MinTime(3)->Repetitions(3);

}  // namespace
}  // namespace zan::audience
