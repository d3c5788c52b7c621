#include "api/account_json.h"

#include <optional>

#include "api/body_fields.h"
#include "api/json_writer.h"

namespace zan::api {
namespace {

namespace dom = simdjson::dom;
using accounts::Role;

constexpr std::size_t text_bytes_max = 2000;  // of a password or a name; what they may be, accounts says

Result<Role> read_role(dom::element value, const std::string& pointer) {
  ZAN_ASSIGN(const std::string_view name, read_text(value, pointer, text_bytes_max));
  const auto role = accounts::find_role(name);
  if (!role) return invalid("a role is operator, creator, brand, viewer or auditor", pointer);
  return *role;
}

Result<std::string> read_string(dom::element value, const std::string& pointer) {
  ZAN_ASSIGN(const std::string_view text, read_text(value, pointer, text_bytes_max));
  return std::string(text);
}

// A name of the community, or null for nobody.
Result<std::string> read_who(dom::element value, const std::string& pointer) {
  if (value.is_null()) return std::string();
  ZAN_ASSIGN(const std::string_view name, read_name(value, pointer));
  return std::string(name);
}

Error missing(const std::string& key) {
  return invalid(key + " is missing", "/" + key);
}

void append_person(JsonWriter& object, std::string_view name, Role role, std::string_view user,
                   std::string_view creator) {
  object.text("name", name);
  object.text("role", to_string(role));
  object.text_or_null("user", user);
  object.text_or_null("creator", creator);
}

void append_summary(JsonWriter& object, const accounts::AccountSummary& account) {
  append_person(object, account.name, account.role, account.user, account.creator);
  object.flag("disabled", account.disabled);
  object.flag("totp", account.totp);
  object.flag("demo", account.demo);
  object.count("sessions", account.sessions);
  object.time("created", account.created);
  object.time_or_null("signed_in_at", account.signed_in_at.value_or(Timestamp{}), account.signed_in_at.has_value());
}

}  // namespace

Result<SignInBody> parse_sign_in(std::string_view body) {
  SignInBody said;
  bool named = false, has_password = false;
  ZAN_TRY(read_fields(body, [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key == "demo_role") {
      ZAN_ASSIGN(said.demo_role, read_role(value, "/demo_role"));
    } else if (key == "name") {
      ZAN_ASSIGN(said.request.name, read_string(value, "/name"));
      named = true;
    } else if (key == "password") {
      ZAN_ASSIGN(said.request.password, read_string(value, "/password"));
      has_password = true;
    } else if (key == "totp") {
      ZAN_ASSIGN(said.request.totp, read_string(value, "/totp"));
    } else {
      return false;
    }
    return true;
  }));
  if (said.demo_role) {
    if (named || has_password) return invalid("a demo role needs no name and no password", "/demo_role");
    return said;
  }
  if (!named) return missing("name");
  if (!has_password) return missing("password");
  return said;
}

Result<accounts::NewAccount> parse_new_account(std::string_view body) {
  accounts::NewAccount account;
  bool has_role = false;
  ZAN_TRY(read_fields(body, [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key == "role") {
      ZAN_ASSIGN(account.role, read_role(value, "/role"));
      has_role = true;
    } else if (key == "name") {
      ZAN_ASSIGN(account.name, read_string(value, "/name"));
    } else if (key == "password") {
      ZAN_ASSIGN(account.password, read_string(value, "/password"));
      if (account.password.empty()) return invalid("a password is not empty; leave it out to get one", "/password");
    } else if (key == "user") {
      ZAN_ASSIGN(account.user, read_who(value, "/user"));
    } else if (key == "creator") {
      ZAN_ASSIGN(account.creator, read_who(value, "/creator"));
    } else {
      return false;
    }
    return true;
  }));
  if (account.name.empty()) return missing("name");
  if (!has_role) return missing("role");
  return account;
}

Result<accounts::AccountChange> parse_account_change(std::string_view body) {
  accounts::AccountChange change;
  bool has_password = false;
  ZAN_TRY(read_fields(body, [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key == "role") {
      ZAN_ASSIGN(change.role, read_role(value, "/role"));
    } else if (key == "user") {
      ZAN_ASSIGN(change.user, read_who(value, "/user"));
    } else if (key == "creator") {
      ZAN_ASSIGN(change.creator, read_who(value, "/creator"));
    } else if (key == "disabled") {
      ZAN_ASSIGN(change.disabled, read_truth(value, "/disabled"));
    } else if (key == "password") {
      ZAN_ASSIGN(change.password, read_string(value, "/password"));
      has_password = true;
    } else if (key == "reset_password") {
      ZAN_ASSIGN(change.reset_password, read_truth(value, "/reset_password"));
    } else if (key == "totp") {
      ZAN_ASSIGN(const bool kept, read_truth(value, "/totp"));
      if (kept) return invalid("a second factor is begun by its owner; here it can only be ended", "/totp");
      change.end_totp = true;
    } else {
      return false;
    }
    return true;
  }));
  if (has_password) ZAN_TRY(accounts::check_password(change.password, "/password"));
  if (change.reset_password && has_password)
    return invalid("give a password or have one made, not both", "/reset_password");
  return change;
}

Result<PasswordChange> parse_password_change(std::string_view body) {
  PasswordChange change;
  ZAN_TRY(read_fields(body, [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key == "old") {
      ZAN_ASSIGN(change.old, read_string(value, "/old"));
    } else if (key == "new") {
      ZAN_ASSIGN(change.fresh, read_string(value, "/new"));
    } else {
      return false;
    }
    return true;
  }));
  return change;
}

Result<std::string> parse_one_text(std::string_view body, std::string_view wanted) {
  std::optional<std::string> text;
  const std::string pointer = "/" + std::string(wanted);
  ZAN_TRY(read_fields(body, [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key != wanted) return false;
    ZAN_ASSIGN(text, read_string(value, pointer));
    return true;
  }));
  if (!text) return missing(std::string(wanted));
  return *text;
}

std::string render_session(const SessionState& state, const std::optional<accounts::SignedIn>& who) {
  std::string out = "{";
  JsonWriter object(out);
  object.flag("signed_in", who.has_value());
  object.text("accounts", state.on ? "on" : "off");
  object.flag("demo", state.demo);
  out += ",\"demo_roles\":[";
  JsonWriter roles(out);
  for (const Role role : state.demo_roles) append_json_string(roles.item(), to_string(role));
  out += ']';
  if (who) {
    out += ",\"account\":{";
    JsonWriter account(out);
    append_person(account, who->name, who->role, who->user, who->creator);
    account.flag("totp", who->totp);
    account.flag("demo", who->demo);
    out += '}';
    object.text("csrf", who->csrf);
    object.time("expires", who->expires);
  }
  return out += "}\n";
}

std::string render_accounts(const std::vector<accounts::AccountSummary>& list) {
  std::string out = "{\"items\":";
  append_objects(out, list, append_summary);
  return out += "}\n";
}

std::string render_changed(const accounts::Changed& changed) {
  std::string out = "{\"account\":{";
  JsonWriter account(out);
  append_summary(account, changed.account);
  out += "},\"password\":";
  if (changed.made_password.empty()) return out += "null}\n";
  append_json_string(out, changed.made_password);
  return out += "}\n";
}

std::string render_totp(std::string_view name, std::string_view secret) {
  std::string out = "{";
  JsonWriter object(out);
  object.text("secret", accounts::base32(secret));
  object.text("otpauth", accounts::otpauth_uri(name, secret));
  return out += "}\n";
}

std::string render_audit(const accounts::AuditPage& page) {
  std::string out = "{\"items\":";
  append_objects(out, page.entries, [](JsonWriter& object, const accounts::AuditEntry& entry) {
    object.time("at", entry.at);
    object.text("by", entry.by);
    object.text("role", entry.role);
    object.text("what", entry.what);
    object.text_or_null("target", entry.target);
    object.count("status", entry.status);
    object.text("request_id", entry.request_id);
  });
  out += ",\"next\":";
  if (page.next == 0) return out += "null}\n";
  return out += '"' + std::to_string(page.next) + "\"}\n";
}

std::string render_attack(const AttackStatus& status) {
  std::string out = "{";
  JsonWriter object(out);
  object.flag("running", status.running);
  object.text_or_null("id", status.id);
  object.text_or_null("kind", status.kind);
  object.count("sent", status.sent);
  object.count("of", status.of);
  object.key("subjects") += '[';
  JsonWriter subjects(out);
  for (const std::string& subject : status.subjects) append_json_string(subjects.item(), subject);
  out += ']';
  object.count("accounts", status.accounts);
  object.time_or_null("started", status.started.value_or(Timestamp{}), status.started.has_value());
  if (!status.trouble.empty()) object.text("trouble", status.trouble);
  return out += "}\n";
}

}  // namespace zan::api
