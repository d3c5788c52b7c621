#include "accounts/accounts.h"

#include <sodium.h>

#include <algorithm>

#include "accounts/encoding.h"
#include "accounts/totp.h"
#include "base/file.h"

namespace zan::accounts {
namespace {

constexpr std::size_t file_bytes_max = 4 << 20;

Error no_such_account() {
  return not_found("there is no account of that name", "name");
}
Error of_demo() {
  return {ErrorKind::refused, "a demo account has no password and no second factor", {}};
}

auto place_of(std::vector<Account>& accounts, std::string_view name) {
  return std::lower_bound(accounts.begin(), accounts.end(), name,
                          [](const Account& account, std::string_view wanted) { return account.name < wanted; });
}

Account* find_in(std::vector<Account>& accounts, std::string_view name) {
  const auto at = place_of(accounts, name);
  return at == accounts.end() || at->name != name ? nullptr : &*at;
}

// Who of the community a person of that role is must be known: it is all they may see.
Result<void> check_role(const Account& account) {
  if (account.role == Role::creator && account.creator.empty())
    return invalid("an account of a creator names its creator", "/creator");
  if (account.role == Role::viewer && account.user.empty())
    return invalid("an account of a viewer names its user", "/user");
  ZAN_TRY(check_who(account.user, "user"));
  return check_who(account.creator, "creator");
}

bool operates(const Account& account) {
  return account.role == Role::operator_ && !account.disabled;
}

}  // namespace

Accounts::Accounts(AccountsOptions options)
    : options_(std::move(options)),
      path_(options_.data_folder + "/" + accounts_file_name),
      sessions_(options_.sessions),
      of_account_(options_.of_account),
      of_address_(options_.of_address) {}

Result<std::unique_ptr<Accounts>> Accounts::open(AccountsOptions options) {
  std::unique_ptr<Accounts> accounts(new Accounts(std::move(options)));
  Entropy& entropy = *accounts->options_.entropy;
  entropy.fill(accounts->csrf_key_);
  ZAN_ASSIGN(accounts->decoy_hash_, hash_password(make_password(entropy), accounts->options_.cost, entropy));
  ZAN_TRY(accounts->refresh());
  return accounts;
}

Result<void> Accounts::refresh() {
  const std::lock_guard file(file_mutex_);
  const std::string stamp = stamp_of(path_);
  {
    const std::lock_guard lock(mutex_);
    if (stamp == seen_) return {};
    seen_ = stamp;
  }
  ZAN_ASSIGN(const std::string bytes, read_whole(path_, file_bytes_max));
  ZAN_ASSIGN(std::vector<Account> read, parse_accounts(bytes));
  const std::lock_guard lock(mutex_);
  accounts_ = std::move(read);
  return {};
}

template <typename Edit>
Result<void> Accounts::edit_file(Edit edit) {
  const std::lock_guard file(file_mutex_);
  ZAN_ASSIGN(const FileLock lock_of_file, FileLock::take(path_ + ".lock"));
  ZAN_ASSIGN(const std::string bytes, read_whole(path_, file_bytes_max));
  ZAN_ASSIGN(std::vector<Account> accounts, parse_accounts(bytes));
  ZAN_TRY(edit(accounts));
  ZAN_TRY(replace_file(path_, format_accounts(accounts)));
  const std::lock_guard lock(mutex_);
  seen_ = stamp_of(path_);
  accounts_ = std::move(accounts);
  return {};
}

bool Accounts::any() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(accounts_.begin(), accounts_.end(), [](const Account& account) { return !account.disabled; });
}

std::vector<AccountSummary> Accounts::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<AccountSummary> list;
  for (const auto* accounts : {&accounts_, &demo_})
    for (const Account& account : *accounts) list.push_back(summary_locked(account));
  std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return list;
}

AccountSummary Accounts::summary_locked(const Account& account) const {
  AccountSummary summary{account.name, account.role, account.user, account.creator, account.disabled};
  summary.totp = !account.totp_secret.empty();
  summary.demo = account.name.starts_with(demo_prefix);
  summary.sessions = sessions_.count(account.name, options_.clock->monotonic_us());
  summary.created = account.created;
  const auto signed_in = signed_in_at_.find(account.name);
  if (signed_in != signed_in_at_.end()) summary.signed_in_at = signed_in->second;
  return summary;
}

const Account* Accounts::find_locked(std::string_view name) const {
  for (const auto* accounts : {&accounts_, &demo_})
    for (const Account& account : *accounts)
      if (account.name == name) return &account;
  return nullptr;
}

std::string Accounts::csrf_of(const TokenHash& token) const {
  TokenHash mac;
  crypto_generichash(mac.data(), mac.size(), token.data(), token.size(), csrf_key_.data(), csrf_key_.size());
  return base64url(mac);
}

SignedIn Accounts::signed_in_locked(const Account& account, const TokenHash& token, const SessionEntry& entry) const {
  SignedIn who{account.name, account.role, account.user, account.creator, !account.totp_secret.empty()};
  who.demo = account.name.starts_with(demo_prefix);
  who.csrf = csrf_of(token);
  const std::int64_t left_us = sessions_.ends_us(entry) - options_.clock->monotonic_us();
  who.expires = {options_.clock->now().us + left_us};
  who.token = token;
  return who;
}

SignInAnswer Accounts::begin_session_locked(const Account& account) {
  SignInAnswer answer{SignInOutcome::done, true};
  const std::int64_t now_us = options_.clock->monotonic_us();
  answer.token = sessions_.begin(account.name, account.version, now_us, *options_.entropy);
  const TokenHash token = hash_token(answer.token);
  answer.who = signed_in_locked(account, token, *sessions_.use(token, now_us));
  signed_in_at_.insert_or_assign(account.name, options_.clock->now());
  return answer;
}

std::optional<SignedIn> Accounts::find(std::string_view token) {
  const TokenHash hash = hash_token(token);
  const std::lock_guard lock(mutex_);
  const SessionEntry* entry = sessions_.use(hash, options_.clock->monotonic_us());
  if (entry == nullptr) return std::nullopt;
  const Account* account = find_locked(entry->account);
  if (account == nullptr || account->disabled || account->version != entry->version)
    return static_cast<void>(sessions_.end(hash)), std::nullopt;
  return signed_in_locked(*account, hash, *entry);
}

void Accounts::sign_out(const SignedIn& who, bool everywhere) {
  const std::lock_guard lock(mutex_);
  if (everywhere) return sessions_.end_all(who.name);
  sessions_.end(who.token);
}

// How long both must still wait; zero: the try has begun, and counts as a failure until end_try() says otherwise.
std::int64_t Accounts::begin_try(std::string_view name, const std::string& address) {
  const std::int64_t now_us = options_.clock->monotonic_us();
  const std::lock_guard lock(mutex_);
  const std::int64_t wait_us = std::max(of_account_.wait_us(name, now_us), of_address_.wait_us(address, now_us));
  if (wait_us > 0) return wait_us;
  of_account_.begin(name, now_us);
  of_address_.begin(address, now_us);
  return 0;
}

void Accounts::end_try(std::string_view name, const std::string& address, SignInOutcome outcome) {
  const std::lock_guard lock(mutex_);
  if (outcome == SignInOutcome::done) of_account_.clear(name);
  if (outcome == SignInOutcome::totp_needed) of_account_.take_back(name);
  if (outcome != SignInOutcome::wrong) of_address_.take_back(address);
}

Result<SignInAnswer> Accounts::sign_in(const SignInRequest& request) {
  const std::string name = request.name.substr(0, name_bytes_max);
  SignInAnswer answer;
  Account account;
  {
    const std::lock_guard lock(mutex_);
    if (Account* found = find_in(accounts_, name)) {
      account = *found;
      answer.known = true;
    }
  }
  answer.wait_us = begin_try(name, request.address);
  if (answer.wait_us > 0) return answer.outcome = SignInOutcome::locked_out, answer;
  // Nobody, somebody disabled and somebody else's password take the same work.
  const bool has_hash = !account.password_hash.empty();
  const bool fits = fits_password(has_hash ? account.password_hash : decoy_hash_, request.password);
  if (fits && has_hash && !account.disabled && request.name == name) {
    answer.outcome = SignInOutcome::done;
    if (!account.totp_secret.empty() && request.totp.empty()) answer.outcome = SignInOutcome::totp_needed;
  }
  if (answer.outcome == SignInOutcome::done && !account.totp_secret.empty()) {
    ZAN_ASSIGN(const bool taken, take_code(name, request.totp));
    if (!taken) answer.outcome = SignInOutcome::wrong;
  }
  end_try(name, request.address, answer.outcome);
  if (answer.outcome != SignInOutcome::done) return answer;
  const std::lock_guard lock(mutex_);
  Account* found = find_in(accounts_, name);
  if (found == nullptr || found->version != account.version) return answer.outcome = SignInOutcome::wrong, answer;
  return begin_session_locked(*found);
}

// Takes a code once: its step is in the file before anybody is let in by it.
Result<bool> Accounts::take_code(const std::string& name, const std::string& code) {
  bool taken = false;
  ZAN_TRY(edit_file([&](std::vector<Account>& accounts) -> Result<void> {
    Account* account = find_in(accounts, name);
    if (account == nullptr) return {};
    const auto step = totp_match(account->totp_secret, code, options_.clock->now(), account->totp_step);
    if (!step) return {};
    account->totp_step = *step;
    taken = true;
    return {};
  }));
  return taken;
}

Result<Changed> Accounts::add(const NewAccount& said) {
  ZAN_TRY(check_name(said.name));
  if (said.name.starts_with(demo_prefix)) return invalid("names that begin with demo- are the demo's", "/name");
  Changed changed;
  if (said.password.empty()) changed.made_password = make_password(*options_.entropy);
  const std::string& password = said.password.empty() ? changed.made_password : said.password;
  ZAN_TRY(check_password(password, "/password"));
  Account account{.name = said.name, .role = said.role, .user = said.user, .creator = said.creator};
  account.created = {options_.clock->now().us / us_per_ms * us_per_ms};
  ZAN_TRY(check_role(account));
  ZAN_ASSIGN(account.password_hash, hash_password(password, options_.cost, *options_.entropy));
  ZAN_TRY(edit_file([&](std::vector<Account>& accounts) -> Result<void> {
    const auto at = place_of(accounts, account.name);
    if (at != accounts.end() && at->name == account.name) return conflict("there is an account of that name", "/name");
    if (accounts.size() == accounts_max) return limited("there are too many accounts");
    accounts.insert(at, account);
    return {};
  }));
  const std::lock_guard lock(mutex_);
  changed.account = summary_locked(account);
  return changed;
}

Result<Changed> Accounts::change(std::string_view name, const AccountChange& said) {
  if (name.starts_with(demo_prefix)) return Error{ErrorKind::refused, "a demo account is as it is", "name"};
  Changed changed;
  std::string password = said.password;
  if (said.reset_password) password = changed.made_password = make_password(*options_.entropy);
  std::string hash;
  if (!password.empty()) {
    ZAN_TRY(check_password(password, "/password"));
    ZAN_ASSIGN(hash, hash_password(password, options_.cost, *options_.entropy));
  }
  Account after;
  const Result<void> edited = edit_file([&](std::vector<Account>& accounts) -> Result<void> {
    Account* account = find_in(accounts, name);
    if (account == nullptr) return no_such_account();
    const bool operated = operates(*account);
    if (said.role) account->role = *said.role;
    if (said.user) account->user = *said.user;
    if (said.creator) account->creator = *said.creator;
    if (said.disabled) account->disabled = *said.disabled;
    if (!hash.empty()) account->password_hash = hash;
    if (said.end_totp) account->totp_secret.clear();
    ++account->version;
    ZAN_TRY(check_role(*account));
    if (operated && std::none_of(accounts.begin(), accounts.end(), operates))
      return conflict("it is the last operator", "name");
    after = *account;
    return {};
  });
  ZAN_TRY(edited);
  const std::lock_guard lock(mutex_);
  sessions_.end_all(name);
  changed.account = summary_locked(after);
  return changed;
}

// As sign_in() without its end: locked out, wrong or done, and counted.
Result<SignInAnswer> Accounts::check_password_of(const SignedIn& who, const std::string& password,
                                                 const std::string& address) {
  if (who.demo) return of_demo();
  SignInAnswer answer{SignInOutcome::wrong, true};
  answer.wait_us = begin_try(who.name, address);
  if (answer.wait_us > 0) return answer.outcome = SignInOutcome::locked_out, answer;
  std::string hash;
  {
    const std::lock_guard lock(mutex_);
    if (const Account* account = find_locked(who.name)) hash = account->password_hash;
  }
  if (fits_password(hash.empty() ? decoy_hash_ : hash, password) && !hash.empty()) answer.outcome = SignInOutcome::done;
  end_try(who.name, address, answer.outcome);
  return answer;
}

Result<SignInAnswer> Accounts::set_password(const SignedIn& who, const std::string& old, const std::string& fresh,
                                            const std::string& address) {
  ZAN_TRY(check_password(fresh, "/new"));
  ZAN_ASSIGN(SignInAnswer answer, check_password_of(who, old, address));
  if (answer.outcome != SignInOutcome::done) return answer;
  ZAN_ASSIGN(const std::string hash, hash_password(fresh, options_.cost, *options_.entropy));
  std::uint64_t version = 0;
  ZAN_TRY(edit_file([&](std::vector<Account>& accounts) -> Result<void> {
    Account* account = find_in(accounts, who.name);
    if (account == nullptr) return no_such_account();
    account->password_hash = hash;
    version = ++account->version;
    return {};
  }));
  const std::lock_guard lock(mutex_);
  sessions_.end_all(who.name, &who.token);
  SessionEntry* entry = sessions_.use(who.token, options_.clock->monotonic_us());
  if (entry != nullptr) entry->version = version;
  return answer;
}

Result<std::string> Accounts::begin_totp(const SignedIn& who) {
  if (who.demo) return of_demo();
  const std::lock_guard lock(mutex_);
  const Account* account = find_locked(who.name);
  if (account == nullptr) return no_such_account();
  if (!account->totp_secret.empty()) return conflict("there is a second factor already; end that one first");
  std::string secret = make_totp_secret(*options_.entropy);
  totp_to_confirm_.insert_or_assign(who.name, secret);
  return secret;
}

Result<SignInAnswer> Accounts::confirm_totp(const SignedIn& who, const std::string& code, const std::string& address) {
  if (who.demo) return of_demo();
  std::string secret;
  {
    const std::lock_guard lock(mutex_);
    const auto found = totp_to_confirm_.find(who.name);
    if (found == totp_to_confirm_.end()) return conflict("ask for a secret first");
    secret = found->second;
  }
  SignInAnswer answer{SignInOutcome::wrong, true};
  answer.wait_us = begin_try(who.name, address);
  if (answer.wait_us > 0) return answer.outcome = SignInOutcome::locked_out, answer;
  const auto step = totp_match(secret, code, options_.clock->now(), 0);
  if (step) answer.outcome = SignInOutcome::done;
  end_try(who.name, address, answer.outcome);
  if (!step) return answer;
  ZAN_TRY(edit_file([&](std::vector<Account>& accounts) -> Result<void> {
    Account* account = find_in(accounts, who.name);
    if (account == nullptr) return no_such_account();
    account->totp_secret = secret;
    account->totp_step = *step;
    return {};
  }));
  const std::lock_guard lock(mutex_);
  totp_to_confirm_.erase(who.name);
  return answer;
}

Result<SignInAnswer> Accounts::end_totp(const SignedIn& who, const std::string& password, const std::string& address) {
  ZAN_ASSIGN(SignInAnswer answer, check_password_of(who, password, address));
  if (answer.outcome != SignInOutcome::done) return answer;
  ZAN_TRY(edit_file([&](std::vector<Account>& accounts) -> Result<void> {
    Account* account = find_in(accounts, who.name);
    if (account == nullptr) return no_such_account();
    account->totp_secret.clear();
    account->totp_step = 0;
    return {};
  }));
  return answer;
}

void Accounts::set_demo(std::vector<Account> accounts) {
  std::sort(accounts.begin(), accounts.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  const std::lock_guard lock(mutex_);
  demo_ = std::move(accounts);
}

std::vector<Role> Accounts::demo_roles() const {
  const std::lock_guard lock(mutex_);
  std::vector<Role> roles;
  for (const Role role : all_roles)
    if (std::any_of(demo_.begin(), demo_.end(), [&](const Account& account) { return account.role == role; }))
      roles.push_back(role);
  return roles;
}

Result<SignInAnswer> Accounts::sign_in_demo(Role role) {
  const std::lock_guard lock(mutex_);
  for (const Account& account : demo_)
    if (account.role == role) return begin_session_locked(account);
  return not_found("there is no demo account of that role (yet)", "/demo_role");
}

}  // namespace zan::accounts
