// The detectors under every trouble, shortly. Long runs: README.md.
#include "sim/integrity_round.h"

#include <gtest/gtest.h>

namespace zan::sim {
namespace {

class EveryTrouble : public testing::TestWithParam<TroubleKind> {};

TEST_P(EveryTrouble, NoLateVerdictIsLostOrDoubled) {
  const RoundReport report = run_integrity_round({{}, GetParam(), 1, 60, {}});
  EXPECT_EQ(report.failure, "") << "zan_sim --seed 1 --steps 60 --workload attacks --trouble " << GetParam().name;
  EXPECT_GE(report.cases, 3u);
}

INSTANTIATE_TEST_SUITE_P(Sim, EveryTrouble, testing::ValuesIn(trouble_kinds()),
                         [](const auto& trouble) { return std::string(trouble.param.name); });

}  // namespace
}  // namespace zan::sim
