// People who sign in, through the server: cookies, tokens, lockouts, accounts, the trail, the demo.
#include "api/console.h"
#include "api/cookie.h"
#include "api/sim_visitor.h"

namespace zan::api {
namespace {

using accounts::Role;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Cookie, IsFoundAmongOthers) {
  EXPECT_EQ(cookie_value("a=1; zan=x=y; b=2", "zan"), "x=y");
  EXPECT_EQ(cookie_value("zan=1", "zan"), "1");
  for (const char* header : {"", "zan", "xzan=1", "zanx=1", "a=zan=1", "ZAN=1", "zan="})
    EXPECT_EQ(cookie_value(header, "zan"), "") << header;
  EXPECT_EQ(session_cookie(true, "t"), "zan=t; Path=/; HttpOnly; SameSite=Strict");
  EXPECT_EQ(session_cookie(false, "t"), "__Host-zan=t; Path=/; HttpOnly; SameSite=Strict; Secure");
}

TEST(Cookie, LoopbackHasSoManyNames) {
  for (const char* host : {"localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:8080", "[::1]", "[::1]:80"})
    EXPECT_TRUE(is_loopback_host(host)) << host;
  for (const char* host : {"", "localhost.example.com", "127.0.0.1.example.com", "[::1].com", "10.0.0.1", "x"})
    EXPECT_FALSE(is_loopback_host(host)) << host;
}

TEST(Encoding, GzipIsTakenByNameOrStar) {
  for (const char* field : {"gzip", "deflate, gzip;q=0.5, br", "*", "GZIP", "x-gzip", "br, *;q=0.1"})
    EXPECT_TRUE(takes_gzip(field)) << field;
  for (const char* field : {"", "identity", "gzip;q=0", "gzip; q=0.000, *", "*;q=0", "gzipx", "br"})
    EXPECT_FALSE(takes_gzip(field)) << field;
  EXPECT_EQ(inflated("no gzip"), "");
}

TEST_F(SessionTest, AWrongPasswordAndNobodyAreOneAnswer) {
  (void)accounts_->add({"ann", Role::operator_, {}, {}, password});
  const Reply wrong = sign_in("ann", "wrong password"), nobody = sign_in("bob");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_THAT(wrong.body, HasSubstr(R"("code":"sign_in")"));
  const auto without_id = [](const Reply& reply) { return reply.body.substr(0, reply.body.find("instance")); };
  EXPECT_EQ(without_id(wrong), without_id(nobody));
  EXPECT_FALSE(wrong.fields.contains("set-cookie"));
}

TEST_F(SessionTest, WhatIsNoSignInIsSaid) {
  start_server();
  const auto status = [&](std::string_view type, std::string_view body) {
    return ask(with_body("POST", "/v1/session", type, body)).status;
  };
  const std::string good = R"({"name":"ann","password":"x"})";
  EXPECT_EQ(status("", good), 415) << "a form of a page elsewhere";
  EXPECT_EQ(status("text/plain", good), 415);
  EXPECT_EQ(status(json_type, "{"), 400);
  EXPECT_EQ(status(json_type, "{}"), 422);
  EXPECT_EQ(status(json_type, R"({"name":"ann"})"), 422);
  EXPECT_EQ(status(json_type, R"({"name":"ann","password":"x","more":1})"), 422);
  EXPECT_EQ(status(json_type, R"({"name":7,"password":"x"})"), 422);
  EXPECT_EQ(status(json_type, R"({"demo_role":"king"})"), 422);
  EXPECT_EQ(status(json_type, R"({"demo_role":"operator","name":"ann"})"), 422);
  EXPECT_EQ(status(json_type, R"({"demo_role":"operator"})"), 403) << "it is no demo";
  EXPECT_EQ(status("application/json; charset=utf-8", good), 401);
}

TEST_F(SessionTest, SignsInAsksAndSignsOut) {
  const Visitor ann = enter(Role::operator_);
  ASSERT_NE(ann.csrf, "");
  EXPECT_EQ(sign_in("operator").fields.at("set-cookie").substr(47), "; Path=/; HttpOnly; SameSite=Strict");
  EXPECT_THAT(ask(ann.request("GET", "/v1/session")).body,
              HasSubstr(R"("account":{"name":"operator","role":"operator","user":"u1","creator":"c1","totp":false)"));
  EXPECT_EQ(ask(ann.request("GET", "/v1/accounts")).status, 200);
  const Reply out = ask(ann.request("DELETE", "/v1/session"));
  EXPECT_EQ(out.status, 204);
  EXPECT_THAT(out.fields.at("set-cookie"), HasSubstr("Max-Age=0"));
  const Reply after = ask(ann.request("GET", "/v1/accounts"));
  EXPECT_EQ(after.status, 401);
  EXPECT_THAT(after.body, HasSubstr(R"("code":"signed_out")"));
  EXPECT_THAT(ask(ann.request("GET", "/v1/session")).body, HasSubstr(R"("signed_in":false)"));
  EXPECT_EQ(ask(ann.request("DELETE", "/v1/session")).status, 204);
  EXPECT_EQ(ask(ann.request("GET", "/v1/top")).status, 401) << "an ended session is not nobody";
  EXPECT_EQ(ask(get("/v1/top")).status, 200) << "without a cookie all is as it was";
  EXPECT_EQ(ask(get("/v1/accounts")).status, 401) << "but accounts are for who is signed in";
}

TEST_F(SessionTest, ANewSignInEndsTheOldOneAndAllEndsEverywhere) {
  const Visitor first = enter(Role::brand);
  const Visitor second = visitor_of(ask(with_body("POST", "/v1/session", json_type,
                                                  R"({"name":"brand","password":"correct horse"})", first.fields())));
  EXPECT_EQ(ask(first.request("GET", "/v1/top")).status, 401);
  const Visitor third = enter(Role::brand);
  EXPECT_EQ(ask(third.request("DELETE", "/v1/session?all=true")).status, 204);
  EXPECT_EQ(ask(second.request("GET", "/v1/top")).status, 401);
}

TEST_F(SessionTest, AChangeNeedsTheSessionsToken) {
  Visitor ann = enter(Role::operator_);
  const auto status = [&] {
    const Reply reply = ask(ann.request("PUT", "/v1/users/u9", "{}"));
    if (reply.status == 403) {
      EXPECT_THAT(reply.body, HasSubstr(R"("code":"csrf")"));
    }
    return reply.status;
  };
  EXPECT_EQ(status(), 204);
  const std::string good = ann.csrf;
  for (const std::string& bad : {std::string(), good.substr(1), good + "x", enter(Role::operator_).csrf}) {
    ann.csrf = bad;
    EXPECT_EQ(status(), 403) << bad;
    EXPECT_EQ(ask(ann.request("GET", "/v1/top")).status, 200) << "reading needs none";
    EXPECT_EQ(ask(ann.request("DELETE", "/v1/session")).status, 403);
  }
}

TEST_F(SessionTest, AKeyNeverUsesTheCookie) {
  const std::string key = *add_key(folder_.path(), "k", "read", 0, machine_entropy());
  ServerOptions options;
  options.data_folder = folder_.path();
  start_server(std::move(options));
  const Visitor ann = enter(Role::operator_);
  EXPECT_EQ(ask(get("/v1/top")).status, 401);
  EXPECT_EQ(ask(get("/v1/top", ann.fields())).status, 200);
  EXPECT_EQ(ask(get("/v1/top", ann.fields() + "Authorization: Bearer wrong\r\n")).status, 401);
  EXPECT_EQ(ask(get("/v1/cases", ann.fields() + "Authorization: Bearer " + key + "\r\n")).status, 403);
  EXPECT_EQ(ask(get("/v1/cases", ann.fields())).status, 200);
}

TEST_F(SessionTest, LocksOutAndSaysForHowLong) {
  (void)accounts_->add({"ann", Role::operator_, {}, {}, password});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(sign_in("ann", "wrong password").status, 401);
  const Reply locked = sign_in("ann");
  EXPECT_EQ(locked.status, 429);
  EXPECT_EQ(locked.fields.at("retry-after"), "1");
  EXPECT_THAT(locked.body, HasSubstr(R"("code":"locked_out")"));
  clock_.forward(us_per_second);
  EXPECT_EQ(sign_in("ann").status, 200);
}

TEST_F(SessionTest, ASecondFactorIsBegunConfirmedAskedForAndEnded) {
  const Visitor ann = enter(Role::operator_);
  const Reply begun = ask(ann.request("POST", "/v1/account/totp"));
  ASSERT_EQ(begun.status, 200) << begun.body;
  const std::size_t at = begun.body.find(R"("secret":")") + 10;
  const std::string secret = *accounts::base32_decoded(begun.body.substr(at, begun.body.find('"', at) - at));
  EXPECT_THAT(begun.body, HasSubstr("otpauth://totp/Zhenzan:operator?secret="));
  const auto code = [&] { return accounts::totp_code(secret, accounts::totp_step_at(clock_.now())); };
  EXPECT_EQ(ask(ann.request("PUT", "/v1/account/totp", R"({"code":"x"})")).status, 401);
  EXPECT_EQ(ask(ann.request("PUT", "/v1/account/totp", R"({"code":")" + code() + "\"}")).status, 204);
  EXPECT_EQ(ask(ann.request("POST", "/v1/account/totp")).status, 409);
  EXPECT_THAT(sign_in("operator").body, HasSubstr(R"("code":"totp_needed")"));
  clock_.forward(accounts::totp_step_us);
  const Reply in = sign_in("operator", password, R"(,"totp":")" + code() + "\"");
  EXPECT_EQ(in.status, 200);
  EXPECT_THAT(in.body, HasSubstr(R"("totp":true)"));
  EXPECT_EQ(ask(ann.request("DELETE", "/v1/account/totp", R"({"password":"wrong"})")).status, 401);
  EXPECT_EQ(ask(ann.request("DELETE", "/v1/account/totp", R"({"password":"correct horse"})")).status, 204);
  EXPECT_EQ(sign_in("operator").status, 200);
}

TEST_F(SessionTest, AnOperatorMakesChangesAndListsAccounts) {
  const Visitor ann = enter(Role::operator_);
  const auto ask_as = [&](std::string_view method, std::string_view target, std::string_view body = {}) {
    return ask(ann.request(method, target, body));
  };
  const Reply made = ask_as("POST", "/v1/accounts", R"({"name":"bob","role":"viewer","user":"u7"})");
  ASSERT_EQ(made.status, 200) << made.body;
  const std::size_t at = made.body.find(R"("password":")") + 12;
  const std::string given = made.body.substr(at, made.body.find('"', at) - at);
  EXPECT_EQ(sign_in("bob", given).status, 200);
  EXPECT_EQ(ask_as("POST", "/v1/accounts", R"({"name":"bob","role":"brand"})").status, 409);
  EXPECT_EQ(ask_as("POST", "/v1/accounts", R"({"name":"cid","role":"viewer"})").status, 422);
  EXPECT_EQ(ask_as("POST", "/v1/accounts", R"({"name":"cid","role":"brand","password":"short"})").status, 422);
  EXPECT_EQ(ask_as("PUT", "/v1/accounts/nobody", R"({"disabled":true})").status, 404);
  EXPECT_EQ(ask_as("PUT", "/v1/accounts/operator", R"({"disabled":true})").status, 409);
  EXPECT_EQ(ask_as("PUT", "/v1/accounts/bob", R"({"totp":true})").status, 422);
  const Visitor bob = visitor_of(sign_in("bob", given));
  EXPECT_EQ(ask_as("PUT", "/v1/accounts/bob", R"({"disabled":true,"user":null,"role":"brand"})").status, 200);
  EXPECT_EQ(ask(bob.request("GET", "/v1/top")).status, 401);
  EXPECT_EQ(sign_in("bob", given).status, 401);
  const std::string list = ask_as("GET", "/v1/accounts").body;
  EXPECT_THAT(list, HasSubstr(R"({"items":[{"name":"bob","role":"brand","user":null,"creator":null,"disabled":true,)"));
  EXPECT_THAT(list, Not(HasSubstr("argon2")));
  EXPECT_EQ(ask_as("PUT", "/v1/account/password", R"({"old":"wrong","new":"another one"})").status, 401);
  EXPECT_EQ(ask_as("PUT", "/v1/account/password", R"({"old":"correct horse","new":"short"})").status, 422);
  EXPECT_EQ(ask_as("PUT", "/v1/account/password", R"({"old":"correct horse","new":"another one"})").status, 204);
  EXPECT_EQ(ask_as("GET", "/v1/accounts").status, 200) << "this session goes on";
  EXPECT_EQ(sign_in("operator", "another one").status, 200);
}

TEST_F(SessionTest, WhatStaffDoesIsOnTheTrailAndWhatViewersDoIsNot) {
  const Visitor ann = enter(Role::operator_), eve = enter(Role::viewer), max = enter(Role::brand);
  sign_in("operator", "wrong password");
  ask(ann.request("PUT", "/v1/users/u9", "{}"));
  ask(ann.request("GET", "/v1/top"));
  ask(eve.request("POST", "/v1/events", like("u1")));
  ask(eve.request("PUT", "/v1/account/password", "{}"));
  ask(max.request("POST", "/v1/segments/count", "{}"));
  ask(max.request("DELETE", "/v1/users/u9"));
  ask(with_body("PUT", "/v1/users/u8", json_type, "{}"));
  ask(with_body("POST", "/v1/admin/compact", {}, {}));
  std::string said;
  const auto trail = audit_->page(100, 0);
  for (const auto& entry : trail->entries)
    said = entry.by + "/" + entry.role + " " + entry.what + " " + entry.target + " " + std::to_string(entry.status) + "\n" + said;
  EXPECT_EQ(said,
            "operator/operator POST /v1/session  200\n"
            "brand/brand POST /v1/session  200\n"
            "operator/ POST /v1/session  401\n"
            "operator/operator PUT /v1/users/{id} u9 204\n"
            "viewer/viewer PUT /v1/account/password  422\n"
            "brand/brand DELETE /v1/users/{id} u9 403\n"
            "anyone/key POST /v1/admin/compact  200\n");
  const Visitor eva = enter(Role::auditor);
  const Reply page = ask(eva.request("GET", "/v1/audit?limit=2"));
  EXPECT_THAT(page.body, HasSubstr(R"("by":"auditor","role":"auditor","what":"POST /v1/session","target":null,"status":200)"));
  const std::size_t at = page.body.find(R"("next":")") + 8;
  const std::string cursor = page.body.substr(at, page.body.find('"', at) - at);
  EXPECT_THAT(ask(eva.request("GET", "/v1/audit?cursor=" + cursor)).body, HasSubstr("DELETE /v1/users/{id}"));
  EXPECT_EQ(ask(eva.request("GET", "/v1/audit?cursor=x")).status, 400);
  EXPECT_EQ(ask(eva.request("GET", "/v1/audit?limit=1000")).status, 400);
}

TEST_F(SessionTest, ADemoIsEnteredByItsRoles) {
  accounts_->set_demo({{.name = "demo-operator", .role = Role::operator_}});
  ServerOptions options;
  options.demo = true;
  start_server(options);
  EXPECT_THAT(ask(get("/v1/session")).body, HasSubstr(R"("accounts":"on","demo":true,"demo_roles":["operator"])"));
  const auto enter_at = [&](const std::string& host, const std::string& role) {
    const std::string body = R"({"demo_role":")" + role + "\"}";
    return ask("POST /v1/session HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/json\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n\r\n" + body);
  };
  EXPECT_EQ(enter_at("evil.example", "operator").status, 403);
  EXPECT_EQ(enter_at("localhost:8080", "viewer").status, 404) << "the folder is not filled yet";
  const Visitor visitor = visitor_of(enter_at("localhost:8080", "operator"));
  EXPECT_EQ(ask(visitor.request("GET", "/v1/accounts")).status, 200);
  EXPECT_EQ(ask(visitor.request("PUT", "/v1/account/password", R"({"old":"x","new":"another one"})")).status, 403);
  options.host = "0.0.0.0";
  options.accounts = accounts_;
  const auto beyond = Server::start(engine_, options);
  ASSERT_FALSE(beyond.ok());
  EXPECT_THAT(beyond.error().message, HasSubstr("loopback only"));
}

class SimRedTeam final : public RedTeam {
 public:
  Result<std::string> start(const std::string& kind) override {
    if (kind != "burst") return invalid("no such kind", "/kind");
    if (status_.running) return conflict("one attack is under way");
    status_ = {.running = true, .sent = 3, .of = 9, .subjects = {"sim-work-1"}, .accounts = 2};
    status_.started = Timestamp{0};
    return status_.id = "a1";
  }
  AttackStatus status() const override { return status_; }

 private:
  AttackStatus status_;
};

TEST_F(SessionTest, AnOperatorOfADemoAttacksOnceAtATime) {
  const Visitor nobody = enter(Role::operator_);
  EXPECT_EQ(ask(nobody.request("POST", "/v1/demo/attack", R"({"kind":"burst"})")).status, 403) << "no demo";
  ServerOptions options;
  options.red_team = std::make_shared<SimRedTeam>();
  start_server(options);
  const Visitor ann = enter(Role::operator_);
  EXPECT_THAT(ask(ann.request("GET", "/v1/demo/attack")).body, HasSubstr(R"({"running":false,"id":null)"));
  EXPECT_EQ(ask(ann.request("POST", "/v1/demo/attack", R"({"kind":"siege"})")).status, 422);
  const Reply begun = ask(ann.request("POST", "/v1/demo/attack", R"({"kind":"burst"})"));
  EXPECT_EQ(begun.status, 202);
  EXPECT_EQ(begun.body, "{\"id\":\"a1\"}\n");
  EXPECT_EQ(ask(ann.request("POST", "/v1/demo/attack", R"({"kind":"burst"})")).status, 409);
  EXPECT_THAT(ask(ann.request("GET", "/v1/demo/attack")).body,
              HasSubstr(R"("running":true,"id":"a1","kind":null,"sent":3,"of":9,"subjects":["sim-work-1"],"accounts":2)"));
}

TEST_F(SessionTest, WithoutAccountsNobodySignsIn) {
  start({});
  EXPECT_EQ(ask(get("/v1/session")).body,
            "{\"signed_in\":false,\"accounts\":\"off\",\"demo\":false,\"demo_roles\":[]}\n");
  EXPECT_EQ(ask(with_body("POST", "/v1/session", json_type, "{}")).status, 403);
  EXPECT_EQ(ask("DELETE /v1/session HTTP/1.1\r\nHost: x\r\n\r\n").status, 204);
  EXPECT_EQ(ask(get("/v1/top", "Cookie: zan=x\r\n")).status, 200);
  EXPECT_EQ(ask(get("/v1/accounts", "Cookie: zan=x\r\n")).status, 401);
}

TEST_F(SessionTest, TheRootLeadsToTheConsole) {
  const Reply root = ask(get("/"));
  EXPECT_EQ(root.status, 302);
  EXPECT_EQ(root.fields.at("location"), "/console/");
  const Reply page = ask(get("/console/some/page"));
  if (console_files().empty()) {
    EXPECT_EQ(page.status, 404);
    EXPECT_THAT(page.body, HasSubstr("this zan was built without its console"));
    return;
  }
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.fields.at("cache-control"), "no-cache");
  EXPECT_EQ(page.fields.at("content-security-policy"), console_policy);
  EXPECT_EQ(page.fields.at("vary"), "Accept-Encoding");
  EXPECT_EQ(ask(get("/console/none.js")).status, 404);
  for (const ConsoleFile& file : console_files()) {
    const std::string target = "/console/" + std::string(file.path);
    const Reply plain = ask(get(target)), gzip = ask(get(target, "Accept-Encoding: br\r\nAccept-Encoding: gzip\r\n"));
    EXPECT_EQ(gzip.fields.at("content-encoding"), "gzip");
    EXPECT_EQ(inflated(gzip.body), plain.body) << target;
    EXPECT_NE(plain.fields.at("etag"), gzip.fields.at("etag"));
    const Reply same = ask(get(target, "If-None-Match: " + plain.fields.at("etag") + "\r\n"));
    EXPECT_EQ(same.status, 304);
    EXPECT_EQ(same.body, "");
  }
}

}  // namespace
}  // namespace zan::api
