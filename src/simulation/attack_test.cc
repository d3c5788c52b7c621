#include "simulation/attack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zan::simulation {
namespace {

using testing::HasSubstr;

TEST(ParseAttack, TakesTheFamilysUsualValuesForWhatIsNotSaid) {
  EXPECT_EQ(*parse_attack("burst"), usual(Family::burst));
  const Attack farm = parse_attack("farm:groups=5,accounts=200,camouflage=0.05,churn=like,networks=pool").value();
  Attack expected = usual(Family::farm);
  expected.groups = 5;
  expected.accounts = 200;
  expected.camouflage = 0.05;
  expected.churn = Churn::like;
  expected.networks = Networks::pool;
  EXPECT_EQ(farm, expected);
}

TEST(ParseAttack, ReadsBackWhatItWrites) {
  for (std::uint8_t i = 1; i < family_count; ++i) {
    Attack attack = usual(static_cast<Family>(i));
    attack.camouflage = 0.1 + i / 3.0;
    EXPECT_EQ(*parse_attack(to_text(attack)), attack) << to_text(attack);
  }
}

TEST(ParseAttack, SaysWhereAndWhatIsWrong) {
  const auto message = [](std::string_view text) {
    const auto parsed = parse_attack(text);
    EXPECT_FALSE(parsed.ok()) << text;
    return parsed.ok() ? std::string() : parsed.error().message;
  };
  EXPECT_THAT(message("bust"), HasSubstr("at character 1: no family \"bust\"; there are burst, farm"));
  EXPECT_THAT(message(""), HasSubstr("at character 1"));
  EXPECT_THAT(message("organic"), HasSubstr("at character 1"));
  EXPECT_THAT(message("burst:"), HasSubstr("at character 7: expected name=value"));
  EXPECT_THAT(message("burst:groups"), HasSubstr("at character 7: expected name=value, not \"groups\""));
  EXPECT_THAT(message("burst:groups=1,acounts=2"), HasSubstr("at character 16: unknown parameter \"acounts\""));
  EXPECT_THAT(message("burst:groups=x"), HasSubstr("at character 14: expected a number from 1 to 10000, not \"x\""));
  EXPECT_THAT(message("burst:groups=0"), HasSubstr("at character 14"));
  EXPECT_THAT(message("burst:groups=-1"), HasSubstr("at character 14"));
  EXPECT_THAT(message("burst:camouflage=nan"), HasSubstr("at character 18"));
  EXPECT_THAT(message("burst:groups=2,"), HasSubstr("at character 16"));
  EXPECT_THAT(message("burst:churn=often"), HasSubstr("at character 13: expected one of none, session, like"));
}

}  // namespace
}  // namespace zan::simulation
