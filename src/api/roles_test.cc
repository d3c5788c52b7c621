// Every call for every role, said a second time in another form: a change of the table is a change of this.
#include "api/roles.h"

#include <gtest/gtest.h>

#include <map>

#include "api/server_fixture.h"
#include "api/sim_visitor.h"

namespace zan::api {
namespace {

using accounts::Role;

// A call's route, and for auditor, creator, brand, viewer: '.' nothing, '*' all, 'u' the own user, 'c' the own creator, 's' own
// works, 'v' as the viewer, 'r' own receipts, 'b' by what the body says, 'a' own acts, 'p' with preview. Unlike the table of
// roles.cc it is sorted by what it grants.
const std::map<std::string, std::string> expected = {
    // for everybody
    {"GET /v1/subjects/{id}", "****"},
    {"GET /v1/top", "****"},
    {"GET /v1/tags", "****"},
    {"GET /v1/public/report", "****"},
    {"GET /report", "****"},
    {"GET /v1/log/days/{id}", "****"},
    {"GET /log/{path}", "****"},
    {"GET /verify", "****"},
    {"GET /verify/{path}", "****"},
    {"GET /health/live", "****"},
    {"GET /health/ready", "****"},
    {"GET /openapi.json", "****"},
    {"GET /v1/session", "****"},
    {"POST /v1/session", "****"},
    {"DELETE /v1/session", "****"},
    {"PUT /v1/account/password", "****"},
    {"POST /v1/account/totp", "****"},
    {"PUT /v1/account/totp", "****"},
    {"DELETE /v1/account/totp", "****"},
    {"GET /", "****"},
    {"GET /console/", "****"},
    {"GET /console/{path}", "****"},
    // what is public of others, or one's own
    {"GET /v1/subjects/{id}/counts", "*s**"},
    {"GET /v1/creators/{id}/counts", "*c**"},
    {"POST /v1/hydrate", "*bbb"},
    {"GET /v1/subjects/{id}/evidence", "*s*."},
    {"GET /v1/creators/{id}/evidence", "*c*."},
    {"GET /v1/subjects/{id}/audience", "*s*."},
    {"GET /v1/creators/{id}/audience", "*c*."},
    {"GET /v1/subjects/{id}/verdicts", "*s.."},
    {"GET /v1/subjects/{id}/best_times", "*s*."},
    {"GET /v1/subjects/{id}/series", "*s.."},
    {"GET /v1/creators/{id}/series", "*c.."},
    {"GET /v1/creators/{id}/works", "*c.."},
    {"GET /v1/creators/{id}/best_times", "*c.."},
    {"POST /v1/appeals", ".b.b"},
    // of viewers
    {"POST /v1/events", "...a"},
    {"GET /v1/users/{id}", "*..u"},
    {"DELETE /v1/users/{id}", "...u"},
    {"GET /v1/users/{id}/counts", "*..u"},
    {"GET /v1/users/{id}/likes", "*..u"},
    {"GET /v1/users/{id}/export", "*..u"},
    {"GET /v1/users/{id}/tags", "*..u"},
    {"GET /v1/users/{id}/interests", "*..u"},
    {"PUT /v1/users/{id}/interests", "...u"},
    {"GET /v1/receipts/{id}", "*..r"},
    {"GET /v1/feed", "p..v"},
    {"GET /v1/similar/{id}", "*s.*"},
    {"POST /v1/subjects/{id}/match", ".s.."},
    {"POST /v1/impressions", "...b"},
    // of brands
    {"POST /v1/segments/count", "*.*."},
    {"POST /v1/segments/composition", "*.*."},
    {"POST /v1/segments/overlap", "*.*."},
    {"POST /v1/segments/suggest", "*.*."},
    // what auditors read
    {"GET /v1/subjects/{id}/likers", "*..."},
    {"GET /v1/stream", "*..."},
    {"GET /v1/cases", "*..."},
    {"GET /v1/cases/{id}", "*..."},
    {"GET /v1/cases/{id}/graph", "*..."},
    {"GET /v1/cases/{id}/export", "*..."},
    {"GET /v1/integrity/labels", "*..."},
    {"GET /v1/integrity/acts", "*..."},
    {"GET /v1/integrity/report", "*..."},
    {"GET /v1/integrity/rules", "*..."},
    {"GET /v1/integrity/rules/{id}", "*..."},
    {"GET /v1/integrity/rules/{id}/shadow", "*..."},
    {"GET /v1/segments", "*..."},
    {"GET /v1/segments/{id}", "*..."},
    {"GET /v1/segments/{id}/composition", "*..."},
    {"GET /v1/segments/{id}/members", "*..."},
    {"GET /v1/segments/{id}/moves", "*..."},
    {"GET /v1/segments/{id}/stream", "*..."},
    {"GET /v1/lists", "*..."},
    {"GET /v1/tags/imports", "*..."},
    {"POST /v1/predict", "*..."},
    {"GET /v1/feed/rules", "*..."},
    {"GET /v1/feed/policy", "*..."},
    {"GET /v1/feed/experiments", "*..."},
    {"GET /v1/feed/models", "*..."},
    {"GET /v1/status", "*..."},
    {"GET /metrics", "*..."},
    {"GET /v1/audit", "*..."},
    {"GET /v1/demo/attack", "*..."},
    // Every other call is the operators' alone.
};

std::string expected_of(const Route& route) {
  const auto found = expected.find(std::string(to_string(route.call)));
  return found == expected.end() ? "...." : found->second;
}

constexpr std::array columns{Role::auditor, Role::creator, Role::brand, Role::viewer};

char letter_of(Reach reach) {
  constexpr std::string_view letters = ".*ucsvrbap";
  return letters.at(static_cast<std::size_t>(reach));
}

TEST(Roles, TheTableSaysWhatIsSaidHere) {
  std::size_t named = 0;
  for (const Route& route : routes()) {
    std::string said;
    for (const Role role : columns) said += letter_of(reach_of(route.call, role));
    EXPECT_EQ(said, expected_of(route)) << to_string(route.call);
    EXPECT_EQ(reach_of(route.call, Role::operator_), Reach::any) << to_string(route.call);
    named += expected.contains(std::string(to_string(route.call))) ? 1U : 0U;
  }
  EXPECT_EQ(named, expected.size()) << "a call is named here that is not there";
}

TEST(Roles, NobodyButOperatorsChangesWhatIsNotTheirs) {
  for (const Route& route : routes()) {
    if (!is_unsafe(route.method) || only_asks(route.call) || route.scope == Scope::open) continue;
    const bool of_themselves = route.pattern.starts_with("/v1/account/");
    for (const Role role : columns)
      EXPECT_TRUE(of_themselves || reach_of(route.call, role) != Reach::any) << to_string(route.call);
    EXPECT_TRUE(of_themselves || reach_of(route.call, Role::auditor) == Reach::none) << to_string(route.call);
  }
}

// The same through the server: who may not gets 403 and the code, who may does not.
class RolesTest : public SessionTest {
 protected:
  static std::string target_of(const Route& route, std::string_view id) {
    std::string target(route.pattern);
    const std::size_t mark = target.find('{');
    return mark == std::string::npos ? target : target.replace(mark, target.find('}') - mark + 1, id);
  }
  static std::string code_of(const Reply& reply) {
    const std::size_t at = reply.body.find(R"("code":")");
    return at == std::string::npos ? "" : reply.body.substr(at + 8, reply.body.find('"', at + 8) - at - 8);
  }
};

TEST_F(RolesTest, TheServerHoldsEveryRoleToTheTable) {
  const auto closed = [](const Route& route) { return route.call == Call::sign_out || has_no_length(route.call); };
  for (const Role role : accounts::all_roles) {
    const Visitor visitor = enter(role);
    for (const Route& route : routes()) {
      if (closed(route)) continue;
      const Reach reach = reach_of(route.call, role);
      const Reply reply = ask(visitor.request(to_string(route.method), target_of(route, "someone-else"), "{}"));
      const std::string code = code_of(reply);
      const std::string about = std::string(to_string(role)) + ": " + std::string(to_string(route.call)) + " " + reply.body;
      if (reach == Reach::none || reach == Reach::looking) {
        EXPECT_EQ(reply.status, 403) << about;
        EXPECT_EQ(code, "role") << about;
      } else if (reach == Reach::any || reach == Reach::own_body || reach == Reach::own_acts) {
        EXPECT_TRUE(code.empty() || code == "sign_in") << about;
      } else {
        EXPECT_EQ(reply.status, 403) << about;
        EXPECT_EQ(code, "not_yours") << about;
      }
    }
  }
}

TEST_F(RolesTest, AViewerIsTheOwnUserEverywhere) {
  const Visitor viewer = enter(Role::viewer);
  const auto status = [&](std::string_view method, std::string_view target, std::string_view body = {}) {
    return ask(viewer.request(method, target, body)).status;
  };
  EXPECT_EQ(status("GET", "/v1/users/u1/likes"), 200);
  EXPECT_EQ(status("GET", "/v1/users/u%31/likes"), 200);
  EXPECT_EQ(status("GET", "/v1/users/u2/likes"), 403);
  EXPECT_EQ(status("GET", "/v1/feed?viewer=u1"), 200);
  EXPECT_EQ(status("GET", "/v1/feed?viewer=%75%31"), 200);
  for (const char* query : {"", "?viewer=u2", "?viewer=u1&viewer=u2", "?viewer=u2&viewer=u1", "?viewer=", "?viewer",
                            "?limit=1", "?Viewer=u1"})
    EXPECT_EQ(status("GET", std::string("/v1/feed") + query), 403) << query;
  EXPECT_EQ(status("GET", "/v1/receipts/e1?user=u2"), 403);
  EXPECT_EQ(status("GET", "/v1/receipts/e1"), 403);
  EXPECT_EQ(code_of(ask(viewer.request("GET", "/v1/receipts/e1?user=u1"))), "") << "the log has the word";
  EXPECT_EQ(status("POST", "/v1/hydrate", R"({"viewer":"u1","subjects":["v1"]})"), 200);
  EXPECT_EQ(status("POST", "/v1/hydrate", R"({"subjects":["v1"]})"), 200);
  EXPECT_EQ(status("POST", "/v1/hydrate", R"({"viewer":"u2","subjects":["v1"]})"), 403);
  EXPECT_EQ(status("POST", "/v1/impressions", R"({"shown":[{"viewer":"u1","subjects":["v1"]}]})"), 200);
  EXPECT_EQ(status("POST", "/v1/impressions",
                   R"({"shown":[{"viewer":"u1","subjects":["v1"]},{"viewer":"u2","subjects":["v1"]}]})"),
            403);
  EXPECT_EQ(status("POST", "/v1/impressions", std::string(100'000, ' ')), 413);
  EXPECT_EQ(status("POST", "/v1/appeals", R"({"user":"u2","ground":"other"})"), 403);
  EXPECT_NE(status("POST", "/v1/appeals", R"({"user":"u1","ground":"genuine_likes"})"), 403);
  EXPECT_EQ(status("POST", "/v1/appeals", R"({"subject":"video-1","ground":"genuine_likes"})"), 403);
}

TEST_F(RolesTest, AViewerActsAsNobodyElse) {
  const Visitor viewer = enter(Role::viewer);
  const auto post = [&](std::string_view body, std::string_view type = json_type) {
    return ask(viewer.request("POST", "/v1/events", body, type));
  };
  EXPECT_EQ(post(like("u1")).status, 200);
  EXPECT_EQ(post(like("u2")).status, 403);
  EXPECT_EQ(code_of(post(like("u2"))), "not_yours");
  EXPECT_EQ(post("[" + like("u1", "v2") + "," + like("u2", "v2") + "]").status, 403);
  EXPECT_EQ(post("[" + like("u1", "v3") + "]").status, 200);
  const Reply lines = post(like("u1", "v4") + "\n" + like("u2", "v4") + "\n" + like("u1", "v5") + "\n", lines_type);
  EXPECT_EQ(lines.status, 200);
  EXPECT_NE(lines.body.find(R"("accepted":2,"duplicates":0,"rejected":1)"), std::string::npos) << lines.body;
  EXPECT_NE(lines.body.find("the actor is somebody else"), std::string::npos);
  EXPECT_EQ(engine_.subject_counts("v4")->organic[0], 1U);
  EXPECT_EQ(engine_.subject_counts("v2")->organic[0], 0U) << "not even the own one of a refused array";
  EXPECT_EQ(post(R"({"type":"like","actor":"u1","subject":"v9","creator":"u1"})").status, 403) << "that would make it theirs";
  EXPECT_EQ(post(R"({"type":"follow","actor":"u1","creator":"c9"})").status, 200);
}

TEST_F(RolesTest, ACreatorSeesTheOwnWorks) {
  start_server();
  ASSERT_EQ(post(json_type, R"([{"type":"like","actor":"u7","subject":"mine","creator":"c1"},)"
                            R"({"type":"like","actor":"u7","subject":"theirs","creator":"c2"}])")
                .status,
            200);
  const Visitor creator = enter(Role::creator);
  const auto status = [&](std::string_view method, std::string_view target, std::string_view body = {}) {
    return ask(creator.request(method, target, body)).status;
  };
  EXPECT_EQ(status("GET", "/v1/subjects/mine/counts"), 200);
  EXPECT_EQ(status("GET", "/v1/subjects/theirs/counts"), 403);
  EXPECT_EQ(status("GET", "/v1/subjects/unheard/counts"), 403);
  EXPECT_EQ(status("GET", "/v1/creators/c1/counts"), 200);
  EXPECT_EQ(status("GET", "/v1/creators/c2/counts"), 403);
  EXPECT_EQ(status("POST", "/v1/hydrate", R"({"subjects":["mine"]})"), 200);
  EXPECT_EQ(status("POST", "/v1/hydrate", R"({"subjects":["mine","theirs"]})"), 403);
  EXPECT_EQ(status("POST", "/v1/hydrate", R"({"viewer":"u1","subjects":["mine"]})"), 403);
  EXPECT_NE(status("POST", "/v1/appeals", R"({"subject":"mine","ground":"genuine_likes"})"), 403);
  EXPECT_EQ(status("POST", "/v1/appeals", R"({"subject":"theirs","ground":"genuine_likes"})"), 403);
  EXPECT_EQ(status("POST", "/v1/appeals", R"({"case":"c0000000000000001","ground":"other"})"), 403);
  EXPECT_EQ(status("POST", "/v1/appeals", R"({"user":"u1","ground":"genuine_likes"})"), 403);
}

TEST_F(RolesTest, ACreatorAsksWhoWouldCareAndLearnsNoName) {
  start_server();
  ASSERT_EQ(post(json_type, R"([{"type":"like","actor":"u7","subject":"v50","creator":"c1"},)"
                            R"({"type":"like","actor":"u7","subject":"v51","creator":"c2"}])")
                .status,
            200);
  const Visitor creator = enter(Role::creator), operator_ = enter(Role::operator_);
  const auto match = [&](const Visitor& who, std::string_view work) {
    return ask(who.request("POST", "/v1/subjects/" + std::string(work) + "/match", R"({"limit":3})"));
  };
  const Reply own = match(creator, "v50");
  EXPECT_EQ(own.status, 200) << own.body;
  EXPECT_NE(own.body.find(R"("users":[{"user":null,"chances":{)"), std::string::npos) << own.body;
  EXPECT_EQ(own.body.find(R"("user":")"), std::string::npos) << "a name: " << own.body;
  EXPECT_NE(match(operator_, "v50").body.find(R"("users":[{"user":"u)"), std::string::npos);
  EXPECT_EQ(code_of(match(creator, "v51")), "not_yours");
  EXPECT_EQ(code_of(match(creator, "unheard")), "not_yours");
  EXPECT_EQ(ask(creator.request("GET", "/v1/similar/v50?limit=3")).status, 200);
  EXPECT_EQ(code_of(ask(creator.request("GET", "/v1/similar/v51?limit=3"))), "not_yours");
  EXPECT_EQ(code_of(match(enter(Role::brand), "v50")), "role");
}

TEST_F(RolesTest, AnAuditorLooksAtFeedsAndShowsNothing) {
  const Visitor auditor = enter(Role::auditor);
  EXPECT_EQ(ask(auditor.request("GET", "/v1/feed?viewer=u1&preview=true")).status, 200);
  EXPECT_EQ(ask(auditor.request("GET", "/v1/feed?viewer=u1")).status, 403);
  EXPECT_EQ(ask(auditor.request("GET", "/v1/feed?viewer=u1&preview=false")).status, 403);
  const Visitor brand = enter(Role::brand);
  EXPECT_EQ(ask(brand.request("POST", "/v1/hydrate", R"({"viewer":"u1","subjects":["v1"]})")).status, 403);
}

}  // namespace
}  // namespace zan::api
