// A short round of every workload under every trouble. Long runs: README.md.
#include "sim/round.h"

#include <gtest/gtest.h>

namespace zan::sim {
namespace {

class EveryPair : public testing::TestWithParam<std::tuple<Mix, TroubleKind>> {};

TEST_P(EveryPair, Holds) {
  const auto& [mix, trouble] = GetParam();
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    const RoundReport report = run_round({mix, trouble, seed, 60, {}});
    EXPECT_EQ(report.failure, "") << "zan_sim --seed " << seed << " --steps 60 --workload " << mix.name << " --trouble "
                                  << trouble.name;
    EXPECT_GT(report.acts, 0u);
  }
}

INSTANTIATE_TEST_SUITE_P(Sim, EveryPair,
                         testing::Combine(testing::ValuesIn(mixes()), testing::ValuesIn(trouble_kinds())),
                         [](const auto& pair) {
                           return std::string(std::get<0>(pair.param).name) + "_" +
                                  std::string(std::get<1>(pair.param).name);
                         });

}  // namespace
}  // namespace zan::sim
