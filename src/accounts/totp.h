// TOTP: a second factor by the clock, as authenticator apps make it. RFC 6238 over HOTP (RFC 4226), HMAC-SHA-1, 30 seconds, six
// digits.
//
// Threads: any; plain functions. Time is handed in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"

namespace zan::accounts {

inline constexpr std::int64_t totp_step_us = 30 * us_per_second;
inline constexpr unsigned totp_digits = 6;
inline constexpr std::uint64_t totp_steps_off = 1;  // a phone's clock may be so many steps off, either way
inline constexpr std::size_t totp_secret_bytes = 20;

std::uint64_t totp_step_at(Timestamp at);
std::string totp_code(std::string_view secret, std::uint64_t step, unsigned digits = totp_digits);

// The step the code belongs to, if it is one around `at` and after `last`: a code is taken once. Looks at all of them.
std::optional<std::uint64_t> totp_match(std::string_view secret, std::string_view code, Timestamp at,
                                        std::uint64_t last);

std::string make_totp_secret(Entropy& entropy);
// What an app scans.
std::string otpauth_uri(std::string_view account, std::string_view secret);

}  // namespace zan::accounts
