// accounts: people who sign in. Names, roles and Argon2id hashes in one file of the data folder; sessions, lockouts and second
// factors; and the trail of what staff did.
//
//   sign_in -> lockout -> password (Argon2id) -> second factor (TOTP) -> session: a token for the cookie
//   request -> find(token) -> who it is, and the token its changes must carry (CSRF)
//
// Owns:    `accounts`, `accounts.lock`, `audit*` of the data folder; sessions, lockouts and unconfirmed secrets in memory only.
// Threads: all methods from any thread. Those with a password take PasswordCost: never on an io thread.
// Errors:  invalid, with the field; not_found; conflict (the name is taken, the last operator); refused (a demo account);
//          unavailable, corrupt: the file. That a sign-in failed is no Error but a SignInOutcome.
// Durable: a change is in the file before its call returns.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/account.h"   // IWYU pragma: export
#include "accounts/audit.h"     // IWYU pragma: export
#include "accounts/lockout.h"   // IWYU pragma: export
#include "accounts/password.h"  // IWYU pragma: export
#include "accounts/sessions.h"  // IWYU pragma: export
#include "accounts/encoding.h"  // IWYU pragma: export
#include "accounts/totp.h"      // IWYU pragma: export

namespace zan::accounts {

struct AccountsOptions {
  std::string data_folder;
  PasswordCost cost;
  LockoutLimits of_account;
  LockoutLimits of_address = [] {
    LockoutLimits limits;
    limits.free = 30;  // a household, or an office behind one address
    return limits;
  }();
  SessionLimits sessions;
  const Clock* clock = &machine_clock();
  Entropy* entropy = &machine_entropy();
};

// Somebody who is signed in.
struct SignedIn {
  std::string name;
  Role role = Role::viewer;
  std::string user, creator;
  bool totp = false, demo = false;
  std::string csrf;
  Timestamp expires;
  TokenHash token{};
};

struct SignInRequest {
  std::string name, password, totp;  // totp empty: none was sent
  std::string address;               // of the peer
};

enum class SignInOutcome : std::uint8_t { done, wrong, totp_needed, locked_out };

struct SignInAnswer {
  SignInOutcome outcome = SignInOutcome::wrong;
  bool known = false;        // there is an account of that name; for the trail, never for the client
  std::int64_t wait_us = 0;  // of locked_out
  std::string token;         // of done: for the cookie, shown this once
  SignedIn who;              // of done
};

struct AccountSummary {
  std::string name;
  Role role = Role::viewer;
  std::string user, creator;
  bool disabled = false, totp = false, demo = false;
  std::size_t sessions = 0;
  Timestamp created;
  std::optional<Timestamp> signed_in_at;  // since the start
};

struct NewAccount {
  std::string name;
  Role role = Role::viewer;
  std::string user, creator;
  std::string password;  // empty: one is made
};

// What is not given stays.
struct AccountChange {
  std::optional<Role> role;
  std::optional<std::string> user, creator;
  std::optional<bool> disabled;
  std::string password;         // empty: stays
  bool reset_password = false;  // one is made
  bool end_totp = false;
};

struct Changed {
  AccountSummary account;
  std::string made_password;  // empty: none was made
};

class Accounts {
 public:
  static Result<std::unique_ptr<Accounts>> open(AccountsOptions options);

  // Takes the file in when it has changed; sessions of accounts that changed end. Reads from disk.
  Result<void> refresh();

  // Whether anybody is in the file who may sign in.
  [[nodiscard]] bool any() const;
  [[nodiscard]] std::vector<AccountSummary> list() const;

  Result<SignInAnswer> sign_in(const SignInRequest& request);
  // Nothing: nobody signed in by that token any more. Takes microseconds.
  std::optional<SignedIn> find(std::string_view token);
  void sign_out(const SignedIn& who, bool everywhere);

  Result<Changed> add(const NewAccount& account);
  Result<Changed> change(std::string_view name, const AccountChange& change);
  // The caller's other sessions end. A wrong `old` counts as a failed sign-in: SignInOutcome as there.
  Result<SignInAnswer> set_password(const SignedIn& who, const std::string& old, const std::string& fresh,
                                    const std::string& address);

  // The secret (bytes) that a code must confirm before it counts.
  Result<std::string> begin_totp(const SignedIn& who);
  Result<SignInAnswer> confirm_totp(const SignedIn& who, const std::string& code, const std::string& address);
  Result<SignInAnswer> end_totp(const SignedIn& who, const std::string& password, const std::string& address);

  // Accounts without a password, in no file, that are signed in by their role alone: of a demo on loopback.
  void set_demo(std::vector<Account> accounts);
  [[nodiscard]] std::vector<Role> demo_roles() const;
  // not_found: no demo account of that role.
  Result<SignInAnswer> sign_in_demo(Role role);

 private:
  explicit Accounts(AccountsOptions options);
  [[nodiscard]] const Account* find_locked(std::string_view name) const;
  [[nodiscard]] AccountSummary summary_locked(const Account& account) const;
  [[nodiscard]] SignedIn signed_in_locked(const Account& account, const TokenHash& token,
                                          const SessionEntry& entry) const;
  [[nodiscard]] std::string csrf_of(const TokenHash& token) const;
  SignInAnswer begin_session_locked(const Account& account);
  std::int64_t begin_try(std::string_view name, const std::string& address);
  void end_try(std::string_view name, const std::string& address, SignInOutcome outcome);
  Result<SignInAnswer> check_password_of(const SignedIn& who, const std::string& password, const std::string& address);
  Result<bool> take_code(const std::string& name, const std::string& code);
  // Reads the file anew, lets `edit` change what is there, and writes it; all under the file's lock.
  template <typename Edit>
  Result<void> edit_file(Edit edit);

  const AccountsOptions options_;
  const std::string path_;
  std::string decoy_hash_;                    // that a password of nobody is compared with
  std::array<unsigned char, 32> csrf_key_{};  // of this run
  std::mutex file_mutex_;                     // before mutex_: who reads or writes the file
  mutable std::mutex mutex_;                  // guards what follows
  std::string seen_;
  std::vector<Account> accounts_, demo_;      // by name
  std::map<std::string, Timestamp, std::less<>> signed_in_at_;
  std::map<std::string, std::string, std::less<>> totp_to_confirm_;
  Sessions sessions_;
  Lockout of_account_, of_address_;
};

}  // namespace zan::accounts
