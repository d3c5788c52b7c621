// Sessions: who is signed in. A token is 256 random bits; here only its hash is kept, in memory: a restart signs everybody out.
//
// Threads: one at a time; the owner locks. Time is handed in, monotonic.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"

namespace zan::accounts {

using TokenHash = std::array<unsigned char, 32>;

struct SessionLimits {
  std::int64_t idle_us = 2 * us_per_hour;
  std::int64_t absolute_us = us_per_day;
  std::size_t sessions_max = 10'000;
  std::size_t of_account_max = 16;  // one more ends the one that was used longest ago
};

struct SessionEntry {
  std::string account;
  std::uint64_t version = 0;  // of the account, when it was begun
  std::int64_t began_us = 0, used_us = 0;
};

class Sessions {
 public:
  explicit Sessions(const SessionLimits& limits) : limits_(limits) {}

  // The token of a new session: 43 characters of base64url.
  std::string begin(const std::string& account, std::uint64_t version, std::int64_t now_us, Entropy& entropy);
  // Null: no such session, or it has run out. A use keeps it from idling out.
  SessionEntry* use(const TokenHash& token, std::int64_t now_us);
  bool end(const TokenHash& token) { return entries_.erase(token) > 0; }
  // All of an account but `kept`.
  void end_all(std::string_view account, const TokenHash* kept = nullptr);

  [[nodiscard]] std::int64_t ends_us(const SessionEntry& entry) const;
  [[nodiscard]] std::size_t count(std::string_view account, std::int64_t now_us) const;
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  using Entries = std::map<TokenHash, SessionEntry>;
  void make_room(std::string_view account, std::int64_t now_us);

  SessionLimits limits_;
  Entries entries_;
};

TokenHash hash_token(std::string_view token);

}  // namespace zan::accounts
