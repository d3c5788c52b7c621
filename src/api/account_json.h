// What is told to the calls about accounts, and what they answer, as JSON.
//
// Errors: invalid, with the JSON pointer of the offending part; without one when the body is not the JSON it should be.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/accounts.h"
#include "api/red_team.h"

namespace zan::api {

struct SignInBody {
  accounts::SignInRequest request;
  std::optional<accounts::Role> demo_role;
};
// {"name":"ann","password":"...","totp":"123456"} or {"demo_role":"operator"}
Result<SignInBody> parse_sign_in(std::string_view body);

// {"name":"ann","role":"brand","password":"...","user":"u1","creator":"c1"}
Result<accounts::NewAccount> parse_new_account(std::string_view body);
// {"role":"brand","user":null,"creator":"c1","disabled":true,"password":"...","reset_password":true,"totp":false}
Result<accounts::AccountChange> parse_account_change(std::string_view body);

struct PasswordChange {
  std::string old, fresh;
};
// {"old":"...","new":"..."}
Result<PasswordChange> parse_password_change(std::string_view body);
// A body of one text: {"code":"123456"}, {"password":"..."}, {"kind":"burst"}
Result<std::string> parse_one_text(std::string_view body, std::string_view key);

struct SessionState {
  bool on = false, demo = false;
  std::vector<accounts::Role> demo_roles;
};
std::string render_session(const SessionState& state, const std::optional<accounts::SignedIn>& who);
std::string render_accounts(const std::vector<accounts::AccountSummary>& list);
std::string render_changed(const accounts::Changed& changed);
std::string render_totp(std::string_view name, std::string_view secret);
std::string render_audit(const accounts::AuditPage& page);
std::string render_attack(const AttackStatus& status);

}  // namespace zan::api
