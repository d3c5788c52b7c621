// Account: a person who signs in, and what they may be to this server; and the accounts file.
//
// The file (docs/formats/accounts.md) is text, a line an account, fields between tabs; replaced as a whole, and written by the
// server and by `zan account` under one lock. A password is in it as its Argon2id hash only.
//
// Threads: values.
// Errors:  corrupt names the line that cannot be read. invalid names the field.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace zan::accounts {

enum class Role : std::uint8_t { operator_, creator, brand, viewer, auditor };
inline constexpr std::size_t role_count = 5;
inline constexpr std::array<Role, role_count> all_roles{Role::operator_, Role::creator, Role::brand, Role::viewer,
                                                        Role::auditor};
std::string_view to_string(Role role);
std::optional<Role> find_role(std::string_view name);

struct Account {
  std::string name;  // letters, digits, '.', '_', '-'; at most name_bytes_max
  Role role = Role::viewer;
  std::string user, creator;      // who of the community this is; empty: nobody
  bool disabled = false;
  std::uint64_t version = 1;      // grows with every change that ends its sessions
  Timestamp created;
  std::string totp_secret;        // bytes; empty: no second factor
  std::uint64_t totp_step = 0;    // the last one a code was taken of
  std::string password_hash;      // as libsodium writes it; empty: no password fits

  bool operator==(const Account&) const = default;
};

inline constexpr const char* accounts_file_name = "accounts";
inline constexpr std::size_t accounts_max = 1000;
inline constexpr std::size_t name_bytes_max = 64;
inline constexpr std::size_t who_bytes_max = 512;  // of `user` and `creator`
inline constexpr std::string_view demo_prefix = "demo-";  // of accounts that are in no file

Result<void> check_name(std::string_view name);
// Text of a person's or creator's id: no control characters, at most who_bytes_max.
Result<void> check_who(std::string_view who, std::string_view field);

// By name, each once. An empty file is no accounts.
Result<std::vector<Account>> parse_accounts(std::string_view file);
std::string format_accounts(const std::vector<Account>& accounts);

}  // namespace zan::accounts
