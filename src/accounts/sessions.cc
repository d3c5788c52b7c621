#include "accounts/sessions.h"

#include <sodium.h>

#include <algorithm>

#include "accounts/encoding.h"

namespace zan::accounts {

TokenHash hash_token(std::string_view token) {
  TokenHash hash;
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(token.data()), token.size(),
                     nullptr, 0);
  return hash;
}

std::int64_t Sessions::ends_us(const SessionEntry& entry) const {
  return std::min(entry.began_us + limits_.absolute_us, entry.used_us + limits_.idle_us);
}

std::string Sessions::begin(const std::string& account, std::uint64_t version, std::int64_t now_us, Entropy& entropy) {
  make_room(account, now_us);
  std::array<unsigned char, 32> secret;
  entropy.fill(secret);
  std::string token = base64url(secret);
  entries_.insert_or_assign(hash_token(token), SessionEntry{account, version, now_us, now_us});
  return token;
}

void Sessions::make_room(std::string_view account, std::int64_t now_us) {
  std::erase_if(entries_, [&](const auto& entry) { return ends_us(entry.second) <= now_us; });
  const auto older = [](const auto& a, const auto& b) { return a.second.used_us < b.second.used_us; };
  if (entries_.size() >= limits_.sessions_max)
    entries_.erase(std::min_element(entries_.begin(), entries_.end(), older));
  if (count(account, now_us) < limits_.of_account_max) return;
  auto oldest = entries_.end();
  for (auto at = entries_.begin(); at != entries_.end(); ++at)
    if (at->second.account == account && (oldest == entries_.end() || older(*at, *oldest))) oldest = at;
  entries_.erase(oldest);
}

SessionEntry* Sessions::use(const TokenHash& token, std::int64_t now_us) {
  const auto found = entries_.find(token);
  if (found == entries_.end()) return nullptr;
  if (ends_us(found->second) <= now_us) return entries_.erase(found), nullptr;
  found->second.used_us = now_us;
  return &found->second;
}

void Sessions::end_all(std::string_view account, const TokenHash* kept) {
  std::erase_if(entries_, [&](const auto& entry) {
    return entry.second.account == account && (kept == nullptr || entry.first != *kept);
  });
}

std::size_t Sessions::count(std::string_view account, std::int64_t now_us) const {
  return static_cast<std::size_t>(std::count_if(entries_.begin(), entries_.end(), [&](const auto& entry) {
    return entry.second.account == account && ends_us(entry.second) > now_us;
  }));
}

}  // namespace zan::accounts
