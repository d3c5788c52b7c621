// Who asks: the half of Session that looks at keys and cookies, and keeps the trail of what staff did.
#include "api/calls.h"
#include "api/cookie.h"
#include "api/roles.h"
#include "api/session.h"
#include "api/text.h"

namespace zan::api {
namespace {

bool is_staff_key(const ApiKey& key) {
  return key.may(Scope::admin) || key.may(Scope::integrity);
}

}  // namespace

std::optional<Failure> Session::check_access(const Route& route) {
  who_.reset();
  if (keys_ != thread_.keys) {
    keys_ = thread_.keys;
    authorization_.clear();
    caller_ = keys_->needed ? nullptr : keys_->anyone;
  }
  if (server().accounts != nullptr && request().authorization.empty()) {
    const std::string_view token = cookie_value(request().cookie, session_cookie_name(server().on_loopback));
    if (!token.empty()) return check_person(route, token);
  }
  if (route.scope == Scope::account) return Failure{Problem::signed_out, "sign in first: POST /v1/session", {}};
  return check_key(route.scope);
}

std::optional<Failure> Session::check_key(Scope scope) {
  if (scope == Scope::open || !keys_->needed) return std::nullopt;
  if (caller_ == nullptr || !same_secret(authorization_, request().authorization)) {
    caller_ = nullptr;
    authorization_ = request().authorization;
    constexpr std::size_t scheme = 7;
    if (authorization_.size() > scheme && iequals(authorization_.substr(0, scheme), "Bearer ")) {
      const ApiKey* key = find_key(keys_->keys, std::string_view(authorization_).substr(scheme));
      if (key != nullptr) caller_ = keys_->callers[static_cast<std::size_t>(key - keys_->keys.data())];
    }
  }
  if (caller_ == nullptr) {
    extra_ += "WWW-Authenticate: Bearer realm=\"zhenzan\"\r\n";
    return Failure{Problem::unauthorized, "send a valid key as `Authorization: Bearer <key>`", {}};
  }
  if (caller_->key.may(scope)) return std::nullopt;
  return Failure{Problem::missing_scope, "the key lacks the scope " + std::string(to_string(scope)), {}};
}

// A token that leads nowhere is not taken for no token: a page must learn that its session has ended.
std::optional<Failure> Session::check_person(const Route& route, std::string_view token) {
  who_ = server().accounts->find(token);
  const bool changes = is_unsafe(request().method) && route.call != Call::sign_in;
  if (!who_) {
    if (route.scope == Scope::open) return std::nullopt;
    return Failure{Problem::signed_out, "the session has ended; sign in again", {}};
  }
  if (changes && !same_secret(request().csrf, who_->csrf))
    return Failure{Problem::csrf, "send the session's csrf as X-CSRF-Token", {}};
  if (route.scope == Scope::open) return std::nullopt;
  return check_reach(*who_, route.call, id_, query_, server().engine.reads());
}

// The name of the caller's account or key.
std::string Session::caller_name() const {
  if (who_) return who_->name;
  return caller_ != nullptr ? caller_->key.name : std::string();
}

bool Session::may(Scope scope) const {
  if (who_) return who_->role == accounts::Role::operator_ || who_->role == accounts::Role::auditor;
  return caller_ != nullptr && caller_->key.may(scope);
}

TokenBucket* Session::bucket() const {
  return who_ || caller_ == nullptr ? nullptr : caller_->bucket.get();
}

std::optional<Failure> Session::check_act(const engagement::ActBatch& batch, const engagement::Act& act) const {
  if (!who_) return std::nullopt;
  return check_own_act(*who_, batch, act);
}

// Of a call whose body says whose it is. It is read on the io thread, so it must be small.
std::optional<Failure> Session::check_body_of_person(std::string_view body) const {
  if (!who_ || reach_of(call_, who_->role) != Reach::own_body) return std::nullopt;
  if (body.size() > limits().small_body_bytes)
    return Failure{Problem::body_too_large, "of a person a body of 64 KiB at most is taken here", {}};
  return check_own_body(*who_, call_, body, thread_.server.engine.reads());
}

// Sign-ins note themselves: who it was is known only by their end.
void Session::note_act() const {
  if (thread_.server.audit == nullptr || call_ == Call::none || !is_unsafe(request().method) || only_asks(call_)) return;
  const Route& route = route_of(call_);
  std::string role;
  if (who_) {
    const bool of_account = route.scope == Scope::account;
    if (call_ == Call::sign_in || (who_->role == accounts::Role::viewer && !of_account)) return;
    role = to_string(who_->role);
  } else {
    const bool staff = caller_ != nullptr && is_staff_key(caller_->key);
    if (!staff || route.scope == Scope::ingest || route.scope == Scope::open) return;
    role = "key";
  }
  note_staff(caller_name(), role, id_, status_);
}

void Session::note_staff(std::string by, std::string role, std::string target, int status) const {
  if (thread_.server.audit == nullptr) return;
  thread_.server.audit->note({.at = thread_.server.clock.now(),
                        .by = std::move(by),
                        .role = std::move(role),
                        .what = std::string(to_string(call_)),
                        .target = std::move(target),
                        .request_id = request_id_,
                        .status = static_cast<std::uint16_t>(status)});
}

}  // namespace zan::api
