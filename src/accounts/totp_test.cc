#include "accounts/totp.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "accounts/encoding.h"

namespace zan::accounts {
namespace {

const std::string rfc_secret = "12345678901234567890";

Timestamp at_second(std::int64_t second) {
  return {second * us_per_second};
}

// RFC 6238, appendix B, the rows of SHA-1.
TEST(Totp, HasThePublishedVectors) {
  const std::vector<std::pair<std::int64_t, std::string>> vectors = {
      {59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
      {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
  for (const auto& [second, code] : vectors)
    EXPECT_EQ(totp_code(rfc_secret, totp_step_at(at_second(second)), 8), code) << second;
}

// RFC 4226, appendix D.
TEST(Totp, HasTheVectorsOfHotp) {
  const std::vector<std::string> codes = {"755224", "287082", "359152", "969429", "338314",
                                          "254676", "287922", "162583", "399871", "520489"};
  for (std::size_t step = 0; step < codes.size(); ++step) EXPECT_EQ(totp_code(rfc_secret, step), codes[step]);
}

TEST(Totp, TakesACodeOfTheStepsAroundAndNoOther) {
  const Timestamp now = at_second(3000);
  for (std::uint64_t step = 95; step <= 105; ++step) {
    const bool near = step >= 99 && step <= 101;
    EXPECT_EQ(totp_match(rfc_secret, totp_code(rfc_secret, step), now, 0).has_value(), near) << step;
  }
  EXPECT_FALSE(totp_match(rfc_secret, "", now, 0));
  EXPECT_FALSE(totp_match(rfc_secret, totp_code(rfc_secret, 100, 8), now, 0));
  EXPECT_TRUE(totp_match(rfc_secret, totp_code(rfc_secret, 0), at_second(0), std::uint64_t(-1)) == std::nullopt);
}

TEST(Totp, TakesACodeOnce) {
  const Timestamp now = at_second(3000);
  const std::string code = totp_code(rfc_secret, 100);
  const auto step = totp_match(rfc_secret, code, now, 0);
  ASSERT_EQ(step, 100U);
  EXPECT_FALSE(totp_match(rfc_secret, code, now, *step));
  EXPECT_FALSE(totp_match(rfc_secret, totp_code(rfc_secret, 99), now, *step)) << "an older one neither";
  EXPECT_EQ(totp_match(rfc_secret, totp_code(rfc_secret, 101), now, *step), 101U);
}

// RFC 4648, section 10.
TEST(Base32, HasThePublishedVectors) {
  EXPECT_EQ(base32(""), "");
  EXPECT_EQ(base32("f"), "MY");
  EXPECT_EQ(base32("fo"), "MZXQ");
  EXPECT_EQ(base32("foobar"), "MZXW6YTBOI");
  EXPECT_FALSE(base32_decoded("MY=")) << "no padding here";
  EXPECT_FALSE(base32_decoded("my"));
  EXPECT_FALSE(base32_decoded("MZ")) << "bits left over";
  EXPECT_FALSE(base32_decoded("M"));
}

RC_GTEST_PROP(Base32, ComesBack, (const std::string& bytes)) {
  RC_ASSERT(base32_decoded(base32(bytes)) == std::optional<std::string>(bytes));
}

TEST(Totp, IsWrittenForAppsToScan) {
  EXPECT_EQ(otpauth_uri("ann", "foobar"), "otpauth://totp/Zhenzan:ann?secret=MZXW6YTBOI&issuer=Zhenzan");
}

}  // namespace
}  // namespace zan::accounts
