// What tests with people who sign in share: a server with accounts, and visitors with their cookies.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "accounts/sim_clock.h"
#include "api/server_fixture.h"
#include "base/scratch_folder.h"

namespace zan::api {

// A browser: its cookie, and the token that its page has been told.
struct Visitor {
  std::string cookie, csrf;

  std::string fields() const { return "Cookie: " + cookie + "\r\nX-CSRF-Token: " + csrf + "\r\n"; }
  std::string request(std::string_view method, std::string_view target, std::string_view body = {},
                      std::string_view type = json_type) const {
    if (method == "GET") return get(target, fields());
    return with_body(method, target, type, body, fields());
  }
};

class SessionTest : public ServerTest {
 protected:
  static constexpr const char* password = "correct horse";

  SessionTest() { open_accounts(); }
  void open_accounts() {
    accounts::AccountsOptions options;
    options.data_folder = folder_.path();
    options.cost = accounts::least_cost;
    options.clock = &clock_;
    options.of_address.free = 1000;
    accounts_ = std::move(accounts::Accounts::open(std::move(options))).value();
    audit_ = std::move(accounts::AuditTrail::open(folder_.path())).value();
  }
  void start_server(ServerOptions options = {}) {
    options.accounts = accounts_;
    options.audit = audit_;
    start(std::move(options));
  }

  // What a sign-in answers makes a visitor.
  static Visitor visitor_of(const Reply& reply) {
    Visitor visitor;
    const auto cookie = reply.fields.find("set-cookie");
    if (cookie == reply.fields.end()) return visitor;
    visitor.cookie = cookie->second.substr(0, cookie->second.find(';'));
    const std::size_t at = reply.body.find(R"("csrf":")");
    visitor.csrf = at == std::string::npos ? "" : reply.body.substr(at + 8, 43);
    return visitor;
  }
  Reply sign_in(std::string_view name, std::string_view given = password, std::string_view more = {}) {
    if (server_ == nullptr) start_server();
    return ask(with_body("POST", "/v1/session", json_type,
                         R"({"name":")" + std::string(name) + R"(","password":")" + std::string(given) + '"' +
                             std::string(more) + "}"));
  }
  // Of user u1 and creator c1.
  Visitor enter(accounts::Role role) {
    const std::string name(to_string(role));
    (void)accounts_->add({name, role, "u1", "c1", password});
    return visitor_of(sign_in(name));
  }

  const ScratchFolder folder_;
  accounts::SimClock clock_;
  std::shared_ptr<accounts::Accounts> accounts_;
  std::shared_ptr<accounts::AuditTrail> audit_;
};

}  // namespace zan::api
