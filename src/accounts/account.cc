#include "accounts/account.h"

#include <algorithm>
#include <charconv>

#include "accounts/encoding.h"

namespace zan::accounts {
namespace {

constexpr std::string_view head = "zhenzan accounts 1";
constexpr std::size_t field_count = 10;
constexpr std::size_t hash_bytes_max = 127;   // crypto_pwhash_STRBYTES, without its end
constexpr std::size_t secret_bytes_max = 64;  // of TOTP
constexpr std::array<std::string_view, role_count> role_names{"operator", "creator", "brand", "viewer", "auditor"};

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool all_plain(std::string_view text, std::size_t bytes_max) {
  return text.size() <= bytes_max && std::none_of(text.begin(), text.end(), is_control);
}

std::string_view next_field(std::string_view& line) {
  const std::size_t end = line.find('\t');
  const std::string_view field = line.substr(0, end);
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  return field;
}

bool read_number(std::string_view text, std::uint64_t& value) {
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  return !text.empty() && read.ec == std::errc() && read.ptr == end;
}

Result<Account> parse_line(std::string_view line) {
  if (static_cast<std::size_t>(std::count(line.begin(), line.end(), '\t')) + 1 != field_count)
    return invalid("expected ten fields");
  Account account;
  account.name = next_field(line);
  ZAN_TRY(check_name(account.name));
  const auto role = find_role(next_field(line));
  if (!role) return invalid("no such role");
  account.role = *role;
  const std::string_view state = next_field(line);
  if (state != "on" && state != "off") return invalid("expected on or off");
  account.disabled = state == "off";
  account.user = next_field(line);
  account.creator = next_field(line);
  ZAN_TRY(check_who(account.user, "user"));
  ZAN_TRY(check_who(account.creator, "creator"));
  if (!read_number(next_field(line), account.version)) return invalid("bad version");
  ZAN_ASSIGN(account.created, parse_rfc3339(next_field(line)));
  const auto secret = base32_decoded(next_field(line));
  if (!secret || secret->size() > secret_bytes_max) return invalid("bad secret");
  account.totp_secret = *secret;
  if (!read_number(next_field(line), account.totp_step)) return invalid("bad step");
  account.password_hash = next_field(line);
  if (!all_plain(account.password_hash, hash_bytes_max)) return invalid("bad password hash");
  return account;
}

}  // namespace

std::string_view to_string(Role role) {
  return role_names.at(static_cast<std::size_t>(role));
}

std::optional<Role> find_role(std::string_view name) {
  const auto* const found = std::find(role_names.begin(), role_names.end(), name);
  if (found == role_names.end()) return std::nullopt;
  return static_cast<Role>(found - role_names.begin());
}

Result<void> check_name(std::string_view name) {
  const bool fine = !name.empty() && name.size() <= name_bytes_max &&
                    std::all_of(name.begin(), name.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                             c == '_' || c == '-';
                    });
  if (fine) return {};
  return invalid("an account's name is 1 to 64 letters, digits, '.', '_' and '-'", "/name");
}

Result<void> check_who(std::string_view who, std::string_view field) {
  if (all_plain(who, who_bytes_max)) return {};
  return invalid("at most 512 bytes without control characters", "/" + std::string(field));
}

Result<std::vector<Account>> parse_accounts(std::string_view file) {
  std::vector<Account> accounts;
  std::size_t number = 0;
  while (!file.empty()) {
    const std::size_t end = file.find('\n');
    if (end == std::string_view::npos) return corrupt("accounts: the last line has no end");
    const std::string_view line = file.substr(0, end);
    file.remove_prefix(end + 1);
    if (++number == 1) {
      if (line == head) continue;
      return unsupported("accounts: does not begin with \"" + std::string(head) + "\"");
    }
    Result<Account> account = parse_line(line);
    if (!account.ok())
      return corrupt("accounts line " + std::to_string(number) + ": " + account.error().message);
    if (accounts.size() == accounts_max) return corrupt("accounts: too many");
    if (!accounts.empty() && accounts.back().name >= account->name)
      return corrupt("accounts line " + std::to_string(number) + ": not in the order of names");
    accounts.push_back(std::move(*account));
  }
  return accounts;
}

std::string format_accounts(const std::vector<Account>& accounts) {
  std::string out = std::string(head) + "\n";
  for (const Account& account : accounts) {
    out += account.name + '\t';
    out += to_string(account.role);
    out += account.disabled ? "\toff\t" : "\ton\t";
    out += account.user + '\t' + account.creator + '\t' + std::to_string(account.version) + '\t';
    append_rfc3339(out, account.created);
    out += '\t' + base32(account.totp_secret) + '\t' + std::to_string(account.totp_step) + '\t';
    out += account.password_hash + '\n';
  }
  return out;
}

}  // namespace zan::accounts
